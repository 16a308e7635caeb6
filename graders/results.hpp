/// The results document (docs/results-schema.md): everything that reports are rendered from.
#pragma once

#include <chrono>
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

/// A submission's part of the document. It survives being written as text and read again, byte for byte.
nlohmann::json submission_entry(const Prepared& prepared, const GradedSubmission& submission);

/// The document without submissions and without anything that is counted over them.
nlohmann::json document_head(const Prepared& prepared, const ResultsContext& context);

/// The document. Deterministic: no time, path, process id or number of jobs is in it, nor whether an entry
/// was graded now or taken from a store. The entries have the head's criteria.
nlohmann::json results_document(nlohmann::json head, std::vector<nlohmann::json> entries);

struct Timing {
  std::string id;
  std::chrono::microseconds compile_time{0}, run_time{0};
  std::vector<Measurement> measured =
      {};  ///< by criteria on time and memory; nothing where it was taken from a store
};

struct RunTiming {
  double total_seconds = 0;
  unsigned jobs = 1;
  std::size_t graded = 0;         ///< the others were taken from the store, with the times of then
  double grader_cpu_seconds = 0;  ///< processor time of Assay itself
  double boxes_cpu_seconds = 0;   ///< of what it started: compilers, submissions and the boxes around them
  long peak_kib = 0;              ///< most memory that Assay itself had at once
};

/// Seconds per submission, kept apart because they differ from run to run.
nlohmann::json timing_document(const std::vector<Timing>& submissions, const RunTiming& run);

}  // namespace assay::graders
