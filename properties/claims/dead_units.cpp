/// ReLU units without a gradient: fed with zeros, or dead, and whether they come back.
#include "properties/claims/pictures.hpp"
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

// ---- An input of zeros ----------------------------------------------------------------------------------

/// The gradients of one ReLU unit's weights and bias at the input 0.
template <class T>
Tensors<T> gradients_at_zero(const Point<T>& at, const Subject<T>& subject, const char* activation) {
  const std::size_t features = at["w"].shape[0];
  const Tensor<T> x(Shape{1, features});
  const Tensor<T> before = subject.value("affine", {x, at["w"], at["b"]});
  const Tensor<T> back = subject.gradients(activation, {before}, at["g"])[0];
  const Tensors<T> all = subject.gradients("affine", {x, at["w"], at["b"]}, back);
  return {all[1], all[2]};
}

Space units_fed_with_zeros() {
  return {.variables = {fractions("w", -2, 2, 0.5, {"D", "1"}), fractions("b", -2, 2, 0.5, {"1"}),
                        fractions("g", -2, 2, 0.5, {"1", "1"})},
          .whole_numbers = {{"D", {1, 3}}},
          .text = "one ReLU unit, the input 0, and an upstream gradient g"};
}

template <class T>
Truth all_zero(const Tensor<T>& tensor) {
  Truth all = Truth::yes;
  for (const T& number : tensor.data) all = all && equal(number, T(0));
  return all;
}

Question nothing_moves_at_zero() {
  return {
      .statement = "A ReLU unit whose input is all zero gets no gradient on its weights nor on its bias.",
      .test = ForAll{.space = units_fed_with_zeros(),
                     .holds = on_fractions_only(
                         []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                           const Tensors<T> found = gradients_at_zero(at, subject, "relu");
                           return all_zero(found[0]) && all_zero(found[1]);
                         }),
                     .pinned = {instance({{"w", Tensor<double>({1, 1}, {1})},
                                          {"b", Tensor<double>({1}, {1})},
                                          {"g", Tensor<double>({1, 1}, {1})}},
                                         "the bias 1 and the upstream gradient 1: the gradient of the bias "
                                         "is 1")}},
      .because =
          "The weights are multiplied by the input and stay; the bias alone decides that the unit is "
          "active, and then it moves."};
}

Question weights_rest_at_zero() {
  return {.statement = "A ReLU unit whose input is all zero gets no gradient on its weights.",
          .test = ForAll{
              .space = units_fed_with_zeros(),
              .holds = on_fractions([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return all_zero(gradients_at_zero(at, subject, "relu")[0]);
              })}};
}

// ---- Dead units -----------------------------------------------------------------------------------------

/// Two hidden layers of two units. The first unit of hidden layer `dead` (0 or 1) gets the bias that makes
/// its largest pre-activation over the training set -1/4.
template <class T>
Mlp<T> with_dead_unit(const Point<T>& at, std::size_t dead, const char* activation,
                      const Subject<T>& subject) {
  std::vector<Layer<T>> layers{{at["W1"], at["b1"]}, {at["W2"], at["b2"]}, {at["W3"], Tensor<T>({1})}};
  const Tensor<T> before = Mlp<T>(layers, activation, subject).pre_activations(at["X"])[dead];
  T largest = before(0, 0);
  for (std::size_t n = 1; n < before.shape[0]; ++n) largest = max(largest, before(n, 0));
  layers[dead].bias[0] -= largest + T(1) / T(4);
  return Mlp<T>(std::move(layers), activation, subject);
}

template <class T>
Truth column_is_zero(const Tensor<T>& matrix, std::size_t column) {
  Truth all = Truth::yes;
  for (std::size_t row = 0; row < matrix.shape[0]; ++row) all = all && equal(matrix(row, column), T(0));
  return all;
}
template <class T>
Truth row_is_zero(const Tensor<T>& matrix, std::size_t row) {
  Truth all = Truth::yes;
  for (std::size_t column = 0; column < matrix.shape[1]; ++column)
    all = all && equal(matrix(row, column), T(0));
  return all;
}

