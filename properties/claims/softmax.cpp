/// Softmax: what the scale and the shift of its logits do, and how its logarithm survives in floats.
#include <cmath>

#include <fmt/format.h>

#include "properties/claims/pictures.hpp"
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

// ---- A larger W -----------------------------------------------------------------------------------------

/// The class of the highest score, the first of those that tie.
template <class T>
std::size_t winner(const Tensor<T>& scores, std::size_t n) {
  std::size_t best = 0;
  for (std::size_t c = 1; c < scores.shape[1]; ++c)
    if (less(scores(n, best), scores(n, c)) == Truth::yes) best = c;
  return best;
}

template <class T>
Tensor<T> scaled(Tensor<T> tensor, const T& factor) {
  for (T& number : tensor.data) number *= factor;
  return tensor;
}

/// Scores X W + b; the labels are what they predict, so that the accuracy is 100 %.
template <class T>
struct Classifier {
  const Point<T>& at;
  const Subject<T>& subject;
  Tensor<T> scores = subject.value("affine", {at["X"], at["W"], at["b"]});
  IndexTensor labels = predicted(scores);

  Tensor<T> scores_with(const T& factor) const {
    return subject.value("affine", {at["X"], scaled(at["W"], factor), at["b"]});
  }
  T loss(const Tensor<T>& logits) const {
    return subject.value("softmax_cross_entropy", {{logits, Tensor<T>(oracles::absent)}, {labels}})[0];
  }
  /// Whether each label still has the highest score, ties included.
  Truth all_correct(const Tensor<T>& logits) const {
    Truth all = Truth::yes;
    for (std::size_t n = 0; n < logits.shape[0]; ++n)
      for (std::size_t c = 0; c < logits.shape[1]; ++c)
        all = all && less_equal(logits(n, c), logits(n, static_cast<std::size_t>(labels[n])));
    return all;
  }
  /// Whether the logits of each row are equal. Such losses are equal too, which balls cannot see.
  static Truth all_tied(const Tensor<T>& logits) {
    Truth all = Truth::yes;
    for (std::size_t n = 0; n < logits.shape[0]; ++n)
      for (std::size_t c = 1; c < logits.shape[1]; ++c) all = all && equal(logits(n, c), logits(n, 0));
    return all;
  }

 private:
  static IndexTensor predicted(const Tensor<T>& scores) {
    IndexTensor result(Shape{scores.shape[0]});
    for (std::size_t n = 0; n < result.size(); ++n) result[n] = static_cast<std::int64_t>(winner(scores, n));
    return result;
  }
};

/// The same accuracy and a lower loss with `factor` W.
template <class T>
Truth scaling_helps(const Point<T>& at, const Subject<T>& subject, const T& factor) {
  const Classifier<T> classifier{at, subject};
  const Tensor<T> larger = classifier.scores_with(factor);
  return classifier.all_correct(larger) &&
         !(Classifier<T>::all_tied(classifier.scores) && Classifier<T>::all_tied(larger)) &&
         less(classifier.loss(larger), classifier.loss(classifier.scores));
}

constexpr auto doubling_helps = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  return scaling_helps(at, subject, T(2));
};
constexpr auto tripling_helps = []<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
  return scaling_helps(at, subject, T(3));
};

bool drop_bias(Case& drawn) {
  for (const char* const name : {"b", "b1", "b2"})
    if (const auto found = drawn.inputs.find(name); found != drawn.inputs.end())
      for (double& number : std::get<Tensor<double>>(found->second).data) number = 0;
  return true;
}

/// Refuses ties for the highest score. The drawn numbers are short: doubles are exact here.
bool has_margin(const Case& drawn) {
  const Point<double> at(drawn);
  const Tensor<double> scores = Subject<double>().value("affine", {at["X"], at["W"], at["b"]});
  for (std::size_t n = 0; n < scores.shape[0]; ++n) {
    const std::size_t best = winner(scores, n);
    for (std::size_t c = 0; c < scores.shape[1]; ++c)
      if (c != best && scores(n, c) == scores(n, best)) return false;
  }
  return true;
}

const Assumption no_bias{"no_bias", "no layer has a bias", drop_bias};

