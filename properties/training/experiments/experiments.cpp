#include "properties/training/experiments.hpp"

#include <algorithm>
#include <vector>

#include "properties/training/experiments/topics.hpp"

namespace assay::properties::training {
namespace {

std::vector<Experiment> joined() {
  std::vector<Experiment> all;
  for (const auto topic : {topics::activations, topics::augmentation, topics::capacity, topics::dead_units,
                           topics::depth, topics::early_stopping, topics::flat_loss, topics::momentum,
                           topics::normalisation, topics::regularisation})
    all.insert(all.end(), topic().begin(), topic().end());
  std::ranges::sort(all, {}, &Experiment::id);
  return all;
}

}  // namespace

std::span<const Experiment> experiments() {
  static const std::vector<Experiment> all = joined();
  return all;
}

const Experiment* find_experiment(std::string_view id) {
  const auto found = std::ranges::lower_bound(experiments(), id, {}, &Experiment::id);
  return found != experiments().end() && found->id == id ? &*found : nullptr;
}

}  // namespace assay::properties::training
