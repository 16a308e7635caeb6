#include "oracles/misconceptions/losses.hpp"
#include "oracles/ops/binary_cross_entropy.hpp"
#include "oracles/ops/binary_cross_entropy_with_logits.hpp"
#include "oracles/ops/gan_discriminator.hpp"
#include "oracles/ops/gan_generator.hpp"
#include "oracles/ops/kl_div.hpp"
#include "oracles/ops/wgan_critic.hpp"

namespace assay::oracles::mistakes {

namespace {

using namespace ops;
namespace detail = ops::detail;

struct PositiveTermOnly : detail::ElementwiseLoss<PositiveTermOnly> {
  static constexpr std::string_view name = "binary_cross_entropy", operation = name;
  template <class T>
  static T value(const T& p, const T& y) {
    return T(-(y * log(p)));
  }
};

struct PositiveLogitTermOnly : detail::ElementwiseLoss<PositiveLogitTermOnly> {
  static constexpr std::string_view name = "binary_cross_entropy_with_logits", operation = name;
  template <class T>
  static T value(const T& x, const T& y) {
    return T(y * detail::softplus(T(-x)));
  }
};

struct SecondSigmoid {
  static constexpr std::string_view operation = "binary_cross_entropy_with_logits";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Arguments<T> again = a;
    for (T& element : again.real[0].data) element = sigmoid(element);
    return BinaryCrossEntropyWithLogits::forward(again, s);
  }
};

struct NoPositiveWeight {
  static constexpr std::string_view operation = "binary_cross_entropy_with_logits";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return BinaryCrossEntropyWithLogits::forward(Arguments<T>{{a.real[0], a.real[1], Tensor<T>(absent)}, {}},
                                                 s);
  }
};

/// p − y is the gradient at the logits.
Tensors<Ball> difference_of_probabilities(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("binary_cross_entropy", a, u, s);
  for (std::size_t i = 0; i < right[0].size(); ++i) right[0][i] *= a.real[0][i] * (1 - a.real[0][i]);
  return right;
}

/// KL(exp x ‖ t).
struct Swapped {
  static constexpr std::string_view operation = "kl_div";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    if (flag_attribute(s, KlDiv::log_target_attribute))
      return KlDiv::forward(Arguments<T>{{a.real[1], a.real[0]}, {}}, s);
    Tensor<T> x = a.real[1], t = a.real[0];
    for (T& element : x.data) element = log(element);
    for (T& element : t.data) element = exp(element);
    return KlDiv::forward(Arguments<T>{{x, t}, {}}, s);
  }
};

/// Over N for the mean over all elements, and the reverse; a scalar has no N.
struct MeansSwapped {
  static constexpr std::string_view operation = "kl_div";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    if (a.real[0].shape.empty()) return KlDiv::forward(a, s);
    if (is_mean(s)) return KlDiv::forward(a, with(s, "reduction", "batchmean"));
    const bool batch = s.contains("reduction") && s.at("reduction") == "batchmean";
    return KlDiv::forward(a, batch ? with(s, "reduction", "mean") : s);
  }
};

/// log(p + 10⁻⁷), as a guard against log 0.
struct GuardedLogarithm : detail::ElementwiseLoss<GuardedLogarithm> {
  static constexpr std::string_view name = "binary_cross_entropy", operation = name;
  template <class T>
  static T value(const T& p, const T& y) {
    const T guard = from_rational<T>(Rational(1) / 10000000);
    return T(-(y * log(T(p + guard)) + (T(1) - y) * log(T(T(1) - p + guard))));
  }
};

struct TargetEntropyForgotten {
  static constexpr std::string_view operation = "kl_div";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const bool log_target = flag_attribute(s, KlDiv::log_target_attribute);
    Tensor<T> loss = a.real[0];
    for (std::size_t i = 0; i < loss.size(); ++i)
      loss[i] = T(-loss[i] * (log_target ? T(exp(a.real[1][i])) : a.real[1][i]));
    if (s.contains("reduction") && s.at("reduction") == "none") return {loss};
    T total = T(0);
    for (const T& element : loss.data) total += element;
    return {Tensor<T>::scalar(total)};
  }
};

struct BatchesSwapped {
  static constexpr std::string_view operation = "gan_discriminator";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return GanDiscriminator::forward(Arguments<T>{{a.real[1], a.real[0]}, {}}, s);
  }
};

/// log D for log(1 − D) of the generated batch.
struct FakesTakenForReal {
  static constexpr std::string_view operation = "gan_discriminator";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Arguments<T> changed = a;
    for (T& score : changed.real[1].data) score = detail::are_probabilities(s) ? T(T(1) - score) : T(-score);
    return GanDiscriminator::forward(changed, s);
  }
};

/// What the generated batch adds is 0.
struct RealOnly {
  static constexpr std::string_view operation = "gan_discriminator";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const bool probability = detail::are_probabilities(s);
    Tensor<T> real = a.real[0];
    for (T& score : real.data) score = detail::surprise_at_real(score, probability);
    const T loss = detail::reduced(real, detail::batch_reduction_of(s))[0];
    return {Tensor<T>::scalar(detail::is_maximised(s) ? T(-loss) : loss)};
  }
};

