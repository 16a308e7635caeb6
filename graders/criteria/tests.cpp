/// `tests`: the submission's own tests are linked with the reference, which they must accept, and with each
/// wrong variant of it, which they must refuse.
///
/// The tests are compiled without any implementation beside them, and linked later with object files whose
/// sources have one and the same name: nothing tells the programs apart but what their functions answer. The
/// reference is run several times, at random places among the variants, and whatever refuses a variant must
/// do so again, so that neither a clock nor chance helps.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <random>

#include "graders/author_files.hpp"
#include "graders/criteria/credit.hpp"
#include "graders/criteria/single.hpp"
#include "graders/criteria/suite.hpp"
#include "graders/escape.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t reference_runs = 3;
constexpr const char* tests_word = "correct implementation";

/// One run of all tests on one program.
struct Round {
  std::size_t passed = 0;
  std::string failed;  ///< the first test that does not pass; empty where all do
  TestEnd how;
  bool listed = false;
};

/// The object files that tests are linked with; made once for the class.
struct Programs {
  std::string unfit;  ///< why there are none: the author's or the machine's business
  fs::path runner, reference;
  std::vector<fs::path> variants;
};

/// With headers, but no source beside the tests: there is no implementation to be read.
std::vector<SourceFile> for_tests(const std::vector<SourceFile>& files, const fixtures::Tests& settings) {
  std::vector<SourceFile> kept;
  for (const SourceFile& file : files) {
    const bool is_test = std::ranges::find(settings.files, file.name) != settings.files.end();
    const auto dot = file.name.rfind('.');
    const bool is_source = dot != std::string::npos && file.name[dot + 1] == 'c';
    if (is_test || !is_source) kept.push_back(file);
  }
  return kept;
}

class TestsJudge : public SingleJudge {
 public:
  explicit TestsJudge(const fixtures::Tests& settings) : settings_(settings) {}

 private:
  CriterionResult grade_one(const Subject& subject, const CaseGroup&,
                            const PreparedCriterion& criterion) const override {
    CriterionResult result;
    result.total = settings_.variants.size();
    if (const std::string missing = missing_file(subject.files); !missing.empty()) {
      result.verdict = Verdict::wrong;
      result.message = "the submission holds no " + missing + ", in which its tests should be";
      result.advice = "Hand in your tests in a file of this name.";
      return result;
    }
    std::call_once(made_, [&] { programs_ = make_programs(subject, criterion); });
    if (!programs_.unfit.empty()) return untold(std::move(result), programs_.unfit);
    const std::string name = subject.folder_name + "-" + criterion.spec->id;
    const Compiled tests = compile_tests(subject, name);
    if (tests.verdict != Verdict::accepted)
      return not_built(std::move(result), tests, "the tests do not compile: ");
    return run_all(subject, name, tests.program, criterion, std::move(result));
  }

  std::string missing_file(const std::vector<SourceFile>& files) const {
    for (const std::string& name : settings_.files)
      if (std::ranges::find(files, name, &SourceFile::name) == files.end()) return name;
    return "";
  }

  Compiled compile_tests(const Subject& subject, const std::string& name) const {
    std::vector<std::string> sources;
    for (const std::string& file : settings_.files) sources.push_back("/sub/" + file);
    return compile_object(subject.toolchain, subject.toolchain.free_name(name),
                          for_tests(subject.files, settings_), sources, subject.slot);
  }

  static CriterionResult not_built(CriterionResult result, const Compiled& built, const std::string& what) {
    const bool ours = built.verdict == Verdict::harness_error;
    result.verdict = ours ? built.verdict : Verdict::wrong;
    result.message = (ours ? "" : what) + built.message;
    result.standard_error = built.diagnostics;
    result.advice =
        "Compile the tests against the given headers alone, with -lgtest: they need no main function, and "
        "may "
        "include no source file.";
    return result;
  }

  Programs make_programs(const Subject& subject, const PreparedCriterion& criterion) const {
    Programs programs;
    programs.unfit = why_no_googletest();
    const auto& assignment = subject.prepared.assignment;
    const auto build = [&](fs::path& object, const Compiled& built, const std::string& what) {
      if (built.verdict != Verdict::accepted && programs.unfit.empty())
        programs.unfit = what + " does not compile: " + built.message;
      object = built.program;
    };
    const auto implementation = [&](const std::string& folder) {
      const auto files = files_of(assignment, folder, assignment.reference);
      return compile_object(subject.toolchain, subject.toolchain.free_name("tested-" + criterion.spec->id),
                            files, subject.toolchain.sources_in_box(files), subject.slot);
    };
    if (!programs.unfit.empty()) return programs;
    build(programs.runner,
          compile_test_runner(subject.toolchain, subject.toolchain.free_name("runner-" + criterion.spec->id),
                              subject.slot),
          "the grader's main program of tests");
    build(programs.reference, implementation(assignment.reference), "the reference");
    for (const auto& variant : settings_.variants)
      build(programs.variants.emplace_back(), implementation(variant.folder),
            "the variant " + variant.folder);
    return programs;
  }

