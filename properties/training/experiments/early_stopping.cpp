/// Early stopping: what it saves, and how much predictions vary with the training set.
#include "properties/training/experiments/arms.hpp"
#include "properties/training/experiments/topics.hpp"

namespace assay::properties::training {
namespace {

Training how_trained(std::size_t patience) {
  Training how = with_momentum(0.05, 20, 600);
  how.record_every = 20;
  how.patience = patience;
  return how;
}

Architecture net(const Dataset& data) {
  return perceptron(data, 1, {.width = 24});
}

/// Variance of the probability of class 1 over six training sets, averaged over 100 points. First weights are
/// the same: what varies is the data and nothing else.
double variance(std::size_t patience, std::uint64_t seed) {
  constexpr int sets = 6;
  const Dataset points = moons(100, 0.25, 0, derived_seed(seed, 201));
  std::vector<double> sum(points.size()), squares(points.size());
  for (int k = 0; k < sets; ++k) {
    const std::uint64_t set_seed = derived_seed(seed, 300 + static_cast<std::uint64_t>(k));
    const Task task = moon_task(40, 40, 0.25, 0.1, set_seed);
    Network network(net(task.training), 32, weights_seed(seed));
    Training how = how_trained(patience);
    how.seed = order_seed(seed);
    train(network, task.training, task.validation, how);
    const std::vector<double> probabilities = network.probabilities(points);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double p = probabilities[2 * i + 1];
      sum[i] += p, squares[i] += p * p;
    }
  }
  double total = 0;
  for (std::size_t i = 0; i < points.size(); ++i) total += (squares[i] - sum[i] * sum[i] / sets) / (sets - 1);
  return total / static_cast<double>(points.size());
}

double variance_gained(std::uint64_t seed) {
  return variance(5, seed) - variance(0, seed);
}
double variance_gained_by_going_on(std::uint64_t seed) {
  return -variance_gained(seed);
}

/// Share of the steps saved; 0 where nothing is paid for it, that is where the training loss is no higher
/// than at the end of the full run.
double saved(const Task& task, std::uint64_t seed) {
  Fitted early = fit_network(net(task.training), task, how_trained(5), seed);
  const Run full = fit(net(task.training), task, how_trained(0), seed);
  if (!(early.network.score(task.training).loss > full.last().training.loss)) return 0;
  return 1 - static_cast<double>(early.run.steps) / static_cast<double>(full.steps);
}

double saved_on_noisy_moons(std::uint64_t seed) {
  return saved(moon_task(40, 40, 0.25, 0.1, seed), seed);
}
double saved_on_clean_clouds(std::uint64_t seed) {
  return saved(blob_task({.examples = 200, .distance = 6}, 200, seed), seed);
}

constexpr Experiment list[]{
    {"cs230-2021.mc.g.ii",
     "Six training sets of 40 points from two moons (noise 0.25, a tenth of the labels drawn anew), each "
     "with 40 "
     "validation points; one hidden layer of 24 ReLU units, the same first weights; momentum 0.9, rate 0.05, "
     "batches of 20, 600 steps. Variance of the predicted probability over the six nets, averaged over 100 "
     "points: stopped after 100 steps without a lower validation loss, and taken back to the best, minus "
     "trained to the end.",
     variance_gained, 0.002, "of variance"},
    {"cs230-2021.mc.g.ii.foil", "The same with the arms exchanged: trained to the end minus stopped early.",
     variance_gained_by_going_on, 0.002, "of variance"},
    {"cs230-2021.mc.g.iv",
     "One training set and net of cs230-2021.mc.g.ii. Share of the 600 steps that early stopping saves, "
     "counted "
     "only where the training loss left behind is higher than after all steps. A quarter or less is not a "
     "lot.",
     saved_on_noisy_moons, 0.25, "of all steps"},
    {"cs230-2021.mc.g.iv.foil",
     "The same on two clouds 8.5 standard deviations apart, whose validation loss goes on falling.",
     saved_on_clean_clouds, 0.25, "of all steps"},
};

}  // namespace

std::span<const Experiment> topics::early_stopping() {
  return list;
}

}  // namespace assay::properties::training
