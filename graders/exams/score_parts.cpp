#include "graders/exams/score_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay::graders::exams {
namespace {

using Kind = fixtures::Scheme::Kind;

bool is_right(const Part& part) {
  return part.judgement.outcome == Outcome::right || part.judgement.outcome == Outcome::followed;
}

bool is_void(const Part& part) {
  return part.judgement.outcome == Outcome::voided || part.judgement.outcome == Outcome::lost;
}

/// The share of its worth that a decided item earned.
Points credit_of(const Part& part) {
  if (is_right(part) || part.judgement.outcome == Outcome::voided) return 1;
  return part.judgement.outcome == Outcome::partly ? part.judgement.credit : Points(0);
}

Points surest(const std::vector<Points>& levels) {
  return *std::ranges::max_element(levels);
}

const Points& level(const std::vector<Points>& levels, int certainty) {
  const auto last = static_cast<int>(levels.size());
  return levels[static_cast<std::size_t>(std::clamp(certainty, 1, last) - 1)];
}

Range signed_range(const Rules& rules, const Part& part) {
  const Points full = possible_of(part);
  if (waits(part.judgement.outcome)) return {std::min(rules.wrong, Points(0)), full, 0};
  if (part.judgement.outcome == Outcome::blank) return exactly(rules.blank);
  const Points credit = credit_of(part);
  return exactly(credit == 0 ? rules.wrong : Points(credit * full));
}

/// Scaled so that the surest right answer earns the item's worth.
Range certainty_range(const Rules& rules, const Part& part) {
  const Points best = surest(rules.sure_right);
  const Points scale = best > 0 ? Points(part.worth / best) : Points(1);
  if (waits(part.judgement.outcome)) {
    const Points worst = *std::ranges::min_element(rules.sure_wrong);
    return {std::min(Points(worst * scale), Points(0)), part.worth, 0};
  }
  if (part.judgement.outcome == Outcome::voided) return exactly(part.worth);
  if (part.judgement.outcome == Outcome::blank) return exactly(rules.blank);
  const Points credit = credit_of(part);
  return exactly((credit == 0 ? level(rules.sure_wrong, part.judgement.certainty)
                              : Points(credit * level(rules.sure_right, part.judgement.certainty))) *
                 scale);
}

/// A wrong choice among m answers costs worth / (m - 1); where there is nothing to choose from, nothing.
Range neutral_range(const Part& part) {
  const Points cost = part.choices > 1 ? Points(part.worth / (part.choices - 1)) : Points(0);
  if (waits(part.judgement.outcome)) return {-cost, part.worth, 0};
  if (part.judgement.outcome == Outcome::blank) return exactly(0);
  const Points credit = credit_of(part);
  return exactly(credit == 0 ? Points(-cost) : Points(credit * part.worth));
}

/// The options that a scheme counts, sorted out.
struct Sorted {
  std::size_t chosen = 0;           ///< marked, and in the key
  std::size_t missed = 0;           ///< in the key, and not marked
  std::size_t left = 0;             ///< not in the key, and not marked
  std::vector<std::string> strays;  ///< marked, and not in the key
  std::size_t waiting = 0, blank = 0;
  bool any_live = false;

  std::size_t right() const { return chosen + missed; }
  std::size_t all() const { return chosen + missed + left + strays.size() + blank; }
};

Sorted sort_out(const std::vector<const Part*>& options) {
  Sorted sorted;
  for (const Part* option : options) {
    if (is_void(*option)) continue;
    sorted.any_live = true;
    if (waits(option->judgement.outcome))
      ++sorted.waiting;
    else if (option->judgement.outcome == Outcome::blank)
      ++sorted.blank;
    else if (is_right(*option))
      ++(option->marked ? sorted.chosen : sorted.left);
    else if (option->marked)
      sorted.strays.push_back(option->label);
    else
      ++sorted.missed;
  }
  std::ranges::sort(sorted.strays);
  return sorted;
}

bool anything_to_earn(const std::vector<const Part*>& options) {
  return std::ranges::any_of(options, [](const Part* o) { return o->judgement.outcome != Outcome::lost; });
}

std::string stray_words(const std::vector<std::string>& strays) {
  return fmt::format("{} {} marked and {} not belong", fmt::join(strays, ", "),
                     strays.size() == 1 ? "is" : "are", strays.size() == 1 ? "does" : "do");
}

}  // namespace

