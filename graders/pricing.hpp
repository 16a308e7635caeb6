/// Mistakes that the rubric charges once, however many criteria show them.
#pragma once

#include "graders/outcome.hpp"
#include "graders/prepared.hpp"

namespace assay::graders {

/// Throws fixtures::LoadError, with place and near matches, where a price is set on what no diagnosis of this
/// assignment could name, or on an answer that is no calculation.
void check_prices(const Prepared& prepared);

/// For each mistake with a price that is established: all criteria that fail for its reason alone lose the
/// price together, charged in the assignment's order, and never more than each would lose by itself.
///
/// A mistake is established where it is the only explanation of a result that failed, on all cases looked at.
/// A criterion fails for its reason alone where it fits every result of the criterion that failed: other
/// explanations that fit there as well are not needed. Elsewhere nothing changes, and `uncharged` says why.
/// Where several prices could count the first one does. To be called when mistakes are named, and before
/// points are added up.
void price_mistakes(const Prepared& prepared, SubmissionResult& result);

}  // namespace assay::graders