struct OtherForm {
  static constexpr std::string_view operation = "gan_generator";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const bool minimax = choice_attribute(s, GanGenerator::form_attribute) == 0;
    return GanGenerator::forward(a, with(s, "form", minimax ? "non_saturating" : "minimax"));
  }
};

struct SigmoidOfCritic {
  static constexpr std::string_view operation = "wgan_critic";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Arguments<T> squashed = a;
    for (auto& batch : squashed.real)
      for (T& score : batch.data) score = sigmoid(score);
    return WganCritic::forward(squashed, s);
  }
};

}  // namespace

std::vector<Misconception> binary_losses() {
  return {
      wrong_gradient("binary_cross_entropy.gradient.of_logits",
                     "uses p - y, the gradient at the logits, for that at the probabilities",
                     difference_of_probabilities),
      wrong_gradient("binary_cross_entropy.gradient.no_mean", "forgets the 1/N of the mean",
                     without_mean<BinaryCrossEntropy>),
      wrong_operation<GuardedLogarithm>("binary_cross_entropy.guarded_logarithm",
                                        "adds 1e-7 inside the logarithms, as a guard against log(0)"),
      wrong_operation<MeanIsSum<BinaryCrossEntropy>>("binary_cross_entropy.mean_is_sum",
                                                     "sums over the elements where the mean is asked for"),
      wrong_operation<PositiveTermOnly>("binary_cross_entropy.positive_term_only",
                                        "forgets the term of the negative class, (1 - y) log(1 - p)"),
      wrong_operation<Negated<BinaryCrossEntropy>>("binary_cross_entropy.sign",
                                                   "returns the log-likelihood, without the minus sign"),
      wrong_gradient("binary_cross_entropy_with_logits.gradient.no_mean", "forgets the 1/N of the mean",
                     without_mean<BinaryCrossEntropyWithLogits>),
      wrong_operation<NoPositiveWeight>("binary_cross_entropy_with_logits.pos_weight_ignored",
                                        "leaves the weight of the positive class out"),
      wrong_operation<PositiveLogitTermOnly>("binary_cross_entropy_with_logits.positive_term_only",
                                             "forgets the term of the negative class"),
      wrong_operation<SecondSigmoid>("binary_cross_entropy_with_logits.sigmoid_twice",
                                     "applies the sigmoid to the logits before a loss that applies it too"),
      wrong_operation<BatchesSwapped>("gan_discriminator.batches_swapped",
                                      "labels the real batch as generated and the generated one as real"),
      wrong_operation<FakesTakenForReal>("gan_discriminator.fakes_labelled_real",
                                         "takes log D of the generated batch in place of log(1 - D)"),
      wrong_gradient("gan_discriminator.gradient.no_mean", "forgets the 1/N of the means",
                     without_mean<GanDiscriminator>),
      wrong_operation<MeanIsSum<GanDiscriminator>>("gan_discriminator.mean_is_sum",
                                                   "sums over each batch where the mean is asked for"),
      wrong_operation<RealOnly>("gan_discriminator.real_only", "leaves the generated batch out"),
      wrong_operation<Negated<GanDiscriminator>>(
          "gan_discriminator.sign",
          "has the sign of the likelihood that is maximised where the loss is asked for"),
      wrong_gradient("gan_generator.gradient.no_mean", "forgets the 1/N of the mean",
                     without_mean<GanGenerator>),
      wrong_operation<MeanIsSum<GanGenerator>>("gan_generator.mean_is_sum",
                                               "sums over the batch where the mean is asked for"),
      wrong_gradient("gan_generator.gradient.sign", "ascends the loss of the generator",
                     negated_gradient<GanGenerator>),
      wrong_operation<OtherForm>("gan_generator.other_form",
                                 "takes the saturating form for the non-saturating one, or the reverse"),
      wrong_operation<Swapped>("kl_div.arguments_swapped",
                               "takes the divergence of the model from the target, with the roles exchanged"),
      wrong_gradient("kl_div.gradient.no_mean", "forgets the factor of the mean", without_mean<KlDiv>),
      wrong_operation<MeansSwapped>(
          "kl_div.means_swapped",
          "divides by the number of elements where the size of the batch is asked for, or the reverse"),
      wrong_operation<TargetEntropyForgotten>(
          "kl_div.target_entropy_forgotten",
          "returns the cross-entropy: the entropy of the target is missing"),
      wrong_gradient("wgan_critic.gradient.no_mean", "forgets the 1/N of the mean", without_mean<WganCritic>),
      wrong_operation<MeanIsSum<WganCritic>>("wgan_critic.mean_is_sum",
                                             "sums over each batch where the mean is asked for"),
      wrong_operation<SigmoidOfCritic>("wgan_critic.sigmoid_applied",
                                       "applies a sigmoid to the scores of the critic"),
      wrong_operation<Negated<WganCritic>>(
          "wgan_critic.sign",
          "subtracts the generated batch from the real one in a loss that is "
          "minimised, or the reverse"),
  };
}

}  // namespace assay::oracles::mistakes
