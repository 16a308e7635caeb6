/// The `oracle` criterion: calls on generated and pinned cases, each answer judged against its enclosure.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "graders/outcome.hpp"
#include "graders/prepared.hpp"
#include "graders/sandbox/box.hpp"
#include "graders/session.hpp"

namespace assay::graders {

/// Where a submission's program runs.
struct Runner {
  const Sandbox& sandbox;
  std::filesystem::path program;
  unsigned slot = 0;
};

/// Runs a group's cases in one process and judges them for each of its criteria (in the order of
/// CaseGroup::criteria). A failure is shrunk with the program in the loop and confirmed in another fresh
/// process. If the harness fails, the group is run once more; what remains is Verdict::harness_error.
///
/// `warm` is a process that has answered other groups without a fault, and is left for the next group if it
/// still has. Nothing is ever lost in a process that is not fresh: whatever is not accepted there is run
/// again in a fresh one.
std::vector<CriterionResult> grade_group(const Prepared& prepared, const CaseGroup& group,
                                         const Runner& runner, std::optional<Session>& warm);

}  // namespace assay::graders
