#include "graders/check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "graders/data.hpp"
#include "graders/sandbox/interrupt.hpp"
#include "graders/submissions.hpp"

namespace assay::graders {
namespace {

/// The reference and the empty start are known submissions too, though nobody writes them down.
std::vector<fixtures::KnownSubmission> declared_by(const Prepared& prepared) {
  const auto& assignment = prepared.assignment;
  std::vector<fixtures::KnownSubmission> all;
  fixtures::KnownSubmission reference;
  reference.path = assignment.reference;
  reference.score = exact_text(prepared.total);
  all.push_back(reference);
  if (!assignment.empty.empty()) {
    fixtures::KnownSubmission empty;
    empty.path = assignment.empty;
    empty.score = "0";
    all.push_back(empty);
  }
  all.insert(all.end(), assignment.known.begin(), assignment.known.end());
  return all;
}

/// The verdict an author declares for a criterion; nothing for the empty start, of which only the score is
/// declared.
std::optional<Verdict> declared_verdict(const fixtures::KnownSubmission& declared,
                                        const std::string& criterion, bool verdicts_matter) {
  if (!verdicts_matter) return std::nullopt;
  if (declared.verdict) return verdict_from_word(*declared.verdict);
  const auto found = declared.verdicts.find(criterion);
  return found == declared.verdicts.end() ? Verdict::accepted : verdict_from_word(found->second);
}

/// Where another mistake stands first than those that the author declared, or none of them is named at all.
std::vector<std::string> misnamed(const std::vector<std::string>& declared, const Prepared& prepared,
                                  const SubmissionResult& result) {
  std::vector<std::string> differences;
  bool named = declared.empty();
  for (std::size_t i = 0; !declared.empty() && i < result.criteria.size(); ++i)
    for (const Diagnosis& diagnosis : result.criteria[i].diagnoses) {
      const bool expected = std::ranges::find(declared, diagnosis.id) != declared.end();
      named = named || expected;
      if (!expected)
        differences.push_back(fmt::format("{} looks like {}, declared {}", prepared.criteria[i].spec->id,
                                          diagnosis.id, fmt::join(declared, " or ")));
    }
  if (!named && differences.empty())
    differences.push_back(
        fmt::format("no criterion looks like {}, which is declared", fmt::join(declared, " or ")));
  return differences;
}

/// What graders/driver/assay/trivial.hpp answers in a submission's place.
struct TrivialSubmission {
  int number;
  const char* subject;
  const char* answer;
};
constexpr TrivialSubmission trivial_submissions[] = {
    {1, "made up: nothing", "returns nothing"},
    {2, "made up: zeros", "returns zeros"},
    {3, "made up: ones", "returns ones"},
    {4, "made up: echo", "gives an argument back"},
};

/// Partial credit may go by luck this far.
const Points most_by_luck(1, 4);

/// No criterion may give points for it.
CheckLine refuse_points(const TrivialSubmission& trivial, const Prepared& prepared,
                        const SubmissionResult& result) {
  CheckLine line{trivial.subject, false, "0 of " + exact_text(prepared.total), {}};
  for (std::size_t i = 0; i < prepared.criteria.size(); ++i) {
    const auto& points = result.criteria[i].points;
    if (points && *points > most_by_luck * prepared.criteria[i].points)
      line.differences.push_back(
          fmt::format("{} gives {} of {} to a program that {}; add cases on which that is wrong, or let it "
                      "require another "
                      "criterion",
                      prepared.criteria[i].spec->id, exact_text(*points),
                      exact_text(prepared.criteria[i].points), trivial.answer));
  }
  if (result.verdict == Verdict::harness_error) line.differences.push_back(result.message);
  line.passed = line.differences.empty();
  return line;
}

/// A driver that answers by itself, and no submitted file.
CheckLine try_trivial(const TrivialSubmission& trivial, const Prepared& prepared, const Sandbox& sandbox) {
  fixtures::Assignment assignment = prepared.assignment;
  assignment.compile_flags.push_back("-DASSAY_TRIVIAL=" + std::to_string(trivial.number));
  const WorkFolder work;
  const Toolchain toolchain(sandbox, assignment, work.path(), driver_headers());
  Work nothing;
  nothing.id = trivial.subject;
  return refuse_points(trivial, prepared,
                       grade_submission(prepared, toolchain, sandbox, nothing, "trivial", 0));
}

}  // namespace

bool CheckReport::passed() const {
  return std::ranges::all_of(lines, [](const CheckLine& line) { return line.passed; });
}

CheckLine compare(const fixtures::KnownSubmission& declared, const Prepared& prepared,
                  const SubmissionResult& result) {
  CheckLine line{
      declared.path, false, fmt::format("{} of {}", declared.score, exact_text(prepared.total)), {}};
  const Points score = parse_points(declared.score);
  if (!result.score || *result.score != score)
    line.differences.push_back(fmt::format(
        "scores {}, declared {}",
        result.score ? exact_text(*result.score) : std::string(word(result.verdict)), exact_text(score)));
  const bool verdicts_matter = declared.path != prepared.assignment.empty;
  for (std::size_t i = 0; i < prepared.criteria.size(); ++i) {
    const std::string& id = prepared.criteria[i].spec->id;
    const auto wanted = declared_verdict(declared, id, verdicts_matter);
    if (!wanted || *wanted == result.criteria[i].verdict) continue;
    line.differences.push_back(fmt::format("{} is {}, declared {}: {}", id, word(result.criteria[i].verdict),
                                           word(*wanted), result.criteria[i].message));
  }
  for (std::string& difference : misnamed(declared.misconceptions, prepared, result))
    line.differences.push_back(std::move(difference));
  line.passed = line.differences.empty();
  return line;
}

CheckReport check_assignment(const Prepared& prepared, const Toolchain& toolchain, const Sandbox& sandbox,
                             unsigned jobs, const Progress& progress) {
  const auto declared = declared_by(prepared);
  std::vector<Work> work;
  for (const auto& known : declared) {
    auto taken = take_in_work({prepared.assignment.folder / known.path}, prepared.assignment);
    Work one = std::move(taken.at(0).work);
    one.id = known.path;
    work.push_back(std::move(one));
  }
  const ClassRun run = grade_class(prepared, toolchain, sandbox, work, jobs, progress);
  CheckReport report;
  report.warnings = prepared.warnings;
  for (std::size_t i = 0; i < declared.size(); ++i) {
    if (run.finished[i])
      report.lines.push_back(compare(declared[i], prepared, run.results[i]));
    else
      report.lines.push_back({declared[i].path, false, "", {"not graded: interrupted"}});
  }
  for (const TrivialSubmission& trivial : trivial_submissions)
    if (!interrupted()) report.lines.push_back(try_trivial(trivial, prepared, sandbox));
  return report;
}

}  // namespace assay::graders
