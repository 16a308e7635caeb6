/// Activations: what comes back through them, and what makes a function one.
#include "properties/claims/pictures.hpp"
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

// ---- Magnitudes -----------------------------------------------------------------------------------------

constexpr auto never_enlarged = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  return less_equal(T(abs(subject.back("tanh", at("x"), at("g")))), T(abs(at("g"))));
};

/// With u = e^2x > 0, tanh x = (u - 1)/(u + 1): its slope is 4u/(1 + u)^2.
ProofOutcome tanh_slope_in_u() {
  const auto slope_from_tanh = []<class T>(const std::vector<T>& v) {
    const T t = (v[0] - T(1)) / (v[0] + T(1));
    return T(T(1) - t * t);
  };
  const auto slope = []<class T>(const std::vector<T>& v) {
    return T(T(4) * v[0] / ((v[0] + T(1)) * (v[0] + T(1))));
  };
  return identity(1, slope_from_tanh, slope);
}

/// The slope is above 0, and 1 less the slope is a square. Hence 0 < slope <= 1, and |slope g| <= |g|.
ProofOutcome tanh_slope_is_at_most_one() {
  const auto rest = []<class T>(const std::vector<T>& v) {
    return T(T(1) - T(4) * v[0] / ((v[0] + T(1)) * (v[0] + T(1))));
  };
  const auto square = []<class T>(const std::vector<T>& v) {
    const T t = (v[0] - T(1)) / (v[0] + T(1));
    return T(t * t);
  };
  return together({{"with u = e^2x > 0 the slope is 4u/(1+u)^2 > 0", tanh_slope_in_u()},
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

/// With u = e^x > 0, the slope of sigmoid is u/(1 + u)^2; that of tanh is 4v/(1 + v)^2 with v = e^2x > 0.
std::pair<std::string, ProofOutcome> sigmoid_slope_is_positive() {
  const auto slope_from_sigmoid = []<class T>(const std::vector<T>& v) {
    const T s = v[0] / (v[0] + T(1));
    return T(s * (T(1) - s));
  };
  const auto slope = []<class T>(const std::vector<T>& v) {
    return T(v[0] / ((v[0] + T(1)) * (v[0] + T(1))));
  };
  return {"with u = e^x > 0 the slope of sigmoid is u/(1+u)^2 > 0", identity(1, slope_from_sigmoid, slope)};
}
std::pair<std::string, ProofOutcome> tanh_slope_is_positive() {
  return {"with v = e^2x > 0 the slope of tanh is 4v/(1+v)^2 > 0", tanh_slope_in_u()};
}

ProofOutcome no_slope_is_negative() {
  return together({sigmoid_slope_is_positive(),
                   tanh_slope_is_positive(),
                   {"that of ReLU is 0 or 1, at the kink something between", {Truth::yes, {}}}});
}

/// One ball that holds every x: its slopes are the hull of both sides of the kink.
constexpr double far = 0x1p1022;

ProofOutcome every_slope_is_positive() {
  constexpr auto leaky_slope = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
    return less(T(0), subject.back("leaky_relu", at("x"), T(1), {{"alpha", "1/100"}}));
  };
  return together({sigmoid_slope_is_positive(),
                   tanh_slope_is_positive(),
                   {"that of leaky ReLU is above 0", cover(leaky_slope, {{"x", -far, far}})}});
}

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
                     }),
                     .proofs = {{"all real x and g", no_slope_is_negative}}},
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
      .test =
          ForAll{.space = {{reals("x", -300, 300), with_kinks(reals("g", -4, 4), {0, 1})}},
                 .holds = on_reals(sign_is_kept),
                 .pinned = {instance({{"x", 20}, {"g", 1}}), instance({{"x", -1}, {"g", 0x1p-1070}})},
                 .proofs = {{"all real x and g", every_slope_is_positive}},
                 .frontier = "x",
                 .in_floats = "1 - tanh(x)^2 rounds to 0 there, and the sign is lost; leaky ReLU loses that "
                              "of g = 2^-1070, a hundredth of which rounds to 0"},
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

// ---- Vanishing and exploding ----------------------------------------------------------------------------

/// What comes back to the input of a chain of L units f(w x), each fed to the next.
template <class T>
T through_chain(const Point<T>& at, const Subject<T>& subject, const char* activation) {
  const T w = at("w");
  std::vector<T> before;
  T x = at("x");
  for (std::size_t l = 0; l < at.extent("L"); ++l) {
    before.push_back(T(w * x));
    x = subject.at(activation, before.back());
  }
  T gradient = T(1);
  for (std::size_t l = before.size(); l-- > 0;) gradient = w * subject.back(activation, before[l], gradient);
  return gradient;
}

