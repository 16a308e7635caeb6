/// Gradient descent: whether a step lowers the loss, where it ends, and what its rate decides.
#include <fmt/format.h>

#include <cmath>

#include "properties/claims/pictures.hpp"
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

// ---- One step on all of the data ------------------------------------------------------------------------

/// Half the sum of squared errors of a linear model.
template <class T>
T squared_error(const Mlp<T>& model, const Tensor<T>& inputs, const Tensor<T>& targets) {
  const Tensor<T> scores = model.scores(inputs);
  T total = T(0);
  for (std::size_t i = 0; i < scores.size(); ++i) total += square(T(scores[i] - targets[i])) / T(2);
  return total;
}

template <class T>
struct LossChange {
  T before, after, slope_squared;
};

/// A step at `rate` on a linear model with weights w and bias b.
template <class T>
LossChange<T> after_one_step(const Point<T>& at, const Subject<T>& subject, const T& rate) {
  Mlp<T> model({{at["w"], at["b"]}}, "relu", subject);
  const Tensor<T>&x = at["X"], &y = at["Y"];
  const Layer<T> slopes = model.squared_error_gradients(x, y)[0];
  const T before = squared_error(model, x, y);
  T length = square(slopes.bias[0]);
  for (const T& slope : slopes.weight.data) length += square(slope);
  model.step(x, y, rate);
  return {before, squared_error(model, x, y), length};
}

/// At least the largest curvature of the loss: the sum of all squared inputs, the bias's among them.
template <class T>
T curvature_bound(const Tensor<T>& inputs) {
  T total = T(static_cast<int>(inputs.shape[0]));
  for (const T& x : inputs.data) total += square(x);
  return total;
}

Space linear_models(fixtures::InputSpec rate) {
  return {.variables = {fractions("X", -2, 2, 0.5, {"N", "2"}), fractions("Y", -2, 2, 0.5, {"N", "1"}),
                        fractions("w", -2, 2, 0.5, {"2", "1"}), fractions("b", -2, 2, 0.5, {"1"}),
                        std::move(rate)},
          .whole_numbers = {{"N", {1, 4}}},
          .text = "linear models, half the sum of squared errors"};
}

/// Sets the rate to 1 over the sum of squares, rounded down to a power of two; refuses a stationary start.
bool use_a_small_rate(Case& drawn) {
  const auto& inputs = std::get<Tensor<double>>(drawn.inputs.at("X"));
  const double bound = curvature_bound(inputs);
  double rate = 1;
  while (rate * bound > 1) rate /= 2;
  drawn.inputs["rate"] = Tensor<double>::scalar(rate);
  const Point<Rational> at(drawn);
  return after_one_step(at, {}, Rational(0)).slope_squared != 0;
}

Question a_step_lowers_the_loss() {
  Case telling =
      instance({{"X", Tensor<double>({1, 2}, {1, 0})},
                {"Y", Tensor<double>({1, 1}, {0})},
                {"w", Tensor<double>({2, 1}, {1, 0})},
                {"b", Tensor<double>({1}, {0})},
                {"rate", Tensor<double>::scalar(2)}},
               "one example x = 1, y = 0 with w = 1, b = 0 and rate 2: the loss goes from 1/2 to 9/2");
  return {
      .statement = "A step of gradient descent on all of the data always lowers the loss.",
      .test = ForAll{.space = linear_models(fractions("rate", 0.25, 4, 0.25)),
                     .holds = on_fractions_only(
                         []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                           const auto step = after_one_step(at, subject, T(at("rate")));
                           return less(step.after, step.before);
                         }),
                     .pinned = {std::move(telling)},
                     .assumptions = {{"small_rate",
                                      "the rate is at most 1 over the sum of all squared inputs (the bias's "
                                      "1 among them), a bound of the curvature, and the gradient is not 0",
                                      use_a_small_rate}},
                     .cases = 400},
      .because =
          "The gradient tells the slope here, not how far it holds: a rate above 2 over the curvature "
          "steps past the valley and up the other side."};
}

