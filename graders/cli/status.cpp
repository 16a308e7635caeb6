/// assay status and assay export: what a store holds.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "fixtures/load.hpp"
#include "graders/cli/class_run.hpp"
#include "graders/cli/commands.hpp"
#include "graders/cli/report_folder.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/escape.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/gradebook.hpp"
#include "graders/report/report.hpp"
#include "graders/report/wording.hpp"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;
namespace report = graders::report;
using graders::RunState;
using graders::StoredResult;
using graders::StoredRun;
using nlohmann::json;

/// In a person's words.
std::string state_text(const StoredRun& run) {
  switch (run.state) {
    case RunState::open:
      return run.completed_later ? "completed by a later run" : "not finished";
    case RunState::finished:
      return run.kind == graders::RunKind::regrade ? "waits for --apply" : "finished";
    case RunState::applied:
      return "applied";
    case RunState::discarded:
      break;
  }
  return "discarded";
}

/// "2026-03-01 17:05" of "2026-03-01T17:05:11Z".
std::string minute(std::string time) {
  if (time.size() < 16) return time;
  time[10] = ' ';
  return time.substr(0, 16);
}

json to_json(const StoredRun& run) {
  return {{"run", run.number},          {"kind", word(run.kind)},
          {"state", word(run.state)},   {"assignment", run.assignment},
          {"began", run.began},         {"ended", run.ended},
          {"submissions", run.members}, {"graded", run.graded},
          {"failed", run.failed},       {"waiting", run.waiting()},
          {"taken", run.taken},         {"completed_later", run.completed_later}};
}

int show_runs(const graders::Store& store, bool as_json) {
  const auto runs = store.runs();
  if (as_json) {
    json all = json::array();
    for (const StoredRun& run : runs) all.push_back(to_json(run));
    fmt::print("{}", report::to_text({{"schema", "assay/status/v1"}, {"runs", all}}));
    return done;
  }
  fmt::print("run  what     assignment       began (UTC)       graded  waiting  failed\n");
  for (const StoredRun& run : runs) {
    fmt::print("{:>3}  {:<7}  {}  {:<16}  {:>6}  {:>7}  {:>6}\n", run.number, word(run.kind),
               report::left(graders::displayable_line(run.assignment, 60), 15), minute(run.began), run.graded,
               run.waiting(), run.failed);
    fmt::print("     {}{}\n", state_text(run),
               run.taken > 0 ? fmt::format(", {} taken from earlier runs", run.taken) : "");
  }
  if (runs.empty()) fmt::print("nothing was graded yet\n");
  return done;
}

/// A submission may be known in several assignments.
int show_history(const graders::Store& store, const std::string& submission, bool as_json) {
  json all = json::array();
  for (const std::string& assignment : store.assignments())
    for (const StoredResult& result : store.history(assignment, submission)) {
      const json entry = json::parse(result.entry);
      all.push_back({{"assignment", assignment},
                     {"result", result.number},
                     {"run", result.run},
                     {"counts", result.counts},
                     {"graded", result.graded},
                     {"score", entry["score"]},
                     {"max", entry["max"]},
                     {"verdict", entry["verdict"]},
                     {"key", result.key}});
    }
  if (all.empty())
    throw InputError(fmt::format("{}: no result of a submission '{}'", store.file().string(),
                                 graders::displayable_line(submission, 60)));
  if (as_json) {
    fmt::print("{}", report::to_text({{"schema", "assay/history/v1"}, {"results", all}}));
    return done;
  }
  fmt::print("     run  assignment       graded (UTC)          score  verdict\n");
  for (const json& one : all)
    fmt::print("{:<4} {:>3}  {}  {:<16}  {}  {}\n", one["counts"] ? "  * " : "",
               one["run"].get<std::int64_t>(),
               report::left(graders::displayable_line(one["assignment"].get<std::string>(), 60), 15),
               minute(one["graded"]), report::right(report::score_text(one), 9),
               report::words_for(one["verdict"].get<std::string>()).words);
  fmt::print("\n* counts\n");
  return done;
}

/// The one that is named, or the only one.
std::string assignment_of(const graders::Store& store, const ExportOptions& options) {
  const auto known = store.assignments();
  std::string names;
  for (const std::string& id : known) {
    if (id == options.assignment) return id;
    names += (names.empty() ? "" : ", ") + graders::displayable_line(id, 60);
  }
  if (options.assignment.empty() && known.size() == 1) return known.front();
  if (known.empty()) throw InputError(store.file().string() + ": nothing was graded yet");
  throw InputError(fmt::format("{} holds: {}; choose with --assignment", store.file().string(), names));
}

void put(const ExportOptions& options, const std::string& text) {
  if (options.to.empty())
    fmt::print("{}", text);
  else
    write_file(options.to, text);
}

int put_gradebook(const ExportOptions& options, const json& results) {
  std::optional<report::Roster> roster;
  if (!options.roster.empty()) roster.emplace(options.roster);
  const report::Roster* const known = roster ? &*roster : nullptr;
  const report::Gradebook book = options.format == "canvas" ? report::canvas_gradebook(results, known)
                                                            : report::moodle_gradebook(results, known);
  put(options, book.csv);
  if (!book.warning.empty()) fmt::print(stderr, "assay: warning: {}\n", book.warning);
  for (const std::string& id : book.not_listed)
    fmt::print(stderr, "assay: {} is not in the roster, and left out\n", graders::displayable_line(id, 60));
  return book.not_listed.empty() ? done : falls_short;
}

}  // namespace

int status(const StatusOptions& options) {
  const graders::Store store(store_path(options.out, options.store), false);
  return options.submission.empty() ? show_runs(store, options.json)
                                    : show_history(store, options.submission, options.json);
}

int export_results(const ExportOptions& options) {
  if (!options.roster.empty() && options.format != "canvas" && options.format != "moodle")
    throw InputError("--roster is for canvas and moodle");
  const bool per_student = options.format == "gradescope" || options.format == "students";
  if (per_student && options.to.empty())
    throw InputError(options.format + " is one file for each submission: name a folder with --to");
  if (!options.audience.empty() && !per_student && options.format != "moodle")
    throw InputError("--as is for gradescope, students and moodle: " + options.format +
                     " has nothing that levels of visibility change");
  const graders::Store store(store_path(options.out, options.store), false);
  json results = document_that_counts(store, assignment_of(store, options));
  if (per_student || options.format == "moodle" || options.format == "canvas")
    results =
        report::for_audience(std::move(results), options.audience.empty() ? "before" : options.audience);
  if (options.format == "canvas" || options.format == "moodle") return put_gradebook(options, results);
  if (options.format == "gradescope")
    write_gradescope(options.to, results);
  else if (options.format == "students")
    write_student_pages(options.to, results);
  else if (options.format == "csv")
    put(options, report::class_csv(results));
  else if (options.format == "html")
    put(options, report::class_html(results));
  else
    put(options, report::to_text(results));
  return done;
}

}  // namespace assay::cli