Space chains() {
  return {.variables = {fractions("w", 1, 6, 0.5), fractions("x", 0.5, 4, 0.5)},
          .whole_numbers = {{"L", {1, 5}}},
          .text = "chains of 1 to 5 active units with one weight w >= 1 each"};
}

Case chain_of_five() {
  Case chain = instance({{"w", 4}, {"x", 1}},
                        "five units with the weight 4: ReLU returns 4^5 = 1024 times the gradient, sigmoid a "
                        "smaller one");
  chain.extents["L"] = 5;
  return chain;
}

Question relu_mitigates_explosion() {
  return {
      .statement = "With ReLU in place of sigmoid, gradients explode less.",
      .test = ForAll{.space = chains(),
                     .holds = on_reals([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                       return less_equal(T(abs(through_chain(at, subject, "relu"))),
                                         T(abs(through_chain(at, subject, "sigmoid"))));
                     }),
                     .pinned = {chain_of_five()},
                     .cases = 200},
      .because =
          "The slope of an active ReLU is 1, that of sigmoid at most 1/4: ReLU helps against "
          "vanishing gradients, not against exploding ones."};
}

/// 1/4 less the slope of sigmoid, in u = e^x, is a square over a positive number.
ProofOutcome sigmoid_slope_is_at_most_a_quarter() {
  const auto rest = []<class T>(const std::vector<T>& v) {
    return T(T(1) / T(4) - v[0] / ((v[0] + T(1)) * (v[0] + T(1))));
  };
  const auto quotient = []<class T>(const std::vector<T>& v) {
    return T((v[0] - T(1)) * (v[0] - T(1)) / (T(4) * (v[0] + T(1)) * (v[0] + T(1))));
  };
  return together(
      {{"1/4 less the slope of sigmoid is (u-1)^2 / (2(u+1))^2, with u = e^x; an active ReLU has 1",
        identity(1, rest, quotient)}});
}

Question sigmoid_mitigates_explosion() {
  return {
      .statement =
          "With sigmoid in place of active ReLU units, a gradient comes back at most a quarter as large "
          "from every unit.",
      .test = ForAll{
          .space = chains(),
          .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
            T bound = abs(through_chain(at, subject, "relu"));
            for (std::size_t l = 0; l < at.extent("L"); ++l) bound /= T(4);
            return less_equal(T(abs(through_chain(at, subject, "sigmoid"))), bound);
          }),
          .proofs = {{"chains of active units of any length and weight", sigmoid_slope_is_at_most_a_quarter}},
          .cases = 200}};
}

/// Of the gradient that comes in, which is not 0, nothing comes back.
Space inputs_and_gradients() {
  return {.variables = {fractions("x", -4, 4, 0.5), fractions("g", 1, 4, 0.5)},
          .text = "one layer, g above 0"};
}

ProofOutcome leaky_slope_is_never_zero() {
  constexpr auto at_least_alpha = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
    return less(T(0), subject.back("leaky_relu", at("x"), T(1), {{"alpha", "1/100"}}));
  };
  return cover(at_least_alpha, {{"x", -far, far}});
}

Question leaky_relu_vanishes() {
  return {
      .statement = "As the activation of a two-layer network, leaky ReLU can make the gradient vanish.",
      .test = Exists{.space = inputs_and_gradients(),
                     .holds = on_fractions_only([]<class T>(const Point<T>& at,
                                                            const Subject<T>& subject) -> Truth {
                       return equal(subject.back("leaky_relu", at("x"), at("g"), {{"alpha", "1/100"}}), T(0));
                     }),
                     .never = {{"one leaky ReLU of slope 1/100 on the gradient's way, any x",
                                leaky_slope_is_never_zero}},
                     .cases = 200},
      .because =
          "In two layers the gradient passes one leaky ReLU, whose slope is 1 or alpha and never 0. "
          "Over L layers the factor can fall to alpha^L, which is another matter."};
}

Question relu_vanishes() {
  return {.statement = "As the activation of a two-layer network, ReLU can make the gradient vanish.",
          .test = Exists{
              .space = inputs_and_gradients(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return equal(subject.back("relu", at("x"), at("g")), T(0));
              }),
              .pinned = {instance({{"x", -1}, {"g", 1}})}}};
}

// ---- Probabilities --------------------------------------------------------------------------------------

