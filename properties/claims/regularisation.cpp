/// Regularisation in closed form, and what a zero start leaves equal.
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

const char* const source_f = "CMU 24-788 midterm, spring 2025, multiple choice 3 f.";

/// The minimiser of (w x - y)^2 + strength w^2: w = x y / (x^2 + strength).
template <class T>
T ridge(const Point<T>& at, const T& strength) {
  return at("x") * at("y") / (at("x") * at("x") + strength);
}

Space one_weight(double least_strength = 0.25) {
  return {.variables = {fractions("x", 0.25, 4, 0.25), fractions("y", 0.25, 4, 0.25),
                        fractions("strength", least_strength, 8, 0.25)},
          .text = "one weight fitted to one example by least squares"};
}

// ---- Sparse? --------------------------------------------------------------------------------------------

Question l2_gives_zeros() {
  return {.statement = "L2 regularisation makes weights and activations exactly 0.",
          .test = ForAll{.space = one_weight(),
                         .holds = on_fractions([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
                           return equal(ridge(at, at("strength")), T(0));
                         }),
                         .pinned = {instance({{"x", 1}, {"y", 1}, {"strength", 1}})}},
          .because = "A squared penalty shrinks every number and reaches 0 at none; that is what L1 does."};
}

/// The proximal step of L1, at a threshold beyond the number.
Question l1_gives_zeros() {
  return {.statement = "An L1 penalty larger than a weight makes it exactly 0.",
          .test = ForAll{
              .space = {.variables = {fractions("w", -2, 2, 0.25), fractions("threshold", 2, 4, 0.25)}},
              .holds = on_fractions([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return equal(T(subject.value("soft_threshold", {Tensor<T>::scalar(at("w")),
                                                                Tensor<T>::scalar(at("threshold"))})[0]),
                             T(0));
              })}};
}

// ---- Steep? ---------------------------------------------------------------------------------------------

/// With a = x^2 > 0 and 0 < s <= t: 1/(a + s) - 1/(a + t) = (t - s) / ((a + s)(a + t)) >= 0.
ProofOutcome stronger_is_flatter() {
  const auto difference = []<class T>(const std::vector<T>& v) {
    return T(T(1) / (v[0] + v[1]) - T(1) / (v[0] + v[1] + v[2]));
  };
  const auto positive = []<class T>(const std::vector<T>& v) {
    return T(v[2] / ((v[0] + v[1]) * (v[0] + v[1] + v[2])));
  };
  return together({{"with more strength the slope falls by a quotient of positive numbers",
                    identity(3, difference, positive)}});
}

template <class T>
Truth is_flatter(const Point<T>& at, const T& more) {
  return less_equal(T(abs(ridge(at, T(at("strength") + more)))), T(abs(ridge(at, at("strength")))));
}

Question stronger_l2_is_less_steep() {
  return {
      .statement =
          "The stronger L2 regularisation is, the less abruptly a unit's output changes with its input.",
      .test =
          ForAll{.space = one_weight(),
                 .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
                   return is_flatter(at, T(1));
                 }),
                 .proofs = {{"one weight, squared error, every example and strength", stronger_is_flatter}}},
      .because =
          "The penalty shrinks the weight, and the weight is the slope; the activation function stays "
          "as it is."};
}

Question weaker_l2_is_less_steep() {
  return {
      .statement =
          "The weaker L2 regularisation is, the less abruptly a unit's output changes with its input.",
      .test = ForAll{.space = one_weight(2),
                     .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
                       return is_flatter(at, T(-1));
                     })}};
}

// ---- In the unit ball? ----------------------------------------------------------------------------------

constexpr auto is_in_the_unit_ball = []<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
  return less_equal(T(abs(ridge(at, at("strength")))), T(1));
};

Question weights_stay_in_the_unit_ball() {
  return {.statement = "L2 regularisation guarantees weights of length at most 1.",
          .test = ForAll{.space = one_weight(),
                         .holds = on_fractions(is_in_the_unit_ball),
                         .pinned = {instance({{"x", 1}, {"y", 4}, {"strength", 1}})}},
          .because = "A penalty makes long weights dear, not impossible."};
}

