#pragma once

#include <cstddef>

#include "oracles/ops/detail/entropy.hpp"
#include "oracles/ops/detail/log_odds.hpp"
#include "oracles/ops/detail/loss.hpp"

namespace assay::oracles::ops {

/// Binary cross-entropy of logits x with targets y, without the sigmoid between them that loses digits.
///
///   ℓᵢ      = max(xᵢ, 0) − xᵢ yᵢ + log(1 + exp(−|xᵢ|)) = yᵢ log(1 + e^−xᵢ) + (1 − yᵢ) log(1 + e^xᵢ)
///   ∂ℓᵢ/∂xᵢ = σ(xᵢ) − yᵢ        ∂ℓᵢ/∂yᵢ = −xᵢ
///
/// A weight w of the positive class (one for each index of the last axis) multiplies the first term:
///
///   ℓᵢ      = w y log(1 + e^−x) + (1 − y) log(1 + e^x)
///   ∂ℓᵢ/∂xᵢ = (1 − y) σ(x) − w y σ(−x)        ∂ℓᵢ/∂yᵢ = w log(1 + e^−x) − log(1 + e^x)
struct BinaryCrossEntropyWithLogits {
  static constexpr std::string_view name = "binary_cross_entropy_with_logits";

  static Operation spec() {
    return {.name = name,
            .formula =
                "loss_i = w y_i log(1 + exp(-x_i)) + (1 - y_i) log(1 + exp(x_i)); dx_i = ((1 - y_i) "
                "sigmoid(x_i) - w y_i sigmoid(-x_i)) dloss_i",
            .domain = "all real logits; targets between 0 and 1; pos_weight >= 0",
            .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.2.2.2",
            .inputs = {{"logits", "(...)"},
                       {.name = "targets", .shape = "(...)", .range = {0, 1}},
                       {.name = "pos_weight",
                        .shape = "(C)",
                        .optional = true,
                        .differentiable = false,
                        .range = {0.1, 5}}},
            .outputs = {{"loss", "() or (...)"}},
            .attributes = {detail::elementwise_reduction},
            .samples = {{{{4}, {4}, absent}},
                        {{{2, 3}, {2, 3}, absent}, {{"reduction", "none"}}},
                        {{{5, 1}, {5, 1}, {1}}, {{"reduction", "sum"}}},
                        {{{2, 3}, {2, 3}, {3}}},
                        {{{}, {}, absent}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_elements(name, "logits", inputs[0]);
    detail::require_shape(name, "targets", inputs[1], inputs[0], "like input \"logits\"");
    if (inputs[2] != absent) {
      if (inputs[0].empty())
        detail::refuse_shape(name, "pos_weight", inputs[2], "logits of at least one axis");
      detail::require_shape(name, "pos_weight", inputs[2], {inputs[0].back()},
                            "the last axis of input \"logits\", which is " + to_string(inputs[0]));
    }
    return {detail::reduced_shape(detail::reduction_of(name, attributes), inputs[0])};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>&x = arguments.real[0], &y = arguments.real[1], &weights = arguments.real[2];
    Tensor<T> loss(x.shape);
    for (std::size_t i = 0; i < x.size(); ++i)
      loss[i] =
          weights.shape == absent ? plain(x[i], y[i]) : weighted(x[i], y[i], weights[i % weights.size()]);
    return {detail::reduced(loss, detail::reduction_of(name, attributes))};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>&x = arguments.real[0], &y = arguments.real[1], &weights = arguments.real[2];
    const detail::Reduction reduction = detail::reduction_of(name, attributes);
    Tensor<T> dx(x.shape), dy(x.shape);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const bool is_plain = weights.shape == absent;
      const T weight = is_plain ? T(1) : weights[i % weights.size()];
      const T towards_one = (T(1) - y[i]) * sigmoid(x[i]) - weight * y[i] * sigmoid(T(-x[i]));
      const T slope = either([&] { return towards_one; },
                             [&] { return is_plain ? T(sigmoid(x[i]) - y[i]) : towards_one; });
      const T target_slope =
          is_plain ? T(-x[i]) : T(weight * detail::softplus(T(-x[i])) - detail::softplus(x[i]));
      dx[i] = detail::row_cotangent(slope, upstream[0], reduction, i, x.size());
      dy[i] = detail::row_cotangent(target_slope, upstream[0], reduction, i, x.size());
    }
    return {dx, dy, Tensor<T>(absent)};
  }

 private:
  /// Terms of one sign; max(x, 0) − x y + log(1 + e^−|x|) is the form of the frameworks. Both are honest.
  template <class T>
  static T plain(const T& x, const T& y) {
    return either([&] { return weighted(x, y, T(1)); },
                  [&] { return T(max(x, T(0)) - x * y + log1p(exp(T(-abs(x))))); });
  }

  template <class T>
  static T weighted(const T& x, const T& y, const T& weight) {
    return detail::weighted_log(T(weight * y), detail::softplus(T(-x))) +
           detail::weighted_log(T(T(1) - y), detail::softplus(x));
  }
};

}  // namespace assay::oracles::ops
