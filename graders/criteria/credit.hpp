/// Points for a share of the cases.
#pragma once

#include <cstddef>

#include "graders/prepared.hpp"

namespace assay::graders {

/// What a criterion earns where `accepted` of `judged` cases are accepted.
Points credit(const PreparedCriterion& criterion, std::size_t accepted, std::size_t judged);

/// True if it earns something for less than all cases, so that a failure does not end the matter.
bool has_partial_credit(const PreparedCriterion& criterion);

}  // namespace assay::graders
