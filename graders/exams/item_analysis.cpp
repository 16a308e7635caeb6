#include "graders/exams/item_analysis.hpp"

#include <algorithm>
#include <cmath>

#include "graders/escape.hpp"

namespace assay::graders::exams {
namespace {

using fixtures::AnswerKind;

constexpr std::size_t most_texts = 1000, most_bytes = 100;
constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

/// True where the wrong answer itself tells something: not of T and F, nor of options.
bool has_own_answer(AnswerKind kind) {
  return kind != AnswerKind::true_false && kind != AnswerKind::option && kind != AnswerKind::text;
}

}  // namespace

void Frequencies::add(const std::string& text) {
  const auto found = counts_.find(text);
  if (found != counts_.end())
    ++found->second;
  else if (counts_.size() < most_texts)
    counts_.emplace(text, 1);
  else
    ++others_;
}

std::vector<std::pair<std::string, std::size_t>> Frequencies::top(std::size_t count) const {
  std::vector<std::pair<std::string, std::size_t>> sorted(counts_.begin(), counts_.end());
  std::ranges::stable_sort(sorted, [](const auto& a, const auto& b) { return a.second > b.second; });
  if (sorted.size() > count) sorted.resize(count);
  return sorted;
}

void Correlation::add(double x, double y) {
  count_ += 1;
  const double dx = x - mean_x_, dy = y - mean_y_;
  mean_x_ += dx / count_;
  mean_y_ += dy / count_;
  xx_ += dx * (x - mean_x_);
  yy_ += dy * (y - mean_y_);
  xy_ += dx * (y - mean_y_);
}

std::optional<double> Correlation::value() const {
  if (count_ < 3 || !(xx_ > 0) || !(yy_ > 0)) return std::nullopt;
  return std::clamp(xy_ / std::sqrt(xx_ * yy_), -1.0, 1.0);
}

std::optional<Points> ItemStatistics::difficulty() const {
  return decided > 0 ? std::optional(Points(credit / decided)) : std::nullopt;
}

ItemAnalysis::ItemAnalysis(const fixtures::Exam& exam, const std::vector<Unit>& units)
    : exam_(exam),
      unit_of_(exam.items.size(), nowhere),
      items_(exam.items.size()),
      sections_(exam.sections.size()) {
  std::size_t place = 0;
  for (const Unit& unit : units) {
    bool any = false;
    for (const Unit::Member& member : unit.members) {
      if (!exam.items[member.item].scored) continue;
      unit_of_[member.item] = place;
      any = true;
    }
    place += any;
  }
}

void ItemAnalysis::add(const MarkedSheet& sheet) {
  ++sheets_;
  waiting_ += sheet.for_person > 0;
  possible_ = sheet.possible;
  if (sheet.for_person == 0) ++totals_[sheet.score];
  for (std::size_t s = 0; s < sections_.size(); ++s) sections_[s] += sheet.sections[s].sure;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    ItemStatistics& mine = items_[i];
    const Judgement& judgement = sheet.items[i].judgement;
    ++mine.outcomes[static_cast<std::size_t>(judgement.outcome)];
    if (waits(judgement.outcome) && mine.waiting.size() < named_waiting) mine.waiting.push_back(sheet.id);
    if (waits(judgement.outcome) || judgement.outcome == Outcome::lost) continue;
    ++mine.decided;
    mine.marked += sheet.items[i].marked;
    mine.credit += judgement.outcome == Outcome::right ? Points(1) : judgement.credit;
    if (unit_of_[i] != nowhere)
      mine.with_rest.add(judgement.credit.get_d(),
                         Points(sheet.score - sheet.questions[unit_of_[i]].sure).get_d());
    if (!judgement.mistake.empty()) {
      auto& [text, count] = mine.mistakes[judgement.mistake];
      text = judgement.mistake_text;
      ++count;
    }
    if (judgement.outcome == Outcome::wrong && has_own_answer(exam_.items[i].answer))
      mine.wrong.add(displayable_line(
          judgement.understood.empty() ? sheet.items[i].written : judgement.understood, most_bytes));
  }
}

std::optional<Points> ItemAnalysis::mean() const {
  Points sum = 0;
  std::size_t count = 0;
  for (const auto& [total, times] : totals_) {
    sum += total * times;
    count += times;
  }
  return count > 0 ? std::optional(Points(sum / count)) : std::nullopt;
}

std::optional<Points> ItemAnalysis::median() const {
  const std::size_t count = sheets_ - waiting_;
  if (count == 0) return std::nullopt;
  const std::size_t low = (count - 1) / 2, high = count / 2;
  std::size_t seen = 0;
  std::optional<Points> first;
  for (const auto& [total, times] : totals_) {
    seen += times;
    if (!first && seen > low) first = total;
    if (seen > high) return Points((*first + total) / 2);
  }
  return first;
}

std::array<std::size_t, 11> ItemAnalysis::histogram() const {
  std::array<std::size_t, 11> bins{};
  for (const auto& [total, times] : totals_) {
    if (total < 0) {
      bins[0] += times;
      continue;
    }
    const Points tenths = possible_ > 0 ? Points(total * 10 / possible_) : Points(0);
    const double whole = std::floor(tenths.get_d());
    bins[1 + static_cast<std::size_t>(std::clamp(whole, 0.0, 9.0))] += times;
  }
  return bins;
}

std::vector<Points> ItemAnalysis::section_means() const {
  std::vector<Points> means = sections_;
  for (Points& mean : means)
    if (sheets_ > 0) mean /= sheets_;
  return means;
}

}  // namespace assay::graders::exams
