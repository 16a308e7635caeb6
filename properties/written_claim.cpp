#include "properties/written_claim.hpp"

#include "oracles/numeric/decide.hpp"
#include "properties/formula/formula.hpp"
#include "properties/generator.hpp"
#include "properties/replay.hpp"

namespace assay::properties {
namespace {

using formula::Environment;
using formula::Formula;

formula::Vocabulary vocabulary_of(const fixtures::WrittenClaim& written) {
  formula::Vocabulary vocabulary;
  for (const auto& [name, input] : written.inputs) vocabulary.names.insert(name);
  for (const auto& [name, dimension] : written.dimensions) vocabulary.names.insert(name);
  return vocabulary;
}

Formula statement(const fixtures::WrittenFormula& written, const formula::Vocabulary& vocabulary) {
  try {
    const Formula parsed = formula::parse(written.text, vocabulary);
    if (!formula::is_statement(parsed))
      throw WrittenClaimError("the formula is a number; a claim needs a comparison, as in \"tanh(x)^2 <= 1\"",
                              written.text, written.place, 0);
    for (const std::string& name : formula::free_names(parsed))
      if (!vocabulary.names.contains(name))
        throw WrittenClaimError("\"" + name + "\" is neither an input nor a dimension of the claim",
                                written.text, written.place, written.text.find(name));
    return parsed;
  } catch (const formula::FormulaError& error) {
    throw WrittenClaimError(error.what(), written.text, written.place, error.offset);
  }
}

template <class T>
Truth value_of(const Formula& parsed, const Point<T>& at, const Subject<T>& subject) {
  Environment<T> environment;
  environment.subject = subject;
  for (const auto& [name, tensor] : at.all_reals()) environment.real.emplace(name, tensor);
  for (const auto& [name, tensor] : at.all_labels()) environment.index.emplace(name, tensor);
  for (const auto& [name, extent] : at.all_extents())
    environment.index.emplace(name, oracles::IndexTensor::scalar(static_cast<std::int64_t>(extent)));
  try {
    return formula::holds(parsed, environment);
  } catch (const formula::DivisionByZero&) {
    return Truth::unknown;  // no value, hence no verdict on this instance
  }
}

Predicate predicate_of(const Formula& parsed) {
  const auto on = [parsed]<class T>(const Point<T>& at, const Subject<T>& subject) {
    return value_of(parsed, at, subject);
  };
  return {on, on, on, on};
}

/// In fractions where the formula has a value there, else in balls.
Truth decided(const Predicate& predicate, const Case& instance) {
  try {
    return predicate.rational(Point<Rational>(instance), Subject<Rational>());
  } catch (const formula::NotRational&) {
    return oracles::decide([&] { return predicate.ball(Point<Ball>(instance), Subject<Ball>()); }).answer;
  }
}

/// Whether the formula has values in fractions, found by trying it on a few drawn instances. A formula that has
/// no value at all is left to the test, which then says so of this claim alone.
bool stays_in_fractions(const Predicate& predicate, const Space& space) {
  const Generator generator(space.variables, space.whole_numbers, 1);
  try {
    for (std::size_t index = 0; index < 5; ++index)
      predicate.rational(Point<Rational>(generator.draw(index)), Subject<Rational>());
    return true;
  } catch (const formula::NotRational&) {
    return false;
  } catch (const formula::EvaluationError&) {
    return true;
  }
}

auto satisfying(const Formula& parsed) {
  return [predicate = predicate_of(parsed)](const Case& drawn) {
    return decided(predicate, drawn) == Truth::yes;
  };
}

std::vector<Case> pinned_of(const fixtures::WrittenClaim& written, const Space& space) {
  std::vector<Case> pinned;
  for (const auto& instance : written.pinned) pinned.push_back(to_case(instance, space));
  return pinned;
}

Question question_of(const fixtures::WrittenClaim& written, const std::string& text,
                     const fixtures::WrittenFormula& conclusion) {
  const formula::Vocabulary vocabulary = vocabulary_of(written);
  Space space;
  for (const auto& [name, input] : written.inputs) space.variables.push_back(input);
  space.whole_numbers = written.dimensions;
  if (!written.hypothesis.text.empty()) space.within = satisfying(statement(written.hypothesis, vocabulary));
  Predicate holds = predicate_of(statement(conclusion, vocabulary));
  if (!stays_in_fractions(holds, space)) holds.rational = nullptr;
  if (written.quantifier == "existential")
    return {
        .statement = text,
        .test =
            Exists{
                .space = space, .holds = holds, .pinned = pinned_of(written, space), .cases = written.cases},
        .because = written.because};
  ForAll test{.space = space, .holds = holds, .pinned = pinned_of(written, space), .cases = written.cases};
  for (const auto& assumption : written.assumptions)
    test.assumptions.push_back(
        {assumption.id, assumption.text, satisfying(statement(assumption.formula, vocabulary))});
  return {.statement = text, .test = std::move(test), .because = written.because};
}

}  // namespace

Claim to_claim(const fixtures::WrittenClaim& written) {
  Claim claim{
      .id = written.id,
      .topic = "written",
      .quantifier = written.quantifier == "existential" ? Quantifier::existential : Quantifier::universal,
      .published = written.published,
      .source = written.source,
      .question = question_of(written, written.statement, written.conclusion)};
  if (!written.foil.text.empty()) claim.foil = question_of(written, written.foil_statement, written.foil);
  return claim;
}

}  // namespace assay::properties
