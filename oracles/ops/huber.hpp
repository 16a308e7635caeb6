#pragma once

#include "oracles/ops/detail/loss.hpp"

namespace assay::oracles::ops {

/// Squared error near 0, absolute error of slope δ far from it.
///
///   d  = x − t
///   ℓ  = d² / 2            for |d| ≤ δ        ∂ℓ/∂x = d
///   ℓ  = δ (|d| − δ/2)     otherwise          ∂ℓ/∂x = δ sign d
///
/// Both pieces meet with one slope: no kink.
struct Huber : detail::ElementwiseLoss<Huber> {
  static constexpr std::string_view name = "huber";
  static constexpr AttributeSpec delta_attribute{"delta", "1", "where the square becomes a line"};

  static Operation spec() {
    return {.name = name,
            .formula =
                "d = x - t; loss = d^2 / 2 where |d| <= delta, else delta (|d| - delta / 2); dx = "
                "d dloss or delta sign(d) dloss; dt = -dx",
            .domain = "all real x, t; delta > 0",
            .source = "Huber, Robust Estimation of a Location Parameter, 1964",
            .inputs = two_inputs,
            .outputs = one_output,
            .attributes = {delta_attribute, detail::elementwise_reduction},
            .samples = two_input_samples({{"delta", "4"}}, {{"delta", "1/3"}})};
  }

  template <class T>
  static std::tuple<T> parameters(const Attributes& attributes) {
    return {from_rational<T>(detail::positive_attribute(attributes, delta_attribute))};
  }

  /// Honest beyond δ: the product, and δ |d| − δ²/2.
  template <class T>
  static T value(const T& x, const T& t, const T& delta) {
    const T d = x - t, far = abs(d);
    const T line = either([&] { return T(delta * (far - delta / T(2))); },
                          [&] { return T(delta * far - square(delta) / T(2)); });
    return select(less_equal(far, delta), T(square(d) / T(2)), line);
  }

  template <class T>
  static std::pair<T, T> slopes(const T& x, const T& t, const T& delta) {
    const T slope = max(T(-delta), min(delta, T(x - t)));  // both pieces at once
    return {slope, -slope};
  }
};

}  // namespace assay::oracles::ops
