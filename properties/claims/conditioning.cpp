/// Gradient descent on quadratics: how fast, in which direction, and what a rate does that changes.
#include <fmt/format.h>

#include <cmath>

#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

using Fractions = std::vector<Rational>;

/// The path on the quadratic with these curvatures, from (1, 1, ...).
Tensor<Rational> path_on(const Fractions& curvatures, const Rational& rate, int steps) {
  const std::size_t n = curvatures.size();
  Tensor<Rational> a({n, n}), start(Shape{n});
  for (std::size_t i = 0; i < n; ++i) {
    a(i, i) = curvatures[i];
    start[i] = 1;
  }
  return Subject<Rational>().value("gradient_descent_quadratic",
                                   {a, Tensor<Rational>(Shape{n}), start, Tensor<Rational>::scalar(rate)},
                                   {{"steps", std::to_string(steps)}});
}

/// What one step leaves of the part along each axis.
Fractions factors(const Fractions& curvatures, const Rational& rate) {
  const Tensor<Rational> path = path_on(curvatures, rate, 1);
  return {path.data.begin() + static_cast<std::ptrdiff_t>(curvatures.size()), path.data.end()};
}

Rational slowest(const Fractions& curvatures, const Rational& rate) {
  Rational largest = 0;
  for (const Rational& factor : factors(curvatures, rate)) largest = max(largest, Rational(abs(factor)));
  return largest;
}

// ---- Two problems ---------------------------------------------------------------------------------------

const Fractions well_conditioned = {30, 20, 10};
const Fractions ill_conditioned = {1, 1, Rational(1) / 10000};

/// 2 over the sum of the largest curvature L and the smallest l.
Rational best_rate(const Fractions& curvatures) {
  return 2 / (*std::ranges::max_element(curvatures) + *std::ranges::min_element(curvatures));
}

/// For any rate a, L (1 - a l) + l (a L - 1) = L - l: one of the two factors is at least (L - l)/(L + l), and
/// at the best rate both are.
ProofOutcome no_rate_is_better() {
  return identity(
      3,
      []<class T>(const std::vector<T>& v) {
        const T rate = v[0], large = v[1], small = v[2];
        return T(large * (T(1) - rate * small) + small * (rate * large - T(1)));
      },
      []<class T>(const std::vector<T>& v) { return T(v[1] - v[2]); });
}

int steps_to_a_millionth(const Rational& factor) {
  return static_cast<int>(std::ceil(std::log(1e-6) / std::log(oracles::nearest_double(factor))));
}

Derived faster_with_the_best_rates() {
  const Rational one = slowest(well_conditioned, best_rate(well_conditioned));
  const Rational two = slowest(ill_conditioned, best_rate(ill_conditioned));
  return {oracles::truth(one < two) && no_rate_is_better().proved,
          fmt::format("at the best rates, {} and {}, a step leaves {} against {}: {} against {} steps to a "
                      "millionth",
                      oracles::to_text(best_rate(well_conditioned)),
                      oracles::to_text(best_rate(ill_conditioned)), oracles::to_text(one),
                      oracles::to_text(two), steps_to_a_millionth(one), steps_to_a_millionth(two))};
}

Derived faster_at_one_rate(const Rational& rate) {
  const Rational one = slowest(well_conditioned, rate), two = slowest(ill_conditioned, rate);
  return {oracles::truth(one < two),
          fmt::format("at the common rate {} a step multiplies the error by {} (it diverges) against {}",
                      oracles::to_text(rate), oracles::to_text(one), oracles::to_text(two))};
}

Question converges_faster() {
  return {.statement =
              "Gradient descent converges faster on a quadratic with curvatures 30, 20, 10 than on one "
              "with 1, 1, 1/10000.",
          .test = Derivation{.derive = [] { return faster_at_one_rate(Rational(1) / 10); },
                             .assumptions = {{"best_rates", "each problem gets its own best rate", {}}},
                             .derive_under = [](const std::string&) { return faster_with_the_best_rates(); }},
          .because =
              "With the best rate a step leaves (k - 1)/(k + 1) of the error, k being the ratio of the "
              "largest to the smallest curvature: 3 against 10000."};
}

Question converges_faster_with_its_best_rate() {
  return {.statement =
              "With its own best rate, gradient descent converges faster on a quadratic with curvatures "
              "30, 20, 10 than on one with 1, 1, 1/10000.",
          .test = Derivation{faster_with_the_best_rates}};
}

// ---- All curvatures times c -----------------------------------------------------------------------------

