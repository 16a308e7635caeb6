/// Weights and biases that start at zero, or equal: networks that stay constant, and units that stay twins.
///
/// All networks are trained by full-batch gradient descent on half the sum of squared errors.
#include "properties/claims/drawn_activation.hpp"

namespace assay::properties::topics {
namespace {

template <class T>
T short_step() {
  return T(1) / T(8);
}

/// One hidden layer of H units, everything zero but the hidden biases.
template <class T>
Mlp<T> from_zero(const Point<T>& at, const Tensor<T>& biases, const char* activation,
                 const Subject<T>& subject) {
  const std::size_t features = at["X"].shape[1], hidden = biases.size();
  return Mlp<T>({{Tensor<T>({features, hidden}), biases}, {Tensor<T>({hidden, 1}), Tensor<T>({1})}},
                activation, subject);
}
template <class T>
Tensor<T> equal_biases(const T& bias, std::size_t hidden) {
  Tensor<T> result(Shape{hidden});
  for (T& number : result.data) number = bias;
  return result;
}
constexpr std::size_t units = 3;

template <class T>
T squared_error(const Tensor<T>& scores, const Tensor<T>& targets) {
  T total = T(0);
  for (std::size_t n = 0; n < scores.size(); ++n) total += square(T(scores[n] - targets[n]));
  return total;
}

Space data_sets() {
  return {.variables = {fractions("X", -2, 2, 0.5, {"N", "D"}), fractions("Y", -3, 3, 0.5, {"N", "1"})},
          .whole_numbers = {{"N", {2, 4}}, {"D", {1, 2}}},
          .text = "2 to 4 examples, one hidden layer of 3 ReLU units"};
}

// ---- Everything zero ------------------------------------------------------------------------------------

template <class T>
Truth hidden_part_is_zero(const Mlp<T>& network) {
  Truth all = all_zero(network.layers().back().weight);
  for (std::size_t l = 0; l + 1 < network.layers().size(); ++l)
    all = all && all_zero(network.layer(l).weight) && all_zero(network.layer(l).bias);
  return all;
}

Space everything_zero(std::string activations, std::string text) {
  return {.variables = {fractions("X", -2, 2, 0.5, {"N", "D"}), fractions("Y", -3, 3, 0.5, {"N", "1"}),
                        labels("activation", {}, std::move(activations))},
          .whole_numbers = {{"N", {1, 3}}, {"D", {1, 2}}},
          .text = std::move(text)};
}

constexpr auto no_weight_moves = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  Mlp<T> network({{Tensor<T>({at["X"].shape[1], 2}), Tensor<T>({2})},
                  {Tensor<T>({2, 2}), Tensor<T>({2})},
                  {Tensor<T>({2, 1}), Tensor<T>({1})}},
                 activation_of(at), subject);
  for (int step = 0; step < 3; ++step) network.step(at["X"], at["Y"], short_step<T>());
  return hidden_part_is_zero(network);
};

Assumption zero_at_zero() {
  return {"zero_at_zero", "the activation is 0 at 0, as ReLU and tanh are", [](Case& drawn) {
            auto& label = std::get<IndexTensor>(drawn.inputs.at("activation"))[0];
            if (label == 2) label = 1;
            return true;
          }};
}

Question nothing_moves_from_zero() {
  return {
      .statement = "With all weights and biases zero, no weight ever moves: only the last bias does.",
      .test = ForAll{.space = everything_zero("3", "two hidden layers of ReLU, tanh or sigmoid, three steps"),
                     .holds = on_reals_only(no_weight_moves),
                     .pinned = {with_activation(
                         instance({{"X", Tensor<double>({1, 1}, {1})}, {"Y", Tensor<double>({1, 1}, {1})}},
                                  "sigmoid units, whose output at 0 is 1/2: the last "
                                  "weights move in the first step"),
                         2)},
                     .assumptions = {zero_at_zero()},
                     .cases = 200},
      .because =
          "Hidden outputs f(0) = 0 give the last weights no gradient, and zero weights let none "
          "through to the layers before."};
}

Question nothing_moves_through_relu_or_tanh() {
  return {.statement = "With all weights and biases zero, no weight of a ReLU or tanh network ever moves.",
          .test = ForAll{.space = everything_zero("2", "two hidden layers of ReLU or tanh, three steps"),
                         .holds = on_reals_only(no_weight_moves),
                         .cases = 200}};
}

/// Trained from zero, for four steps.
template <class T>
Mlp<T> trained_from_zero(const Point<T>& at, const Subject<T>& subject) {
  Mlp<T> network = from_zero(at, Tensor<T>(Shape{units}), "relu", subject);
  for (int step = 0; step < 4; ++step) network.step(at["X"], at["Y"], short_step<T>());
  return network;
}

/// What overfitting takes: an error below that of the best constant, the mean.
Question zero_weights_overfit() {
  return {.statement =
              "Zero weights should be avoided because they cause overfitting: the network fits its "
              "training set more closely than a constant can.",
          .test = ForAll{.space = data_sets(),
                         .holds = on_fractions_only(
                             []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                               const Tensor<T>& y = at["Y"];
                               T mean = T(0);
                               for (const T& target : y.data) mean += target / T(static_cast<int>(y.size()));
                               Tensor<T> constant = y;
                               for (T& score : constant.data) score = mean;
                               const Tensor<T> scores = trained_from_zero(at, subject).scores(at["X"]);
                               return less(squared_error(scores, y), squared_error(constant, y));
                             }),
                         .pinned = {instance(
                             {{"X", Tensor<double>({2, 1}, {-1, 1})}, {"Y", Tensor<double>({2, 1}, {0, 1})}},
                             "the inputs -1 and 1 with the targets 0 and 1: the network stays a "
                             "constant")},
                         .cases = 100},
          .because = "From zero a ReLU network learns its last bias and nothing else: it underfits."};
}