/// Into the dead unit: its weights and its bias.
template <class T>
Truth incoming_rest(const Point<T>& at, const Subject<T>& subject, const char* activation) {
  Truth all = Truth::yes;
  for (const std::size_t layer : {0u, 1u}) {
    const Mlp<T> network = with_dead_unit(at, layer, activation, subject);
    const auto slopes = network.squared_error_gradients(at["X"], at["Y"]);
    all = all && column_is_zero(slopes[layer].weight, 0) && equal(slopes[layer].bias[0], T(0));
  }
  return all;
}
/// Out of it.
template <class T>
Truth outgoing_rest(const Point<T>& at, const Subject<T>& subject, const char* activation) {
  Truth all = Truth::yes;
  for (const std::size_t layer : {0u, 1u}) {
    const Mlp<T> network = with_dead_unit(at, layer, activation, subject);
    all = all && row_is_zero(network.squared_error_gradients(at["X"], at["Y"])[layer + 1].weight, 0);
  }
  return all;
}

Space networks_of_two_hidden_layers() {
  return {.variables = {fractions("X", -2, 2, 0.5, {"N", "D"}), fractions("Y", -3, 3, 0.5, {"N", "1"}),
                        fractions("W1", -2, 2, 0.5, {"D", "2"}), fractions("b1", -1, 1, 0.5, {"2"}),
                        fractions("W2", -2, 2, 0.5, {"2", "2"}), fractions("b2", -1, 1, 0.5, {"2"}),
                        fractions("W3", -2, 2, 0.5, {"2", "1"})},
          .whole_numbers = {{"N", {1, 3}}, {"D", {1, 2}}},
          .text = "two hidden layers of two units, the first of either layer dead on every example"};
}

/// For every s < 0 the value and the slope of ReLU are 0; a gradient into the unit has the slope as a factor,
/// one out of it the value.
ProofOutcome value_and_slope_are_zero() {
  constexpr auto both = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
    return equal(subject.at("relu", at("s")), T(0)) && equal(subject.back("relu", at("s"), T(1)), T(0));
  };
  return together({{"below 0 the value and the slope of ReLU are 0", cover(both, {{"s", -0x1p20, -0x1p-20}})},
                   {"each gradient into the unit has the slope as a factor, each one out of it the value",
                    {Truth::yes, {}}}});
}

std::vector<Proof> dead_unit_proof() {
  return {{"networks of any size, pre-activations of the dead unit from -2^20 to -2^-20",
           value_and_slope_are_zero}};
}

Question dead_incoming() {
  return {.statement = "The gradient of the weights into a dead ReLU unit is zero.",
          .test = ForAll{.space = networks_of_two_hidden_layers(),
                         .holds = on_fractions([]<class T>(const Point<T>& at, const Subject<T>& subject)
                                                   -> Truth { return incoming_rest(at, subject, "relu"); }),
                         .proofs = dead_unit_proof(),
                         .cases = 200},
          .because =
              "On every example the slope of ReLU is 0 where the unit is, and stops the gradient. (Weight "
              "decay or momentum could still move the weights.)"};
}
Question dead_outgoing() {
  return {.statement = "The gradient of the weights out of a dead ReLU unit is zero.",
          .test = ForAll{.space = networks_of_two_hidden_layers(),
                         .holds = on_fractions([]<class T>(const Point<T>& at, const Subject<T>& subject)
                                                   -> Truth { return outgoing_rest(at, subject, "relu"); }),
                         .proofs = dead_unit_proof(),
                         .cases = 200},
          .because =
              "On every example the unit puts out 0, and a weight's gradient is a multiple of what the "
              "weight is multiplied by."};
}
Question leaky_incoming() {
  return {.statement =
              "The gradient of the weights into a leaky ReLU unit that is negative on every example is "
              "zero.",
          .test = ForAll{
              .space = networks_of_two_hidden_layers(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return incoming_rest(at, subject, "leaky_relu");
              }),
              .cases = 200}};
}
Question leaky_outgoing() {
  return {.statement =
              "The gradient of the weights out of a leaky ReLU unit that is negative on every example is "
              "zero.",
          .test = ForAll{
              .space = networks_of_two_hidden_layers(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return outgoing_rest(at, subject, "leaky_relu");
              }),
              .cases = 200}};
}

// ---- Back to life ---------------------------------------------------------------------------------------

