/// `assay check`: the self-test of an assignment, and correct submissions on the cases of many seeds.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <set>

#include "fixtures/load.hpp"
#include "graders/check.hpp"
#include "graders/cli/commands.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/data.hpp"
#include "graders/escape.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/report.hpp"
#include "graders/sandbox/interrupt.hpp"
#include "graders/seeds.hpp"
#include "graders/submissions.hpp"
#include "graders/uncaught.hpp"

namespace assay::cli {
namespace {

using nlohmann::json;

/// What the cases would not show, and what they cannot.
void print_coverage(const graders::MistakeCoverage& mistakes) {
  constexpr std::size_t longest_case = 400;
  if (mistakes.known + mistakes.the_same.size() == 0) return;
  const auto print_lines = [](const std::string& text, std::size_t indent) {
    fmt::print("{}", graders::report::wrap(text, 80, indent));
  };
  fmt::print("\nKnown mistakes that the cases show: {} of {}\n", mistakes.known - mistakes.uncaught.size(),
             mistakes.known);
  for (const auto& one : mistakes.uncaught) {
    print_lines(fmt::format("{} in {}: the submission {}", one.id, one.function, one.sentence), 2);
    if (!one.example.empty() && one.example.size() <= longest_case)
      print_lines(fmt::format("shows on {}", one.example), 4);
  }
  if (!mistakes.uncaught.empty()) fmt::print("  Pin a case on which these differ, if they matter here.\n");
  std::vector<std::string> same;
  for (const auto& one : mistakes.the_same) same.push_back(fmt::format("{} in {}", one.id, one.function));
  if (!same.empty())
    print_lines(fmt::format("The same as the truth on this assignment's inputs: {}", fmt::join(same, ", ")),
                0);
  fmt::print("\n");
}

json mistakes_json(const std::vector<graders::Uncaught>& mistakes) {
  json all = json::array();
  for (const auto& one : mistakes) {
    all.push_back({{"function", one.function}, {"misconception", one.id}, {"mistake", one.sentence}});
    if (!one.example.empty()) all.back()["case"] = one.example;
  }
  return all;
}

/// Many alarms of one criterion are one finding: they are told once, with the first seed.
struct Finding {
  const graders::Alarm* first;
  std::set<std::uint64_t> seeds;
};

std::vector<Finding> findings(const graders::SeedsReport& report) {
  std::vector<Finding> all;
  for (const graders::Alarm& alarm : report.alarms) {
    const auto same = std::ranges::find_if(all, [&](const Finding& one) {
      return one.first->subject == alarm.subject && one.first->criterion == alarm.criterion;
    });
    if (same == all.end())
      all.push_back({&alarm, {alarm.seed}});
    else
      same->seeds.insert(alarm.seed);
  }
  return all;
}

/// What repeats one seed.
std::string command_for(std::uint64_t seed, const CheckOptions& options) {
  return fmt::format("{} check {} --seeds 1 --seed {}", program_name(), options.assignment.string(), seed);
}

std::string counted(std::size_t count, const char* one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

json seeds_json(const graders::SeedsReport& report, const CheckOptions& options) {
  json alarms = json::array();
  for (const graders::Alarm& alarm : report.alarms)
    alarms.push_back({{"seed", std::to_string(alarm.seed)},
                      {"subject", alarm.subject},
                      {"criterion", alarm.criterion},
                      {"verdict", graders::word(alarm.verdict)},
                      {"message", graders::displayable(alarm.message)},
                      {"case", alarm.input},
                      {"command", command_for(alarm.seed, options)}});
  return {{"passed", report.passed()},
          {"first_seed", std::to_string(report.seeds.first)},
          {"seeds", report.seeds.count},
          {"subjects", report.subjects},
          {"criteria", report.criteria},
          {"not_redrawn", report.not_redrawn},
          {"alarms", alarms}};
}

void print_seeds(const graders::SeedsReport& report, const CheckOptions& options) {
  constexpr std::size_t longest_case = 2000;
  const auto print_line = [](const std::string& text, std::size_t indent) {
    fmt::print("{}", graders::report::wrap(text, 80, indent));
  };
  for (const Finding& finding : findings(report)) {
    const graders::Alarm& alarm = *finding.first;
    fmt::print("ALARM    {}{}: {}\n", graders::displayable_line(alarm.subject, 60),
               alarm.criterion.empty() ? "" : ", " + alarm.criterion, graders::word(alarm.verdict));
    print_line(graders::displayable_line(alarm.message, 400), 9);
    if (!alarm.input.empty() && alarm.input.size() <= longest_case) print_line("the case: " + alarm.input, 9);
    fmt::print("         with {} of {}: {}\n", counted(finding.seeds.size(), "seed"), report.seeds.count,
               command_for(alarm.seed, options));
  }
  if (!report.not_redrawn.empty())
    print_line(fmt::format("Not repeated, because no drawn case decides them: {}",
                           fmt::join(report.not_redrawn, ", ")),
               0);
  fmt::print("{} x {}: {}\n", counted(report.seeds.count, "seed"),
             counted(report.subjects.size(), "correct submission"),
             report.alarms.empty() ? "no false alarm" : counted(report.alarms.size(), "false alarm"));
}

/// Correct submissions on the cases of other seeds.
int check_seeds(const CheckOptions& options, const graders::Prepared& prepared,
                const graders::Toolchain& toolchain, const graders::Sandbox& sandbox) {
  const graders::Seeds seeds{options.first_seed.value_or(prepared.assignment.seed), options.seeds};
  const auto report = graders::check_seeds(prepared, toolchain, sandbox, seeds,
                                           jobs_or_processors(options.jobs), show_seeds());
  if (graders::interrupted()) return interrupted;
  if (options.json)
    fmt::print("{}", graders::report::to_text(seeds_json(report, options)));
  else
    print_seeds(report, options);
  return report.passed() ? done : falls_short;
}

}  // namespace

int check(const CheckOptions& options) {
  end_cleanly_on_signals();
  auto assignment = fixtures::load_assignment(find_assignment(options.assignment));
  const graders::Sandbox sandbox = make_sandbox(options.sandbox);
  const auto prepared = graders::prepare(std::move(assignment), &sandbox);
  const graders::WorkFolder work;
  const graders::Toolchain toolchain(sandbox, prepared.assignment, work.path(), graders::driver_headers());
  if (options.seeds > 0) return check_seeds(options, prepared, toolchain, sandbox);
  const auto report = graders::check_assignment(prepared, toolchain, sandbox,
                                                jobs_or_processors(options.jobs), show_progress());
  if (graders::interrupted()) return interrupted;
  const graders::MistakeCoverage mistakes = graders::uncaught_mistakes(prepared);
  if (options.json) {
    json lines = json::array();
    for (const auto& line : report.lines)
      lines.push_back({{"subject", line.subject},
                       {"passed", line.passed},
                       {"expected", line.expected},
                       {"differences", line.differences}});
    fmt::print("{}", graders::report::to_text({{"passed", report.passed()},
                                               {"lines", lines},
                                               {"warnings", report.warnings},
                                               {"known_mistakes", mistakes.known},
                                               {"uncaught", mistakes_json(mistakes.uncaught)},
                                               {"the_same", mistakes_json(mistakes.the_same)}}));
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
