#pragma once

#include <cstddef>

#include "oracles/ops/detail/adversarial.hpp"

namespace assay::oracles::ops {

/// Loss of the discriminator of a generative adversarial network, from its scores of N real and M generated
/// samples.
///
///   L = −(1/N) Σ log D(xₙ) − (1/M) Σ log(1 − D(G(zₘ)))
///   logits: −log D = log(1 + e^−r), −log(1 − D) = log(1 + e^f)
///   ∂L/∂rₙ = −σ(−rₙ) / N        ∂L/∂fₘ = σ(fₘ) / M
///
/// The likelihood that a discriminator maximises is −L (sign = maximised). Probabilities of exactly 0 or 1 on
/// the wrong side have loss infinity.
struct GanDiscriminator {
  static constexpr std::string_view name = "gan_discriminator";

  static Operation spec() {
    return {.name = name,
            .formula =
                "loss = -mean(log D(real)) - mean(log(1 - D(fake))); logits: dreal_n = "
                "-sigmoid(-real_n) / N dloss, dfake_m = sigmoid(fake_m) / M dloss",
            .domain = "all real logits; probabilities between 0 and 1 where scores=probabilities",
            .source = "Goodfellow et al., Generative Adversarial Nets, 2014, algorithm 1",
            .inputs = {{.name = "real", .shape = "(N)", .range = {0, 1}},
                       {.name = "fake", .shape = "(M)", .range = {0, 1}}},
            .outputs = {{"loss", "()"}},
            .attributes = {detail::batch_reduction, detail::scores_attribute, detail::sign_attribute},
            .samples = {{{{3}, {3}}},
                        {{{2}, {4}}, {{"reduction", "sum"}, {"sign", "maximised"}}},
                        {{{4}, {3}}, {{"scores", "probabilities"}}},
                        {{{1}, {1}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    return detail::require_batches(name, inputs);
  }
  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const bool probability = detail::are_probabilities(attributes);
    const detail::Reduction reduction = detail::batch_reduction_of(attributes);
    Tensor<T> real = arguments.real[0], fake = arguments.real[1];
    for (T& score : real.data) score = detail::surprise_at_real(score, probability);
    for (T& score : fake.data) score = detail::surprise_at_fake(score, probability);
    const T loss = detail::reduced(real, reduction)[0] + detail::reduced(fake, reduction)[0];
    return {Tensor<T>::scalar(detail::is_maximised(attributes) ? T(-loss) : loss)};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const bool probability = detail::are_probabilities(attributes);
    const detail::Reduction reduction = detail::batch_reduction_of(attributes);
    const Tensor<T> signed_upstream =
        Tensor<T>::scalar(detail::is_maximised(attributes) ? T(-upstream[0][0]) : upstream[0][0]);
    Tensor<T> real = arguments.real[0], fake = arguments.real[1];
    for (T& score : real.data)
      score = detail::row_cotangent(detail::slope_at_real(score, probability), signed_upstream, reduction, 0,
                                    real.size());
    for (T& score : fake.data)
      score = detail::row_cotangent(detail::slope_at_fake(score, probability), signed_upstream, reduction, 0,
                                    fake.size());
    return {real, fake};
  }
};

}  // namespace assay::oracles::ops