template <class T>
Truth is_constant(const Tensor<T>& scores) {
  Truth all = Truth::yes;
  for (std::size_t n = 1; n < scores.size(); ++n) all = all && equal(scores[n], scores[0]);
  return all;
}

Question zero_weights_stay_constant() {
  return {.statement = "From zero weights and biases, a ReLU network gives the same output to every input.",
          .test = ForAll{
              .space = data_sets(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return is_constant(trained_from_zero(at, subject).scores(at["X"]));
              }),
              .cases = 100}};
}

/// All inputs have targets of their own; a start without a lasting preference lets training tell them apart.
Question zero_weights_leave_no_preference() {
  return {.statement =
              "Zero weights should be used, because they build no preference into the network that "
              "training does not undo.",
          .test = ForAll{.space = data_sets(),
                         .holds = on_fractions_only(
                             []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                               return is_constant(at["Y"]) ||
                                      !is_constant(trained_from_zero(at, subject).scores(at["X"]));
                             }),
                         .pinned = {instance(
                             {{"X", Tensor<double>({2, 1}, {1, 2})}, {"Y", Tensor<double>({2, 1}, {1, -1})}},
                             "the inputs 1 and 2 with the targets 1 and -1: after every step "
                             "both still have the same output")},
                         .cases = 100},
          .because =
              "The strongest preference of all is built in, for constant functions, and no step of "
              "gradient descent removes it."};
}

// ---- Twins ----------------------------------------------------------------------------------------------

Space equal_starts() {
  Space space = data_sets();
  space.variables.push_back(fractions("b", -1, 1, 0.25));
  space.text = "2 to 4 examples, 3 hidden ReLU units with zero weights and one common bias b";
  return space;
}

