/// What gradient descent looks at, and where it goes.
#include <fmt/format.h>

#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

const Attributes half = {{"lr", "1/2"}};

/// Where a step of sgd at rate 1/2 leads from p with gradient g.
template <class T>
T after_a_step(const Subject<T>& subject, const T& p, const T& g) {
  return subject.value("sgd", {Tensor<T>::scalar(p), Tensor<T>::scalar(g)}, half)[0];
}

/// The path on a (x - z)^2/2 from x = 1.
Tensor<Rational> path_on_parabola(const Rational& curvature, const Rational& minimum, const Rational& rate,
                                  int steps) {
  return Subject<Rational>().value(
      "gradient_descent_quadratic",
      {Tensor<Rational>({1, 1}, {curvature}), Tensor<Rational>({1}, {Rational(curvature * minimum)}),
       Tensor<Rational>({1}, {Rational(1)}), Tensor<Rational>::scalar(rate)},
      {{"steps", std::to_string(steps)}});
}

// ---- Exactly? -------------------------------------------------------------------------------------------

/// x becomes x (1 - rate curvature): never 0 from anywhere else, unless the factor is 0.
Derived arrives_exactly(const Rational& rate) {
  constexpr int steps = 1000;
  const Tensor<Rational> x = path_on_parabola(1, 0, rate, steps);
  std::size_t at_zero = 0;
  while (at_zero < x.size() && x[at_zero] != 0) ++at_zero;
  if (at_zero < x.size())
    return {Truth::yes,
            fmt::format("on x^2/2 with rate {} it is at 0 after {} step", oracles::to_text(rate), at_zero)};
  const bool is_power = x[steps] == pow(Rational(1 - rate), steps);
  return {
      oracles::truth(!is_power),
      fmt::format("on x^2/2 from 1 with rate {} each step leaves {} of the distance: after {} steps it is "
                  "{}, not 0",
                  oracles::to_text(rate), oracles::to_text(Rational(1 - rate)), steps,
                  oracles::to_decimal(x[steps], 3))};
}

Question finds_it_exactly() {
  return {.statement = "Gradient descent finds the place of least gradient exactly.",
          .test = Derivation{[] { return arrives_exactly(Rational(1) / 2); }},
          .because =
              "It comes closer step by step, and what it comes closer to is a low value of the function, "
              "not of the gradient."};
}

Question finds_it_exactly_with_the_best_rate() {
  return {.statement =
              "On a parabola with rate 1 over the curvature, gradient descent finds the minimum exactly.",
          .test = Derivation{[] { return arrives_exactly(1); }}};
}

// ---- Second derivatives ---------------------------------------------------------------------------------

/// Two parabolas of slope 1 at x = 1, with curvatures 1 and 2.
Derived next_points_differ() {
  const Rational one = path_on_parabola(1, 0, Rational(1) / 2, 1)[1];
  const Rational two = path_on_parabola(2, Rational(1) / 2, Rational(1) / 2, 1)[1];
  const oracles::Operation& sgd = oracles::operation_named("sgd");
  std::string inputs;
  for (const auto& input : sgd.inputs) inputs += (inputs.empty() ? "" : " and ") + std::string(input.name);
  return {oracles::truth(one != two),
          fmt::format(
              "with slope 1 and curvature 1 or 2 a step of rate 1/2 leads from 1 to {} and to {}; it asks "
              "for {} only",
              oracles::to_text(one), oracles::to_text(two), inputs)};
}

/// A step of Newton's method: x - slope/curvature.
Derived newton_points_differ() {
  const auto step = [](const Rational& curvature) { return Rational(1 - 1 / curvature); };
  const Rational one = step(1), two = step(2);
  const bool minima = one == 0 && two == Rational(1) / 2;
  return {oracles::truth(minima && one != two),
          fmt::format("with slope 1 and curvature 1 or 2 it leads from 1 to the minima {} and {}",
                      oracles::to_text(one), oracles::to_text(two))};
}

Question uses_the_hessian() {
  return {.statement = "Gradient descent uses the matrix of second derivatives to find the minimum.",
          .test = Derivation{next_points_differ},
          .because = "That is Newton's method; gradient descent knows the slope only."};
}

