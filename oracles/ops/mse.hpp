#pragma once

#include "oracles/ops/detail/loss.hpp"

namespace assay::oracles::ops {

/// Squared error.
///
///   ℓᵢ = (xᵢ − tᵢ)²        ∂ℓᵢ/∂xᵢ = 2 (xᵢ − tᵢ) = −∂ℓᵢ/∂tᵢ
///
/// The mean is over all elements, not over rows, and there is no factor 1/2, as in PyTorch.
struct Mse : detail::ElementwiseLoss<Mse> {
  static constexpr std::string_view name = "mse";

  static Operation spec() {
    return {.name = name,
            .formula = "loss_i = (x_i - t_i)^2; dx_i = 2 (x_i - t_i) dloss_i; dt_i = -dx_i",
            .domain = "all real x, t",
            .source = "Bishop, Pattern Recognition and Machine Learning, 2006, section 3.1 (there halved)",
            .inputs = two_inputs,
            .outputs = one_output,
            .attributes = {detail::elementwise_reduction},
            .samples = two_input_samples()};
  }

  /// Each square is added to the sum.
  static Cost cost(const Shapes& inputs, const Attributes& attributes) {
    const bool summed = detail::reduction_of(name, attributes) != detail::Reduction::none;
    return {.multiply_adds = summed ? element_count(inputs[0]) : 0, .parameters = 0};
  }

  template <class T>
  static T value(const T& x, const T& t) {
    return square(T(x - t));
  }

  template <class T>
  static std::pair<T, T> slopes(const T& x, const T& t) {
    const T slope = T(2) * (x - t);
    return {slope, -slope};
  }
};

}  // namespace assay::oracles::ops
