/// What layers add: linear ones collapse into one, a bend adds something, and a scale does not cancel.
#include <cstdlib>

#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

// ---- Linear layers --------------------------------------------------------------------------------------

/// x W1 + b1, then maybe an activation, then a middle layer, then W2 and b2.
template <class T>
Tensor<T> three_layers(const Point<T>& at, const Subject<T>& subject, const char* activation) {
  Tensor<T> hidden = subject.value("affine", {at["X"], at["W1"], at["b1"]});
  if (activation) hidden = subject.value(activation, {hidden});
  hidden = subject.value("affine", {hidden, at["W"], at["b"]});
  return subject.value("affine", {hidden, at["W2"], at["b2"]});
}

template <class T>
Truth equal_tensors(const Tensor<T>& a, const Tensor<T>& b) {
  Truth all = Truth::yes;
  for (std::size_t i = 0; i < a.size(); ++i) all = all && equal(a[i], b[i]);
  return all;
}

/// The weights and the bias of the last two layers as one: W W2 and b W2 + b2.
template <class T>
Layer<T> merged(const Point<T>& at, const Subject<T>& subject) {
  Tensor<T> row = at["b"];
  row.shape = {1, row.size()};
  Tensor<T> bias = subject.value("affine", {row, at["W2"], at["b2"]});
  bias.shape = {bias.size()};
  return {subject.value("matmul", {at["W"], at["W2"]}), bias};
}

Space three_linear_layers() {
  return {.variables = {fractions("X", -2, 2, 0.5, {"N", "D"}), fractions("W1", -2, 2, 0.5, {"D", "H"}),
                        fractions("b1", -2, 2, 0.5, {"H"}), fractions("W", -2, 2, 0.5, {"H", "H"}),
                        fractions("b", -2, 2, 0.5, {"H"}), fractions("W2", -2, 2, 0.5, {"H", "C"}),
                        fractions("b2", -2, 2, 0.5, {"C"})},
          .whole_numbers = {{"N", {1, 2}}, {"D", {1, 3}}, {"H", {1, 3}}, {"C", {1, 2}}},
          .text = "three layers of width up to 3"};
}

ProofOutcome layers_merge() {
  // h0, h1 (what comes in), W (2 by 2), b (2), w2 (2), b2
  const auto apart = []<class T>(const std::vector<T>& v) {
    const T first = T(v[0] * v[2] + v[1] * v[3] + v[6]), second = T(v[0] * v[4] + v[1] * v[5] + v[7]);
    return T(first * v[8] + second * v[9] + v[10]);
  };
  const auto merged_form = []<class T>(const std::vector<T>& v) {
    const T first = T(v[2] * v[8] + v[4] * v[9]), second = T(v[3] * v[8] + v[5] * v[9]);
    return T(v[0] * first + v[1] * second + (v[6] * v[8] + v[7] * v[9] + v[10]));
  };
  return together({{"W2 (W h + b) + b2 = (W2 W) h + (W2 b + b2)", identity(11, apart, merged_form)}});
}
constexpr const char* any_linear_layers =
    "two linear layers of width 2, any weights (other sizes add up and stack such sums)";

Question linear_layers_are_one() {
  return {.statement = "A network of several linear layers computes what one linear layer computes.",
          .test = ForAll{.space = three_linear_layers(),
                         .holds = on_fractions_only(
                             []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                               const Layer<T> last = merged(at, subject);
                               const Tensor<T> weight = subject.value("matmul", {at["W1"], last.weight});
                               Tensor<T> row = at["b1"];
                               row.shape = {1, row.size()};
                               Tensor<T> bias = subject.value("affine", {row, last.weight, last.bias});
                               bias.shape = {bias.size()};
                               return equal_tensors(three_layers(at, subject, nullptr),
                                                    subject.value("affine", {at["X"], weight, bias}));
                             }),
                         .proofs = {{any_linear_layers, layers_merge}},
                         .cases = 200},
          .because = "A product of matrices is a matrix. (A narrow layer in between can only lose rank.)"};
}

