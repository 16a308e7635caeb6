#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "fixtures/load.hpp"
#include "graders/check.hpp"
#include "graders/cli/commands.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/data.hpp"
#include "graders/escape.hpp"
#include "graders/report/report.hpp"
#include "graders/results.hpp"
#include "graders/sandbox/interrupt.hpp"
#include "graders/submissions.hpp"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Written beside, then renamed: a reader never sees half a report.
void write_file(const fs::path& path, const std::string& bytes) {
  const fs::path beside = path.string() + ".part";
  std::ofstream stream(beside, std::ios::binary);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (!stream) throw InputError("cannot write " + path.string() + "; choose another folder with --out");
  fs::rename(beside, path);
}

void make_folders(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw InputError("cannot make the folder " + folder.string() + ": " + error.message());
}

/// A file name from an id that a student may have chosen.
std::string file_stem(const std::string& id, std::set<std::string>& used) {
  std::string stem;
  for (const char c : id)
    stem +=
        (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || (c == '.' && !stem.empty()))
            ? c
            : '_';
  if (stem.empty()) stem = "submission";
  std::string unique = stem;
  for (int number = 2; !used.insert(unique).second; ++number) unique = fmt::format("{}-{}", stem, number);
  return unique;
}

void write_reports(const fs::path& out, const json& results, const json& timing) {
  make_folders(out / "gradescope");
  write_file(out / "results.json", graders::report::to_text(results));
  write_file(out / "timing.json", graders::report::to_text(timing));
  write_file(out / "report.html", graders::report::class_html(results));
  write_file(out / "grades.csv", graders::report::class_csv(results));
  std::set<std::string> used;
  for (const auto& submission : results["submissions"]) {
    const std::string id = submission["id"];
    write_file(out / "gradescope" / (file_stem(id, used) + ".json"),
               graders::report::to_text(graders::report::gradescope_json(results, id)));
  }
}

std::vector<graders::GradedSubmission> finished_only(std::vector<graders::TakenIn>& taken,
                                                     graders::ClassRun& run) {
  std::vector<graders::GradedSubmission> graded;
  for (std::size_t i = 0; i < taken.size(); ++i)
    if (run.finished[i])
      graded.push_back(
          {taken[i].work.id, taken[i].digest, taken[i].files, taken[i].notes, std::move(run.results[i])});
  return graded;
}

bool below(const json& results, const std::string& limit) {
  const auto wanted = graders::parse_points(limit);
  for (const auto& submission : results["submissions"])
    if (!submission["score"].is_null() &&
        graders::parse_points(submission["score"]["exact"].get<std::string>()) < wanted)
      return true;
  return false;
}

int exit_code(const json& results, const GradeOptions& options) {
  if (results["summary"]["harness_errors"] > 0) return harness_failed;
  return options.fail_under && below(results, *options.fail_under) ? falls_short : done;
}

std::vector<graders::TakenIn> take_in(const std::vector<fs::path>& paths,
                                      const fixtures::Assignment& assignment) {
  try {
    return graders::take_in_work(paths, assignment);
  } catch (const std::runtime_error& error) {  // a path that does not exist
    throw InputError(error.what());
  }
}

void check_fail_under(const GradeOptions& options) {
  if (!options.fail_under) return;
  try {
    (void)graders::parse_points(*options.fail_under);
  } catch (const std::invalid_argument& error) {
    throw InputError(std::string("--fail-under: ") + error.what());
  }
}

}  // namespace