/// 0 < f(x) < 1.
constexpr auto sigmoid_is_a_share = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  const T p = subject.at("sigmoid", at("x"));
  return less(T(0), p) && less(p, T(1));
};

/// In u = e^x: u/(1+u) is the share that softmax gives to the first of the scores (x, 0), and 1/(1+u) is
/// left.
ProofOutcome sigmoid_is_softmax_of_two() {
  const auto both = []<class T>(const std::vector<T>& v) {
    return T(v[0] / (v[0] + T(1)) + T(1) / (v[0] + T(1)));
  };
  const auto one = []<class T>(const std::vector<T>&) { return T(1); };
  return together(
      {{"with u = e^x > 0, u/(1+u) and 1/(1+u) are positive, and their sum is 1", identity(1, both, one)}});
}

Question sigmoid_is_a_probability() {
  return {.statement =
              "The output of a sigmoid unit can be read as a probability: it lies between 0 and 1, and "
              "f(-x) is the rest to 1.",
          .test = ForAll{.space = {{reals("x", -1000, 1000)}},
                         .holds = on_reals(sigmoid_is_a_share),
                         .proofs = {{"all real x", sigmoid_is_softmax_of_two}},
                         .frontier = "x",
                         .in_floats = "the output rounds to 0 or 1, which no logit has"},
          .because = "It is the softmax of the two scores x and 0."};
}

Question tanh_is_a_probability() {
  return {
      .statement = "The output of a tanh unit can be read as a probability.",
      .test = ForAll{.space = {{reals("x", -4, 4)}},
                     .holds = on_reals([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                       const T p = subject.at("tanh", at("x"));
                       return less_equal(T(0), p) && less_equal(p, T(1));
                     }),
                     .pinned = {instance({{"x", -1}})}}};
}

/// What is left of a gradient of 1.
Picture share_that_comes_back() {
  Picture picture{"What comes back of a gradient of 1.", "x", "gradient", {}};
  for (const char* const f : {"tanh", "sigmoid", "relu"})
    picture.series.push_back(
        curve(f, -6, 6, 240, [&](double x) { return Subject<double>().back(f, x, 1.0); }));
  return picture;
}

/// What is left of it after n layers alike, each at the input x.
Picture share_after_layers() {
  Picture picture{
      "What comes back of a gradient of 1 through layers alike.", "layers", "log10 of gradient", {}};
  const auto through = [&](std::string name, const char* f, double x) {
    picture.series.push_back(curve(std::move(name), 0, 10, 10, [&](double layers) {
      double gradient = 1;
      for (int layer = 0; layer < layers; ++layer) gradient = Subject<double>().back(f, x, gradient);
      return std::log10(gradient);
    }));
  };
  through("leaky ReLU at -1", "leaky_relu", -1);
  through("sigmoid at 0", "sigmoid", 0);
  through("leaky ReLU at 1", "leaky_relu", 1);
  return picture;
}

}  // namespace

std::vector<Claim> activations() {
  return {
      {.id = "cs231n-2019.tf.6",
       .quantifier = Quantifier::universal,
       .published = "true",
       .source = "CS231n midterm, spring 2019, true/false 6",
       .question = tanh_never_enlarges(),
       .foil = tanh_always_shrinks(),
       .picture = share_that_comes_back},
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
       .foil = tanh_always_shrinks(),
       .picture = share_that_comes_back},
      {.id = "eecs498-2019.tf.1.6",
       .quantifier = Quantifier::universal,
       .source = "EECS 498 midterm, fall 2019, true/false 1.6",
       .question = sign_is_the_same(),
       .foil = sign_is_the_same_behind_relu()},
      {.id = "cs230-2021.mc.b.i",
       .quantifier = Quantifier::universal,
       .source = "CS230 midterm, spring 2021, multiple choice (b) i",
       .question = relu_mitigates_explosion(),
       .foil = sigmoid_mitigates_explosion(),
       .picture = share_that_comes_back},
      {.id = "eecs498-2019.mc.2.2.D",
       .quantifier = Quantifier::existential,
       .source = "EECS 498 midterm, fall 2019, multiple choice 2.2 D",
       .question = leaky_relu_vanishes(),
       .foil = relu_vanishes(),
       .picture = share_after_layers},
      {.id = "cmu24788-2025.mc.3.e.A",
       .quantifier = Quantifier::definitional,
       .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 e A",
       .question = sigmoid_is_a_probability(),
       .foil = tanh_is_a_probability()},
  };
}

}  // namespace assay::properties::topics