template <bool tuned>
constexpr auto same_path = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  const Tensor<T>& curvatures = at["curvatures"];
  const std::size_t n = curvatures.size();
  Tensor<T> a({n, n}), scaled({n, n});
  const T c = at("c"), rate = at("rate"), new_rate = tuned ? T(rate / c) : rate;
  for (std::size_t i = 0; i < n; ++i) {
    a(i, i) = curvatures[i];
    scaled(i, i) = c * curvatures[i];
  }
  const auto path = [&](const Tensor<T>& matrix, const T& step) {
    return subject.value("gradient_descent_quadratic",
                         {matrix, Tensor<T>(Shape{n}), at["start"], Tensor<T>::scalar(step)},
                         {{"steps", "5"}});
  };
  const Tensor<T> before = path(a, rate), after = path(scaled, new_rate);
  Truth same = Truth::yes;
  for (std::size_t i = 0; i < before.size(); ++i) same = same && equal(before[i], after[i]);
  return same;
};

ProofOutcome scaling_cancels() {
  return identity(
      3, []<class T>(const std::vector<T>& v) { return T(T(1) - v[0] / v[2] * (v[2] * v[1])); },
      []<class T>(const std::vector<T>& v) { return T(T(1) - v[0] * v[1]); });
}

template <bool tuned>
Question scaling_changes_nothing() {
  ForAll test{.space = {{fractions("curvatures", 1, 30, 1, {"3"}), fractions("start", -2, 2, 1, {"3"}),
                         fractions("rate", 0.0625, 1, 0.0625), fractions("c", 0.5, 8, 0.5)}},
              .holds = on_fractions_only(same_path<tuned>),
              .cases = 200};
  if (tuned)
    test.proofs = {{"all curvatures, all rates and all c above 0", scaling_cancels}};
  else
    test.pinned = {instance({{"curvatures", Tensor<double>({3}, {30, 20, 10})},
                             {"start", Tensor<double>({3}, {1, 1, 1})},
                             {"rate", Tensor<double>::scalar(0.0625)},
                             {"c", Tensor<double>::scalar(2)}})};
  return {.statement =
              fmt::format("Multiplying all curvatures of a quadratic by c > 0 does not change the path of "
                          "gradient descent {}.",
                          tuned ? "when the rate is divided by c" : "with the same rate"),
          .test = std::move(test),
          .because = "A step multiplies each part by 1 - rate curvature, and c cancels."};
}

/// How many times faster the error falls: the ratio of the logarithms of what one step leaves.
double speed_up(const Rational& after, const Rational& before) {
  return std::log(oracles::nearest_double(abs(after))) / std::log(oracles::nearest_double(abs(before)));
}

std::string listed(const Fractions& numbers) {
  std::string text;
  for (const Rational& number : numbers) text += (text.empty() ? "" : ", ") + oracles::to_text(number);
  return text;
}

/// One step on the scaled problem would have to do what c steps do on the first.
Derived speed_is_multiplied() {
  const Rational rate = Rational(1) / 100;
  const Fractions one = factors(well_conditioned, rate), doubled = factors({60, 40, 20}, rate);
  Fractions two_steps;
  std::string speeds;
  for (std::size_t i = 0; i < one.size(); ++i) {
    two_steps.push_back(one[i] * one[i]);
    speeds += fmt::format("{}{:.2f}", speeds.empty() ? "" : ", ", speed_up(doubled[i], one[i]));
  }
  const Rational sevenfold = slowest({210, 140, 70}, rate);
  return {
      oracles::truth(doubled == two_steps && sevenfold < 1),
      fmt::format("at rate 1/100 and c = 2 a step leaves {} where two steps left {}: {} times the speed, not "
                  "2; with c = 7 a factor {}, and it diverges",
                  listed(doubled), listed(two_steps), speeds, oracles::to_text(sevenfold))};
}

/// With u = rate curvature: u < -log(1 - u) < u/(1 - u), so the ratio of speeds lies between c (1 - u) and
/// c/(1 - c u), and tends to c with u to 0.
Derived speed_is_multiplied_at_first_order() {
  std::string found;
  bool holds = true;
  for (const int digits : {2, 4, 6}) {
    const Rational rate = pow(Rational(10), -digits) / 30;
    const double ratio = speed_up(factors({60}, rate)[0], factors({30}, rate)[0]);
    holds = holds && ratio > 2 && ratio < 2 / (1 - 2 * std::pow(10.0, -digits));
    found += fmt::format("{}{:.7f}", found.empty() ? "" : ", ", ratio);
  }
  return {oracles::truth(holds), "for c = 2 and rate curvature 1/100, 1/10000, 1/1000000: " + found};
}

Question speed_changes_by_c() {
  return {
      .statement =
          "With the rate unchanged, multiplying all curvatures by c multiplies the speed of "
          "convergence by c.",
      .test =
          Derivation{.derive = speed_is_multiplied,
                     .assumptions = {{"first_order",
                                      "the rate times the largest curvature is so small that only first "
                                      "order counts",
                                      {}}},
                     .derive_under = [](const std::string&) { return speed_is_multiplied_at_first_order(); }},
      .because =
          "The speed is -log|1 - rate curvature|, which is proportional to the curvature only near 0."};
}

