#include "graders/exams/judge_formula.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "graders/escape.hpp"
#include "properties/formula/formula.hpp"

namespace assay::graders::exams {
namespace {

using properties::Comparison;
using Found = Comparison::Outcome;

constexpr std::size_t most_known = 4096;

/// "at yhat = 2, y = 1: it is 1 there, the key -1".
std::string difference(const Comparison& found) {
  std::string at;
  for (const auto& [name, value] : found.point) at += (at.empty() ? "at " : ", ") + name + " = " + value;
  std::string text = fmt::format("{}: the answer is {}, the key {}", at, found.got, found.expected);
  if (!found.relation.empty()) text += "; it is " + found.relation;
  return displayable_line(text, 600);
}

const fixtures::KnownMistake* mistake_of(const fixtures::Item& item, const std::string& id) {
  const auto found = std::ranges::find(item.mistakes, id, &fixtures::KnownMistake::id);
  return found == item.mistakes.end() ? nullptr : &*found;
}

void name_mistake(const fixtures::Item& item, const std::string& id, Judgement& judgement) {
  const auto* const mistake = mistake_of(item, id);
  if (!mistake) return;
  judgement.mistake = mistake->id;
  judgement.mistake_text = mistake->text;
  judgement.credit = parse_points(mistake->credit);
  if (judgement.credit > 0) judgement.outcome = judgement.credit == 1 ? Outcome::right : Outcome::partly;
}

}  // namespace

void FormulaJudge::build() const {
  try {
    const auto& key = std::get<fixtures::FormulaKey>(item_.key);
    keys_.emplace_back(setting_, key.formula, item_.mistakes, seed_);
    for (const std::string& text : item_.accept)
      keys_.emplace_back(setting_, fixtures::WrittenFormula{text, item_.place},
                         std::vector<fixtures::KnownMistake>{}, seed_);
  } catch (const std::exception& error) {
    keys_.clear();
    obstacle_ = error.what();
  }
}

Judgement FormulaJudge::compare(const std::string& text) const {
  Judgement judgement;
  judgement.understood = displayable_line(text, 200);
  try {
    const Comparison found = keys_.front().compare(text);
    if (found.outcome == Found::equal) return {Outcome::right, 1, judgement.understood, {}, {}, {}, 0};
    for (std::size_t i = 1; i < keys_.size(); ++i)
      if (keys_[i].compare(text).outcome == Found::equal)
        return {Outcome::right, 1, judgement.understood, "one of the further answers that count", {}, {}, 0};
    judgement.outcome = found.outcome == Found::different ? Outcome::wrong : Outcome::cannot_tell;
    judgement.message =
        found.outcome == Found::different ? difference(found) : displayable_line(found.message, 300);
    if (found.outcome == Found::different) name_mistake(item_, found.mistake, judgement);
  } catch (const properties::formula::FormulaError& error) {
    judgement.outcome = Outcome::unreadable;
    judgement.message = fmt::format("at byte {}: {}", error.offset + 1, displayable_line(error.what(), 200));
  } catch (const std::exception& error) {
    judgement.outcome = Outcome::cannot_tell;
    judgement.message = displayable_line(error.what(), 200);
  }
  return judgement;
}

Judgement FormulaJudge::operator()(const std::string& text) const {
  std::call_once(built_, [this] { build(); });
  if (keys_.empty())
    return {Outcome::cannot_tell,
            0,
            displayable_line(text, 200),
            "there is no key: " + displayable_line(obstacle_, 200),
            {},
            {},
            0};
  {
    const std::lock_guard lock(guard_);
    if (const auto known = known_.find(text); known != known_.end()) return known->second;
  }
  Judgement judgement = compare(text);
  const std::lock_guard lock(guard_);
  if (known_.size() < most_known) known_.emplace(text, judgement);
  return judgement;
}

}  // namespace assay::graders::exams