/// x y <= 16 < x^2 + strength.
Question strong_enough_for_these_examples() {
  return {.statement = "An L2 strength above 16 keeps the weight of examples within [1/4, 4] at most 1.",
          .test = ForAll{.space = {.variables = {fractions("x", 0.25, 4, 0.25), fractions("y", 0.25, 4, 0.25),
                                                 fractions("strength", 16, 32, 0.25)}},
                         .holds = on_fractions(is_in_the_unit_ball)}};
}

// ---- A zero start ---------------------------------------------------------------------------------------

/// One step of gradient descent on softmax cross-entropy from W = 0, of size 1.
template <class T>
Tensor<T> after_one_step(const Point<T>& at, const Subject<T>& subject) {
  const Tensor<T>& x = at["X"];
  const oracles::Arguments<T> scores{{Tensor<T>({x.shape[0], 2}), Tensor<T>(oracles::absent)},
                                     {at.labels("y")}};
  const Tensor<T> back = subject.gradients("softmax_cross_entropy", scores, Tensor<T>::scalar(T(1)))[0];
  Tensor<T> weight({x.shape[1], 2});
  weight = subject.gradients("affine", {x, weight, Tensor<T>({2})}, back)[1];
  for (T& element : weight.data) element = -element;
  return weight;
}

template <class T>
Truth all_equal(const Tensor<T>& weight, std::size_t rows, std::size_t columns) {
  Truth all = Truth::yes;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) all = all && equal(T(weight(i, j)), T(weight(0, 0)));
  return all;
}

Space classified_points() {
  return {.variables = {fractions("X", 1, 4, 0.5, {"N", "2"}), labels("y", {"N"}, "C")},
          .whole_numbers = {{"N", {1, 3}}, {"C", {2, 2}}},
          .text = "two features, two classes, one step"};
}

Question zero_start_leaves_entries_equal() {
  return {
      .statement = "A linear classifier that starts from zero ends training with all entries of W equal.",
      .test =
          ForAll{.space = classified_points(),
                 .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                   return all_equal(after_one_step(at, subject), 2, 2);
                 }),
                 .cases = 100},
      .because =
          "There is no hidden unit to be symmetric with: the gradient is x times (p - the label), which "
          "differs between classes and features from the first step."};
}

/// The gradients of the classes sum to 0, so both columns are opposite: their sum stays equal, to 0.
Question zero_start_keeps_the_sum_of_classes() {
  return {.statement =
              "A linear classifier that starts from zero keeps a sum over classes of 0 in every row of W.",
          .test = ForAll{
              .space = classified_points(),
              .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                const Tensor<T> weight = after_one_step(at, subject);
                const T sum = abs(T(weight(0, 0) + weight(0, 1))) + abs(T(weight(1, 0) + weight(1, 1)));
                return less(sum, T(from_rational<T>(Rational(1) / 1000000)));
              }),
              .cases = 100}};
}

}  // namespace

std::vector<Claim> regularisation() {
  const std::string cmu = "cmu24788-2025.mc.3.f.";
  return {{.id = cmu + "A",
           .source = std::string(source_f) + "A",
           .question = l2_gives_zeros(),
           .foil = l1_gives_zeros()},
          {.id = cmu + "B",
           .source = std::string(source_f) + "B",
           .question = stronger_l2_is_less_steep(),
           .foil = weaker_l2_is_less_steep()},
          {.id = cmu + "D",
           .source = std::string(source_f) + "D",
           .question = weights_stay_in_the_unit_ball(),
           .foil = strong_enough_for_these_examples()},
          {.id = "cs230-2021.mc.c.i",
           .source = "CS230 midterm, spring 2021, multiple choice c i",
           .question = zero_start_leaves_entries_equal(),
           .foil = zero_start_keeps_the_sum_of_classes()}};
}

}  // namespace assay::properties::topics