std::vector<Assumption> no_bias_and_a_margin() {
  return {no_bias, {"strict_margin", "every example wins by a margin above 0", [](Case& drawn) {
                      return has_margin(drawn);
                    }}};
}

Space classifiers() {
  return {.variables = {fractions("X", -2, 2, 0.5, {"N", "2"}), fractions("W", -4, 4, 0.5, {"2", "C"}),
                        fractions("b", -2, 2, 0.5, {"C"})},
          .whole_numbers = {{"N", {1, 3}}, {"C", {2, 3}}},
          .text = "scores X W + b, each example labelled with its highest score (accuracy 100 %)"};
}

ProofOutcome plainly() {
  return {Truth::yes, {}};
}

/// A row with margins m_j > 0 has the loss log(1 + sum of v_j) with v_j = e^-m_j in (0, 1); c W takes v_j
/// to v_j^c.
ProofOutcome each_term_falls(int factor) {
  const auto gain = [factor]<class T>(const std::vector<T>& v) {
    T power = v[0];
    for (int i = 1; i < factor; ++i) power = power * v[0];
    return T(v[0] - power);
  };
  const auto product = [factor]<class T>(const std::vector<T>& v) {
    T others = T(1), power = v[0];
    for (int i = 2; i < factor; ++i) {
      others = others + power;
      power = power * v[0];
    }
    return T(v[0] * (T(1) - v[0]) * others);
  };
  return together({{"without a bias c W multiplies every margin m by c, which keeps it above 0", plainly()},
                   {fmt::format("with v = e^-m in (0, 1), v - v^{} is a product of positive factors", factor),
                    identity(1, gain, product)},
                   {"the loss log(1 + sum of v) rises with each v", plainly()}});
}

std::vector<Proof> proofs_of(int factor, std::vector<std::string> under) {
  return {{"all W and X, any number of examples and classes", [factor] { return each_term_falls(factor); },
           std::move(under)}};
}

/// The scores (1/2, 0), with c W in place of W: from the weights alone, and from weights that a bias
/// outvotes.
Picture loss_over_factor() {
  Picture picture{
      "Cross-entropy with c W in place of W; at c = 1 both have the scores (1/2, 0).", "c", "loss", {}};
  const auto with_bias = [&](std::string name, double weight, double bias) {
    const Point<double> at(instance({{"X", Tensor<double>({1, 2}, {1, 0})},
                                     {"W", Tensor<double>({2, 2}, {weight, 0, 0, 0})},
                                     {"b", vector_of<double>({bias, 0})}}));
    const Subject<double> subject;
    const Classifier<double> classifier{at, subject};
    picture.series.push_back(curve(std::move(name), 0, 4, 80, [&](double factor) {
      return classifier.loss(classifier.scores_with(factor));
    }));
  };
  with_bias("no bias", 0.5, 0);
  with_bias("weight -1, bias 3/2", -1, 1.5);
  return picture;
}

/// c (2, 1, 0), labelled with its largest score.
Picture sharpness_over_factor() {
  Picture picture{"Softmax of c (2, 1, 0): from even to certain.", "c", "", {}};
  const Subject<double> subject;
  const auto logits = [](double factor) { return Tensor<double>({1, 3}, {2 * factor, factor, 0}); };
  picture.series.push_back(curve("entropy", 0, 6, 90, [&](double factor) {
    double entropy = 0;
    for (const double p : subject.value("softmax", {logits(factor)}).data) entropy -= p * std::log(p);
    return entropy;
  }));
  picture.series.push_back(curve("length of the gradient", 0, 6, 90, [&](double factor) {
    const auto back = subject.gradients(
        "softmax_cross_entropy", {{logits(factor), Tensor<double>(oracles::absent)}, {IndexTensor({1}, {0})}},
        Tensor<double>::scalar(1));
    double squares = 0;
    for (const double slope : back[0].data) squares += slope * slope;
    return std::sqrt(squares);
  }));
  picture.series.push_back(curve("largest probability", 0, 6, 90, [&](double factor) {
    return subject.value("softmax", {logits(factor)})[0];
  }));
  return picture;
}

constexpr const char* saturation = "both losses round to 0";

