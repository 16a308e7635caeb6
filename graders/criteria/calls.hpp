/// Calls on generated and pinned cases, each reply judged by the criterion's rule.
#pragma once

#include <memory>

#include "graders/criteria/kind.hpp"

namespace assay::graders {

/// Runs a group's cases in one process and judges them for each of its criteria. A failure is shrunk with the
/// program in the loop and confirmed in another fresh process. If the harness fails, the group is run once
/// more; what remains is Verdict::harness_error.
std::shared_ptr<const Judge> calls_judge();

}  // namespace assay::graders
