/// Grading a class into a store: what `assay grade` and `assay regrade` share.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "graders/cli/commands.hpp"
#include "graders/results.hpp"
#include "graders/store/store.hpp"

namespace assay::cli {

struct ClassRun {
  std::unique_ptr<graders::Store> store;
  std::int64_t number = 0;  ///< of the run
  std::string assignment;   ///< its id
  std::size_t total = 0, taken = 0, graded = 0;
  bool interrupted = false;
  graders::RunTiming timing;
  std::map<std::string, std::vector<graders::Measurement>> measured;  ///< of those graded now, by submission
};

/// DIR/assay.db, unless another file is named.
std::filesystem::path store_path(const std::filesystem::path& out, const std::filesystem::path& store);

/// Takes in the submissions, grades what the store does not have yet, and keeps each grade as soon as it is
/// known. Everything that was graded is in the store, whatever this throws. A preview needs a store that is
/// there.
ClassRun grade_into_store(const GradeOptions& options, graders::RunKind kind);

/// The results document of what a run graded and took.
nlohmann::json document_of_run(const graders::Store& store, std::int64_t run);
/// That of all results of an assignment that count. Throws InputError where some were graded under other
/// criteria than the latest.
nlohmann::json document_that_counts(const graders::Store& store, const std::string& assignment);

nlohmann::json timing_of_run(const ClassRun& run);

/// The run with this number; throws InputError.
graders::StoredRun run_numbered(const graders::Store& store, std::int64_t number);

}  // namespace assay::cli
