/// Initialisation and symmetry: what gradient descent can tell apart, and what it never will.
///
/// All networks are trained by full-batch gradient descent on half the sum of squared errors.
#include <algorithm>
#include <cmath>

#include "properties/claims/drawn_activation.hpp"
#include "properties/claims/pictures.hpp"

namespace assay::properties::topics {
namespace {

// ---- Zero weights, random biases ------------------------------------------------------------------------

/// One hidden layer whose weights are zero, and whose biases are b.
template <class T>
Mlp<T> zero_weights(const Point<T>& at, const Tensor<T>& b, const char* activation,
                    const Subject<T>& subject) {
  const std::size_t features = at["X"].shape[1], hidden = b.size();
  return Mlp<T>({{Tensor<T>({features, hidden}), b}, {Tensor<T>({hidden, 1}), Tensor<T>({1})}}, activation,
                subject);
}

template <class T>
void train(Mlp<T>& network, const Point<T>& at, int steps) {
  for (int step = 0; step < steps; ++step) network.step(at["X"], at["Y"], T(1) / T(8));
}

/// Whether column i of the weights is column j times share_i / share_j.
template <class T>
Truth in_proportion(const Tensor<T>& weight, std::size_t i, std::size_t j, const T& share_i,
                    const T& share_j) {
  Truth all = Truth::yes;
  for (std::size_t d = 0; d < weight.shape[0]; ++d)
    all = all && equal(T(weight(d, i) * share_j), T(weight(d, j) * share_i));
  return all;
}

/// Whether w_i = 0 for each negative bias, and w_i b_j = w_j b_i for each two positive ones.
template <class T>
Truth dead_or_proportional(const Tensor<T>& weight, const Tensor<T>& b) {
  Truth all = Truth::yes;
  for (std::size_t i = 0; i < b.size(); ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      const bool one = equal(b[i], T(abs(b[i]))) == Truth::yes,
                 other = equal(b[j], T(abs(b[j]))) == Truth::yes;
      if (one && other) all = all && in_proportion(weight, i, j, b[i], b[j]);
      if (!one) all = all && in_proportion(weight, i, i, T(0), T(1));
    }
  return all;
}

/// Whether the weights into no two hidden units are multiples of one another.
template <class T>
Truth all_told_apart(const Tensor<T>& weight) {
  Truth all = Truth::yes;
  for (std::size_t i = 0; i < weight.shape[1]; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      Truth multiples = Truth::yes;
      for (std::size_t d = 1; d < weight.shape[0]; ++d)
        multiples = multiples && equal(T(weight(d, i) * weight(0, j)), T(weight(d, j) * weight(0, i)));
      all = all && !multiples;
    }
  return all;
}

/// Random numbers do not coincide: biases differ in size, the targets do not sum to 0, and the sum of the
/// inputs is not parallel to their sum weighted with the targets.
bool in_general_position(const Case& drawn) {
  const auto& b = std::get<Tensor<double>>(drawn.inputs.at("b"));
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (b[i] == 0) return false;
    for (std::size_t j = 0; j < i; ++j)
      if (std::abs(b[i]) == std::abs(b[j])) return false;
  }
  const auto& x = std::get<Tensor<double>>(drawn.inputs.at("X"));
  const auto& y = std::get<Tensor<double>>(drawn.inputs.at("Y"));
  double targets = 0, sums[2] = {}, weighted[2] = {};
  for (std::size_t n = 0; n < y.size(); ++n) {
    targets += y[n];
    for (std::size_t d = 0; d < 2; ++d) {
      sums[d] += x(n, d);
      weighted[d] += x(n, d) * y[n];
    }
  }
  return targets != 0 && sums[0] * weighted[1] != sums[1] * weighted[0];
}

Space zero_weight_networks(bool activation) {
  Space space{
      .variables = {fractions("X", -2, 2, 0.5, {"N", "2"}), fractions("Y", -3, 3, 0.5, {"N", "1"}),
                    fractions("b", -1, 1, 0.125, {"H"})},
      .whole_numbers = {{"N", {3, 4}}, {"H", {2, 4}}},
      .text = "one hidden layer, all weights zero, biases of different size, data in general position",
      .within = in_general_position};
  if (activation) space.variables.push_back(labels("activation", {}, "2"));
  return space;
}

/// Two units of each sign.
Case two_dead_two_proportional() {
  return instance(
      {{"X", Tensor<double>({3, 2}, {1, 0, 0, 1, 1, 1})},
       {"Y", Tensor<double>({3, 1}, {1, 2, 1})},
       {"b", vector_of<double>({-0.75, -0.25, 0.5, 1})}},
      "ReLU units with the biases -3/4, -1/4, 1/2 and 1: the first two keep zero weights for ever, "
      "the weights of the last two stay in the ratio 1 : 2");
}

/// Three steps: the first moves the last weights, the second the first ones, all along one vector, and the
/// third turns them apart.
Question random_biases_break_symmetry() {
  return {
      .statement =
          "With all weights zero and random biases, training breaks all symmetry: no two hidden units "
          "keep weights that are multiples of one another.",
      .test =
          ForAll{.space = zero_weight_networks(true),
                 .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                   Mlp<T> network = zero_weights(at, at["b"], activation_of(at), subject);
                   train(network, at, 3);
                   return all_told_apart(network.layer(0).weight);
                 }),
                 .pinned = {with_activation(two_dead_two_proportional(), 0)},
                 .assumptions = {smooth_activation("the activation is smooth, as tanh is")},
                 .cases = 250},
      .because =
          "A ReLU unit with a negative bias is never active and never moves. Those with positive "
          "biases differ by a factor only, which ReLU passes on, so they stay exact multiples: "
          "w_i b_j = w_j b_i."};
}