/// The pinned instances: a bias that is left behind, a tie, and margins at which floats saturate.
std::vector<Case> known_scales() {
  const auto classifier = [](double x, double w, double b, std::string note) {
    return instance({{"X", Tensor<double>({1, 2}, {x, 0})},
                     {"W", Tensor<double>({2, 2}, {w, 0, 0, 0})},
                     {"b", vector_of<double>({b, 0})}},
                    std::move(note));
  };
  return {classifier(1, -1, 1.5,
                     "x = 1, the weights (-1, 0) and the bias (3/2, 0): the scores (1/2, 0) are "
                     "right, the weights alone point the other way"),
          classifier(1, 0, 0, "two scores that tie"), classifier(1, 800, 0, "scores (800, 0)")};
}

Question doubling_w_helps() {
  return {.statement =
              "Where a softmax classifier is right on every training example, 2W in place of W keeps "
              "the accuracy and lowers the cross-entropy.",
          .test = ForAll{.space = classifiers(),
                         .holds = on_reals(doubling_helps),
                         .pinned = known_scales(),
                         .assumptions = no_bias_and_a_margin(),
                         .proofs = proofs_of(2, {"no_bias", "strict_margin"}),
                         .cases = 300,
                         .in_floats = saturation},
          .because =
              "Without a bias every margin doubles, and every wrong class loses odds; a bias that is not "
              "doubled loses its say."};
}

Question tripling_w_helps() {
  Question question = doubling_w_helps();
  question.statement =
      "Where a softmax classifier is right on every training example, 3W in place of W keeps "
      "the accuracy and lowers the unregularised cross-entropy.";
  auto& test = std::get<ForAll>(question.test);
  test.holds = on_reals(tripling_helps);
  test.proofs = proofs_of(3, {"no_bias", "strict_margin"});
  question.because =
      "Without a bias every margin triples, and every wrong class loses odds; a bias that is not "
      "tripled loses its say.";
  return question;
}

/// The domain has no bias and no ties from the start.
Space classifiers_without_bias() {
  Space space = classifiers();
  space.text = "scores X W without a bias, each example labelled with its highest score, no ties";
  std::get<fixtures::RealValues>(space.variables[2].values).low = "0";
  std::get<fixtures::RealValues>(space.variables[2].values).high = "0";
  space.within = has_margin;
  return space;
}

Question without_bias(Predicate holds, std::string factor, std::vector<Proof> proofs) {
  return {.statement =
              "Where a softmax classifier without a bias is right on every training example by a "
              "margin, " +
              factor + " in place of W keeps the accuracy and lowers the cross-entropy.",
          .test = ForAll{.space = classifiers_without_bias(),
                         .holds = holds,
                         .proofs = std::move(proofs),
                         .cases = 300,
                         .in_floats = saturation}};
}

// ---- A multiple or a shift of the logits ----------------------------------------------------------------

/// Whether no probability changes when the logits do.
template <class T, class F>
Truth same_probabilities(const Point<T>& at, const Subject<T>& subject, const F& changed) {
  Tensor<T> logits = at["y"];
  for (T& logit : logits.data) logit = changed(logit);
  const Tensor<T> before = subject.value("softmax", {at["y"]}), after = subject.value("softmax", {logits});
  Truth all = Truth::yes;
  for (std::size_t i = 0; i < before.size(); ++i) all = all && equal(before[i], after[i]);
  return all;
}

Space logits_and_a_number() {
  return {.variables = {fractions("y", -4, 4, 0.5, {"n"}), fractions("c", -3, 3, 0.5)},
          .whole_numbers = {{"n", {1, 4}}}};
}

Question multiples_have_one_softmax() {
  return {
      .statement = "softmax(c y) = softmax(y) for every number c.",
      .test =
          ForAll{.space = logits_and_a_number(),
                 .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                   return same_probabilities(at, subject, [&](const T& y) { return T(at("c") * y); });
                 }),
                 .pinned = {instance({{"y", vector_of<double>({0, 1})}, {"c", Tensor<double>::scalar(2)}})},
                 .cases = 100},
      .because = "A factor changes the differences of the logits, and these are all that softmax looks at."};
}

ProofOutcome shift_cancels() {
  const auto share = []<class T>(const std::vector<T>& v) { return T(v[0] / (v[0] + v[1] + v[2])); };
  const auto shifted = []<class T>(const std::vector<T>& v) {
    return T(v[3] * v[0] / (v[3] * v[0] + v[3] * v[1] + v[3] * v[2]));
  };
  return together({{"e^(y+c) = e^c e^y, and e^c cancels", identity(4, shifted, share)}});
}

