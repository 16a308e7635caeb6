/// Which elements of a wrong result are wrong: what a picture of it is drawn from.
#pragma once

#include "graders/outcome.hpp"
#include "graders/prepared.hpp"

namespace assay::graders {

/// Sets CriterionResult::error_map where a criterion of kind `oracle` failed on a vector, matrix or tensor,
/// from what came back. The case is the largest failing one that can be shown whole, as it was drawn: the
/// smallest failing input says least about where the errors lie. To be called before the observations are
/// dropped.
void map_errors(const Prepared& prepared, SubmissionResult& result);

}  // namespace assay::graders