/// The two halves of the counterexample, on every instance.
Question relu_keeps_the_symmetry() {
  return {.statement =
              "With all weights zero, ReLU units of negative bias keep zero weights through every step, and "
              "those of positive bias stay multiples of one another: w_i b_j = w_j b_i.",
          .test = ForAll{
              .space = zero_weight_networks(false),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                const Tensor<T>& b = at["b"];
                Mlp<T> network = zero_weights(at, b, "relu", subject);
                Truth all = Truth::yes;
                for (int step = 0; step < 4; ++step) {
                  train(network, at, 1);
                  all = all && dead_or_proportional(network.layer(0).weight, b);
                }
                return all;
              }),
              .pinned = {two_dead_two_proportional()},
              .cases = 200}};
}

/// Sine of the angle between the weights into the units i and j; 0 where one of them has none.
double sine_between(const Tensor<double>& weight, std::size_t i, std::size_t j) {
  const double across = weight(0, i) * weight(1, j) - weight(1, i) * weight(0, j);
  const double lengths = std::hypot(weight(0, i), weight(1, i)) * std::hypot(weight(0, j), weight(1, j));
  return lengths > 0 ? std::abs(across) / lengths : 0;
}

/// The two units of positive bias of the counterexample, over steps of rate 1/8.
Picture angle_over_steps() {
  Picture picture{"Angle between the weights into two hidden units (its sine).", "steps", "sine", {}};
  const Point<double> at(two_dead_two_proportional());
  const auto trained = [&](std::string name, const char* activation, bool from_zero) {
    auto network = zero_weights(at, at["b"], activation, Subject<double>());
    if (!from_zero) {
      auto layers = network.layers();
      for (std::size_t i = 0; i < layers[0].weight.size(); ++i)
        layers[0].weight[i] = std::sin(static_cast<double>(i + 1));
      for (std::size_t i = 0; i < layers[1].weight.size(); ++i)
        layers[1].weight[i] = std::cos(static_cast<double>(i + 1));
      network = Mlp<double>(std::move(layers), activation);
    }
    picture.series.push_back(curve(std::move(name), 0, 24, 24, [&](double step) {
      if (step > 0) train(network, at, 1);
      return sine_between(network.layer(0).weight, 2, 3);
    }));
  };
  trained("zero weights, tanh", "tanh", true);
  trained("zero weights, ReLU", "relu", true);
  trained("unequal weights, ReLU", "relu", false);
  return picture;
}

// ---- One layer a step -----------------------------------------------------------------------------------

/// K hidden layers of H units and a linear last one, all weights zero, hidden biases b.
template <class T>
Mlp<T> deep_zero_weights(const Point<T>& at, const Subject<T>& subject) {
  const Tensor<T>& b = at["b"];
  const std::size_t hidden = b.shape[1];
  std::vector<Layer<T>> layers;
  for (std::size_t k = 0; k < b.shape[0]; ++k) {
    const std::size_t inputs = k == 0 ? at["X"].shape[1] : hidden;
    layers.push_back({Tensor<T>({inputs, hidden}), Tensor<T>({hidden})});
    for (std::size_t h = 0; h < hidden; ++h) layers.back().bias[h] = b(k, h);
  }
  layers.push_back({Tensor<T>({hidden, 1}), Tensor<T>({1})});
  return Mlp<T>(std::move(layers), activation_of(at), subject);
}