Question shifts_have_one_softmax() {
  return {.statement = "softmax(y + c) = softmax(y) for every number c.",
          .test = ForAll{
              .space = logits_and_a_number(),
              .holds = on_reals_only([]<class T>(const Point<T>& at, const Subject<T>& subject) -> Truth {
                return same_probabilities(at, subject, [&](const T& y) { return T(at("c") + y); });
              }),
              .proofs = {{"three logits and any c", shift_cancels}},
              .cases = 20}};
}

// ---- The logarithm of a sum of exponentials -------------------------------------------------------------

/// log(e^x + e^(x-1)), term by term.
template <class T>
T naive(const T& x) {
  return T(log(T(exp(x) + exp(T(x - T(1))))));
}
/// The same by the catalogue, which shifts by the largest first.
template <class T>
T shifted(const T& x) {
  return Subject<T>().value("logsumexp", {vector_of<T>({x, T(x - T(1))})})[0];
}

/// The largest whole number x below 0 at which the naive form is not finite.
int first_underflow() {
  int x = -1;
  while (std::isfinite(naive(static_cast<double>(x)))) --x;
  return x;
}

Derived naive_fails_in_floats() {
  const double broken = naive(-800.0), sound = shifted(-800.0);
  const Ball exact = shifted(Ball(-800));
  const Truth close = less(Ball(abs(Ball(Ball(sound) - exact))), Ball(std::ldexp(1.0, -42)));
  return {
      oracles::truth(!std::isfinite(broken)) && close,
      fmt::format("in float64, for the logits (-800, -801) the plain sum gives {}, the shifted one {:.10f}, "
                  "within 2^-42 of the exact value; the plain one is lost from x = {} down",
                  broken, sound, first_underflow())};
}

Question naive_form_fails() {
  return {.statement =
              "In floating point, the plain log of a sum of exponentials fails for very negative "
              "logits, and the form shifted by the maximum does not.",
          .test = Derivation{.derive = naive_fails_in_floats},
          .because =
              "All exponentials underflow to 0, and log 0 is no number; after the shift the largest "
              "exponential is 1."};
}

Derived naive_fails_in_the_reals() {
  const oracles::PrecisionScope scope(256);
  const Ball apart = abs(Ball(naive(Ball(-800)) - shifted(Ball(-800))));
  const Truth agree = less(apart, Ball(std::ldexp(1.0, -200)));
  return {!agree, "at 256 bits both forms agree within 2^-200 for the logits (-800, -801)"};
}

Question naive_form_fails_exactly() {
  return {.statement =
              "In exact arithmetic, the plain log of a sum of exponentials fails for very negative "
              "logits.",
          .test = Derivation{.derive = naive_fails_in_the_reals}};
}

}  // namespace

std::vector<Claim> softmax() {
  return {
      {.id = "eecs498-2019.tf.1.2",
       .quantifier = Quantifier::universal,
       .source = "EECS 498 midterm, fall 2019, true/false 1.2",
       .question = doubling_w_helps(),
       .foil = without_bias(on_reals(doubling_helps), "2W", proofs_of(2, {})),
       .picture = loss_over_factor},
      {.id = "cs230-2021.mc.c.iii",
       .quantifier = Quantifier::universal,
       .source = "CS230 midterm, spring 2021, multiple choice (c) iii",
       .question = tripling_w_helps(),
       .foil = without_bias(on_reals(tripling_helps), "3W", proofs_of(3, {})),
       .picture = loss_over_factor},
      {.id = "cs230-2021.mc.d.iii",
       .quantifier = Quantifier::universal,
       .source = "CS230 midterm, spring 2021, multiple choice (d) iii",
       .question = multiples_have_one_softmax(),
       .foil = shifts_have_one_softmax(),
       .picture = sharpness_over_factor},
      // Stated in the question itself.
      {.id = "csc413-2020.4.premise",
       .quantifier = Quantifier::existential,
       .published = "true",
       .source = "CSC413 midterm, winter 2020, question 4",
       .question = naive_form_fails(),
       .foil = naive_form_fails_exactly()},
  };
}

}  // namespace assay::properties::topics
