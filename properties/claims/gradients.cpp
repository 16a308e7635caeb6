/// Gradients: what their sign says, what a gradient check compares, and what upsets it.
#include "properties/claims/pictures.hpp"
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

// ---- The sign of a derivative ---------------------------------------------------------------------------

/// L(w + step) - L(w) for L(w) = (w x - y)^2 / 2 at w = 0 with x y = 3, so that dL/dw = -x y = -3. The
/// curvature is x^2, and a step below 1 / x^2 is tiny.
template <class T>
T change(const Point<T>& at, const Subject<T>& subject, const T& step) {
  const T x = at("x"), y = T(3) / x;
  const auto loss = [&](const T& w) {
    return T(subject.value("mse", {vector_of<T>({T(w * x)}), vector_of<T>({y})})[0] / T(2));
  };
  return T(loss(step) - loss(T(0)));
}

/// A tenth or less of 1 / x^2.
template <class T>
T tiny_step(const Point<T>& at) {
  const T x = at("x");
  return T(at("share") / (T(10) * x * x));
}

Space slopes_of_minus_three() {
  return {.variables = {fractions("x", 0.5, 4, 0.5), fractions("share", 0.125, 1, 0.125)},
          .text = "L(w) = (w x - y)^2 / 2 with slope -3, and steps of at most a tenth of 1 / curvature"};
}

Question decrease_lowers() {
  return {.statement = "Where dL/dw = -3, a tiny decrease of w lowers the loss.",
          .test = ForAll{.space = slopes_of_minus_three(),
                         .holds = on_fractions_only(
                             []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                               return less(change(at, subject, T(-tiny_step(at))), T(0));
                             }),
                         .pinned = {instance({{"x", 1}, {"share", 1}},
                                             "L(w) = (w - 3)^2 / 2 at w = 0: a step to -1/10 raises L "
                                             "from 4.5 to 4.805")}},
          .because = "The slope points uphill: against a negative slope, downhill is to larger w."};
}

/// L(w + s) - L(w) = -3 s + a s^2 / 2 for curvature a; divided by s > 0 it must stay below 0.
ProofOutcome increase_lowers_every_quadratic() {
  constexpr auto per_step = []<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
    return less(T(at("a") * at("s") / T(2) - T(3)), T(0));
  };
  return cover(per_step, {{"a", -16, 16}, {"s", 0, 0.25}});
}

Question increase_lowers() {
  return {.statement = "Where dL/dw = -3, a tiny increase of w lowers the loss.",
          .test = ForAll{
              .space = slopes_of_minus_three(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return less(change(at, subject, tiny_step(at)), T(0));
              }),
              .proofs = {{"quadratic losses of curvature -16 to 16 and steps up to 1/4",
                          increase_lowers_every_quadratic}}}};
}

// ---- Gradient checks ------------------------------------------------------------------------------------

/// (f(w + h) - f(w - h)) / 2h.
template <class T, class F>
T central_difference(const F& f, const T& w, const T& h) {
  return T((f(T(w + h)) - f(T(w - h))) / (T(2) * h));
}
/// (f(w + h) - f(w)) / h.
template <class T, class F>
T one_sided_difference(const F& f, const T& w, const T& h) {
  return T((f(T(w + h)) - f(w)) / h);
}

/// (w x - y)^2 and its derivative.
template <class T>
T neuron_loss(const Subject<T>& subject, const T& w, const T& x, const T& y) {
  return subject.value("mse", {vector_of<T>({T(w * x)}), vector_of<T>({y})})[0];
}
template <class T>
T neuron_slope(const Subject<T>& subject, const T& w, const T& x, const T& y) {
  const auto back =
      subject.gradients("mse", {vector_of<T>({T(w * x)}), vector_of<T>({y})}, Tensor<T>::scalar(T(1)));
  return T(back[0][0] * x);
}

/// Whether a check of the neuron fails at `w`.
template <class T>
Truth check_fails(const Point<T>& at, const Subject<T>& subject, const T& w) {
  const T x = at("x"), y = at("y");
  const auto loss = [&](const T& v) { return neuron_loss(subject, v, x, y); };
  return !equal(central_difference(loss, w, at("h")), neuron_slope(subject, w, x, y));
}

/// w after one step of the update.
template <class T>
T stepped(const Point<T>& at, const Subject<T>& subject, const char* update) {
  const T w = at("w"), slope = neuron_slope(subject, w, at("x"), at("y"));
  Tensors<T> inputs{Tensor<T>::scalar(w), Tensor<T>::scalar(slope)};
  while (inputs.size() < oracles::operation_named(update).inputs.size())
    inputs.push_back(Tensor<T>(oracles::absent));
  return subject.value(update, inputs, {{"lr", "1/4"}})[0];
}