/// Whether after s steps exactly the last s weight matrices have left zero, for each s.
template <class T>
Truth one_layer_a_step(const Point<T>& at, const Subject<T>& subject) {
  Mlp<T> network = deep_zero_weights(at, subject);
  const std::size_t depth = network.layers().size();
  Truth all = Truth::yes;
  for (std::size_t step = 1; step <= depth; ++step) {
    network.step(at["X"], at["Y"], T(1) / T(32));
    for (std::size_t l = 0; l < depth; ++l) {
      const Truth moved = !all_zero(network.layer(l).weight);
      all = all && (l + step >= depth ? moved : !moved);
    }
  }
  return all;
}

/// Inputs and targets are positive and the steps short, so no sum over the batch cancels.
Space deep_zero_weight_networks() {
  return {.variables = {fractions("X", 0.5, 2, 0.5, {"N", "D"}), fractions("Y", 2, 3, 0.25, {"N", "1"}),
                        fractions("b", -1, 1, 0.25, {"K", "H"}), labels("activation", {}, "2")},
          .whole_numbers = {{"N", {1, 2}}, {"D", {1, 2}}, {"K", {1, 3}}, {"H", {1, 3}}},
          .text = "1 to 3 hidden layers, all weights zero, biases other than 0, positive inputs and targets",
          .within = [](const Case& drawn) {
            const auto& b = std::get<Tensor<double>>(drawn.inputs.at("b"));
            return std::ranges::find(b.data, 0) == b.data.end();
          }};
}

/// Gives the first unit of each hidden layer a positive bias.
bool give_active_units(Case& drawn) {
  auto& b = std::get<Tensor<double>>(drawn.inputs.at("b"));
  for (std::size_t k = 0; k < b.shape[0]; ++k) b(k, 0) = std::abs(b(k, 0));
  return true;
}

Question one_step_for_each_layer() {
  return {
      .statement =
          "With all weights zero and random biases, one weight matrix a step leaves zero, from the last to "
          "the "
          "first: a network of N layers needs N steps.",
      .test =
          ForAll{.space = deep_zero_weight_networks(),
                 .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                   return one_layer_a_step(at, subject);
                 }),
                 .pinned = {with_activation(
                     instance({{"X", Tensor<double>({1, 1}, {1})},
                               {"Y", Tensor<double>({1, 1}, {2})},
                               {"b", Tensor<double>({2, 2}, {1, 0.5, -1, -0.5})}},
                              "ReLU units with only negative biases in the second of three layers: no matrix "
                              "ever moves"),
                     0)},
                 .assumptions = {smooth_activation("the activation is smooth, as tanh is"),
                                 {"active_units", "each hidden layer has a unit that is active",
                                  give_active_units}},
                 .cases = 200},
      .because =
          "The gradient of a matrix contains all later matrices as factors, so it waits for them; a "
          "layer of dead units blocks it for ever."};
}

/// The half that holds for every activation.
Question layers_move_in_order() {
  return {.statement = "With all weights zero, no weight matrix leaves zero before all later ones have.",
          .test = ForAll{
              .space = deep_zero_weight_networks(),
              .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                Mlp<T> network = deep_zero_weights(at, subject);
                const std::size_t depth = network.layers().size();
                Truth all = Truth::yes;
                for (std::size_t step = 1; step <= depth; ++step) {
                  network.step(at["X"], at["Y"], T(1) / T(32));
                  for (std::size_t l = 0; l + step < depth; ++l)
                    all = all && all_zero(network.layer(l).weight);
                  for (std::size_t l = 0; l + 1 < depth; ++l)
                    all =
                        all && (all_zero(network.layer(l).weight) || !all_zero(network.layer(l + 1).weight));
                }
                return all;
              }),
              .cases = 200}};
}

}  // namespace

std::vector<Claim> symmetry() {
  return {
      {.id = "cs231n-2019.tf.4",
       .quantifier = Quantifier::universal,
       .published = "true",
       .source = "CS231n midterm, spring 2019, true/false 4",
       .question = random_biases_break_symmetry(),
       .foil = relu_keeps_the_symmetry(),
       .picture = angle_over_steps},
      // Said in the published solution of true/false 4.
      {.id = "cs231n-2019.tf.4.depth",
       .quantifier = Quantifier::universal,
       .published = "true",
       .source = "CS231n midterm, spring 2019, true/false 4, solution",
       .question = one_step_for_each_layer(),
       .foil = layers_move_in_order()},
  };
}

}  // namespace assay::properties::topics