constexpr auto merges_behind_relu = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  const Tensor<T> with = three_layers(at, subject, "relu");
  Tensor<T> row = at["b1"];
  row.shape = {1, row.size()};
  const Layer<T> last = merged(at, subject);
  const Tensor<T> hidden = subject.value("affine", {at["X"], at["W1"], at["b1"]});
  return equal_tensors(with, subject.value("affine", {hidden, last.weight, last.bias}));
};

Question relu_layers_are_one() {
  return {.statement = "A network with a ReLU layer computes what it would compute without the ReLU.",
          .test = ForAll{
              .space = three_linear_layers(), .holds = on_fractions_only(merges_behind_relu), .cases = 200}};
}

/// A witness would be a network whose middle layer cannot be absorbed by the last.
Question middle_layer_helps(const char* statement, Predicate holds, std::vector<Proof> never,
                            std::string because) {
  return {
      .statement = statement,
      .test = Exists{.space = three_linear_layers(), .holds = holds, .never = std::move(never), .cases = 200},
      .because = std::move(because)};
}

Question another_linear_layer_helps() {
  return middle_layer_helps(
      "An additional linear layer in a two-layer network, in place of no activation, allows a higher "
      "training "
      "accuracy: some function is gained.",
      on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
        const Layer<T> last = merged(at, subject);
        const Tensor<T> hidden = subject.value("affine", {at["X"], at["W1"], at["b1"]});
        return !equal_tensors(three_layers(at, subject, nullptr),
                              subject.value("affine", {hidden, last.weight, last.bias}));
      }),
      {{any_linear_layers, layers_merge}},
      "The layer after it could have done the same: the functions, and the best accuracy, are those of "
      "before.");
}

Question relu_helps() {
  return middle_layer_helps(
      "A ReLU in a network of linear layers changes what it computes: some function is gained.",
      on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
        return !merges_behind_relu(at, subject);
      }),
      {}, {});
}

/// |x| at -2 .. 2 by two ReLU units.
bool relu_computes_the_modulus() {
  const Subject<Rational> subject;
  for (int x = -2; x <= 2; ++x)
    if (subject.at("relu", Rational(x)) + subject.at("relu", Rational(-x)) != std::abs(x)) return false;
  return true;
}

/// v (w x + b) + c at -1, 0 and 1: its second difference is 0, that of |x| is 2.
ProofOutcome lines_have_no_corner() {
  const auto second_difference = []<class T>(const std::vector<T>& v) {
    const auto f = [&](int x) { return T(v[0] * (v[1] * T(x) + v[2]) + v[3]); };
    return T(f(1) - T(2) * f(0) + f(-1));
  };
  const auto zero = []<class T>(const std::vector<T>&) { return T(0); };
  return identity(4, second_difference, zero);
}

/// Whether ReLU has a function that an affine map in its place lacks.
Derived relu_has_more() {
  const ProofOutcome line = lines_have_no_corner();
  return {
      oracles::truth(relu_computes_the_modulus()) && line.proved,
      "two ReLU units compute |x| = relu(x) + relu(-x), whose second difference at 0 is 2; with affine maps "
      "alone it is 0 (" +
          line.method + ")"};
}

Question affine_is_wider_than_relu() {
  return {.statement =
              "An affine map between the two layers of a network represents a wider class of functions "
              "than ReLU there does.",
          .test = Derivation{.derive =
                                 [] {
                                   const Derived more = relu_has_more();
                                   return Derived{!more.holds, more.evidence};
                                 }},
          .because = "Affine maps compose to one affine map; only the bend of a ReLU adds anything."};
}
Question relu_is_not_inside_affine() {
  return {.statement =
              "ReLU between the two layers of a network represents functions that an affine map there "
              "does not.",
          .test = Derivation{.derive = relu_has_more}};
}

