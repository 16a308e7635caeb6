/// `gtest`: a course's own suite of GoogleTest tests, linked with the submission; points by test.
///
/// Each test is asked for by its name, taken from the reference's program, so that a test that ends the
/// process costs only itself. What a test says is said by a process in which the student's code runs, and
/// messages and documents say so.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <random>
#include <set>

#include "graders/author_files.hpp"
#include "graders/criteria/single.hpp"
#include "graders/criteria/suite.hpp"
#include "graders/escape.hpp"
#include "graders/file_bytes.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;

/// A submission that hangs in this many tests is not asked for the others.
constexpr std::size_t most_late = 4;
constexpr std::size_t most_told = 3;

struct Tests {
  std::string unfit;  ///< why there are none: the author's or the machine's business
  fs::path runner, suite;
  std::vector<std::string> called;  ///< the functions that the suite calls, in words
  fs::path stand_ins;               ///< for those that a submission lacks; empty where it calls none
  std::vector<std::string> names;
  std::vector<Points> weights;
  Points total;
};

class SuiteJudge : public SingleJudge {
 public:
  explicit SuiteJudge(const fixtures::Suite& settings) : settings_(settings) {}

 private:
  CriterionResult grade_one(const Subject& subject, const CaseGroup&,
                            const PreparedCriterion& criterion) const override {
    CriterionResult result;
    std::call_once(made_, [&] { tests_ = make(subject, criterion.spec->id); });
    result.total = tests_.names.size();
    if (!tests_.unfit.empty()) return untold(std::move(result), tests_.unfit);
    const Compiled built =
        build(subject, subject.folder_name + "-" + criterion.spec->id, subject.files, tests_);
    if (built.verdict != Verdict::accepted) {
      const bool ours = built.verdict == Verdict::harness_error;
      result.verdict = ours ? built.verdict : Verdict::wrong;
      result.message = "it does not build with the course's tests: " + built.message;
      result.standard_error = built.diagnostics;
      return result;
    }
    return run(subject, built.program, criterion, std::move(result));
  }

  /// Submitted files first and alone, so that they cannot read the suite while they are compiled.
  static Compiled build(const Subject& subject, const std::string& name, const std::vector<SourceFile>& files,
                        const Tests& tests) {
    const Compiled object = compile_object(subject.toolchain, subject.toolchain.free_name(name), files,
                                           subject.toolchain.sources_in_box(files), subject.slot);
    if (object.verdict != Verdict::accepted) return object;
    return link_tests(subject.toolchain, subject.toolchain.free_name(name + "-link"),
                      {object.program, tests.suite, tests.stand_ins, tests.runner}, subject.slot);
  }

  CriterionResult run(const Subject& subject, const fs::path& program, const PreparedCriterion& criterion,
                      CriterionResult result) const {
    TestProgram tests(subject, program);
    // Somewhere among the others, so that it is not known by its place.
    const std::size_t decoy = std::random_device{}() % tests_.names.size();
    Points earned;
    std::vector<std::string> failed;
    std::set<std::string> missing;
    std::size_t late = 0;
    for (std::size_t i = 0; i < tests_.names.size(); ++i) {
      const std::string& name = tests_.names[i];
      if (late >= most_late) {
        result.parts.push_back({name, Verdict::timed_out, "not run: too many tests before it did not end"});
        failed.push_back(name + " (not run)");
        continue;
      }
      if (i == decoy && tests.answers_for_nothing()) return forged(std::move(result));
      TestEnd end = tests.run(name);
      if (end.missing && *end.missing < tests_.called.size()) {
        const std::string& function = tests_.called[*end.missing];
        end.ending = {Verdict::missing_function, "the submission defines no " + function, "", ""};
        missing.insert(function);
      }
      if (end.kind == TestEnd::Kind::passed) {
        result.parts.push_back({name, Verdict::accepted, ""});
        ++result.accepted;
        earned += tests_.weights[i];
        continue;
      }
      const bool stopped = end.kind == TestEnd::Kind::stopped;
      const Verdict verdict = stopped ? end.ending.verdict : Verdict::wrong;
      if (verdict == Verdict::harness_error) {
        result.verdict = verdict;
        result.message = end.ending.message;
        result.parts.clear();
        return result;
      }
      late += verdict == Verdict::timed_out;
      std::string why = stopped ? end.ending.message : end.place;
      const bool told = why.empty() || verdict == Verdict::missing_function;
      failed.push_back(told ? name : fmt::format("{} ({})", name, displayable(why)));
      result.parts.push_back({name, verdict, std::move(why)});
      if (failed.size() > 1) continue;
      result.verdict = verdict;
      result.signal = end.ending.signal;
      result.standard_error = end.ending.standard_error;
    }
    result = tell(std::move(result), failed, Points(criterion.points * earned / tests_.total));
    if (!missing.empty())
      result.message += fmt::format("; the submission defines no {}", fmt::join(missing, ", no "));
    return result;
  }

  static CriterionResult forged(CriterionResult result) {
    result.verdict = Verdict::protocol_error;
    result.message =
        "its process answers for a test that does not exist: the answers are not those of the tests";
    result.accepted = 0;
    result.parts.clear();
    return result;
  }

