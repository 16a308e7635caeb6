#include "graders/exams/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>

#include "graders/escape.hpp"
#include "graders/exams/judge_design.hpp"
#include "graders/exams/judge_formula.hpp"
#include "graders/exams/judge_value.hpp"
#include "graders/exams/key_derivation.hpp"

namespace assay::graders::exams {
namespace {

using fixtures::Item;

const std::string other_layout = "other-layout";

/// A wrong answer worth naming, as a value.
struct Mistake {
  const fixtures::KnownMistake* written;
  KeyValue value;
};

/// What is known of one item before the first answer.
struct Prepared {
  const DerivedKey* key = nullptr;
  Precision precision;
  std::vector<KeyValue> accepted;
  std::vector<Mistake> mistakes;
  std::vector<std::string> vocabulary;  ///< of an item that asks for names: plain names of its setting
  std::unique_ptr<FormulaJudge> formula;
};

/// An answer in the place of a key; nothing if it is none.
std::optional<KeyValue> as_key(const Answer& answer) {
  if (const auto* number = std::get_if<NumberAnswer>(&answer))
    return NumberKey{number->value, number->half_unit};
  if (const auto* shape = std::get_if<ShapeAnswer>(&answer)) return ShapeKey{shape->extents, shape->layout};
  if (const auto* names = std::get_if<NamesAnswer>(&answer)) return SetKey{names->names};
  if (const auto* word = std::get_if<WordAnswer>(&answer)) return TextKey{word->word};
  if (const auto* truth = std::get_if<TruthAnswer>(&answer)) return TruthKey{oracles::truth(truth->holds)};
  return std::nullopt;
}

/// A number's mistake may use the quantities of the key.
std::optional<KeyValue> mistaken_value(const fixtures::Exam& exam, const Item& item,
                                       const fixtures::WrittenFormula& written) {
  if (item.answer == fixtures::AnswerKind::number) try {
      const auto* count = std::get_if<fixtures::CountKey>(&item.key);
      return keys::Derivation(exam).value_of(written, count ? count->where : fixtures::Quantities{});
    } catch (const std::runtime_error&) {
      // not in the formula language, but perhaps as people write it: "8 x 3 x 3"
    }
  return as_key(read_answer(item, written.text));
}

Precision precision_of(const Item& item, const DerivedKey& key) {
  Precision precision;
  if (item.within) precision.within = parse_points(*item.within);
  const auto* derived = std::get_if<NumberKey>(&key.value);
  if (!derived || key.published.empty()) return precision;
  const Answer answer = read_answer(item, key.published);
  // A key that is printed in full asks for no rounding.
  if (const auto* number = std::get_if<NumberAnswer>(&answer))
    if (number->value != derived->value &&
        abs(number->value - derived->value) <= number->half_unit + derived->radius)
      precision.published = number->half_unit;
  return precision;
}

std::vector<std::string> vocabulary_of(const fixtures::Exam& exam, const Item& item) {
  std::vector<std::string> names;
  const auto* key = std::get_if<fixtures::NamesKey>(&item.key);
  const fixtures::Setting* const setting = key ? exam.find_setting(key->setting) : nullptr;
  if (!setting) return names;
  for (const auto& [name, input] : setting->inputs) names.push_back(plain_name(name));
  for (const auto& [name, dimension] : setting->dimensions) names.push_back(plain_name(name));
  for (const auto& [name, formula] : setting->define) names.push_back(plain_name(name));
  return names;
}

Judgement of(Outcome outcome, std::string message = {}) {
  Judgement judgement;
  judgement.outcome = outcome;
  judgement.credit = outcome == Outcome::right || outcome == Outcome::voided ? 1 : 0;
  judgement.message = std::move(message);
  return judgement;
}

/// Blank, unreadable and doubly marked answers; nothing for the others.
std::optional<Judgement> without_value(const Answer& answer) {
  if (std::holds_alternative<Blank>(answer)) return of(Outcome::blank);
  if (const auto* error = std::get_if<Unreadable>(&answer))
    return of(Outcome::unreadable, fmt::format("at byte {}: {}", error->offset + 1, error->message));
  if (const auto* doubt = std::get_if<Ambiguous>(&answer)) return of(Outcome::ambiguous, doubt->message);
  return std::nullopt;
}

std::string expected(const DerivedKey& key) {
  std::string text = "the key is " + key.text;
  if (std::holds_alternative<TruthKey>(key.value)) {
    if (!key.evidence.empty()) text += ": " + key.evidence;
  } else if (const auto* shape = std::get_if<ShapeKey>(&key.value); shape && !shape->layout.empty()) {
    text += " (" + shape->layout + ")";
  }
  return text;
}

Judgement from(const ValueMatch& match, const DerivedKey& key) {
  switch (match.outcome) {
    case ValueMatch::Outcome::same:
      return of(Outcome::right, match.message);
    case ValueMatch::Outcome::other_layout: {
      Judgement judgement = of(Outcome::wrong, expected(key));
      judgement.mistake = other_layout;
      judgement.mistake_text = match.message;
      return judgement;
    }
    case ValueMatch::Outcome::different:
      return of(Outcome::wrong, expected(key) + (match.message.empty() ? "" : "; " + match.message));
    case ValueMatch::Outcome::open:
      return of(Outcome::cannot_tell, match.message);
    case ValueMatch::Outcome::other_kind:
      break;
  }
  return of(Outcome::cannot_tell, "there is no key to compare with");
}

void name_mistake(const Prepared& item, const Answer& answer, Judgement& judgement) {
  for (const Mistake& mistake : item.mistakes) {
    if (match(mistake.value, answer, {}).outcome != ValueMatch::Outcome::same) continue;
    judgement.mistake = mistake.written->id;
    judgement.mistake_text = mistake.written->text;
    judgement.credit = parse_points(mistake.written->credit);
    if (judgement.credit > 0) judgement.outcome = judgement.credit == 1 ? Outcome::right : Outcome::partly;
    return;
  }
}

std::optional<Judgement> unknown_name(const Prepared& item, const Answer& answer) {
  const auto* names = std::get_if<NamesAnswer>(&answer);
  if (!names || item.vocabulary.empty()) return std::nullopt;
  for (const std::string& name : names->names)
    if (std::ranges::find(item.vocabulary, name) == item.vocabulary.end())
      return of(Outcome::unreadable,
                "found \"" + displayable_line(name, 40) + "\", expected the names of the question");
  return std::nullopt;
}

Judgement design(const fixtures::Exam& exam, const fixtures::DesignKey& key, const std::string& text) {
  const DesignFinding finding = check_design(exam, key, text);
  using enum DesignFinding::Outcome;
  Judgement judgement =
      finding.outcome == works   ? of(Outcome::right, finding.message)
      : finding.outcome == fails ? of(Outcome::wrong, finding.message)
      : finding.outcome == unreadable
          ? of(Outcome::unreadable, fmt::format("at byte {}: {}", finding.offset + 1, finding.message))
          : of(Outcome::cannot_tell, finding.message);
  judgement.understood = finding.understood;
  return judgement;
}

bool is_for_person(const Item& item) {
  return item.answer == fixtures::AnswerKind::text || std::holds_alternative<fixtures::RubricKey>(item.key) ||
         std::holds_alternative<fixtures::ProgramKey>(item.key);
}

}  // namespace

struct Judge::Parts {
  const fixtures::Exam& exam;
  std::map<std::string, Prepared, std::less<>> items;
  mutable std::mutex guard;
  mutable std::map<std::pair<std::string, std::string>, Judgement> designs;

