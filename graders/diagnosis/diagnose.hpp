/// Names the mistakes behind the criteria of a submission that failed numerically.
///
/// A mistake is named only if it fits every case that was looked at, and shows on at least one. What is
/// tried, and how much, depends on the cases alone: never on time.
#pragma once

#include "graders/outcome.hpp"
#include "graders/prepared.hpp"

namespace assay::graders {

/// Fills CriterionResult::diagnoses from what was observed, and drops the latter. Where several mistakes fit
/// equally well, the one that explains more of the submission's failures stands first.
void diagnose(const Prepared& prepared, SubmissionResult& result);

}  // namespace assay::graders