/// Whether all hidden units have the same gradients, at each of three steps.
template <class T>
Truth units_move_alike(const Point<T>& at, const Subject<T>& subject, const Tensor<T>& biases) {
  Mlp<T> network = from_zero(at, biases, "relu", subject);
  Truth all = Truth::yes;
  for (int step = 0; step < 3; ++step) {
    const auto slopes = network.squared_error_gradients(at["X"], at["Y"]);
    for (std::size_t i = 1; i < biases.size(); ++i) {
      all = all && equal(slopes[0].bias[i], slopes[0].bias[0]) &&
            equal(slopes[1].weight[i], slopes[1].weight[0]);
      for (std::size_t d = 0; d < slopes[0].weight.shape[0]; ++d)
        all = all && equal(slopes[0].weight(d, i), slopes[0].weight(d, 0));
    }
    network.step(at["X"], at["Y"], short_step<T>());
  }
  return all;
}

constexpr auto same_gradients = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  return units_move_alike(at, subject, equal_biases(at("b"), units));
};

Question zero_weights_give_equal_gradients() {
  return {.statement =
              "Zero weights should be avoided because all hidden units then get the same gradient, "
              "step after step.",
          .test = ForAll{.space = equal_starts(), .holds = on_fractions_only(same_gradients), .cases = 100},
          .because =
              "Units that start alike compute alike and move alike; with zero biases and ReLU the common "
              "gradient is even 0."};
}

Question unequal_biases_give_equal_gradients() {
  return {.statement =
              "With zero weights and different positive biases, all hidden units get the same gradient, "
              "step after step.",
          .test = ForAll{
              .space = equal_starts(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return units_move_alike(at, subject, vector_of<T>({T(1), T(1) / T(2), T(1) / T(4)}));
              }),
              .cases = 100}};
}

/// Beside the twins: a network with drawn weights, unequal from the start.
Question symmetry_is_worth_keeping() {
  Space space = data_sets();
  space.variables.push_back(fractions("W", -1, 1, 0.5, {"D", "3"}));
  space.variables.push_back(fractions("V", -1, 1, 0.5, {"3", "1"}));
  space.text += ", and weights W and V for a second network";
  return {
      .statement =
          "Zero weights should be used to keep the hidden units symmetric: training from them ends no "
          "higher than from unequal weights.",
      .test = ForAll{.space = space,
                     .holds = on_fractions_only(
                         []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                           Mlp<T> other({{at["W"], Tensor<T>(Shape{units})}, {at["V"], Tensor<T>({1})}},
                                        "relu", subject);
                           for (int step = 0; step < 2; ++step) other.step(at["X"], at["Y"], short_step<T>());
                           const Tensor<T> scores = trained_from_zero(at, subject).scores(at["X"]);
                           return less_equal(squared_error(scores, at["Y"]),
                                             squared_error(other.scores(at["X"]), at["Y"]));
                         }),
                     .pinned = {instance(
                         {{"X", Tensor<double>({2, 1}, {-1, 1})},
                          {"Y", Tensor<double>({2, 1}, {0, 1})},
                          {"W", Tensor<double>({1, 3}, {1, -1, 0.5})},
                          {"V", Tensor<double>({3, 1}, {1, 0, 0})}},
                         "the inputs -1 and 1 with the targets 0 and 1: unequal weights fit them exactly, "
                         "zero weights never leave the constants")},
                     .cases = 60},
      .because = "Symmetric units are one unit, however many there are."};
}

Question zero_weights_keep_symmetry() {
  return {.statement = "Zero weights and equal biases keep all hidden units symmetric.",
          .test = ForAll{.space = equal_starts(), .holds = on_fractions_only(same_gradients), .cases = 100}};
}

// ---- Zero biases alone ----------------------------------------------------------------------------------

