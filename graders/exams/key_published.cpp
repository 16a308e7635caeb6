/// The paper's own key beside the derived one.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "graders/exams/answer.hpp"
#include "graders/exams/judge_design.hpp"
#include "graders/exams/key_derivation.hpp"
#include "properties/equivalence.hpp"

namespace assay::graders::exams::keys {
namespace {

using fixtures::Item;
using oracles::Truth;

/// Whether they are the same, and why not.
struct Comparison {
  Truth same = Truth::unknown;
  std::string why_not;
};

Comparison same_if(bool same) {
  return {oracles::truth(same), {}};
}

std::set<std::string> plain_names(const std::vector<std::string>& names) {
  std::set<std::string> result;
  for (const std::string& name : names) result.insert(plain_name(name));
  return result;
}

Comparison compare_formula(const fixtures::Exam& exam, const Item& item, std::uint64_t seed,
                           const std::string& published) {
  const auto& key = std::get<fixtures::FormulaKey>(item.key);
  const fixtures::Setting* const setting = exam.find_setting(key.setting);
  if (!setting) return {};
  const properties::Equivalence same(*setting, key.formula, {}, seed);
  const properties::Comparison found = same.compare(published);
  using enum properties::Comparison::Outcome;
  if (found.outcome == equal) return {Truth::yes, {}};
  if (found.outcome == cannot_tell) return {Truth::unknown, found.message};
  std::string at;
  for (const auto& [name, value] : found.point) at += (at.empty() ? "at " : ", ") + name + " = " + value;
  return {Truth::no, found.outcome == not_comparable
                         ? found.message
                         : fmt::format("{}: {}, published {}", at, found.expected, found.got)};
}

Comparison compare_design(const fixtures::Exam& exam, const Item& item, const std::string& published) {
  const DesignFinding finding = check_design(exam, std::get<fixtures::DesignKey>(item.key), published);
  const bool undecided = finding.outcome == DesignFinding::Outcome::cannot_tell;
  return {undecided ? Truth::unknown : oracles::truth(finding.outcome == DesignFinding::Outcome::works),
          finding.message};
}

Comparison compare_value(const KeyValue& value, const Answer& answer) {
  if (const auto* key = std::get_if<TruthKey>(&value)) {
    const auto* truth = std::get_if<TruthAnswer>(&answer);
    return truth && key->holds != Truth::unknown ? same_if(truth->holds == (key->holds == Truth::yes))
                                                 : Comparison{};
  }
  if (const auto* key = std::get_if<NumberKey>(&value)) {
    const auto* number = std::get_if<NumberAnswer>(&answer);
    return number ? same_if(abs(number->value - key->value) <= number->half_unit + key->radius)
                  : Comparison{};
  }
  if (const auto* key = std::get_if<ShapeKey>(&value)) {
    const auto* shape = std::get_if<ShapeAnswer>(&answer);
    return shape ? same_if(shape->extents == key->extents) : Comparison{};
  }
  if (const auto* key = std::get_if<SetKey>(&value)) {
    const auto* names = std::get_if<NamesAnswer>(&answer);
    return names ? same_if(plain_names(names->names) == plain_names(key->names)) : Comparison{};
  }
  const auto* key = std::get_if<TextKey>(&value);
  const auto* word = std::get_if<WordAnswer>(&answer);
  return key && word ? same_if(word->word == key->text) : Comparison{};
}

Comparison compared(const fixtures::Exam& exam, const Item& item, std::uint64_t seed, DerivedKey& key) {
  if (std::holds_alternative<fixtures::FormulaKey>(item.key))
    return compare_formula(exam, item, seed, key.published);
  if (std::holds_alternative<fixtures::DesignKey>(item.key)) return compare_design(exam, item, key.published);
  const Answer answer = read_answer(item, key.published);
  if (const auto* error = std::get_if<Unreadable>(&answer))
    throw KeyError(item.place, "the published key cannot be read: " + error->message);
  if (const auto* doubt = std::get_if<Ambiguous>(&answer))
    throw KeyError(item.place, "the published key can be read in two ways: " + doubt->message);
  return compare_value(key.value, answer);
}

bool is_derived(const Item& item) {
  return !std::holds_alternative<std::monostate>(item.key) &&
         !std::holds_alternative<fixtures::RubricKey>(item.key) &&
         !std::holds_alternative<fixtures::ProgramKey>(item.key);
}

}  // namespace

std::optional<std::string> published_for(const fixtures::Exam& exam, const Item& item, std::string& problem) {
  if (item.published) return item.published;
  const fixtures::Question* const question = exam.find_question(item.question);
  if (!question || !question->published || item.answer != fixtures::AnswerKind::option) return std::nullopt;
  std::vector<const Item*> options;
  for (const Item* other : exam.items_of(question->id))
    if (other->answer == fixtures::AnswerKind::option) options.push_back(other);
  const auto read = read_options(options, *question->published);
  if (const auto* marks = std::get_if<OptionsAnswer>(&read))
    return marks->marked.at(item.id) ? "true" : "false";
  const auto* error = std::get_if<Unreadable>(&read);
  problem = fmt::format("the published key \"{}\" of question \"{}\" cannot be read{}{}",
                        *question->published, question->id, error ? ": " : "", error ? error->message : "");
  return std::nullopt;
}

void compare_with_published(const fixtures::Exam& exam, const Item& item, std::uint64_t seed,
                            DerivedKey& key) {
  const std::string instance = std::move(key.why_not);
  key.why_not.clear();
  std::string problem;
  const auto published = published_for(exam, item, problem);
  key.published = published.value_or("");
  key.agreement = !is_derived(item) ? KeyAgreement::not_derived
                  : published       ? KeyAgreement::open
                                    : KeyAgreement::no_published;
  if (is_derived(item) && published && key.problem.empty()) try {
      const Comparison found = compared(exam, item, seed, key);
      if (found.same == Truth::yes) key.agreement = KeyAgreement::agrees;
      if (found.same == Truth::no) {
        key.agreement = item.acknowledged.empty() ? KeyAgreement::disagrees : KeyAgreement::acknowledged;
        key.why_not = !found.why_not.empty() ? found.why_not : !instance.empty() ? instance : key.evidence;
      }
    } catch (const std::exception& error) {
      problem = std::string("the published key cannot be compared: ") + error.what();
    }
  if (key.problem.empty() && !problem.empty()) {
    key.problem = problem;
    key.place = item.place;
  }
}

}  // namespace assay::graders::exams::keys