/// (1 - u)^2 - (1 - 2u) = u^2.
Question doubling_more_than_doubles() {
  const auto gain = []<class T>(const std::vector<T>& v) {
    return T((T(1) - v[0]) * (T(1) - v[0]) - (T(1) - T(2) * v[0]));
  };
  const auto squared = []<class T>(const std::vector<T>& v) { return T(v[0] * v[0]); };
  return {
      .statement =
          "With the rate unchanged and below 1 over twice the curvature, doubling the curvature more "
          "than doubles the speed of convergence.",
      .test = ForAll{.space = {.variables = {reals("u", 0, 0.5)}, .text = "0 < u = rate curvature < 1/2"},
                     .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
                       const T left = T(1) - at("u");
                       return equal(at("u"), T(0)) || less(T(T(1) - T(2) * at("u")), T(left * left));
                     }),
                     .proofs = {{"0 < rate curvature < 1/2", [=] { return identity(1, gain, squared); }}}}};
}

// ---- A rate that only rises -----------------------------------------------------------------------------

/// From 1 on the parabola x^2/2, with rates given for each step: the distances from the minimum.
Fractions distances(const std::function<Rational(int)>& rate, int steps) {
  Fractions all = {1};
  for (int k = 1; k <= steps; ++k) all.push_back(abs(Rational(all.back() * factors({1}, rate(k))[0])));
  return all;
}

/// With rate k/8 + 1/16 no step lands on 0, and from the rate 2 on each one leads further away.
Derived rising_rates_converge() {
  const Fractions x = distances([](int k) { return Rational(2 * k + 1) / 16; }, 48);
  const auto nearest = static_cast<std::size_t>(std::ranges::min_element(x) - x.begin());
  return {
      oracles::truth(x.back() < x.front()),
      fmt::format("on x^2/2 with rate k/8 + 1/16 at step k the distance falls from 1 to {:.1e} at step {}, "
                  "and is {:.1e} at step 48",
                  oracles::nearest_double(x[nearest]), nearest, oracles::nearest_double(x.back()))};
}

/// Rates 1/(k + 1): the distance is the product of k/(k + 1), that is 1/(k + 1).
Derived falling_rates_converge() {
  const Fractions x = distances([](int k) { return Rational(1) / (k + 1); }, 48);
  bool as_said = true;
  for (std::size_t k = 0; k < x.size(); ++k) as_said = as_said && x[k] * Rational(k + 1) == 1;
  return {oracles::truth(as_said), "on x^2/2 the distance after k steps is 1/(k + 1), down to " +
                                       oracles::to_text(x.back()) + " after 48"};
}

/// What is common is no matter of proof; whether it can work is.
Question rising_rate_is_sound() {
  return {.statement =
              "Raising the learning rate steadily, all through training, is a sound strategy: it does "
              "converge.",
          .test = Derivation{rising_rates_converge},
          .because =
              "Sooner or later the rate passes 2 over the curvature, and from there each step leads away. "
              "Warm-up raises it at the start only; then it falls."};
}

Question falling_rate_is_sound() {
  return {.statement = "On x^2/2 a learning rate that falls as 1/(k + 1) converges.",
          .test = Derivation{falling_rates_converge}};
}

// ---- The papers -----------------------------------------------------------------------------------------

Claim csc413(const std::string& item, Quantifier quantifier, std::string published, Question question,
             Question foil) {
  return {.id = "csc413-2020.6." + item,
          .quantifier = quantifier,
          .published = std::move(published),
          .source = "CSC413 midterm, winter 2020, question 6 (" + item.substr(0, 1) + ")",
          .question = std::move(question),
          .foil = std::move(foil)};
}

}  // namespace

std::vector<Claim> conditioning() {
  return {
      csc413("a", Quantifier::structural, "true", converges_faster(), converges_faster_with_its_best_rate()),
      // The paper's two answers: "no change", and "by a factor of c".
      csc413("b.tuned", Quantifier::universal, "true", scaling_changes_nothing<true>(),
             scaling_changes_nothing<false>()),
      csc413("b.fixed", Quantifier::universal, "true", speed_changes_by_c(), doubling_more_than_doubles()),
      {.id = "eecs498-2019.mc.2.3.A",
       .quantifier = Quantifier::definitional,
       .source = "EECS 498 midterm, fall 2019, multiple choice 2.3 A",
       .question = rising_rate_is_sound(),
       .foil = falling_rate_is_sound()},
  };
}

}  // namespace assay::properties::topics