/// Whether the unit, dead at first, is active on some example after one of three steps.
template <class T>
Truth revives(const Point<T>& at, const Subject<T>& subject, std::size_t layer) {
  Mlp<T> network = with_dead_unit(at, layer, "relu", subject);
  Truth alive = Truth::no;
  for (int step = 0; step < 3; ++step) {
    network.step(at["X"], at["Y"], T(1) / T(4));
    const Tensor<T> before = network.pre_activations(at["X"])[layer];
    for (std::size_t n = 0; n < before.shape[0]; ++n) alive = alive || less(T(0), before(n, 0));
  }
  return alive;
}

/// One example; the second unit of the second layer is alive and moves the first layer.
Case one_lives_beside_it() {
  return instance(
      {{"X", Tensor<double>({1, 1}, {1})},
       {"Y", Tensor<double>({1, 1}, {6})},
       {"W1", Tensor<double>({1, 2}, {1, 0})},
       {"b1", Tensor<double>({2})},
       {"W2", Tensor<double>({2, 2}, {1, 1, 0, 0})},
       {"b2", Tensor<double>({2})},
       {"W3", Tensor<double>({2, 1}, {1, 1})}},
      "x = 1, w1 = 1, a dead unit relu(h - 5/4) beside a live one relu(h), target 6: one step of rate "
      "1/4 takes h past 5/4");
}

Question second_layer_revives() {
  return {.statement = "A dead ReLU unit in the second hidden layer can come back to life during training.",
          .test = Exists{.space = networks_of_two_hidden_layers(),
                         .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject)
                                                        -> Truth { return revives(at, subject, 1); }),
                         .pinned = {one_lives_beside_it()}},
          .because =
              "Its own weights rest, but a live neighbour lets the first layer learn, and that changes "
              "what the dead unit is fed."};
}

Question first_layer_revives() {
  return {.statement =
              "A dead ReLU unit in the first hidden layer can come back to life under gradient descent on "
              "the same examples.",
          .test = Exists{.space = networks_of_two_hidden_layers(),
                         .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject)
                                                        -> Truth { return revives(at, subject, 0); }),
                         .never = dead_unit_proof(),
                         .cases = 100},
          .because = "Its weights rest and its inputs are the data: nothing changes."};
}

/// Above 0 the unit is active. Steps of rate 1/4 on the witness.
Picture inputs_of_dead_units() {
  Picture picture{
      "The largest pre-activation of a dead ReLU unit; above 0 it lives.", "steps", "pre-activation", {}};
  const Point<double> at(one_lives_beside_it());
  for (const std::size_t layer : {1u, 0u}) {
    Mlp<double> network = with_dead_unit(at, layer, "relu", Subject<double>());
    picture.series.push_back(
        curve(layer ? "in the second hidden layer" : "in the first hidden layer", 0, 3, 3, [&](double step) {
          if (step > 0) network.step(at["X"], at["Y"], 0.25);
          return network.pre_activations(at["X"])[layer](0, 0);
        }));
  }
  return picture;
}

}  // namespace

std::vector<Claim> dead_units() {
  return {
      {.id = "cs231n-2019.tf.8",
       .quantifier = Quantifier::universal,
       .published = "false",
       .source = "CS231n midterm, spring 2019, true/false 8",
       .question = nothing_moves_at_zero(),
       .foil = weights_rest_at_zero()},
      // The key says "zero".
      {.id = "csc413-2020.7.a.incoming",
       .quantifier = Quantifier::universal,
       .published = "true",
       .source = "CSC413 midterm, winter 2020, question 7 (a)",
       .question = dead_incoming(),
       .foil = leaky_incoming()},
      {.id = "csc413-2020.7.a.outgoing",
       .quantifier = Quantifier::universal,
       .published = "true",
       .source = "CSC413 midterm, winter 2020, question 7 (a)",
       .question = dead_outgoing(),
       .foil = leaky_outgoing()},
      // The key says "yes".
      {.id = "csc413-2020.7.c",
       .quantifier = Quantifier::existential,
       .published = "true",
       .source = "CSC413 midterm, winter 2020, question 7 (c)",
       .question = second_layer_revives(),
       .foil = first_layer_revives(),
       .picture = inputs_of_dead_units},
  };
}

}  // namespace assay::properties::topics