/// Of the quadratic with curvature a: before - after = a x^2/2 u (2 - u) with u = rate a.
Question a_small_step_lowers_the_loss() {
  return {.statement =
              "With a rate below 2 over the sum of all squared inputs, a step on all of the data lowers "
              "the squared error, unless the gradient is 0.",
          .test = ForAll{
              .space = linear_models(fractions("share", 0.125, 1.875, 0.125)),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                const T rate = at("share") / curvature_bound(at["X"]);
                const auto step = after_one_step(at, subject, rate);
                return equal(step.slope_squared, T(0)) || less(step.after, step.before);
              }),
              .cases = 400}};
}

// ---- x^4/2 from x = 1 -----------------------------------------------------------------------------------
//
// With q = rate x^2 a step multiplies x by 1 - 2q, and q by (1 - 2q)^2; at x = 1 q is the rate itself.

template <class T>
T next_q(const T& q) {
  return T(q * (T(1) - T(2) * q) * (T(1) - T(2) * q));
}

ProofOutcome q_is_all_that_counts() {
  return identity(
      2,
      []<class T>(const std::vector<T>& v) {
        const T rate = v[0], x = v[1], next = x - rate * T(2) * x * x * x;
        return T(rate * next * next);
      },
      []<class T>(const std::vector<T>& v) { return next_q(T(v[0] * v[1] * v[1])); });
}

/// For rate 1 + s and q = 1 + s + r with s > 0, r >= 0, the factor of |x| is 1 + 2s + 2r: at least 1 + 2s at
/// each step, and q grows with x^2.
ProofOutcome above_one_it_diverges() {
  const ProofOutcome factor = identity(
      2,
      []<class T>(const std::vector<T>& v) {
        const T q = T(1) + v[0] + v[1];
        return T(T(2) * q - T(1));
      },
      []<class T>(const std::vector<T>& v) { return T(T(1) + T(2) * v[0] + T(2) * v[1]); });
  return together({{"q = rate x^2 becomes q (1 - 2q)^2", q_is_all_that_counts()},
                   {"|x| grows at least by the factor 2 rate - 1 > 1 at each step", factor}});
}

/// For 0 < q < 1, q falls by 4 q^2 (1 - q) > 0: it has a limit, at which it no longer falls, and that is 0.
ProofOutcome below_one_it_converges() {
  const ProofOutcome fall = identity(
      1, []<class T>(const std::vector<T>& v) { return T(v[0] - next_q(v[0])); },
      []<class T>(const std::vector<T>& v) { return T(T(4) * v[0] * v[0] * (T(1) - v[0])); });
  return together(
      {{"q = rate x^2 becomes q (1 - 2q)^2", q_is_all_that_counts()}, {"q falls by 4 q^2 (1 - q)", fall}});
}

template <class T>
Tensor<T> quartic_path(const Subject<T>& subject, const T& rate, int steps) {
  return subject.value("gradient_descent_quartic", {Tensor<T>::scalar(T(1)), Tensor<T>::scalar(rate)},
                       {{"steps", std::to_string(steps)}});
}

/// The next point depends on the present one only: 1, -1, 1 goes on like this for ever.
Question alternates(const char* rate) {
  const Rational value = oracles::parse_rational(rate);
  return {
      .statement = fmt::format("Gradient descent on x^4/2 from x = 1 with rate {} alternates between 1 and "
                               "-1.",
                               rate),
      .test = Derivation{[value]() -> Derived {
        const Tensor<Rational> x = quartic_path(Subject<Rational>(), value, 2);
        std::string path =
            fmt::format("{}, {}, {}", oracles::to_text(x[0]), oracles::to_text(x[1]), oracles::to_text(x[2]));
        if (value < 1 && below_one_it_converges().proved == Truth::yes)
          path += "; it tends to 0, for q = rate x^2 < 1 falls by 4 q^2 (1 - q) at each step";
        return {oracles::truth(x[1] == -1 && x[2] == x[0]), path};
      }},
      .because = "The slope at 1 is 2: a step of 2 leads to -1, where the slope is -2."};
}

