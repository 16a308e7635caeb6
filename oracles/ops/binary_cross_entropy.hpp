#pragma once

#include <cstddef>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/entropy.hpp"
#include "oracles/ops/detail/log_odds.hpp"
#include "oracles/ops/detail/loss.hpp"

namespace assay::oracles::ops {

/// Cross-entropy of probabilities p with targets y between 0 and 1.
///
///   ℓᵢ       = −yᵢ log pᵢ − (1 − yᵢ) log(1 − pᵢ)        0 log 0 = 0
///   ∂ℓᵢ/∂pᵢ  = −yᵢ/pᵢ + (1 − yᵢ)/(1 − pᵢ) = (pᵢ − yᵢ) / (pᵢ (1 − pᵢ))
///
/// Exact by default: p = 0 with y > 0 has loss infinity. `log_clamp` = minus_100 bounds both logarithms below
/// at −100, as PyTorch does, and the derivative of a bounded logarithm is 0. (PyTorch's own gradient is
/// (p − y) / max(p (1 − p), 1e-12), which there is not the derivative of its loss.) Targets get no gradient,
/// as in PyTorch.
struct BinaryCrossEntropy {
  static constexpr std::string_view name = "binary_cross_entropy";
  static constexpr AttributeSpec log_clamp_attribute{
      "log_clamp", "none", "the lower bound of both logarithms", AttributeKind::choice, "none|minus_100"};

  static Operation spec() {
    return {.name = name,
            .formula =
                "loss_i = -y_i log p_i - (1 - y_i) log(1 - p_i); dp_i = (-y_i / p_i + (1 - y_i) / (1 - "
                "p_i)) dloss_i",
            .domain = "probabilities and targets between 0 and 1",
            .source = "Bishop, Pattern Recognition and Machine Learning, 2006, equation 4.90",
            .inputs = {{.name = "probabilities", .shape = "(...)", .range = {0, 1}},
                       {.name = "targets", .shape = "(...)", .differentiable = false, .range = {0, 1}}},
            .outputs = {{"loss", "() or (...)"}},
            .attributes = {log_clamp_attribute, detail::elementwise_reduction},
            .samples = {{{{4}, {4}}},
                        {{{2, 3}, {2, 3}}, {{"reduction", "none"}}},
                        {{{5, 1}, {5, 1}}, {{"log_clamp", "minus_100"}, {"reduction", "sum"}}},
                        {{{}, {}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_elements(name, "probabilities", inputs[0]);
    detail::require_shape(name, "targets", inputs[1], inputs[0], "like input \"probabilities\"");
    return {detail::reduced_shape(detail::reduction_of(name, attributes), inputs[0])};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>&p = arguments.real[0], &y = arguments.real[1];
    const bool clamped = choice_attribute(attributes, log_clamp_attribute) == 1;
    const auto bounded = [&](const T& logarithm) { return clamped ? max(logarithm, T(-100)) : logarithm; };
    Tensor<T> loss(p.shape);
    for (std::size_t i = 0; i < p.size(); ++i)
      loss[i] = -detail::weighted_log(y[i], bounded(T(log(p[i])))) -
                detail::weighted_log(T(T(1) - y[i]), bounded(detail::log_of_rest(p[i])));
    return {detail::reduced(loss, detail::reduction_of(name, attributes))};
  }

  /// Honest: both quotients, and the common denominator, whose numerator cancels where p is near y.
  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>&p = arguments.real[0], &y = arguments.real[1];
    const detail::Reduction reduction = detail::reduction_of(name, attributes);
    const bool clamped = choice_attribute(attributes, log_clamp_attribute) == 1;
    const T least = clamped ? T(exp(T(-100))) : T(0);
    const auto quotient = [&](const T& weight, const T& probability) {
      if (equal(weight, T(0)) == Truth::yes) return T(0);
      const T slope = weight / probability;
      return clamped ? select(less(probability, least), T(0), slope) : slope;
    };
    Tensor<T> cotangent(p.shape);
    for (std::size_t i = 0; i < p.size(); ++i) {
      const T rest = T(1) - p[i];
      const T d = either([&] { return T(quotient(T(T(1) - y[i]), rest) - quotient(y[i], p[i])); },
                         [&] {
                           return clamped ? T(quotient(T(T(1) - y[i]), rest) - quotient(y[i], p[i]))
                                          : T((p[i] - y[i]) / (p[i] * rest));
                         });
      cotangent[i] = detail::row_cotangent(d, upstream[0], reduction, i, p.size());
    }
    return {cotangent, Tensor<T>(absent)};
  }
};

}  // namespace assay::oracles::ops
