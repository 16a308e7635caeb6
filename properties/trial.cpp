#include "properties/trial.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "properties/statistics/paired.hpp"
#include "properties/training/experiments.hpp"

namespace assay::properties {
namespace {

const training::Experiment& experiment_named(const std::string& id) {
  const training::Experiment* found = training::find_experiment(id);
  if (!found) throw std::invalid_argument("no experiment \"" + id + "\"");
  return *found;
}

PairedResult run(const training::Experiment& experiment, const Effort& effort) {
  PairedDesign design{.negligible = experiment.negligible, .enough = &PairedResult::is_not_above};
  if (effort.quick) design.looks = {8, 16};
  return run_paired(experiment.difference, design, effort.seed);
}

Truth answer_of(const PairedResult& result) {
  if (result.decision == Decision::above) return Truth::yes;
  return result.is_not_above() ? Truth::no : Truth::unknown;
}

}  // namespace

Verdict verdict_of_trial(const Question& question, const Trial& test, const Effort& effort) {
  const training::Experiment& experiment = experiment_named(test.experiment);
  const PairedResult result = run(experiment, effort);
  Verdict verdict;
  verdict.answer = answer_of(result);
  verdict.standing = verdict.answer == Truth::unknown                  ? Standing::undecided
                     : test.is_witness && verdict.answer == Truth::yes ? Standing::witnessed
                                                                       : Standing::estimated;
  verdict.cases = result.pairs;
  verdict.domain = experiment.design;
  verdict.evidence = in_words(result, 0.95, experiment.unit);
  if (verdict.answer == Truth::no)
    for (const Condition& condition : test.where)
      if (answer_of(run(experiment_named(test.experiment + "." + condition.id), effort)) == Truth::yes)
        verdict.conditions.push_back(condition);
  if (!verdict.conditions.empty()) verdict.standing = Standing::conditional;
  const char* const opening = verdict.answer == Truth::yes  ? "Seen"
                              : verdict.answer == Truth::no ? "Not seen"
                                                            : "Not settled";
  verdict.summary = fmt::format("{} in {} paired runs: {}.", opening, result.pairs, verdict.evidence);
  for (const Condition& condition : verdict.conditions)
    verdict.summary += " Seen where " + condition.text + ".";
  if (!question.because.empty()) verdict.summary += " " + question.because;
  return verdict;
}

}  // namespace assay::properties