  /// One program for the reference and one for each variant, run in an order that nobody can foresee.
  CriterionResult run_all(const Subject& subject, const std::string& name, const fs::path& tests,
                          const PreparedCriterion& criterion, CriterionResult result) const {
    std::vector<fs::path> linked;
    for (std::size_t i = 0; i <= programs_.variants.size(); ++i) {
      const fs::path& tested = i == 0 ? programs_.reference : programs_.variants[i - 1];
      const Compiled built = link_tests(subject.toolchain, subject.toolchain.free_name(name + "-link"),
                                        {tests, tested, programs_.runner}, subject.slot);
      if (built.verdict != Verdict::accepted)
        return not_built(std::move(result), built, "the tests do not link with a correct implementation: ");
      linked.push_back(built.program);
    }
    std::vector<std::size_t> order(programs_.variants.size() + reference_runs, 0);
    for (std::size_t i = 0; i < programs_.variants.size(); ++i) order[i] = i + 1;
    std::shuffle(order.begin(), order.end(), std::mt19937_64(std::random_device{}()));
    std::vector<Round> reference;
    std::vector<bool> caught(programs_.variants.size());
    for (const std::size_t which : order) {
      const Round round = run(subject, linked[which]);
      if (!round.failed.empty() && round.how.kind == TestEnd::Kind::stopped &&
          round.how.ending.verdict == Verdict::harness_error) {
        result.verdict = Verdict::harness_error;
        result.message = round.how.ending.message;
        return result;
      }
      if (which == 0)
        reference.push_back(round);
      else
        caught[which - 1] = !round.failed.empty() && !run(subject, linked[which]).failed.empty();
    }
    const auto failed = std::ranges::find_if(reference, [](const Round& r) { return !r.failed.empty(); });
    if (failed != reference.end()) return refused(std::move(result), reference, *failed);
    if (reference.front().passed == 0) {
      result.verdict = Verdict::wrong;
      result.message = "there are no tests: none ran on a correct implementation";
      result.advice = "Write TEST(Suite, Name) { EXPECT_...; } around what you check.";
      return result;
    }
    return counted(std::move(result), caught, criterion, reference.front().passed);
  }

  Round run(const Subject& subject, const fs::path& program) const {
    TestProgram tests(subject, program);
    Round round;
    const auto names = tests.names(round.how.ending);
    round.listed = names.has_value();
    if (!names) {
      round.failed = "all of them";
      return round;
    }
    for (const std::string& name : *names) {
      const TestEnd end = tests.run(name);
      if (end.kind == TestEnd::Kind::passed) ++round.passed;
      if (end.kind == TestEnd::Kind::passed || end.kind == TestEnd::Kind::skipped) continue;
      round.failed = displayable(name);
      round.how = end;
      break;
    }
    return round;
  }

  /// Says no more than which test it is and where: the values in its messages would be the reference's.
  static CriterionResult refused(CriterionResult result, const std::vector<Round>& reference,
                                 const Round& failed) {
    result.verdict = Verdict::wrong;
    const auto times = std::ranges::count_if(reference, [](const Round& r) { return !r.failed.empty(); });
    if (times < static_cast<std::ptrdiff_t>(reference.size())) {
      result.message = "the tests pass on a " + std::string(tests_word) +
                       " at one time and fail at another: they depend on chance, on the time, or on memory "
                       "that is never written";
      result.advice = "Fix the seed of what is drawn, and compare with an allowance for rounding.";
      return result;
    }
    if (!failed.listed)
      result.message =
          fmt::format("the tests end before they begin, on a {}: {}", tests_word, failed.how.ending.message);
    else if (failed.how.kind == TestEnd::Kind::stopped)
      result.message = fmt::format("the test {} does not come to its end on a {}: {}", failed.failed,
                                   tests_word, failed.how.ending.message);
    else
      result.message = fmt::format("the test {} fails on a {}{}", failed.failed, tests_word,
                                   failed.how.place.empty() ? "" : ", at " + failed.how.place);
    result.signal = failed.how.ending.signal;
    result.advice =
        failed.how.kind == TestEnd::Kind::stopped
            ? "What is tested is right, so the tests end the program themselves: look for exit, a loop "
              "without end, and an index outside of a vector."
            : "The test asks for something that is not so: work its input out by hand, and compare with "
              "an allowance for rounding.";
    return result;
  }

  CriterionResult counted(CriterionResult result, const std::vector<bool>& caught,
                          const PreparedCriterion& criterion, std::size_t tests) const {
    std::string hints;
    for (std::size_t i = 0; i < caught.size(); ++i) {
      const auto& variant = settings_.variants[i];
      result.accepted += caught[i];
      result.parts.push_back({variant.folder, caught[i] ? Verdict::accepted : Verdict::wrong, ""});
      if (!caught[i] && !variant.hint.empty()) hints += " " + variant.hint;
    }
    result.message =
        fmt::format("{} pass{} on a {}, and {} of {} wrong variants {} caught",
                    tests == 1 ? "1 test" : fmt::format("{} tests", tests), tests == 1 ? "es" : "",
                    tests_word, result.accepted, result.total, result.accepted == 1 ? "is" : "are");
    if (result.accepted == result.total) {
      result.verdict = Verdict::accepted;
      return result;
    }
    result.verdict = Verdict::wrong;
    result.advice = fmt::format(
        "{} wrong {} all your tests: try more inputs, such as several rows, unequal "
        "extents, negative and large numbers.{}",
        result.total - result.accepted,
        result.total - result.accepted == 1 ? "implementation passes" : "implementations pass", hints);
    result.points =
        has_partial_credit(criterion) ? credit(criterion, result.accepted, result.total) : Points(0);
    return result;
  }

  const fixtures::Tests& settings_;
  mutable std::once_flag made_;
  mutable Programs programs_;
};

}  // namespace

PreparedJudge prepare_tests(const Prepared&, const CaseGroup&, const PreparedCriterion& criterion) {
  return std::make_shared<const TestsJudge>(std::get<fixtures::Tests>(criterion.spec->settings));
}

}  // namespace assay::graders
