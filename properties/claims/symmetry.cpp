/// Initialisation and symmetry: what gradient descent can tell apart.
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

/// One hidden layer of H units over D features, all weights zero; biases drawn.
template <class T>
Mlp<T> zero_weights(const Point<T>& at, const char* activation, const Subject<T>& subject) {
  const std::size_t features = at.extent("D"), hidden = at.extent("H");
  return Mlp<T>({{Tensor<T>({features, hidden}), at["b"]}, {Tensor<T>({hidden, 1}), Tensor<T>({1})}},
                activation, subject);
}

/// Whether no two columns (the weights into two hidden units) are multiples of one another.
template <class T>
Truth no_two_units_proportional(const Tensor<T>& weight) {
  Truth all = Truth::yes;
  for (std::size_t i = 0; i < weight.shape[1]; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      Truth proportional = Truth::yes;
      for (std::size_t a = 0; a < weight.shape[0]; ++a)
        for (std::size_t b = 0; b < a; ++b)
          proportional =
              proportional && equal(T(weight(a, i) * weight(b, j)), T(weight(a, j) * weight(b, i)));
      all = all && !proportional;
    }
  return all;
}

/// After three steps of full-batch gradient descent on squared error.
template <class T>
Truth separates(const Point<T>& at, const Subject<T>& subject, const char* activation) {
  Mlp<T> network = zero_weights(at, activation, subject);
  for (int step = 0; step < 3; ++step) network.step(at["X"], at["Y"], T(1) / T(8));
  return no_two_units_proportional(network.layer(0).weight);
}

Space small_networks() {
  return {.variables = {fractions("X", -2, 2, 0.5, {"N", "D"}), fractions("Y", -3, 3, 0.5, {"N", "1"}),
                        fractions("b", -1, 1, 0.25, {"H"})},
          .whole_numbers = {{"N", {3, 4}}, {"D", {2, 2}}, {"H", {2, 3}}},
          .text = "one hidden layer, squared error, short fractions"};
}

/// The derivation that the paper prints has ReLU units; a unit whose bias is negative never moves, and units
/// with positive ones stay multiples of one another.
Question random_biases_break_symmetry() {
  return {
      .statement = "With all weights zero and random biases, training always tells hidden ReLU units apart.",
      .test = ForAll{.space = small_networks(),
                     .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject)
                                                    -> Truth { return separates(at, subject, "relu"); }),
                     .cases = 60},
      .because =
          "A ReLU unit with a negative bias is never active and keeps its zero weights; units with positive "
          "biases stay exact multiples of one another."};
}

}  // namespace

std::vector<Claim> symmetry() {
  return {{.id = "cs231n-2019.tf.4",
           .quantifier = Quantifier::universal,
           .published = "true",
           .source = "CS231n midterm, spring 2019, true/false 4",
           .question = random_biases_break_symmetry(),
           .foil = {}}};
}

}  // namespace assay::properties::topics