/// The loss of one linear neuron is a polynomial of degree 2 in w, for which a central difference is the
/// derivative, wherever an update has left w.
ProofOutcome check_passes_at_every_weight() {
  const auto difference = []<class T>(const std::vector<T>& v) {
    const auto loss = [&](const T& w) { return T((w * v[1] - v[2]) * (w * v[1] - v[2])); };
    return T((loss(T(v[0] + v[3])) - loss(T(v[0] - v[3]))) / (T(2) * v[3]));
  };
  const auto slope = []<class T>(const std::vector<T>& v) { return T(T(2) * (v[0] * v[1] - v[2]) * v[1]); };
  return together({{"neither side of the check mentions the update, and they agree at every weight",
                    identity(4, difference, slope)}});
}

Space neurons() {
  return {.variables = {fractions("w", -2, 2, 0.5), fractions("x", -2, 2, 0.5), fractions("y", -2, 2, 0.5),
                        fractions("h", 0.25, 1, 0.25)},
          .text = "a linear neuron with squared error"};
}

Question update_fails_the_check() {
  return {
      .statement =
          "A gradient check that passes with plain gradient descent can fail because AdaGrad is used.",
      .test =
          Exists{.space = neurons(),
                 .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                   return check_fails(at, subject, stepped(at, subject, "adagrad")) &&
                          !check_fails(at, subject, stepped(at, subject, "sgd"));
                 }),
                 .never = {{"a linear neuron with squared error, any weight and any step h",
                            check_passes_at_every_weight}},
                 .cases = 60},
      .because =
          "A check compares two numbers that come before the update: which rule then uses the "
          "gradient makes no difference."};
}

/// f(w + h) before the update, f(w - h) after it.
Question update_in_the_middle_fails_the_check() {
  return {.statement =
              "A gradient check can fail because the weights are updated between its two "
              "evaluations of the loss.",
          .test = Exists{
              .space = neurons(),
              .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                const T x = at("x"), y = at("y"), w = at("w"), h = at("h");
                const T later = stepped(at, subject, "sgd");
                const T mixed =
                    T((neuron_loss(subject, T(w + h), x, y) - neuron_loss(subject, T(later - h), x, y)) /
                      (T(2) * h));
                return !equal(mixed, neuron_slope(subject, w, x, y));
              }),
              .pinned = {instance({{"w", 0}, {"x", 1}, {"y", 1}, {"h", 1}})}}};
}

// ---- Kinks ----------------------------------------------------------------------------------------------

/// The distance of a difference quotient of ReLU from its slope.
template <class T>
Truth no_further(const Point<T>& at, const Subject<T>& subject, const T& central_step) {
  const T w = at("w"), slope = subject.back("relu", w, T(1));
  const auto f = [&](const T& v) { return subject.at("relu", v); };
  return less_equal(T(abs(T(central_difference(f, w, central_step) - slope))),
                    T(abs(T(one_sided_difference(f, w, at("h")) - slope))));
}

/// At w = 1/8, an eighth beside the kink, where the slope is 1.
Picture quotients_near_the_kink() {
  Picture picture{"Difference quotients of ReLU at w = 1/8: the central one reaches across the kink.",
                  "h",
                  "quotient",
                  {}};
  const Subject<double> subject;
  const auto f = [&](double w) { return subject.at("relu", w); };
  picture.series.push_back(
      curve("one-sided, step h", 0.01, 0.5, 98, [&](double h) { return one_sided_difference(f, 0.125, h); }));
  picture.series.push_back(
      curve("central, step h", 0.01, 0.5, 98, [&](double h) { return central_difference(f, 0.125, h); }));
  picture.series.push_back(
      curve("central, span h", 0.01, 0.5, 98, [&](double h) { return central_difference(f, 0.125, h / 2); }));
  return picture;
}

/// Refuted only where the central difference does worse both at the same step h (it then spans 2h) and at
/// the same span (step h/2).
Question central_avoids_kinks() {
  return {
      .statement = "A central difference is better than a one-sided one at avoiding the kink of ReLU.",
      .test =
          ForAll{.space = {.variables = {with_kinks(fractions("w", -2, 2, 0.125), {0.125, -0.125}),
                                         fractions("h", 0.25, 1, 0.25)},
                           .text = "w other than 0; central differences with the step h, and with the span h",
                           .within =
                               [](const Case& drawn) {
                                 return std::get<Tensor<double>>(drawn.inputs.at("w"))[0] != 0;
                               }},
                 .holds =
                     on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                       return no_further(at, subject, at("h")) || no_further(at, subject, T(at("h") / T(2)));
                     }),
                 .pinned = {instance(
                     {{"w", 0.125}, {"h", 0.5}},
                     "w = 1/8 and h = 1/2, where the slope is 1: the one-sided difference is 1, the "
                     "central one 5/8 with step h and 3/4 with span h")}},
      .because =
          "A central difference looks to both sides, so a kink on either side is in its way; with the "
          "same step it spans twice the distance. Its merit is the smaller error on smooth functions."};
}

ProofOutcome central_is_exact_for_quadratics() {
  const auto quadratic = []<class T>(const std::vector<T>& v, const T& w) {
    return T(v[0] * w * w + v[1] * w + v[2]);
  };
  const auto central = [quadratic]<class T>(const std::vector<T>& v) {
    return T((quadratic(v, T(v[3] + v[4])) - quadratic(v, T(v[3] - v[4]))) / (T(2) * v[4]));
  };
  const auto slope = []<class T>(const std::vector<T>& v) { return T(T(2) * v[0] * v[3] + v[1]); };
  return together({{"the central difference is the slope itself", identity(5, central, slope)}});
}

