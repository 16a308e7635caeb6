/// The results document (docs/results-schema.md): everything that reports are rendered from.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "graders/outcome.hpp"
#include "graders/prepared.hpp"
#include "graders/sandbox/box.hpp"
#include "graders/toolchain.hpp"

namespace assay::graders {

/// One file as it was handed in.
struct HandedIn {
  std::string name;  ///< escaped for display
  std::size_t bytes = 0;
};

struct GradedSubmission {
  std::string id;
  std::string digest;
  std::vector<HandedIn> files;
  std::vector<std::string> notes;  ///< what intake ignored or renamed
  SubmissionResult result;
};

struct ResultsContext {
  std::string version;  ///< of assay
  std::string assignment_digest;
  const SandboxReport& sandbox;
  const Toolchain& toolchain;
};

/// Deterministic: no time, path, process id or number of jobs is in it.
nlohmann::json results_document(const Prepared& prepared, const std::vector<GradedSubmission>& submissions,
                                const ResultsContext& context);

/// Seconds per submission, kept apart because they differ from run to run.
nlohmann::json timing_document(const std::vector<GradedSubmission>& submissions, double total_seconds,
                               unsigned jobs);

}  // namespace assay::graders
