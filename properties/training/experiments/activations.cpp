/// ReLU at work, and LeakyReLU in shallow and deep nets.
#include <cmath>

#include "properties/training/experiments/arms.hpp"
#include "properties/training/experiments/topics.hpp"

namespace assay::properties::training {
namespace {

double accuracy(const Task& task, Activation activation, std::uint64_t seed) {
  return fit(perceptron(task.training, 2, {.width = 24, .activation = activation}), task,
             with_momentum(0.02, 20, 500), seed)
      .last()
      .validation.accuracy;
}

double gained_by_relu(const Task& task, std::uint64_t seed) {
  return accuracy(task, Activation::relu, seed) - accuracy(task, Activation::identity, seed);
}
double on_spirals(std::uint64_t seed) {
  return gained_by_relu({spirals(200, 0.75, 0.1, training_data_seed(seed)),
                         spirals(300, 0.75, 0.1, validation_data_seed(seed))},
                        seed);
}
double on_clouds(std::uint64_t seed) {
  return gained_by_relu(blob_task({.examples = 200, .distance = 2.5}, 300, seed), seed);
}

/// What LeakyReLU takes away from the gradient of the first layer, compared with no activation at all.
/// Weights of variance 1 / fan_in keep the linear net's gradient steady at any depth.
template <std::size_t depth>
double lost_to_leaky_relu(std::uint64_t seed) {
  const Dataset data = blobs({.examples = 32, .classes = 3, .dimensions = 16}, training_data_seed(seed));
  Architecture linear = perceptron(data, depth, {.width = 16, .activation = Activation::identity});
  linear.start.scale = std::sqrt(0.5);
  Architecture leaky = linear;
  for (Block& block : leaky.blocks) block.activation = Activation::leaky_relu;
  return log_first_gradient_norm(linear, data, seed) - log_first_gradient_norm(leaky, data, seed);
}

constexpr Experiment list[]{
    {"eecs498-2019.mc.2.2.C",
     "Two spirals of three quarters of a turn (noise 0.1), 200 training and 300 validation points; two "
     "hidden "
     "layers of 24 units; momentum 0.9, rate 0.02, batches of 20, 500 steps. Difference: validation accuracy "
     "with ReLU minus with no activation.",
     on_spirals, 0.02, "of validation accuracy"},
    {"eecs498-2019.mc.2.2.C.foil",
     "The same on two Gaussian clouds, which a line separates as well as can be.", on_clouds, 0.02,
     "of validation accuracy"},
    {"eecs498-2019.mc.2.2.D",
     "The two-layer net of the question: one hidden layer of 16 units, weights of variance 1 / fan_in; 32 "
     "examples of three Gaussian clouds in 16 dimensions. At the first weights: log10 of the norm of the "
     "first "
     "layer's gradient, without activation minus with LeakyReLU (slope 0.01). Below one order of magnitude "
     "nothing has vanished.",
     lost_to_leaky_relu<1>, 1, "orders of magnitude of the gradient"},
    {"eecs498-2019.mc.2.2.D.foil", "The same with 30 hidden layers.", lost_to_leaky_relu<30>, 1,
     "orders of magnitude of the gradient"},
};

}  // namespace

std::span<const Experiment> topics::activations() {
  return list;
}

}  // namespace assay::properties::training
