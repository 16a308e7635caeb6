/// The `oracle` criterion: calls on generated and pinned cases, each answer judged against its enclosure.
#pragma once

#include <filesystem>
#include <vector>

#include "graders/outcome.hpp"
#include "graders/prepared.hpp"
#include "graders/sandbox/box.hpp"

namespace assay::graders {

/// Where a submission's program runs.
struct Runner {
  const Sandbox& sandbox;
  std::filesystem::path program;
  unsigned slot = 0;
};

/// Runs a group's cases in one fresh process and judges them for each of its criteria (in the order of
/// CaseGroup::criteria). A failure is shrunk with the program in the loop and confirmed in another fresh
/// process. If the harness fails, the group is run once more; what remains is Verdict::harness_error.
std::vector<CriterionResult> grade_group(const Prepared& prepared, const CaseGroup& group,
                                         const Runner& runner);

}  // namespace assay::graders