// ---- Twice the weights ----------------------------------------------------------------------------------

/// Whether doubling all weights and biases of two layers multiplies the output by `factor`.
template <class T>
Truth doubled_output_is(const Point<T>& at, const Subject<T>& subject, const char* activation,
                        const T& factor, bool biases) {
  const auto output = [&](const T& scale) {
    Tensor<T> x = at["X"];
    for (const auto& [w, b] : {std::pair{"W1", "b1"}, std::pair{"W2", "b2"}}) {
      Tensor<T> weight = at[w], bias = biases ? at[b] : Tensor<T>(at[b].shape);
      for (Tensor<T>* parameters : {&weight, &bias})
        for (T& number : parameters->data) number *= scale;
      x = subject.value(activation, {subject.value("affine", {x, weight, bias})});
    }
    return x;
  };
  Tensor<T> expected = output(T(1));
  for (T& number : expected.data) number *= factor;
  return equal_tensors(output(T(2)), expected);
}

Space two_layers() {
  return {.variables = {fractions("X", -2, 2, 0.5, {"1", "D"}), fractions("W1", -2, 2, 0.5, {"D", "H"}),
                        fractions("b1", -2, 2, 0.5, {"H"}), fractions("W2", -2, 2, 0.5, {"H", "1"}),
                        fractions("b2", -2, 2, 0.5, {"1"})},
          .whole_numbers = {{"D", {1, 2}}, {"H", {1, 2}}},
          .text = "two layers, an activation after each"};
}

Question doubling_leaves_tanh() {
  const auto one = [](double number) { return Tensor<double>({1, 1}, {number}); };
  return {
      .statement =
          "In a network with tanh after every layer, doubling all weights and biases leaves the output "
          "exactly as it is.",
      .test =
          ForAll{.space = two_layers(),
                 .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                   return doubled_output_is(at, subject, "tanh", T(1), true);
                 }),
                 .pinned = {instance({{"X", one(1)},
                                      {"W1", one(1)},
                                      {"b1", Tensor<double>({1})},
                                      {"W2", one(1)},
                                      {"b2", Tensor<double>({1})}},
                                     "x = 1 and one unit of weight 1 in each layer: tanh(tanh(1)) "
                                     "becomes tanh(2 tanh(2))")},
                 .cases = 60},
      .because = "tanh squashes, and does not divide: larger weights push its outputs towards 1 and -1."};
}
Question doubling_scales_relu() {
  return {.statement =
              "In a bias-free network with ReLU after each of two layers, doubling all weights makes the "
              "output four times as large.",
          .test = ForAll{
              .space = two_layers(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return doubled_output_is(at, subject, "relu", T(4), false);
              }),
              .cases = 200}};
}

}  // namespace

std::vector<Claim> expressiveness() {
  return {
      {.id = "eecs498-2019.mc.2.2.A",
       .quantifier = Quantifier::universal,
       .source = "EECS 498 midterm, fall 2019, multiple choice 2.2 A",
       .question = affine_is_wider_than_relu(),
       .foil = relu_is_not_inside_affine()},
      {.id = "eecs498-2019.mc.2.2.B",
       .quantifier = Quantifier::existential,
       .source = "EECS 498 midterm, fall 2019, multiple choice 2.2 B",
       .question = another_linear_layer_helps(),
       .foil = relu_helps()},
      {.id = "cmu24788-2025.mc.3.e.B",
       .quantifier = Quantifier::universal,
       .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 e B",
       .question = linear_layers_are_one(),
       .foil = relu_layers_are_one()},
      {.id = "cmu24788-2025.mc.3.e.C",
       .quantifier = Quantifier::universal,
       .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 e C",
       .question = doubling_leaves_tanh(),
       .foil = doubling_scales_relu()},
  };
}

}  // namespace assay::properties::topics
