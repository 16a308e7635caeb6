#pragma once

#include "oracles/ops/detail/loss.hpp"

namespace assay::oracles::ops {

/// Absolute error.
///
///   ℓᵢ = |xᵢ − tᵢ|        ∂ℓᵢ/∂xᵢ = sign(xᵢ − tᵢ) = −∂ℓᵢ/∂tᵢ
///
/// At xᵢ = tᵢ a ball has the subdifferential [−1, 1]; a number has 0, as in PyTorch.
struct L1 : detail::ElementwiseLoss<L1> {
  static constexpr std::string_view name = "l1";

  static Operation spec() {
    return {.name = name,
            .formula = "loss_i = |x_i - t_i|; dx_i = sign(x_i - t_i) dloss_i; dt_i = -dx_i",
            .domain = "all real x, t",
            .source =
                "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.2.2 (mean absolute "
                "error)",
            .inputs = two_inputs,
            .outputs = one_output,
            .attributes = {detail::elementwise_reduction},
            .samples = two_input_samples()};
  }

  template <class T>
  static T value(const T& x, const T& t) {
    return abs(T(x - t));
  }

  template <class T>
  static std::pair<T, T> slopes(const T& x, const T& t) {
    const T slope = abs_slope(T(x - t));
    return {slope, -slope};
  }
};

}  // namespace assay::oracles::ops