template <bool with_one>
Question diverges_from(std::string statement) {
  ForAll test{.space = {.variables = {fractions("rate", 1, 8, 0.125)},
                        .text = with_one ? "rates from 1 to 8" : "rates above 1, up to 8"},
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                const T rate = at("rate");
                const Tensor<T> x = quartic_path(subject, rate, 3);
                Truth grows = Truth::yes;
                for (std::size_t k = 0; k < 3; ++k)
                  grows = grows && less(T(abs(x[k])), T(abs(x[k + 1]))) &&
                          less_equal(T((T(2) * rate - T(1)) * abs(x[k])), T(abs(x[k + 1])));
                return (with_one ? Truth::no : equal(rate, T(1))) || grows;
              }),
              .cases = 200};
  if (with_one)
    test.pinned = {instance({{"rate", 1}}, "rate 1, where the path is 1, -1, 1, -1 ...")};
  else
    test.proofs = {{"all rates above 1", above_one_it_diverges}};
  return {.statement = std::move(statement),
          .test = std::move(test),
          .because = "Each step overshoots 0 by more than it came from, and the slope grows with the cube."};
}

// ---- Where it stops -------------------------------------------------------------------------------------

/// The paper's numbers: at x = 3 the value 6 and the slope 1, rate 1/10, and slope 0 at the next point.
///   f'(x) = 10 (x - 29/10)(x - 2), f(3) = 6: a cubic, which has no least value.
struct Cubic {
  static Rational slope(const Rational& x) { return 10 * (x - Rational(29) / 10) * (x - 2); }
  /// 6 plus the integral of the slope from 3.
  static Rational value(const Rational& x) { return 6 + integral(x) - integral(3); }

 private:
  static Rational integral(const Rational& x) {
    return 10 * (x * x * x / 3 - Rational(49) / 20 * x * x + Rational(29) / 5 * x);
  }
};

Derived stationary_and_not_least() {
  const Rational next = 3 - Cubic::slope(3) / 10, there = Cubic::value(next), elsewhere = Cubic::value(0);
  const bool as_given = Cubic::slope(3) == 1 && Cubic::value(3) == 6 && Cubic::slope(next) == 0;
  return {
      oracles::truth(!(as_given && elsewhere < there)),
      fmt::format("f' = 10 (x - 29/10)(x - 2) with f(3) = 6, f'(3) = 1 and rate 1/10 leads to x = {} with "
                  "slope 0 and f = {}, but f(0) = {}",
                  oracles::to_text(next), oracles::to_text(there), oracles::to_text(elsewhere))};
}

/// With slope 0 at z a quadratic of curvature a is f(y) = f(z) + a (y - z)^2/2; the same follows for every
/// convex function from its tangent at z, which lies below it.
ProofOutcome least_where_flat() {
  const auto rise = []<class T>(const std::vector<T>& v) {
    const T a = v[0], y = v[1], z = v[2], b = T(0) - a * z;  // f = a x^2/2 + b x, flat at z
    return T(a * y * y / T(2) + b * y - a * z * z / T(2) - b * z);
  };
  const auto half_square = []<class T>(const std::vector<T>& v) {
    return T(v[0] * (v[1] - v[2]) * (v[1] - v[2]) / T(2));
  };
  return identity(3, rise, half_square);
}

Derived least_if_convex() {
  const ProofOutcome outcome = least_where_flat();
  return {outcome.proved, "f(y) - f(z) = a (y - z)^2/2 where f is flat at z: " + outcome.method};
}

Question flat_is_global() {
  return {.statement =
              "Where a step of gradient descent lands on a point of slope 0, that point is the global "
              "minimum.",
          .test = Derivation{.derive = stationary_and_not_least,
                             .assumptions = {{"convex", "the function is convex", {}}},
                             .derive_under = [](const std::string&) { return least_if_convex(); }},
          .because = "Slope 0 is a matter of the neighbourhood; only convexity carries it everywhere."};
}

