/// Dead ReLUs: their gradients, and whether they come back.
#include <algorithm>
#include <cmath>

#include "properties/training/experiments/arms.hpp"
#include "properties/training/experiments/topics.hpp"

namespace assay::properties::training {
namespace {

constexpr std::size_t width = 8;

Task points(std::uint64_t seed) {
  return {moons(40, 0.1, 0, training_data_seed(seed)), {}};
}

Network two_hidden_layers(const Task& task, Activation activation, std::uint64_t seed) {
  return Network(perceptron(task.training, 2, {.width = width, .activation = activation}),
                 task.training.size(), weights_seed(seed));
}

/// The largest gradient of the weights into or out of the first unit of the second hidden layer, whose bias
/// of −20 keeps it below 0 on all data.
double largest_gradient(Activation activation, bool incoming, std::uint64_t seed) {
  const Task task = points(seed);
  Network network = two_hidden_layers(task, activation, seed);
  network.parameters()[network.biases()[1].offset] = -20;
  Random random(order_seed(seed));
  std::ranges::copy(task.training.features, network.input().begin());
  network.forward(task.training.size(), Mode::training, random);
  network.backward(task.training.labels);
  double largest = 0;
  for (std::size_t i = 0; i < (incoming ? width : 2); ++i) {
    const std::size_t at =
        incoming ? network.weights()[1].offset + i * width : network.weights()[2].offset + i;
    largest = std::max(largest, std::abs(network.gradients()[at]));
  }
  return largest;
}

template <Activation activation, bool incoming>
double gradient_of_dead_unit(std::uint64_t seed) {
  return largest_gradient(activation, incoming, seed);
}

/// Lowers the biases of the first half of a layer's units until each is just dead: its largest pre-activation
/// on the data becomes −0.05.
void kill_half(Network& network, const Dataset& data, std::size_t layer) {
  Random random(0);
  std::ranges::copy(data.features, network.input().begin());
  network.forward(data.size(), Mode::inference, random);
  const auto before = network.values(2 * layer);  // weight layers and activations take turns
  for (std::size_t unit = 0; unit < width / 2; ++unit) {
    double highest = before[unit];
    for (std::size_t i = 0; i < data.size(); ++i) highest = std::max(highest, before[i * width + unit]);
    network.parameters()[network.biases()[layer].offset + unit] -= highest + 0.05;
  }
}

/// Share of the killed units that answer some example after 300 steps of gradient descent on all data.
template <std::size_t layer>
double revived(std::uint64_t seed) {
  const Task task = points(seed);
  Network network = two_hidden_layers(task, Activation::relu, seed);
  kill_half(network, task.training, layer);
  Training how;
  how.optimizer.rate = 0.1;
  how.batch = 0;
  how.steps = 300;
  train(network, task.training, task.validation, how);
  const std::vector<bool> dead = network.dead_units(task.training)[layer];
  const auto still = std::count(dead.begin(), dead.begin() + width / 2, true);
  return 1 - static_cast<double>(still) / (width / 2);
}

constexpr Experiment list[]{
    {"csc413-2020.7.a.incoming",
     "40 points of two moons, two hidden layers of 8 ReLU units; a bias of -20 keeps one unit of the second "
     "layer below 0 on all data. The largest gradient of the weights into it; 0 is expected exactly.",
     gradient_of_dead_unit<Activation::relu, true>, 0, "of the loss gradient"},
    {"csc413-2020.7.a.incoming.foil", "The same with LeakyReLU (slope 0.01), which is never dead.",
     gradient_of_dead_unit<Activation::leaky_relu, true>, 0, "of the loss gradient"},
    {"csc413-2020.7.a.outgoing", "As csc413-2020.7.a.incoming, of the weights out of the dead unit.",
     gradient_of_dead_unit<Activation::relu, false>, 0, "of the loss gradient"},
    {"csc413-2020.7.a.outgoing.foil", "The same with LeakyReLU (slope 0.01), which is never dead.",
     gradient_of_dead_unit<Activation::leaky_relu, false>, 0, "of the loss gradient"},
    {"csc413-2020.7.c",
     "40 points of two moons, two hidden layers of 8 ReLU units; biases lowered until 4 units of the second "
     "layer are just dead (largest pre-activation -0.05); 300 steps of gradient descent on all data, rate "
     "0.1. "
     "Share of these units that answer some example again.",
     revived<1>, 0, "of dead units revived"},
    {"csc413-2020.7.c.foil", "The same with 4 units of the first hidden layer, whose inputs never change.",
     revived<0>, 0, "of dead units revived"},
};

}  // namespace

std::span<const Experiment> topics::dead_units() {
  return list;
}

}  // namespace assay::properties::training