  static CriterionResult tell(CriterionResult result, const std::vector<std::string>& failed,
                              const Points& points) {
    result.message = fmt::format("{} of {} tests pass, as the submission's own process reports",
                                 result.accepted, result.total);
    if (failed.empty()) {
      result.verdict = Verdict::accepted;
      return result;
    }
    result.points = points;
    const auto told = std::min(failed.size(), most_told);
    result.message += fmt::format(
        "; not: {}{}", fmt::join(failed.begin(), failed.begin() + static_cast<std::ptrdiff_t>(told), ", "),
        told < failed.size() ? fmt::format(" and {} more", failed.size() - told) : "");
    result.advice = "Each test's name says what it looks at: call your function as it does.";
    return result;
  }

  Tests make(const Subject& subject, const std::string& id) const {
    Tests tests;
    tests.unfit = why_no_googletest();
    if (!tests.unfit.empty()) return tests;
    const auto& toolchain = subject.toolchain;
    const auto runner = compile_test_runner(toolchain, toolchain.free_name("runner-" + id), subject.slot);
    const auto suite = compile_suite(subject, id);
    tests.runner = runner.program;
    tests.suite = suite.program;
    if (runner.verdict != Verdict::accepted)
      tests.unfit = "the grader's main program of tests does not compile: " + runner.message;
    else if (suite.verdict != Verdict::accepted)
      tests.unfit = "the suite does not compile: " + suite.message;
    else
      stand_in(subject, id, tests);
    if (tests.unfit.empty()) try_on_reference(subject, id, tests);
    if (tests.unfit.empty()) weigh(tests);
    return tests;
  }

  Compiled compile_suite(const Subject& subject, const std::string& id) const {
    const auto& toolchain = subject.toolchain;
    std::vector<SourceFile> files;
    std::vector<std::string> sources;
    for (const std::string& path : settings_.files) {
      const std::string name = path.substr(path.rfind('/') + 1);
      files.push_back({name, file_bytes(subject.prepared.assignment.folder / path).value_or("")});
      sources.push_back("/sub/" + name);
    }
    return compile_object(toolchain, toolchain.free_name("suite-" + id), files, sources, subject.slot);
  }

  /// A function that a submission lacks costs the tests that call it, and is told by its name.
  static void stand_in(const Subject& subject, const std::string& id, Tests& tests) {
    const auto& toolchain = subject.toolchain;
    const auto symbols = functions_called(toolchain, toolchain.free_name("needs-" + id),
                                          {tests.suite, tests.runner}, subject.slot);
    if (!symbols) tests.unfit = "the linker does not say which functions the suite calls";
    if (!symbols || symbols->empty()) return;
    const auto made =
        compile_stand_ins(toolchain, toolchain.free_name("stand-ins-" + id), *symbols, subject.slot);
    if (made.verdict != Verdict::accepted)
      tests.unfit = "what stands in for missing functions does not compile: " + made.message;
    tests.stand_ins = made.program;
    for (const std::string& symbol : *symbols)
      tests.called.push_back(in_words(demangled(symbol), subject.prepared.assignment));
  }

  /// As the assignment declares it, where it does.
  static std::string in_words(const std::string& function, const fixtures::Assignment& assignment) {
    const auto* const spec = assignment.find_function(function.substr(0, function.find('(')));
    return spec && !spec->declaration.empty() ? spec->declaration : function;
  }

  static void try_on_reference(const Subject& subject, const std::string& id, Tests& tests) {
    const auto& assignment = subject.prepared.assignment;
    const Compiled built = build(subject, "reference-" + id, reference_files(assignment), tests);
    if (built.verdict != Verdict::accepted) {
      tests.unfit = "the reference does not build with the suite: " + built.message;
      return;
    }
    TestProgram program(subject, built.program);
    Ending why;
    const auto names = program.names(why);
    if (!names || names->empty()) {
      tests.unfit = names ? "the suite has no tests" : "the suite does not start: " + why.message;
      return;
    }
    for (const std::string& name : *names) {
      const TestEnd end = program.run(name);
      if (end.kind == TestEnd::Kind::skipped) continue;
      if (end.kind != TestEnd::Kind::passed) {
        tests.unfit = fmt::format("the reference itself does not pass {}: {}", name,
                                  end.kind == TestEnd::Kind::stopped ? end.ending.message : end.place);
        return;
      }
      tests.names.push_back(name);
    }
    if (tests.names.empty()) tests.unfit = "every test of the suite is skipped on the reference";
  }

  void weigh(Tests& tests) const {
    for (const auto& [key, weight] : settings_.worth)
      if (std::ranges::none_of(tests.names, [&, &word = key](const std::string& name) {
            return name == word || name.starts_with(word + ".");
          }))
        tests.unfit = fmt::format("\"worth\" names {}, and the suite has no such test", key);
    for (const std::string& name : tests.names) {
      const auto whole = settings_.worth.find(name.substr(0, name.rfind('.')));
      const auto alone = settings_.worth.find(name);
      const auto found = alone != settings_.worth.end() ? alone : whole;
      tests.weights.push_back(found == settings_.worth.end() ? Points(1) : parse_points(found->second));
      tests.total += tests.weights.back();
    }
    if (tests.total == 0) tests.unfit = "every test of the suite has the weight 0";
  }

  const fixtures::Suite& settings_;
  mutable std::once_flag made_;
  mutable Tests tests_;
};

}  // namespace

PreparedJudge prepare_suite(const Prepared&, const CaseGroup&, const PreparedCriterion& criterion) {
  return std::make_shared<const SuiteJudge>(std::get<fixtures::Suite>(criterion.spec->settings));
}

}  // namespace assay::graders