Question central_is_more_accurate() {
  return {
      .statement =
          "For a quadratic loss a central difference is never further from the slope than a one-sided one.",
      .test = ForAll{
          .space = {{fractions("a", -2, 2, 0.5), fractions("w", -2, 2, 0.5), fractions("h", 0.25, 1, 0.25)}},
          .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
            const auto f = [&](const T& v) { return T(at("a") * v * v); };
            const T w = at("w"), slope = T(T(2) * at("a") * w);
            return less_equal(T(abs(T(central_difference(f, w, at("h")) - slope))),
                              T(abs(T(one_sided_difference(f, w, at("h")) - slope))));
          }),
          .proofs = {{"all quadratic losses", central_is_exact_for_quadratics}}}};
}

/// The first of the two inputs of one pooling window is moved.
template <class T>
Truth pooling_upsets_the_check(const Point<T>& at, const Subject<T>& subject, const char* pooling) {
  const Attributes window{{"kernel_size", "2"}};
  const auto pooled = [&](const T& a) {
    return subject.value(pooling, {Tensor<T>(Shape{1, 1, 2}, {a, at("b")})}, window)[0];
  };
  const auto back = subject.gradients(pooling, {Tensor<T>(Shape{1, 1, 2}, {at("a"), at("b")})},
                                      Tensor<T>(Shape{1, 1, 1}, {T(1)}), window);
  return !equal(central_difference(pooled, at("a"), at("h")), back[0][0]);
}

Space windows_of_two() {
  return {.variables = {fractions("a", -1, 1, 0.125), fractions("b", -1, 1, 0.125),
                        fractions("h", 0.125, 0.5, 0.125)},
          .text = "a window with the inputs a and b other than a",
          .within = [](const Case& drawn) {
            return std::get<Tensor<double>>(drawn.inputs.at("a"))[0] !=
                   std::get<Tensor<double>>(drawn.inputs.at("b"))[0];
          }};
}

Question max_pooling_upsets_checks() {
  return {.statement = "Max pooling can make a gradient check report an error where the gradient is right.",
          .test = Exists{.space = windows_of_two(),
                         .holds = on_fractions_only(
                             []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                               return pooling_upsets_the_check(at, subject, "max_pool1d");
                             }),
                         .pinned = {instance({{"a", 1}, {"b", 0.875}, {"h", 0.25}},
                                             "a window (1, 7/8) and h = 1/4: the slope is 1, the central "
                                             "difference 3/4")}},
          .because =
              "Where two inputs of a window are closer than h, the maximum changes hands between the "
              "two evaluations."};
}

ProofOutcome average_has_its_slope_everywhere() {
  const auto difference = []<class T>(const std::vector<T>& v) {
    const auto mean = [&](const T& a) { return T((a + v[1]) / T(2)); };
    return T((mean(T(v[0] + v[2])) - mean(T(v[0] - v[2]))) / (T(2) * v[2]));
  };
  const auto half = []<class T>(const std::vector<T>&) { return T(T(1) / T(2)); };
  return identity(3, difference, half);
}

Question average_pooling_upsets_checks() {
  return {
      .statement = "Average pooling can make a gradient check report an error where the gradient is right.",
      .test = Exists{
          .space = windows_of_two(),
          .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
            return pooling_upsets_the_check(at, subject, "avg_pool1d");
          }),
          .never = {{"all windows of two", average_has_its_slope_everywhere}},
          .cases = 200}};
}

}  // namespace

std::vector<Claim> gradients() {
  return {
      {.id = "cs231n-2019.tf.1",
       .quantifier = Quantifier::existential,
       .published = "false",
       .source = "CS231n midterm, spring 2019, true/false 1",
       .question = update_fails_the_check(),
       .foil = update_in_the_middle_fails_the_check()},
      {.id = "cs231n-2019.tf.5",
       .quantifier = Quantifier::universal,
       .published = "false",
       .source = "CS231n midterm, spring 2019, true/false 5",
       .question = decrease_lowers(),
       .foil = increase_lowers()},
      {.id = "cs231n-2019.tf.10",
       .quantifier = Quantifier::universal,
       .published = "false",
       .source = "CS231n midterm, spring 2019, true/false 10",
       .question = central_avoids_kinks(),
       .foil = central_is_more_accurate(),
       .picture = quotients_near_the_kink},
      {.id = "cs231n-2019.mc.3.C",
       .quantifier = Quantifier::existential,
       .published = "true",
       .source = "CS231n midterm, spring 2019, multiple choice 3 C",
       .question = max_pooling_upsets_checks(),
       .foil = average_pooling_upsets_checks()},
      {.id = "eecs498-2019.tf.1.4",
       .quantifier = Quantifier::universal,
       .source = "EECS 498 midterm, fall 2019, true/false 1.4",
       .question = decrease_lowers(),
       .foil = increase_lowers()},
  };
}

}  // namespace assay::properties::topics