  void prepare(const Item& item, const DerivedKey* key, std::uint64_t seed) {
    Prepared& prepared = items[item.id];
    prepared.key = key;
    if (const auto* formula = std::get_if<fixtures::FormulaKey>(&item.key)) {
      if (const auto* setting = exam.find_setting(formula->setting))
        prepared.formula = std::make_unique<FormulaJudge>(item, *setting, seed);
      return;
    }
    if (key) prepared.precision = precision_of(item, *key);
    for (const std::string& text : item.accept)
      if (auto value = as_key(read_answer(item, text))) prepared.accepted.push_back(std::move(*value));
    for (const fixtures::KnownMistake& mistake : item.mistakes)
      if (auto value = mistaken_value(exam, item, mistake.answer))
        prepared.mistakes.push_back({&mistake, std::move(*value)});
    prepared.vocabulary = vocabulary_of(exam, item);
  }

  Judgement judge(const Item& item, const Prepared& prepared, const Answer& answer) const {
    const auto* text = std::get_if<TextAnswer>(&answer);
    if (text && prepared.formula) return (*prepared.formula)(text->text);
    if (const auto* key = std::get_if<fixtures::DesignKey>(&item.key); key && text)
      return run_design(item, *key, text->text);
    if (!prepared.key || !prepared.key->problem.empty())
      return of(Outcome::cannot_tell, "there is no key to compare with");
    if (auto unknown = unknown_name(prepared, answer)) return *std::move(unknown);
    Judgement judgement = from(match(prepared.key->value, answer, prepared.precision), *prepared.key);
    if (judgement.outcome == Outcome::right) return judgement;
    for (const KeyValue& accepted : prepared.accepted)
      if (match(accepted, answer, {prepared.precision.within}).outcome == ValueMatch::Outcome::same)
        return of(Outcome::right, "one of the further answers that count");
    if (judgement.outcome == Outcome::wrong) name_mistake(prepared, answer, judgement);
    return judgement;
  }

