/// A deep convolutional ReLU net that learns at no learning rate, and what helps it.
#include <algorithm>
#include <cmath>
#include <limits>

#include "properties/training/experiments/arms.hpp"
#include "properties/training/experiments/topics.hpp"

namespace assay::properties::training {
namespace {

constexpr std::size_t usual_depth = 12;

Task digits_of_four_kinds(std::uint64_t seed) {
  return {glyphs({.alphabet = "0123", .per_class = 8, .noise = 0.2}, training_data_seed(seed)), {}};
}

/// One convolution to 4 channels with average pooling to 4 × 4 positions, then `depth` convolutions alike,
/// drawn as PyTorch draws unasked: each ReLU layer then shrinks the signal by about √6.
Architecture deep_net(const Task& task, std::size_t depth, Block block = {}) {
  block.width = 4;
  block.weights = Weights::convolution;
  Block first{.width = 4, .weights = Weights::convolution, .pool = Pool::average};
  Architecture plan{task.training.extent, {first}, task.training.classes, {.draw = Draw::framework}};
  plan.blocks.insert(plan.blocks.end(), depth, block);
  return plan;
}

/// The lowest training loss over three learning rates; a run that diverged counts as its first loss.
double best_loss(const Architecture& plan, const Task& task, std::uint64_t seed) {
  double best = std::numeric_limits<double>::infinity();
  for (const double rate : {0.003, 0.03, 0.3}) {
    const Run run = fit(plan, task, with_momentum(rate, 8, 80), seed);
    const double last = run.last().training.loss;
    best = std::min(best, std::isfinite(last) ? last : run.first().training.loss);
  }
  return best;
}

double helped(std::uint64_t seed, void (*change)(Architecture&)) {
  const Task task = digits_of_four_kinds(seed);
  const Architecture plain = deep_net(task, usual_depth);
  Architecture changed = plain;
  change(changed);
  return best_loss(plain, task, seed) - best_loss(changed, task, seed);
}

double by_tanh(std::uint64_t seed) {
  return helped(seed, [](Architecture& plan) {
    for (Block& block : plan.blocks) block.activation = Activation::tanh;
  });
}
/// Two such convolutions, their biases lowered by 0.5, so that it is not depth that keeps ReLU from learning.
double by_tanh_where_units_are_dead(std::uint64_t seed) {
  const Task task = digits_of_four_kinds(seed);
  Architecture relu = deep_net(task, 2);
  relu.start.bias = -0.5;
  Architecture tanh = relu;
  for (Block& block : tanh.blocks) block.activation = Activation::tanh;
  return best_loss(relu, task, seed) - best_loss(tanh, task, seed);
}
double by_more_layers(std::uint64_t seed) {
  return helped(seed,
                [](Architecture& plan) { plan.blocks.resize(plan.blocks.size() + 8, plan.blocks.back()); });
}
double by_fewer_layers(std::uint64_t seed) {
  return helped(seed, [](Architecture& plan) { plan.blocks.resize(2); });
}
double by_batch_norm(std::uint64_t seed) {
  return helped(seed, [](Architecture& plan) {
    for (Block& block : plan.blocks) block.batch_norm = true;
  });
}
double by_one_batch_norm(std::uint64_t seed) {
  return helped(seed, [](Architecture& plan) { plan.blocks.front().batch_norm = true; });
}
double by_skips(std::uint64_t seed) {
  return helped(seed, [](Architecture& plan) {
    for (std::size_t i = 1; i < plan.blocks.size(); ++i) plan.blocks[i].skip = true;
  });
}
double by_one_skip(std::uint64_t seed) {
  return helped(seed, [](Architecture& plan) { plan.blocks[1].skip = true; });
}

constexpr std::string_view unit = "nats of the training loss";

constexpr Experiment list[]{
    {"eecs498-2019.mc.2.7.A",
     "Digits 0 to 3 as 8 x 8 images (noise 0.2, moved by up to a pixel), 8 of each; a 3 x 3 convolution to 4 "
     "channels, average pooling, 12 more such convolutions with ReLU, one dense layer, weights drawn as "
     "PyTorch "
     "draws unasked; momentum 0.9, 80 steps, batches of 8, the best of the rates 0.003, 0.03 and 0.3. "
     "Difference: lowest training loss with ReLU minus with tanh.",
     by_tanh, 0.1, unit},
    {"eecs498-2019.mc.2.7.A.foil",
     "The same with 2 instead of 12 convolutions and all biases lowered by 0.5: dead units, not depth, are "
     "the "
     "cause.",
     by_tanh_where_units_are_dead, 0.1, unit},
    {"eecs498-2019.mc.2.7.B",
     "The net of eecs498-2019.mc.2.7.A; 8 layers added instead of the change to tanh.", by_more_layers, 0.1,
     unit},
    {"eecs498-2019.mc.2.7.B.foil", "The same with 11 layers taken away.", by_fewer_layers, 0.1, unit},
    {"eecs498-2019.mc.2.7.C",
     "The net of eecs498-2019.mc.2.7.A; batch norm behind each convolution instead of the change to tanh.",
     by_batch_norm, 0.1, unit},
    {"eecs498-2019.mc.2.7.C.foil", "The same with batch norm behind the first convolution only.",
     by_one_batch_norm, 0.1, unit},
    {"eecs498-2019.mc.2.7.D",
     "The net of eecs498-2019.mc.2.7.A; a skip connection around each of the 12 convolutions instead of the "
     "change to tanh.",
     by_skips, 0.1, unit},
    {"eecs498-2019.mc.2.7.D.foil", "The same with a skip connection around the first of them only.",
     by_one_skip, 0.1, unit},
};

}  // namespace

std::span<const Experiment> topics::depth() {
  return list;
}

}  // namespace assay::properties::training
