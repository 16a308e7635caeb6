#include "graders/cli/class_run.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "fixtures/load.hpp"
#include "graders/cli/report_folder.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/data.hpp"
#include "graders/escape.hpp"
#include "graders/grade.hpp"
#include "graders/report/report.hpp"
#include "graders/sandbox/interrupt.hpp"
#include "graders/store/key.hpp"
#include "graders/submissions.hpp"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;
using graders::RunKind;
using nlohmann::json;

std::vector<graders::TakenIn> take_in(const std::vector<fs::path>& paths,
                                      const fixtures::Assignment& assignment) {
  try {
    auto taken = graders::take_in_work(paths, assignment);
    if (taken.empty()) throw InputError("no submissions found; name files, folders or archives");
    return taken;
  } catch (const InputError&) {
    throw;
  } catch (const std::runtime_error& error) {  // a path that does not exist
    throw InputError(error.what());
  }
}

double cpu_seconds(const rusage& used) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// What a run costs, from here on.
class Meter {
 public:
  void read(graders::RunTiming& into) const {
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start_;
    rusage own{}, children{};
    getrusage(RUSAGE_SELF, &own);
    getrusage(RUSAGE_CHILDREN, &children);
    into.total_seconds = seconds.count();
    into.grader_cpu_seconds = cpu_seconds(own);
    into.boxes_cpu_seconds = cpu_seconds(children);
    into.peak_kib = own.ru_maxrss;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// What was taken in, by its keys; and what of it is to be graded.
struct Plan {
  std::vector<graders::TakenIn> taken;
  std::vector<std::string> keys;
  graders::RunPlan run;
  std::vector<std::size_t> to_grade;
  std::vector<const graders::Work*> work;
};

Plan plan_run(const graders::Store& store, std::vector<graders::TakenIn> taken, const std::string& assignment,
              const std::string& circumstances, bool force) {
  Plan plan;
  plan.taken = std::move(taken);
  plan.run.assignment = assignment;
  for (std::size_t i = 0; i < plan.taken.size(); ++i) {
    const graders::TakenIn& one = plan.taken[i];
    plan.keys.push_back(graders::result_key(circumstances, one));
    auto known = force ? std::nullopt : store.find(assignment, one.work.id, plan.keys.back());
    if (!known) {
      plan.to_grade.push_back(i);
      plan.work.push_back(&one.work);
    }
    plan.run.members.push_back({one.work.id, known});
  }
  return plan;
}

/// As it is kept. What cannot be written as text (bytes that are no UTF-8) is replaced as in every report.
std::string kept_text(const json& document) {
  return document.dump(-1, ' ', true, json::error_handler_t::replace);
}

std::unique_ptr<graders::Store> open_for_run(const GradeOptions& options, RunKind kind) {
  const fs::path file = store_path(options.out, options.store);
  if (kind == RunKind::regrade) {
    (void)graders::Store(file, false);  // there must be grades to compare with
    return std::make_unique<graders::Store>(file, true);
  }
  make_folders(options.out);
  return std::make_unique<graders::Store>(file, true);
}

/// The criteria of an entry or of a head: ids, and what they are worth.
json criteria_of(const json& document, const char* worth) {
  json all = json::array();
  for (const json& criterion : document["criteria"])
    all.push_back({criterion["id"], criterion[worth]["exact"]});
  return all;
}

}  // namespace

fs::path store_path(const fs::path& out, const fs::path& store) {
  return store.empty() ? out / store_name : store;
}

ClassRun grade_into_store(const GradeOptions& options, RunKind kind) {
  const Meter meter;
  auto assignment = fixtures::load_assignment(find_assignment(options.assignment));
  auto taken = take_in(options.submissions, assignment);
  ClassRun run;
  run.store = open_for_run(options, kind);
  graders::Store& store = *run.store;
  const graders::Sandbox sandbox = make_sandbox(options.sandbox);
  const auto prepared = graders::prepare(std::move(assignment), &sandbox);
  for (const auto& warning : prepared.warnings) fmt::print(stderr, "assay: warning: {}\n", warning);
  const graders::WorkFolder folder;
  const graders::Toolchain toolchain(sandbox, prepared.assignment, folder.path(), graders::driver_headers());
  const graders::ResultsContext context{ASSAY_VERSION, graders::assignment_digest(prepared.assignment),
                                        sandbox.report(), toolchain};
  auto apart = options.submissions;
  apart.insert(apart.end(), {options.out, store.file()});
  const std::string circumstances =
      graders::circumstances_digest(prepared.assignment, ASSAY_VERSION, toolchain, sandbox.report(), apart);
  Plan plan = plan_run(store, std::move(taken), prepared.assignment.id, circumstances, options.force);
  plan.run.kind = kind;
  plan.run.head = kept_text(graders::document_head(prepared, context));

  run.assignment = plan.run.assignment;
  run.total = plan.taken.size();
  run.taken = run.total - plan.to_grade.size();
  run.timing.jobs = jobs_or_processors(options.jobs);
  run.number = store.begin(plan.run);
  const std::string from_store = run.taken == 0 ? "" : fmt::format(" ({} taken from the store)", run.taken);
  fmt::print(stderr, "Grading {} submission(s) of '{}'{}, {} at a time; sandbox {}\n", plan.to_grade.size(),
             prepared.assignment.title, from_store, run.timing.jobs, sandbox.report().summary);

  const auto progress = show_progress();
  graders::grade_each(prepared, toolchain, sandbox, plan.work, run.timing.jobs,
                      [&](std::size_t place, graders::SubmissionResult&& result) {
                        const graders::TakenIn& one = plan.taken[plan.to_grade[place]];
                        const graders::GradedSubmission graded{one.work.id, one.digest, one.files, one.notes,
                                                               std::move(result)};
                        store.add(run.number, {one.work.id, plan.keys[plan.to_grade[place]],
                                               graded.result.verdict == graders::Verdict::harness_error,
                                               kept_text(graders::submission_entry(prepared, graded)),
                                               graded.result.compile_time, graded.result.run_time});
                        for (const graders::CriterionResult& criterion : graded.result.criteria)
                          if (criterion.measured) run.measured[one.work.id].push_back(*criterion.measured);
                        progress(++run.graded, plan.to_grade.size(), one.work.id, graded.result);
                      });
  run.interrupted = run.taken + run.graded < run.total;
  if (!run.interrupted) store.finish(run.number);
  run.timing.graded = run.graded;
  meter.read(run.timing);
  return run;
}

graders::StoredRun run_numbered(const graders::Store& store, std::int64_t number) {
  for (graders::StoredRun& run : store.runs())
    if (run.number == number) return std::move(run);
  throw InputError(fmt::format("{}: there is no run {}", store.file().string(), number));
}

json document_of_run(const graders::Store& store, std::int64_t run) {
  json head = json::parse(run_numbered(store, run).head);
  std::vector<json> entries;
  store.members(run, [&](graders::StoredResult&& result) { entries.push_back(json::parse(result.entry)); });
  return graders::results_document(std::move(head), std::move(entries));
}

json document_that_counts(const graders::Store& store, const std::string& assignment) {
  const auto runs = store.runs();
  const auto latest = std::ranges::find_if(runs, [&](const graders::StoredRun& run) {
    return run.assignment == assignment &&
           (run.kind == RunKind::grade || run.state == graders::RunState::applied);
  });
  if (latest == runs.end())
    throw InputError(fmt::format("{}: nothing of '{}' counts yet", store.file().string(),
                                 graders::displayable_line(assignment, 60)));
  json head = json::parse(latest->head);
  const json criteria = criteria_of(head, "points");
  std::vector<json> entries;
  std::vector<std::string> others;
  store.counting(assignment, [&](graders::StoredResult&& result) {
    entries.push_back(json::parse(result.entry));
    if (criteria_of(entries.back(), "max") != criteria)
      others.push_back(graders::displayable_line(result.submission, 60));
  });
  if (!others.empty())
    throw InputError(
        fmt::format("{} of {} results that count were graded under other criteria than the latest, "
                    "so no report can hold them all: {}{}; grade them again",
                    others.size(), entries.size(), others.front(), others.size() > 1 ? ", ..." : ""));
  return graders::results_document(std::move(head), std::move(entries));
}

json timing_of_run(const ClassRun& run) {
  std::vector<graders::Timing> times;
  run.store->members(run.number, [&](graders::StoredResult&& result) {
    const auto found = run.measured.find(result.submission);
    times.push_back({result.submission, result.compile_time, result.run_time,
                     found == run.measured.end() ? std::vector<graders::Measurement>{} : found->second});
  });
  return graders::timing_document(times, run.timing);
}

}  // namespace assay::cli
