/// `property` with a claim of the catalogue.
#pragma once

#include "graders/criteria/kind.hpp"

namespace assay::graders {

/// Throws fixtures::LoadError where the catalogue has no such claim, where it does not hold, or where it asks
/// for no operation that a function of the assignment computes.
PreparedJudge prepare_claim(const Prepared&, const CaseGroup&, const PreparedCriterion&);

}  // namespace assay::graders
