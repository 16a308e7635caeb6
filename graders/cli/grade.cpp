#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "graders/cli/class_run.hpp"
#include "graders/cli/commands.hpp"
#include "graders/cli/report_folder.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/data.hpp"
#include "graders/escape.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/report.hpp"
#include "graders/results.hpp"
#include "graders/sandbox/interrupt.hpp"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

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
  const ClassRun run = grade_into_store(options, graders::RunKind::grade);
  const json results = document_of_run(*run.store, run.number);
  if (run.interrupted) {
    write_file(options.out / "results.partial.json", graders::report::to_text(results));
    fmt::print(stderr, "\nInterrupted: {} of {} graded, shown in {}\nThe same command goes on from here.\n",
               run.taken + run.graded, run.total, (options.out / "results.partial.json").string());
    return interrupted;
  }
  const json timing = timing_of_run(run);
  write_reports(options.out, results, &timing);
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
  options.force = true;  // to be seen at work
  const int code = grade(options);
  if (code != done || options.json) return code;
  const std::string out = options.out.string();
  fmt::print("\nNext:\n  {0} explain {1} {2}\n  {0} grade {3} YOUR.cpp\n", program_name(), out,
             "lukas-brenner", fs::proximate(options.assignment).string());
  return code;
}

}  // namespace assay::cli
