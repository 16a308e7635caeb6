/// assay regrade: a preview, the difference, then apply or discard.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graders/cli/class_run.hpp"
#include "graders/cli/commands.hpp"
#include "graders/cli/report_folder.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/escape.hpp"
#include "graders/report/changes.hpp"
#include "graders/report/report.hpp"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;
namespace report = graders::report;
using graders::RunKind;
using graders::RunState;
using nlohmann::json;

json changes_of(const graders::Store& store, const graders::StoredRun& run) {
  std::vector<report::Regraded> all;
  std::vector<graders::StoredResult> results;
  store.members(run.number, [&](graders::StoredResult&& result) { results.push_back(std::move(result)); });
  for (const graders::StoredResult& result : results) {
    const auto before = store.counting(run.assignment, result.submission);
    all.push_back(
        {before ? std::optional<json>(json::parse(before->entry)) : std::nullopt, json::parse(result.entry)});
  }
  json changes = report::changes_document(all);
  changes["run"] = run.number;
  changes["assignment"] = run.assignment;
  return changes;
}

/// The preview that waits. Throws InputError where there is none, or it is not whole.
graders::StoredRun waiting_preview(const graders::Store& store) {
  const auto runs = store.runs();
  const auto found = std::ranges::find_if(runs, [](const graders::StoredRun& run) {
    return run.kind == RunKind::regrade && (run.state == RunState::finished || run.state == RunState::open);
  });
  if (found == runs.end())
    throw InputError(store.file().string() +
                     ": no preview waits; assay regrade ASSIGNMENT SUBMISSIONS makes one");
  return *found;
}

void check_whole(const graders::StoredRun& run) {
  if (run.state == RunState::open)
    throw InputError(
        fmt::format("the preview is not whole: {} of {} are graded; run the same regrade again, it "
                    "goes on from there, or --discard it",
                    run.graded + run.failed, run.members));
}

/// Lets a preview count, and writes the reports of all that counts.
int apply(graders::Store& store, const graders::StoredRun& run, const RegradeOptions& options) {
  const std::size_t changed = store.apply(run.number);
  fmt::print(stderr, "{} results count now; the earlier ones are kept (assay status ID)\n", changed);
  if (run.failed > 0)
    fmt::print(stderr, "assay: warning: the grader failed on {}: what counted for them goes on to count\n",
               run.failed);
  write_reports(options.grade.out, document_that_counts(store, run.assignment));
  return run.failed > 0 ? harness_failed : done;
}

void print_changes(const json& changes, const RegradeOptions& options) {
  fmt::print("{}", options.grade.json ? report::to_text(changes)
                                      : report::changes_text(changes, colour_on_stdout()));
}

int settle(const RegradeOptions& options) {
  if (!options.apply && !options.discard)
    throw InputError(
        "name an assignment and submissions for a preview, or --apply or --discard the one that waits");
  graders::Store store(store_path(options.grade.out, options.grade.store), false);
  const graders::StoredRun run = waiting_preview(store);
  graders::Store writing(store.file(), true);
  if (options.discard) {
    writing.discard(run.number);
    fmt::print(stderr, "The preview of {} is discarded; what counted goes on to count\n",
               graders::displayable_line(run.assignment, 60));
    return done;
  }
  check_whole(run);
  print_changes(changes_of(store, run), options);
  return apply(writing, run, options);
}

/// What a person types next, with the same store.
std::string next_command(const RegradeOptions& options, const char* flag) {
  std::string command = fmt::format("{} regrade {}", program_name(), flag);
  if (options.grade.out != "assay-out") command += " --out " + options.grade.out.string();
  if (!options.grade.store.empty()) command += " --store " + options.grade.store.string();
  return command;
}

}  // namespace

int regrade(const RegradeOptions& options) {
  if (options.grade.assignment.empty()) return settle(options);
  if (options.grade.submissions.empty()) throw InputError("name the submissions, too");
  end_cleanly_on_signals();
  const ClassRun run = grade_into_store(options.grade, RunKind::regrade);
  if (run.interrupted) {
    fmt::print(stderr, "\nInterrupted: {} of {} graded; the same command goes on from here\n",
               run.taken + run.graded, run.total);
    return interrupted;
  }
  const graders::StoredRun preview = run_numbered(*run.store, run.number);
  const json changes = changes_of(*run.store, preview);
  print_changes(changes, options);
  if (options.apply) return apply(*run.store, preview, options);
  fmt::print(stderr, "\nNothing of this counts yet.\n  {}\n  {}\n", next_command(options, "--apply"),
             next_command(options, "--discard"));
  return preview.failed > 0 ? harness_failed : done;
}

}  // namespace assay::cli
