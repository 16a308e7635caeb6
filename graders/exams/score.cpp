#include "graders/exams/score.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "graders/exams/score_parts.hpp"

namespace assay::graders::exams {
namespace {

using Kind = fixtures::Scheme::Kind;
using fixtures::Floor;

/// How many parts came out in which way.
struct Tally {
  std::size_t all = 0, right = 0, followed = 0, partly = 0, blank = 0, waiting = 0, voided = 0, lost = 0;
};

Tally tally_of(const std::vector<Part>& parts) {
  Tally tally;
  for (const Part& part : parts) {
    const Outcome outcome = part.judgement.outcome;
    tally.all += outcome != Outcome::lost;
    tally.lost += outcome == Outcome::lost;
    tally.right += outcome == Outcome::right || outcome == Outcome::followed;
    tally.followed += outcome == Outcome::followed;
    tally.partly += outcome == Outcome::partly;
    tally.blank += outcome == Outcome::blank;
    tally.voided += outcome == Outcome::voided;
    tally.waiting += waits(outcome);
  }
  return tally;
}

/// The best `count` of the values of one end.
template <class End>
Points best(const std::vector<Range>& ranges, std::size_t count, End end) {
  std::vector<Points> values;
  for (const Range& range : ranges) values.push_back(range.*end);
  std::ranges::sort(values, [](const Points& a, const Points& b) { return a > b; });
  Points sum = 0;
  for (std::size_t i = 0; i < std::min(count, values.size()); ++i) sum += values[i];
  return sum;
}

Range sum_of(const std::vector<Range>& ranges, std::size_t any_of) {
  if (any_of > 0)
    return {best(ranges, any_of, &Range::low), best(ranges, any_of, &Range::high),
            best(ranges, any_of, &Range::sure)};
  Range sum;
  for (const Range& range : ranges) {
    sum.low += range.low;
    sum.high += range.high;
    sum.sure += range.sure;
  }
  return sum;
}

/// All right, or nothing.
Range complete(const Range& sum, const Points& possible) {
  const auto whole = [&](const Points& points) { return points >= possible ? possible : Points(0); };
  return {whole(sum.low), whole(sum.high), whole(sum.sure)};
}

std::string counted(const QuestionRules& question, const Tally& t, bool options) {
  std::string words = fmt::format("{} of {} {}", t.right, t.all, options ? "options as in the key" : "right");
  if (t.followed > 0) words += fmt::format(", {} after an earlier answer", t.followed);
  if (t.partly > 0) words += fmt::format(", {} in part", t.partly);
  if (t.blank > 0) words += fmt::format(", {} blank", t.blank);
  if (t.voided > 0) words += fmt::format(", {} voided: full points", t.voided);
  if (t.lost > 0) words += fmt::format(", {} lost and not marked", t.lost);
  if (question.any_of > 0 && question.any_of < t.all)
    words += fmt::format("; the best {} count", question.any_of);
  if (question.rules.complete && t.right + t.voided < t.all && t.waiting == 0)
    words += "; this counts only as a whole";
  return words;
}

std::string alone(const Part& part) {
  const Judgement& judgement = part.judgement;
  if (judgement.outcome == Outcome::followed) return "right after the earlier answer";
  if (judgement.outcome == Outcome::for_person) return "a person marks it";
  if (judgement.certainty > 0 && !waits(judgement.outcome))
    return fmt::format("{}, {} sure", to_text(judgement.outcome), judgement.certainty);
  return std::string(to_text(judgement.outcome));
}

std::string in_points(const Score& score, std::size_t waiting) {
  if (score.points) return fmt::format(": {} of {}", exact_text(*score.points), points_words(score.possible));
  return fmt::format("; {} for a person: {} of {} so far", waiting, exact_text(score.sure),
                     points_words(score.possible));
}

void settle(Score& score, const Range& range) {
  score.sure = range.sure;
  if (range.decided()) score.points = range.low;
}

bool together(Kind kind) {
  return kind == Kind::all_or_partial || kind == Kind::guess_neutral;
}

/// The parts that are looked at one by one.
struct OneByOne {
  std::vector<Range> ranges;
  Points possible = 0;
};

OneByOne one_by_one(const QuestionRules& question, const std::vector<Part>& parts, Score& score) {
  OneByOne result;
  std::vector<Range> ranges;
  ranges.reserve(parts.size());
  for (const Part& part : parts) {
    Range range = range_of(question.rules, part);
    ranges.push_back(question.floor == Floor::item ? at_least_zero(std::move(range)) : std::move(range));
  }
  const std::vector<bool> forgiven = charged_elsewhere(question, parts, ranges);
  std::vector<Range> most;
  most.reserve(parts.size());
  result.ranges.reserve(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].option && together(question.rules.kind)) continue;
    Range range = forgiven[i] ? exactly(possible_of(parts[i])) : std::move(ranges[i]);
    PartScore& mine = score.parts[i];
    mine.possible = possible_of(parts[i]);
    mine.charged_elsewhere = forgiven[i];
    if (range.decided()) mine.points = range.low;
    result.ranges.push_back(std::move(range));
    most.push_back(exactly(mine.possible));
  }
  result.possible = sum_of(most, question.any_of).high;
  return result;
}

std::vector<const Part*> options_of(const std::vector<Part>& parts) {
  std::vector<const Part*> options;
  for (const Part& part : parts)
    if (part.option) options.push_back(&part);
  return options;
}

}  // namespace

bool waits(Outcome outcome) {
  return outcome == Outcome::unreadable || outcome == Outcome::ambiguous || outcome == Outcome::for_person ||
         outcome == Outcome::cannot_tell;
}

bool takes_options_together(Kind kind) {
  return kind != Kind::signed_marks && kind != Kind::certainty;
}

Score score(const QuestionRules& question, const std::vector<Part>& parts) {
  Score result;
  result.parts.resize(parts.size());
  const OneByOne single = one_by_one(question, parts, result);
  const auto options = together(question.rules.kind) ? options_of(parts) : std::vector<const Part*>{};
  Range range = sum_of(single.ranges, question.any_of);
  result.possible = single.possible;
  if (question.rules.complete) range = complete(range, result.possible);
  const Tally tally = tally_of(parts);
  if (!options.empty()) {
    const OptionsScore marks = question.rules.kind == Kind::guess_neutral ? guess_neutral(question, options)
                                                                          : all_or_partial(question, options);
    range = range + marks.range;
    result.possible += marks.possible;
    result.explanation = marks.explanation;
  } else if (parts.size() == 1 && !parts.front().option) {
    result.explanation = alone(parts.front());
  } else {
    result.explanation =
        counted(question, tally, parts.size() > 0 && options_of(parts).size() == parts.size());
  }
  if (question.floor == Floor::item || question.floor == Floor::question) range = at_least_zero(range);
  settle(result, range);
  for (const PartScore& part : result.parts)
    if (part.charged_elsewhere) {
      result.explanation += "; a mistake made twice is charged once";
      break;
    }
  result.explanation += in_points(result, tally.waiting);
  return result;
}

}  // namespace assay::graders::exams