int grade(const GradeOptions& options) {
  check_fail_under(options);
  end_cleanly_on_signals();
  const auto start = std::chrono::steady_clock::now();
  auto assignment = fixtures::load_assignment(options.assignment);
  auto taken = take_in(options.submissions, assignment);
  if (taken.empty()) throw InputError("no submissions found; name files, folders or archives");
  make_folders(options.out);

  const graders::Sandbox sandbox = make_sandbox(options.sandbox);
  const auto prepared = graders::prepare(std::move(assignment));
  for (const auto& warning : prepared.warnings) fmt::print(stderr, "assay: warning: {}\n", warning);
  const graders::WorkFolder work;
  const graders::Toolchain toolchain(sandbox, prepared.assignment, work.path(), graders::driver_headers());
  const unsigned jobs = jobs_or_processors(options.jobs);
  fmt::print(stderr, "Grading {} submission(s) of '{}', {} at a time; sandbox {}\n", taken.size(),
             prepared.assignment.title, jobs, sandbox.report().summary);

  std::vector<graders::Work> all;
  for (const auto& one : taken) all.push_back(one.work);
  graders::ClassRun run = graders::grade_class(prepared, toolchain, sandbox, all, jobs, show_progress());
  const std::size_t total = taken.size();
  const auto graded = finished_only(taken, run);
  const json results = graders::results_document(
      prepared, graded,
      {ASSAY_VERSION, graders::assignment_digest(prepared.assignment), sandbox.report(), toolchain});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (graders::interrupted()) {
    write_file(options.out / "results.partial.json", graders::report::to_text(results));
    fmt::print(stderr, "\nInterrupted: {} of {} graded, kept in {}\n", graded.size(), total,
               (options.out / "results.partial.json").string());
    return interrupted;
  }
  write_reports(options.out, results, graders::timing_document(graded, seconds.count(), jobs));
  if (options.json) {
    fmt::print("{}", graders::report::to_text(results));
    return exit_code(results, options);
  }
  fmt::print("{}\n", graders::report::terminal_table(results, 80, colour_on_stdout()));
  fmt::print("Report:  {}\nGrades:  {}\n", (options.out / "report.html").string(),
             (options.out / "grades.csv").string());
  return exit_code(results, options);
}

int demo(GradeOptions options) {
  options.assignment = graders::shipped_assignments() / "softmax-classifier";
  options.submissions = {options.assignment / "class"};
  const int code = grade(options);
  if (code != done || options.json) return code;
  const std::string out = options.out.string();
  fmt::print("\nNext:\n  {0} explain {1} {2}\n  {0} grade {3} YOUR.cpp\n", program_name(), out,
             "lukas-brenner", fs::proximate(options.assignment).string());
  return code;
}

int check(const CheckOptions& options) {
  end_cleanly_on_signals();
  auto assignment = fixtures::load_assignment(options.assignment);
  const graders::Sandbox sandbox = make_sandbox(options.sandbox);
  const auto prepared = graders::prepare(std::move(assignment));
  const graders::WorkFolder work;
  const graders::Toolchain toolchain(sandbox, prepared.assignment, work.path(), graders::driver_headers());
  const auto report = graders::check_assignment(prepared, toolchain, sandbox,
                                                jobs_or_processors(options.jobs), show_progress());
  if (graders::interrupted()) return interrupted;
  if (options.json) {
    json lines = json::array();
    for (const auto& line : report.lines)
      lines.push_back({{"subject", line.subject},
                       {"passed", line.passed},
                       {"expected", line.expected},
                       {"differences", line.differences}});
    fmt::print("{}", graders::report::to_text(
                         {{"passed", report.passed()}, {"lines", lines}, {"warnings", report.warnings}}));
    return report.passed() ? done : falls_short;
  }
  for (const auto& warning : report.warnings) fmt::print("warning  {}\n", warning);
  std::size_t passed = 0;
  for (const auto& line : report.lines) {
    passed += line.passed;
    fmt::print("{}  {:<34} {}\n", line.passed ? "ok     " : "DIFFERS",
               graders::displayable_line(line.subject, 60), line.expected);
    for (const auto& difference : line.differences)
      fmt::print("           {}\n", graders::displayable_line(difference, 400));
  }
  fmt::print("{} of {} as declared\n", passed, report.lines.size());
  return report.passed() ? done : falls_short;
}

}  // namespace assay::cli