  Judgement run_design(const Item& item, const fixtures::DesignKey& key, const std::string& text) const {
    constexpr std::size_t most_designs = 4096;
    const std::pair name(item.id, text);
    {
      const std::lock_guard lock(guard);
      if (const auto known = designs.find(name); known != designs.end()) return known->second;
    }
    Judgement judgement;
    try {
      judgement = design(exam, key, text);
    } catch (const std::exception& error) {
      judgement = of(Outcome::cannot_tell, displayable_line(error.what(), 200));
    }
    const std::lock_guard lock(guard);
    if (designs.size() < most_designs) designs.emplace(name, judgement);
    return judgement;
  }
};

Judge::Judge(const fixtures::Exam& exam, const DerivedKeys& keys, std::uint64_t seed)
    : parts_(new Parts{exam, {}, {}, {}}) {
  for (const Item& item : exam.items) parts_->prepare(item, keys.find(item.id), seed);
}

Judge::~Judge() = default;

Judgement Judge::operator()(const Item& item, const Answer& answer) const {
  if (!item.voided.empty()) return of(Outcome::voided, item.voided);
  if (!item.lost.empty()) return of(Outcome::lost, item.lost);
  if (auto judgement = without_value(answer)) return *std::move(judgement);
  const auto prepared = parts_->items.find(item.id);
  if (is_for_person(item) || prepared == parts_->items.end()) {
    Judgement judgement = of(Outcome::for_person);
    judgement.understood = in_words(answer);
    return judgement;
  }
  Judgement judgement = parts_->judge(item, prepared->second, answer);
  if (judgement.understood.empty()) judgement.understood = in_words(answer);
  if (const auto* truth = std::get_if<TruthAnswer>(&answer)) judgement.certainty = truth->certainty;
  return judgement;
}

Judgement Judge::against(const Item& item, const DerivedKey& key, const Answer& answer) const {
  if (auto judgement = without_value(answer)) return *std::move(judgement);
  Precision precision;
  if (item.within) precision.within = parse_points(*item.within);
  Judgement judgement = from(match(key.value, answer, precision), key);
  judgement.understood = in_words(answer);
  return judgement;
}

std::string_view to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::right:
      return "right";
    case Outcome::wrong:
      return "wrong";
    case Outcome::partly:
      return "partly";
    case Outcome::followed:
      return "followed";
    case Outcome::blank:
      return "blank";
    case Outcome::unreadable:
      return "unreadable";
    case Outcome::ambiguous:
      return "ambiguous";
    case Outcome::for_person:
      return "for-person";
    case Outcome::cannot_tell:
      return "cannot-tell";
    case Outcome::voided:
      return "voided";
    case Outcome::lost:
      return "lost";
  }
  throw std::logic_error("no such outcome");
}

}  // namespace assay::graders::exams