Range exactly(const Points& points) {
  return {points, points, points};
}

Range operator+(const Range& a, const Range& b) {
  return {a.low + b.low, a.high + b.high, a.sure + b.sure};
}

Range at_least_zero(Range range) {
  for (Points* end : {&range.low, &range.high, &range.sure}) *end = std::max(*end, Points(0));
  return range;
}

Points possible_of(const Part& part) {
  return part.judgement.outcome == Outcome::lost ? Points(0) : part.worth;
}

Range range_of(const Rules& rules, const Part& part) {
  if (part.judgement.outcome == Outcome::lost) return {};
  if (part.judgement.outcome == Outcome::voided) return exactly(possible_of(part));
  if (rules.kind == Kind::signed_marks) return signed_range(rules, part);
  if (rules.kind == Kind::certainty) return certainty_range(rules, part);
  if (rules.kind == Kind::guess_neutral) return neutral_range(part);
  if (waits(part.judgement.outcome)) return {0, part.worth, 0};
  return exactly(credit_of(part) * part.worth);
}

OptionsScore all_or_partial(const QuestionRules& question, const std::vector<const Part*>& options) {
  const Sorted s = sort_out(options);
  if (!anything_to_earn(options)) return {{}, 0, "lost"};
  const Points& worth = question.worth;
  if (!s.any_live) return {exactly(worth), worth, "voided: full points"};
  if (!s.strays.empty()) return {exactly(0), worth, stray_words(s.strays)};
  if (s.waiting > 0) return {{0, worth, 0}, worth, fmt::format("{} options wait for a person", s.waiting)};
  if (s.blank > 0) return {exactly(0), worth, "nothing is marked"};
  if (s.missed == 0)
    return {exactly(worth), worth, fmt::format("all {} right options and no other", s.chosen)};
  const Points share = question.rules.partial.value_or(Points(Points(s.chosen) / s.right()));
  return {exactly(s.chosen == 0 ? Points(0) : Points(worth * share)), worth,
          fmt::format("{} of {} right options, no wrong one", s.chosen, s.right())};
}

OptionsScore guess_neutral(const QuestionRules& question, const std::vector<const Part*>& options) {
  const Sorted s = sort_out(options);
  if (!anything_to_earn(options)) return {{}, 0, "lost"};
  const Points& worth = question.worth;
  if (!s.any_live) return {exactly(worth), worth, "voided: full points"};
  if (s.waiting > 0)
    return {{-worth, worth, 0}, worth, fmt::format("{} options wait for a person", s.waiting)};
  if (s.blank > 0) return {exactly(0), worth, "nothing is marked"};
  if (s.right() == 0) return {exactly(s.strays.empty() ? worth : Points(0)), worth, "no option is right"};
  const Points share = worth / s.right();
  const std::size_t others = s.all() - s.right();
  const Points cost = others > 0 ? Points(worth / others) : Points(0);  // share * n / (m - n)
  return {exactly(share * s.chosen - cost * s.strays.size()), worth,
          fmt::format("{} of {} right options, {} wrong", s.chosen, s.right(), s.strays.size())};
}

std::vector<bool> charged_elsewhere(const QuestionRules& question, const std::vector<Part>& parts,
                                    const std::vector<Range>& ranges) {
  std::vector<bool> forgiven(parts.size(), false);
  for (const std::string& mistake : question.charge_once) {
    const Part* charged = nullptr;
    Points most = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].judgement.mistake != mistake || !ranges[i].decided()) continue;
      const Points lost = possible_of(parts[i]) - ranges[i].high;
      if (lost > most || (charged && lost == most && parts[i].worth > charged->worth)) {
        charged = &parts[i];
        most = lost;
      }
    }
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (charged && &parts[i] != charged && parts[i].judgement.mistake == mistake)
        forgiven[i] = possible_of(parts[i]) > ranges[i].high;
  }
  return forgiven;
}

std::string points_words(const Points& points) {
  return fmt::format("{} point{}", exact_text(points), points == 1 || points == -1 ? "" : "s");
}

}  // namespace assay::graders::exams