/// Whether the gradients into two units differ, and one step lowers the error.
template <class T>
Truth learns_from_zero_biases(const Point<T>& at, const Subject<T>& subject) {
  Mlp<T> network({{at["W"], Tensor<T>({2})}, {at["V"], Tensor<T>({1})}}, "relu", subject);
  const auto slopes = network.squared_error_gradients(at["X"], at["Y"]);
  const T before = squared_error(network.scores(at["X"]), at["Y"]);
  network.step(at["X"], at["Y"], T(1) / T(64));
  return !equal(slopes[0].weight(0, 0), slopes[0].weight(0, 1)) &&
         less(squared_error(network.scores(at["X"]), at["Y"]), before);
}

constexpr auto zero_biases_learn = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  return learns_from_zero_biases(at, subject);
};

Space zero_biases() {
  return {.variables = {fractions("X", -2, 2, 0.5, {"3", "1"}), fractions("Y", -3, 3, 0.5, {"3", "1"}),
                        fractions("W", -1, 1, 0.5, {"1", "2"}), fractions("V", -1, 1, 0.5, {"2", "1"})},
          .text = "two hidden ReLU units with weights W and V, all biases zero"};
}

Question biases_may_start_at_zero() {
  return {
      .statement =
          "Where the weights are well initialised, all biases may start at zero: the units get "
          "different gradients, and training makes progress.",
      .test = Exists{.space = zero_biases(),
                     .holds = on_fractions_only(zero_biases_learn),
                     .pinned = {instance({{"X", Tensor<double>({3, 1}, {-1, 1, 2})},
                                          {"Y", Tensor<double>({3, 1}, {1, 1, 3})},
                                          {"W", Tensor<double>({1, 2}, {1, -0.5})},
                                          {"V", Tensor<double>({2, 1}, {0.5, 1})}},
                                         "the inputs -1, 1, 2 and the targets 1, 1, 3, with the weights (1, "
                                         "-1/2) and (1/2, 1)")}},
      .because = "Unequal weights are enough to tell the units apart; biases need not help."};
}

Question weights_may_start_at_zero_too() {
  return {
      .statement = "Where all biases start at zero, the units get different gradients whatever the weights.",
      .test = ForAll{.space = zero_biases(),
                     .holds = on_fractions_only(zero_biases_learn),
                     .pinned = {instance({{"X", Tensor<double>({3, 1}, {-1, 1, 2})},
                                          {"Y", Tensor<double>({3, 1}, {1, 1, 3})},
                                          {"W", Tensor<double>({1, 2})},
                                          {"V", Tensor<double>({2, 1})}},
                                         "zero weights")}}};
}

}  // namespace

std::vector<Claim> initialisation() {
  return {
      // Said in the published solution of true/false 4.
      {.id = "cs231n-2019.tf.4.zero-bias",
       .quantifier = Quantifier::universal,
       .published = "true",
       .source = "CS231n midterm, spring 2019, true/false 4, solution",
       .question = nothing_moves_from_zero(),
       .foil = nothing_moves_through_relu_or_tanh()},
      {.id = "cmu24788-2025.mc.3.h.A",
       .quantifier = Quantifier::universal,
       .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 h A",
       .question = zero_weights_overfit(),
       .foil = zero_weights_stay_constant()},
      {.id = "cmu24788-2025.mc.3.h.B",
       .quantifier = Quantifier::universal,
       .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 h B",
       .question = zero_weights_give_equal_gradients(),
       .foil = unequal_biases_give_equal_gradients()},
      {.id = "cmu24788-2025.mc.3.h.C",
       .quantifier = Quantifier::universal,
       .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 h C",
       .question = zero_weights_leave_no_preference(),
       .foil = zero_weights_stay_constant()},
      {.id = "cmu24788-2025.mc.3.h.D",
       .quantifier = Quantifier::universal,
       .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 h D",
       .question = symmetry_is_worth_keeping(),
       .foil = zero_weights_keep_symmetry()},
      {.id = "cmu24788-2025.mc.3.i.D",
       .quantifier = Quantifier::definitional,
       .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 i D",
       .question = biases_may_start_at_zero(),
       .foil = weights_may_start_at_zero_too()},
  };
}

}  // namespace assay::properties::topics
