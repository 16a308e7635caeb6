#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "fixtures/load.hpp"
#include "graders/check.hpp"
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
#include "graders/uncaught.hpp"

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

/// What the cases would not show; with other cases, or because it is no mistake here.
void print_coverage(const graders::MistakeCoverage& mistakes) {
  if (mistakes.known == 0) return;
  fmt::print("\nKnown mistakes that the cases show: {} of {}\n", mistakes.known - mistakes.uncaught.size(),
             mistakes.known);
  for (const auto& one : mistakes.uncaught)
    fmt::print("{}",
               graders::report::wrap(
                   fmt::format("{} in {}: the submission {}", one.id, one.function, one.sentence), 80, 2));
  if (!mistakes.uncaught.empty()) fmt::print("  Pin a case on which these differ, if they matter here.\n\n");
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
  write_reports(options.out, results);
  write_file(options.out / "timing.json", graders::report::to_text(timing_of_run(run)));
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

int check(const CheckOptions& options) {
  end_cleanly_on_signals();
  auto assignment = fixtures::load_assignment(find_assignment(options.assignment));
  const graders::Sandbox sandbox = make_sandbox(options.sandbox);
  const auto prepared = graders::prepare(std::move(assignment), &sandbox);
  const graders::WorkFolder work;
  const graders::Toolchain toolchain(sandbox, prepared.assignment, work.path(), graders::driver_headers());
  const auto report = graders::check_assignment(prepared, toolchain, sandbox,
                                                jobs_or_processors(options.jobs), show_progress());
  if (graders::interrupted()) return interrupted;
  const graders::MistakeCoverage mistakes = graders::uncaught_mistakes(prepared);
  if (options.json) {
    json lines = json::array(), uncaught = json::array();
    for (const auto& one : mistakes.uncaught)
      uncaught.push_back({{"function", one.function}, {"misconception", one.id}, {"mistake", one.sentence}});
    for (const auto& line : report.lines)
      lines.push_back({{"subject", line.subject},
                       {"passed", line.passed},
                       {"expected", line.expected},
                       {"differences", line.differences}});
    fmt::print("{}", graders::report::to_text({{"passed", report.passed()},
                                               {"lines", lines},
                                               {"warnings", report.warnings},
                                               {"known_mistakes", mistakes.known},
                                               {"uncaught", uncaught}}));
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
  print_coverage(mistakes);
  fmt::print("{} of {} as declared\n", passed, report.lines.size());
  return report.passed() ? done : falls_short;
}

}  // namespace assay::cli
