#pragma once

#include <cstddef>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/adversarial.hpp"

namespace assay::oracles::ops {

/// Loss of the generator of a generative adversarial network, from the discriminator's scores f of M
/// generated samples. Both are minimised.
///
///   non_saturating  ℓ = −log D(G(z)) = log(1 + e^−f)           ∂ℓ/∂f = −σ(−f)
///   minimax         ℓ = log(1 − D(G(z))) = −log(1 + e^f)       ∂ℓ/∂f = −σ(f), which vanishes where the
///                                                              discriminator is sure (f → −∞)
struct GanGenerator {
  static constexpr std::string_view name = "gan_generator";
  static constexpr AttributeSpec form_attribute{
      "form", "non_saturating", "minimax: log(1 - D), which saturates; non_saturating: -log D",
      AttributeKind::choice, "minimax|non_saturating"};

  static Operation spec() {
    return {.name = name,
            .formula =
                "non_saturating: loss = -log D, dfake = -sigmoid(-fake) dloss; minimax: loss = log(1 - "
                "D), dfake = -sigmoid(fake) dloss",
            .domain = "all real logits; probabilities between 0 and 1 where scores=probabilities",
            .source = "Goodfellow et al., Generative Adversarial Nets, 2014, section 3",
            .inputs = {{.name = "fake", .shape = "(M)", .range = {0, 1}}},
            .outputs = {{"loss", "() or (M)"}},
            .attributes = {form_attribute, detail::reduction_attribute, detail::scores_attribute},
            .samples = {{{{3}}},
                        {{{4}}, {{"form", "minimax"}}},
                        {{{2}}, {{"reduction", "sum"}, {"scores", "probabilities"}}},
                        {{{5}}, {{"form", "minimax"}, {"reduction", "none"}, {"scores", "probabilities"}}},
                        {{{1}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_rank(name, "fake", inputs[0], 1, "(M)");
    return {detail::reduced_shape(detail::reduction_of(name, attributes), inputs[0][0])};
  }
  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const bool probability = detail::are_probabilities(attributes), minimax = is_minimax(attributes);
    Tensor<T> loss = arguments.real[0];
    for (T& score : loss.data)
      score = minimax ? T(-detail::surprise_at_fake(score, probability))
                      : detail::surprise_at_real(score, probability);
    return {detail::reduced(loss, detail::reduction_of(name, attributes))};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const bool probability = detail::are_probabilities(attributes), minimax = is_minimax(attributes);
    const detail::Reduction reduction = detail::reduction_of(name, attributes);
    Tensor<T> cotangent = arguments.real[0];
    for (std::size_t m = 0; m < cotangent.size(); ++m) {
      const T d = minimax ? T(-detail::slope_at_fake(cotangent[m], probability))
                          : detail::slope_at_real(cotangent[m], probability);
      cotangent[m] = detail::row_cotangent(d, upstream[0], reduction, m, cotangent.size());
    }
    return {cotangent};
  }

 private:
  static bool is_minimax(const Attributes& attributes) {
    return choice_attribute(attributes, form_attribute) == 0;
  }
};

}  // namespace assay::oracles::ops
