#include "graders/exams/key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "fixtures/load_network.hpp"
#include "fixtures/nearest.hpp"
#include "graders/data.hpp"
#include "graders/exams/judge_design.hpp"
#include "graders/exams/key_derivation.hpp"
#include "oracles/catalogue.hpp"
#include "oracles/listing.hpp"
#include "oracles/network/network.hpp"
#include "properties/claims.hpp"

namespace assay::graders::exams {
namespace keys {
namespace {

namespace formula = properties::formula;
using fixtures::AnswerKind;
using fixtures::Item;
using oracles::Truth;
using properties::Standing;

const properties::Claim& claim_named(const std::string& id, fixtures::Place place) {
  if (const auto* const claim = properties::find_claim(id)) return *claim;
  std::vector<std::string> known;
  for (const auto& claim : properties::claims()) known.push_back(claim.id);
  const std::string near = nearest(id, known);
  throw KeyError(place,
                 fmt::format("there is no claim \"{}\"{}", id,
                             near.empty() ? "; see assay list claims" : "; did you mean \"" + near + "\"?"));
}

/// The assumptions that a claim's test can switch on.
std::vector<std::string> assumptions_of(const properties::Claim& claim) {
  std::vector<std::string> ids;
  const auto add = [&](const auto& list) {
    for (const auto& assumption : list) ids.push_back(assumption.id);
  };
  const auto& test = claim.question.test;
  if (const auto* all = std::get_if<properties::ForAll>(&test)) add(all->assumptions);
  if (const auto* some = std::get_if<properties::Exists>(&test)) add(some->assumptions);
  if (const auto* derivation = std::get_if<properties::Derivation>(&test)) add(derivation->assumptions);
  if (const auto* trial = std::get_if<properties::Trial>(&test)) add(trial->where);
  return ids;
}

void check_assumptions(const properties::Claim& claim, const std::vector<std::string>& under,
                       fixtures::Place place) {
  const auto known = assumptions_of(claim);
  for (const std::string& id : under) {
    if (std::ranges::find(known, id) != known.end()) continue;
    const std::string near = nearest(id, known);
    throw KeyError(place, fmt::format("claim \"{}\" has no assumption \"{}\"{}", claim.id, id,
                                      near.empty() ? "" : "; did you mean \"" + near + "\"?"));
  }
}

/// True under the conditions that the paper takes for granted.
Truth answer_under(const ClaimVerdict& verdict, const std::vector<std::string>& under) {
  if (verdict.standing != Standing::conditional) return verdict.answer;
  const auto granted = [&](const std::string& id) { return std::ranges::find(under, id) != under.end(); };
  return oracles::truth(verdict.jointly ? std::ranges::all_of(verdict.conditions, granted)
                                        : std::ranges::any_of(verdict.conditions, granted));
}

/// The names of a setting, and the formula of each that is defined.
struct Names {
  formula::Vocabulary vocabulary;
  std::map<std::string, const fixtures::WrittenFormula*, std::less<>> defined;
};

Names names_of(const fixtures::Setting& setting) {
  Names names;
  for (const auto& [name, input] : setting.inputs) names.vocabulary.names.insert(name);
  for (const auto& [name, dimension] : setting.dimensions) names.vocabulary.names.insert(name);
  for (const auto& [name, formula] : setting.define) {
    names.vocabulary.names.insert(name);
    names.defined[name] = &formula;
  }
  return names;
}

formula::Formula parsed_in(const Names& names, const fixtures::WrittenFormula& written) {
  try {
    return formula::parse(written.text, names.vocabulary);
  } catch (const formula::FormulaError& error) {
    fixtures::Place place = written.place;
    if (place.column) place.column += 1 + error.offset;
    throw KeyError(place, fmt::format("{}\n{}", error.what(), formula::pointed(written.text, error.offset)));
  }
}

const fixtures::Setting& setting_named(const fixtures::Exam& exam, const std::string& id,
                                       fixtures::Place place) {
  if (const auto* const setting = exam.find_setting(id)) return *setting;
  throw KeyError(place, "there is no setting \"" + id + "\"");
}

/// A vector of one number is a number, and the other way round, as the item asks.
KeyValue fitted(AnswerKind kind, KeyValue value) {
  const auto* shape = std::get_if<ShapeKey>(&value);
  const auto* number = std::get_if<NumberKey>(&value);
  if (kind == AnswerKind::number && shape && shape->extents.size() == 1)
    return NumberKey{mpq_class(shape->extents[0])};
  if (kind == AnswerKind::shape && number && number->radius == 0 && number->value.get_den() == 1)
    return ShapeKey{{number->value.get_num()}};
  return value;
}

void check_kind(const Item& item, const DerivedKey& key) {
  if (std::holds_alternative<std::monostate>(item.key)) return;
  const bool fits = item.answer == AnswerKind::number  ? std::holds_alternative<NumberKey>(key.value)
                    : item.answer == AnswerKind::shape ? std::holds_alternative<ShapeKey>(key.value)
                                                       : true;
  if (!fits)
    throw KeyError(item.place, fmt::format("the key is {}, where the item asks for a {}", key.text,
                                           fixtures::to_text(item.answer)));
}

std::string layer_words(const fixtures::NetworkValue& value) {
  return fmt::format("network {}{}: {}", value.network, value.layer.empty() ? "" : ", " + value.layer,
                     value.value);
}

}  // namespace

void Derivation::derive(const Item& item, const fixtures::ClaimKey& from, DerivedKey& key) const {
  const auto& claim = claim_named(from.claim, item.place);
  check_assumptions(claim, from.under, item.place);
  const auto found = verdicts_ ? verdicts_->find(from.claim) : Verdicts::const_iterator();
  if (!verdicts_ || found == verdicts_->end())
    throw KeyError(item.place, "claim \"" + from.claim + "\" was not verified");
  const ClaimVerdict& verdict = found->second;
  key.value = TruthKey{answer_under(verdict, from.under)};
  key.text = value_text(key.value);
  key.how = fmt::format("claim {}: {}", from.claim, properties::to_text(verdict.standing));
  if (verdict.standing == Standing::conditional && std::get<TruthKey>(key.value).holds == Truth::yes)
    for (const std::string& id : from.under) key.how += (id == from.under.front() ? ", under " : ", ") + id;
  key.evidence = verdict.evidence.empty() ? verdict.summary : verdict.evidence;
  key.why_not = verdict.instance.empty() ? verdict.summary : verdict.instance;
}

void Derivation::derive(const Item&, const fixtures::HoldsKey& from, DerivedKey& key) const {
  key.value = TruthKey{holds(from.statement, from.where)};
  key.text = value_text(key.value);
  key.how = "statement " + from.statement.text;
  key.evidence = values(from.statement, from.where);
}

KeyValue Derivation::network_value(const Item* item, const fixtures::NetworkValue& value,
                                   std::string* product) const {
  const fixtures::Place place = item ? item->place : fixtures::Place{};
  const fixtures::Network network = network_named(exam_, value.network, place);
  std::optional<std::vector<mpz_class>> input;
  if (earlier_ && !value.follows.empty())
    if (const auto found = earlier_->find(value.follows); found != earlier_->end())
      if (const auto* shape = std::get_if<ShapeKey>(&found->second)) {
        const fixtures::Item* const followed = exam_.find_item(value.follows);
        const auto* by = followed ? std::get_if<fixtures::NetworkKey>(&followed->key) : nullptr;
        input = channels_first(shape->extents, layout_of(network, by ? by->value : value));
      }
  NetworkFinding finding = look_up(network, value, input ? &*input : nullptr, place);
  if (product) *product = std::move(finding.product);
  return std::move(finding.value);
}

void Derivation::derive(const Item& item, const fixtures::NetworkKey& from, DerivedKey& key) const {
  key.value = fitted(item.answer, network_value(&item, from.value, &key.product));
  key.text = value_text(key.value);
  if (!key.product.empty() && key.product != key.text) key.text = key.product + " = " + key.text;
  key.how = layer_words(from.value);
  if (const auto* shape = std::get_if<ShapeKey>(&key.value); shape && !shape->layout.empty())
    key.evidence = shape->layout;
}

void Derivation::derive(const Item& item, const fixtures::CountKey& from, DerivedKey& key) const {
  key.value = fitted(item.answer, value_of(from.formula, from.where));
  key.text = value_text(key.value);
  key.how = "count " + from.formula.text;
  key.evidence = values(from.formula, from.where);
  if (key.evidence.empty() && key.text != from.formula.text) key.product = from.formula.text;
}

void Derivation::derive(const Item& item, const fixtures::FormulaKey& from, DerivedKey& key) const {
  const Names names = names_of(setting_named(exam_, from.setting, item.place));
  const formula::Formula parsed = parsed_in(names, from.formula);
  if (formula::is_statement(parsed) != (item.answer == AnswerKind::statement))
    throw KeyError(from.formula.place,
                   fmt::format("the key is a {}, where the item asks for a {}",
                               formula::is_statement(parsed) ? "statement" : "number or vector",
                               fixtures::to_text(item.answer)));
  key.value = TextKey{formula::to_text(parsed)};
  key.text = value_text(key.value);
  key.how = "formula in " + from.setting;
}

void Derivation::derive(const Item& item, const fixtures::NamesKey& from, DerivedKey& key) const {
  const fixtures::Setting& setting = setting_named(exam_, from.setting, item.place);
  const Names names = names_of(setting);
  std::set<std::string> leaves, seen;
  std::vector<std::string> open;
  const auto add = [&](const fixtures::WrittenFormula& written) {
    for (const std::string& name : formula::free_names(parsed_in(names, written)))
      if (seen.insert(name).second) open.push_back(name);
  };
  add(from.formula);
  while (!open.empty()) {
    const std::string name = open.back();
    open.pop_back();
    if (const auto defined = names.defined.find(name); defined != names.defined.end())
      add(*defined->second);
    else if (setting.inputs.contains(name) && std::ranges::find(from.except, name) == from.except.end())
      leaves.insert(name);
  }
  key.value = SetKey{{leaves.begin(), leaves.end()}};
  key.text = value_text(key.value);
  key.how = fmt::format("names in {} of {}", from.formula.text, from.setting);
}

void Derivation::derive(const Item& item, const fixtures::WordKey& from, DerivedKey& key) const {
  std::vector<std::string> hold;
  for (const auto& [word, statement] : from.choices) {
    const Truth truth = holds(statement, from.where);
    if (truth == Truth::unknown)
      throw KeyError(statement.place, "it is not decided whether \"" + word + "\" holds");
    if (truth == Truth::yes) hold.push_back(word);
    if (truth == Truth::yes)
      key.how = "statement " + statement.text, key.evidence = values(statement, from.where);
  }
  if (hold.size() != 1)
    throw KeyError(item.place, hold.empty() ? std::string("none of the choices holds")
                                            : fmt::format("both \"{}\" and \"{}\" hold; one choice must",
                                                          hold[0], hold[1]));
  key.value = TextKey{hold[0]};
  key.text = hold[0];
}

void Derivation::derive(const Item& item, const fixtures::DesignKey& from, DerivedKey& key) const {
  key.how = "run with the student's network";
  if (from.goal == "fewer-parameters") {
    const auto network = network_named(exam_, from.network, item.place);
    const NetworkFinding whole =
        look_up(network, {from.network, "", "parameters", "", ""}, nullptr, item.place);
    key.text = "fewer than " + value_text(whole.value) + " parameters";
    return;
  }
  key.text = fmt::format("{} of {} numbers, in every order", from.goal, from.inputs);
}

void Derivation::derive(const Item& item, const fixtures::ProgramKey& from, DerivedKey& key) const {
  const oracles::Operation* const operation = oracles::find_operation(from.operation);
  if (!operation) {
    std::vector<std::string> known;
    for (const auto& listing : oracles::operation_listing()) known.push_back(listing.name);
    const std::string near = nearest(from.operation, known);
    throw KeyError(item.place,
                   fmt::format("there is no operation \"{}\"{}", from.operation,
                               near.empty() ? "; see assay list ops" : "; did you mean \"" + near + "\"?"));
  }
  const auto answer = oracles::ask(oracles::example_question(from.operation));
  key.text = "operation " + from.operation;
  key.how = from.assignment.empty() ? "assay grade" : "assay grade " + from.assignment;
  key.evidence = fmt::format("its example evaluates, at {} bits", answer.bits);
}

void Derivation::derive(const Item& item, const fixtures::RubricKey& from, DerivedKey& key) const {
  for (const std::string& id : from.claims) claim_named(id, item.place);
  key.text = "by a person";
  key.how = from.why;
}

void Derivation::derive(const Item& item, DerivedKey& key) const {
  std::visit(
      [&](const auto& from) {
        if constexpr (!std::same_as<std::remove_cvref_t<decltype(from)>, std::monostate>)
          derive(item, from, key);
      },
      item.key);
}

DerivedKey Derivation::key(const Item& item) const {
  DerivedKey key;
  key.item = item.id;
  try {
    derive(item, key);
    check_kind(item, key);
  } catch (const KeyError& error) {
    key.problem = error.what();
    key.place = error.place.line ? error.place : item.place;
  } catch (const std::exception& error) {
    key.problem = error.what();
    key.place = item.place;
  }
  if (!key.problem.empty()) key.value = {}, key.text.clear();
  return key;
}

}  // namespace keys

namespace {

std::vector<std::string> claims_of(const fixtures::Exam& exam) {
  std::vector<std::string> ids;
  for (const fixtures::Item& item : exam.items)
    if (const auto* claim = std::get_if<fixtures::ClaimKey>(&item.key)) ids.push_back(claim->claim);
  return ids;
}

}  // namespace

DerivedKeys derive_keys(const fixtures::Exam& exam, std::uint64_t seed, unsigned jobs,
                        const std::filesystem::path& cache, const KeyProgress& progress) {
  const Verdicts verdicts = verdicts_on(claims_of(exam), seed, jobs, cache, progress);
  const keys::Derivation derivation(exam, nullptr, &verdicts);
  DerivedKeys result;
  for (const fixtures::Item& item : exam.items) {
    DerivedKey key = derivation.key(item);
    keys::compare_with_published(exam, item, seed, key);
    result.keys.push_back(std::move(key));
  }
  return result;
}

}  // namespace assay::graders::exams
