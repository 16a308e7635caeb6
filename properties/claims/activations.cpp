/// Activations: what comes back through them, and what makes a function one.
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

// ---- Magnitudes -----------------------------------------------------------------------------------------

constexpr auto never_enlarged = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  return less_equal(T(abs(subject.back("tanh", at("x"), at("g")))), T(abs(at("g"))));
};

/// With u = e^2x > 0, tanh x = (u - 1)/(u + 1): its slope is 4u/(1 + u)^2 > 0, and 1 less the slope is a
/// square. Hence 0 < slope <= 1, and |slope g| <= |g|.
ProofOutcome tanh_slope_is_at_most_one() {
  const auto slope_from_tanh = []<class T>(const std::vector<T>& v) {
    const T t = (v[0] - T(1)) / (v[0] + T(1));
    return T(T(1) - t * t);
  };
  const auto slope = []<class T>(const std::vector<T>& v) {
    return T(T(4) * v[0] / ((v[0] + T(1)) * (v[0] + T(1))));
  };
  const auto rest = [slope]<class T>(const std::vector<T>& v) { return T(T(1) - slope(v)); };
  const auto square = []<class T>(const std::vector<T>& v) {
    const T t = (v[0] - T(1)) / (v[0] + T(1));
    return T(t * t);
  };
  return together({{"with u = e^2x > 0 the slope is 4u/(1+u)^2 > 0", identity(1, slope_from_tanh, slope)},
                   {"1 - slope is a square", identity(1, rest, square)}});
}

Question tanh_never_enlarges() {
  return {.statement = "A gradient that passes back through tanh never grows in magnitude.",
          .test = ForAll{.space = {{reals("x"), reals("g")}},
                         .holds = on_reals(never_enlarged),
                         .proofs = {{"all real x and g", tanh_slope_is_at_most_one}},
                         .frontier = "x"},
          .because = "tanh' is at most 1, and 1 only at x = 0."};
}

/// Strictly: fails where the slope is 1.
Question tanh_always_shrinks() {
  return {
      .statement = "A non-zero gradient always gets smaller on its way back through tanh.",
      .test = ForAll{.space = {{reals("x", -4, 4), fractions("g", 1, 4, 0.5)}},
                     .holds = on_reals([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                       return less(T(abs(subject.back("tanh", at("x"), at("g")))), T(abs(at("g"))));
                     }),
                     .pinned = {instance({{"x", 0}, {"g", 1}})}}};
}

// ---- Signs ----------------------------------------------------------------------------------------------

constexpr const char* saturating[] = {"sigmoid", "tanh", "relu"};

/// g times what comes back is never negative.
Question sign_never_flips() {
  return {
      .statement = "No gradient changes its sign on its way back through sigmoid, tanh or ReLU.",
      .test = ForAll{.space = {{reals("x"), reals("g")}},
                     .holds = on_reals([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                       Truth all = Truth::yes;
                       for (const char* const f : saturating)
                         all = all &&
                               less_equal(T(0), T(sign(at("g")) * sign(subject.back(f, at("x"), at("g")))));
                       return all;
                     })},
      .because = "Every slope is at least 0; a gradient may vanish, which is no change of sign."};
}

Question sign_flips_through_silu() {
  return {
      .statement = "No gradient changes its sign on its way back through sigmoid, tanh or SiLU.",
      .test = ForAll{.space = {{reals("x", -8, 8), reals("g", -4, 4)}},
                     .holds = on_reals([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                       return less_equal(T(0), T(at("g") * subject.back("silu", at("x"), at("g"))));
                     })}};
}

/// sign(g f'(x)) = sign(g), entry by entry.
constexpr auto sign_is_kept = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  const T g = at("g");
  Truth all = Truth::yes;
  for (const char* const f : {"sigmoid", "tanh"})
    all = all && equal(T(sign(subject.back(f, at("x"), g))), T(sign(g)));
  return all && equal(T(sign(subject.back("leaky_relu", at("x"), g, {{"alpha", "1/100"}}))), T(sign(g)));
};

Question sign_is_the_same() {
  return {
      .statement =
          "Behind sigmoid, tanh or leaky ReLU (slope above 0) each gradient entry has the sign of the entry "
          "that came in.",
      .test = ForAll{.space = {{reals("x", -300, 300), with_kinks(reals("g", -4, 4), {0, 1})}},
                     .holds = on_reals(sign_is_kept),
                     .pinned = {instance({{"x", 20}, {"g", 1}})},
                     .frontier = "x",
                     .in_floats = "1 - tanh(x)^2 rounds to 0 there, and the sign is lost"},
      .because = "All three slopes are positive everywhere."};
}

Question sign_is_the_same_behind_relu() {
  return {.statement = "Behind ReLU each gradient entry has the sign of the entry that came in.",
          .test = ForAll{
              .space = {{reals("x", -4, 4), fractions("g", 1, 4, 0.5)}},
              .holds = on_fractions([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return equal(T(sign(subject.back("relu", at("x"), at("g")))), T(sign(at("g"))));
              })}};
}

}  // namespace

std::vector<Claim> activations() {
  return {
      {.id = "cs231n-2019.tf.6",
       .quantifier = Quantifier::universal,
       .published = "true",
       .source = "CS231n midterm, spring 2019, true/false 6",
       .question = tanh_never_enlarges(),
       .foil = tanh_always_shrinks()},
      {.id = "cs231n-2019.tf.7",
       .quantifier = Quantifier::universal,
       .published = "true",
       .source = "CS231n midterm, spring 2019, true/false 7",
       .question = sign_never_flips(),
       .foil = sign_flips_through_silu()},
      {.id = "eecs498-2019.tf.1.5",
       .quantifier = Quantifier::universal,
       .source = "EECS 498 midterm, fall 2019, true/false 1.5",
       .question = tanh_never_enlarges(),
       .foil = tanh_always_shrinks()},
      {.id = "eecs498-2019.tf.1.6",
       .quantifier = Quantifier::universal,
       .source = "EECS 498 midterm, fall 2019, true/false 1.6",
       .question = sign_is_the_same(),
       .foil = sign_is_the_same_behind_relu()},
  };
}

}  // namespace assay::properties::topics