Question newton_uses_it() {
  return {.statement = "Newton's method uses the second derivative: its step changes with the curvature.",
          .test = Derivation{newton_points_differ}};
}

// ---- Against the gradient, or along ---------------------------------------------------------------------

template <bool along>
constexpr auto goes = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  const T p = at("p"), g = at("g"), way = (after_a_step(subject, p, g) - p) * g;
  return along ? less_equal(T(0), way) : less_equal(way, T(0));
};

/// (p - rate g - p) g = -rate g^2.
ProofOutcome goes_against() {
  const auto way = []<class T>(const std::vector<T>& v) { return T((v[0] - v[2] * v[1] - v[0]) * v[1]); };
  const auto square = []<class T>(const std::vector<T>& v) { return T(T(0) - v[2] * v[1] * v[1]); };
  return identity(3, way, square);
}

/// On a parabola a step multiplies the distance by 1 - u, u = rate curvature, and 1 - (1 - u)^2 = u (2 - u).
Derived reaches_the_minimum() {
  const ProofOutcome outcome = identity(
      1, []<class T>(const std::vector<T>& v) { return T(T(1) - (T(1) - v[0]) * (T(1) - v[0])); },
      []<class T>(const std::vector<T>& v) { return T(v[0] * (T(2) - v[0])); });
  return {outcome.proved, "the squared distance falls by the share u (2 - u), u = rate curvature"};
}

Derived always_ends_at_the_minimum() {
  const Tensor<Rational> x = path_on_parabola(1, 0, 3, 2);
  return {oracles::truth(abs(x[2]) < abs(x[0])),
          fmt::format("each step goes against the gradient, but on x^2/2 with rate 3 from {} to {} and to {}",
                      oracles::to_text(x[0]), oracles::to_text(x[1]), oracles::to_text(x[2]))};
}

Derived under(const std::string& assumption) {
  if (assumption == "small_rate") return reaches_the_minimum();
  const ProofOutcome outcome = goes_against();
  return {outcome.proved, outcome.method};
}

Question steps_against_until_found() {
  return {
      .statement =
          "Gradient descent starts somewhere and steps against the gradient, until it finds the "
          "minimum.",
      .test =
          Derivation{.derive = always_ends_at_the_minimum,
                     .assumptions =
                         {{"small_rate",
                           "the function is a parabola and the rate lies between 0 and 2 over its curvature",
                           {}},
                          {"description", "the sentence only says which way the steps go", {}}},
                     .derive_under = under},
      .because =
          "The direction is right; arriving takes a rate that is small enough, and where there are "
          "several valleys it is one of them."};
}

Question steps_against() {
  return {.statement = "Each step of gradient descent goes against the gradient, or nowhere.",
          .test = ForAll{.space = {{fractions("p", -4, 4, 0.25), fractions("g", -4, 4, 0.25)}},
                         .holds = on_fractions_only(goes<false>),
                         .proofs = {{"all parameters, gradients and rates above 0", goes_against}}}};
}

Question steps_along() {
  return {.statement =
              "Gradient descent starts somewhere and steps along the gradient, until it finds the "
              "minimum.",
          .test = ForAll{.space = {{fractions("p", -4, 4, 0.25), fractions("g", -4, 4, 0.25)}},
                         .holds = on_fractions_only(goes<true>),
                         .pinned = {instance({{"p", 1}, {"g", 1}},
                                             "p = 1 and gradient 1, from where it goes down "
                                             "to 1/2")}},
          .because = "Along the gradient the function grows: that is gradient ascent."};
}

Claim cmu24788(const std::string& option, Question question, Question foil) {
  return {.id = "cmu24788-2025.mc.3.d." + option,
          .quantifier = Quantifier::definitional,
          .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 d." + option,
          .question = std::move(question),
          .foil = std::move(foil)};
}

}  // namespace

std::vector<Claim> direction() {
  return {
      cmu24788("A", finds_it_exactly(), finds_it_exactly_with_the_best_rate()),
      cmu24788("B", uses_the_hessian(), newton_uses_it()),
      cmu24788("C", steps_against_until_found(), steps_against()),
      cmu24788("D", steps_along(), steps_against()),
  };
}

}  // namespace assay::properties::topics
