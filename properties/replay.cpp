#include "properties/replay.hpp"

#include <stdexcept>

#include "properties/generator.hpp"

namespace assay::properties {
namespace {

const Predicate& predicate_of(const Question& question) {
  if (const auto* universal = std::get_if<ForAll>(&question.test)) return universal->holds;
  return std::get<Exists>(question.test).holds;
}

}  // namespace

Case to_case(const fixtures::WrittenInstance& written, const Space& space) {
  auto extents = space.whole_numbers;
  for (const auto& [name, count] : written.whole_numbers) extents[name] = {count, count};
  return Generator(space.variables, extents, 1).complete(written.values, 0);
}

const Space* space_of(const Question& question) {
  if (const auto* universal = std::get_if<ForAll>(&question.test)) return &universal->space;
  const auto* existential = std::get_if<Exists>(&question.test);
  return existential ? &existential->space : nullptr;
}

std::vector<Condition> conditions_of(const Question& question) {
  if (const auto* trial = std::get_if<Trial>(&question.test)) return trial->where;
  std::vector<Condition> result;
  const auto add = [&](const std::vector<Assumption>& assumptions) {
    for (const Assumption& assumption : assumptions) result.push_back({assumption.id, assumption.text});
  };
  if (const auto* universal = std::get_if<ForAll>(&question.test)) add(universal->assumptions);
  if (const auto* derived = std::get_if<Derivation>(&question.test)) add(derived->assumptions);
  return result;
}

Replay replay(const Question& question, const Case& instance, Numbers numbers) {
  const Predicate& holds = predicate_of(question);
  if (!speaks_of(holds, numbers)) throw std::invalid_argument("the claim is about real numbers only");
  const Space& space = *space_of(question);
  if (!fits(instance, numbers) || (space.within && !space.within(instance))) return {.in_domain = false};
  Replay result{.first = evaluate(holds, instance, numbers)};
  result.again = numbers == Numbers::exact ? evaluate_again(holds, instance) : result.first;
  return result;
}

}  // namespace assay::properties