Question flat_is_global_if_quadratic() {
  return {.statement = "A point of slope 0 of a quadratic with positive curvature is its global minimum.",
          .test = Derivation{least_if_convex}};
}

/// log10 |x| on x^4/2 from x = 1: falling, alternating, growing.
Picture distances_for_three_rates() {
  Picture picture{"Gradient descent on x^4/2 from x = 1: log10 of the distance from the minimum.",
                  "steps",
                  "log10 |x|",
                  {}};
  for (const double rate : {0.75, 1.0, 1.01}) {
    Series& series = picture.series.emplace_back(Series{fmt::format("rate {}", rate), {}});
    double x = 1;
    for (int step = 0; step <= 5; ++step, x -= rate * 2 * x * x * x)
      series.points.emplace_back(step, std::log10(std::fabs(x)));
  }
  return picture;
}

/// One step on L(w) = (w x)^2 from w = 1: below 1 the loss falls, and the larger the input, the narrower is
/// the region of rates in which it does.
Picture one_step_over_rates() {
  Picture picture{
      "Loss after one step over the loss before, on (w x)^2: above 1 it rises.", "rate", "ratio", {}};
  const Subject<double> subject;
  const auto loss = [&](double w, double x) {
    return subject.value("mse", {vector_of<double>({w * x}), vector_of<double>({0})})[0];
  };
  for (const double x : {1.0, 2.0})
    picture.series.push_back(curve(fmt::format("x = {}", x), 0, 0.36, 72, [&](double rate) {
      const auto back = subject.gradients("mse", {vector_of<double>({x}), vector_of<double>({0})},
                                          Tensor<double>::scalar(1));
      return loss(1 - rate * back[0][0] * x, x) / loss(1, x);
    }));
  picture.series.push_back(curve("no change", 0, 0.36, 1, [](double) { return 1.0; }));
  return picture;
}

// ---- The papers -----------------------------------------------------------------------------------------

std::vector<Claim> of_cs231n() {
  return {
      {.id = "cs231n-2019.tf.9",
       .quantifier = Quantifier::universal,
       .published = "false",
       .source = "CS231n midterm, spring 2019, true/false 9",
       .question = a_step_lowers_the_loss(),
       .foil = a_small_step_lowers_the_loss(),
       .picture = one_step_over_rates},
      {.id = "cs231n-2019.sa.3.1.4.oscillates",
       .quantifier = Quantifier::universal,
       .published = "true",
       .source = "CS231n midterm, spring 2019, short answer 3.1.4",
       .question = alternates("1"),
       .foil = alternates("3/4"),
       .picture = distances_for_three_rates},
      {.id = "cs231n-2019.sa.3.1.4.diverges",
       .quantifier = Quantifier::universal,
       .published = "true",
       .source = "CS231n midterm, spring 2019, short answer 3.1.4",
       .question = diverges_from<false>("Gradient descent on x^4/2 from x = 1 diverges for every rate above "
                                        "1."),
       .foil = diverges_from<true>("Gradient descent on x^4/2 from x = 1 diverges for every rate from 1 "
                                   "on."),
       .picture = distances_for_three_rates}};
}

}  // namespace

std::vector<Claim> descent() {
  std::vector<Claim> all = of_cs231n();
  all.push_back({.id = "eecs498-2019.tf.1.3",
                 .quantifier = Quantifier::universal,
                 .source = "EECS 498 midterm, fall 2019, true/false 1.3",
                 .question = a_step_lowers_the_loss(),
                 .foil = a_small_step_lowers_the_loss(),
                 .picture = one_step_over_rates});
  all.push_back({.id = "cmu24788-2025.calc.2.e.global",
                 .quantifier = Quantifier::universal,
                 .source = "CMU 24-788 midterm, spring 2025, calculation 2 (e)",
                 .question = flat_is_global(),
                 .foil = flat_is_global_if_quadratic()});
  return all;
}

}  // namespace assay::properties::topics
