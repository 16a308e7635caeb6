/// Batch norm and residual connections: what they do to gradients at the start, and to the gap.
#include "properties/training/experiments/arms.hpp"
#include "properties/training/experiments/topics.hpp"

namespace assay::properties::training {
namespace {

/// 12 hidden layers of 16 ReLU units; `scale` multiplies weights drawn for a steady signal.
double log_gradient(double scale, bool batch_norm, bool skip, std::uint64_t seed) {
  const Dataset data = blobs({.examples = 32, .classes = 3, .dimensions = 16}, training_data_seed(seed));
  Architecture plan = perceptron(data, 12, {.width = 16, .batch_norm = batch_norm, .skip = skip});
  plan.start.scale = scale;
  return log_gradient_norm(plan, data, seed);
}

/// `tenths`: the scale in tenths.
template <int tenths>
double shrunk_by_batch_norm(std::uint64_t seed) {
  return log_gradient(tenths / 10.0, false, false, seed) - log_gradient(tenths / 10.0, true, false, seed);
}

template <int tenths>
double shrunk_by_skips(std::uint64_t seed) {
  return log_gradient(tenths / 10.0, false, false, seed) - log_gradient(tenths / 10.0, false, true, seed);
}

double grown_by_skips(std::uint64_t seed) {
  return -shrunk_by_skips<3>(seed);
}

double gap(bool batch_norm, double weight_decay, std::size_t batch, std::uint64_t seed) {
  const Task task = blob_task(
      {.examples = 64, .classes = 3, .dimensions = 8, .distance = 1.5, .label_noise = 0.1}, 300, seed);
  Training how = with_momentum(0.02, batch, 400);
  how.optimizer.weight_decay = weight_decay;
  return fit(perceptron(task.training, 2, {.width = 32, .batch_norm = batch_norm}), task, how, seed)
      .last()
      .accuracy_gap();
}

template <std::size_t batch>
double gap_closed_by_batch_norm(std::uint64_t seed) {
  return gap(false, 0, batch, seed) - gap(true, 0, batch, seed);
}
double gap_closed_by_decay(std::uint64_t seed) {
  return gap(false, 0, 8, seed) - gap(false, 0.1, 8, seed);
}

constexpr Experiment list[]{
    {"cs230-2021.mc.b.ii",
     "12 hidden layers of 16 ReLU units, weights 3 times as large as He's; 32 examples of three Gaussian "
     "clouds in 16 dimensions. At the first weights: log10 of the norm of the gradient of all weights, "
     "without "
     "batch norm minus with it behind each weight layer.",
     shrunk_by_batch_norm<30>, 0.5, "orders of magnitude of the gradient"},
    {"cs230-2021.mc.b.ii.foil",
     "The same with weights half as large as He's: gradients vanish instead, and batch norm enlarges them.",
     shrunk_by_batch_norm<5>, 0.5, "orders of magnitude of the gradient"},
    {"cs230-2021.mc.b.iv",
     "12 hidden layers of 16 ReLU units, weights 3 times as large as He's; 32 examples of three Gaussian "
     "clouds in 16 dimensions. At the first weights: log10 of the norm of the gradient of all weights, "
     "without "
     "skip connections minus with one around each hidden layer, the weights being the same.",
     shrunk_by_skips<30>, 0.5, "orders of magnitude of the gradient"},
    {"cs230-2021.mc.b.iv.foil",
     "The same nets at 0.3 of He's scale, where gradients vanish: with skip connections minus without.",
     grown_by_skips, 0.5, "orders of magnitude of the gradient"},
    {"cs230-2021.mc.d.ii",
     "Three Gaussian clouds in 8 dimensions (centres 1.5 from the origin, noise 1, a tenth of the labels "
     "drawn "
     "anew), 64 training and 300 validation examples; two hidden layers of 32 ReLU units; momentum 0.9, rate "
     "0.02, batches of 8, 400 steps. Difference: accuracy gap without batch norm minus with it.",
     gap_closed_by_batch_norm<8>, 0.02, "of the accuracy gap"},
    {"cs230-2021.mc.d.ii.foil", "The same with a weight decay of 0.1 instead of batch norm.",
     gap_closed_by_decay, 0.02, "of the accuracy gap"},
    {"cs230-2021.mc.d.ii.small_batches",
     "The design of cs230-2021.mc.d.ii with batches of 4, whose statistics are much noisier.",
     gap_closed_by_batch_norm<4>, 0.02, "of the accuracy gap"},
    {"cs230-2021.mc.d.ii.small_batches.foil",
     "The same with batches of all 64 examples, whose statistics do not vary.", gap_closed_by_batch_norm<64>,
     0.02, "of the accuracy gap"},
};

}  // namespace

std::span<const Experiment> topics::normalisation() {
  return list;
}

}  // namespace assay::properties::training
