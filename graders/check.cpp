#include "graders/check.hpp"

#include <fmt/format.h>

#include <algorithm>

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

/// What is named first where the author declared another mistake, and that it is named at all.
std::vector<std::string> misnamed(const std::string& declared, const Prepared& prepared,
                                  const SubmissionResult& result) {
  std::vector<std::string> differences;
  bool named = declared.empty();
  for (std::size_t i = 0; !declared.empty() && i < result.criteria.size(); ++i)
    for (const Diagnosis& diagnosis : result.criteria[i].diagnoses) {
      named = named || diagnosis.id == declared;
      if (diagnosis.id != declared)
        differences.push_back(fmt::format("{} looks like {}, declared {}", prepared.criteria[i].spec->id,
                                          diagnosis.id, declared));
    }
  if (!named && differences.empty())
    differences.push_back(fmt::format("no criterion looks like {}, which is declared", declared));
  return differences;
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
  for (std::string& difference : misnamed(declared.misconception, prepared, result))
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
  return report;
}

}  // namespace assay::graders
