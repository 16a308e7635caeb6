#pragma once

#include "oracles/ops/detail/loss.hpp"

namespace assay::oracles::ops {

/// Absolute error with a rounded corner of width β.
///
///   d  = x − t
///   ℓ  = d² / 2β       for |d| < β        ∂ℓ/∂x = d / β
///   ℓ  = |d| − β/2     otherwise          ∂ℓ/∂x = sign d
///
/// Both pieces meet with one slope: no kink. β = 0 is the absolute error itself, as in PyTorch. The Huber
/// loss with δ = β is β times this one.
struct SmoothL1 : detail::ElementwiseLoss<SmoothL1> {
  static constexpr std::string_view name = "smooth_l1";
  static constexpr AttributeSpec beta_attribute{"beta", "1",
                                                "where the square becomes a line; 0 for no square"};

  static Operation spec() {
    return {.name = name,
            .formula =
                "d = x - t; loss = d^2 / (2 beta) where |d| < beta, else |d| - beta / 2; dx = d / beta "
                "dloss or sign(d) dloss; dt = -dx",
            .domain = "all real x, t; beta >= 0",
            .source = "Girshick, Fast R-CNN, 2015, equation 3 (beta = 1)",
            .inputs = two_inputs,
            .outputs = one_output,
            .attributes = {beta_attribute, detail::elementwise_reduction},
            .samples = two_input_samples({{"beta", "4"}}, {{"beta", "1/3"}})};
  }

  template <class T>
  static std::tuple<T> parameters(const Attributes& attributes) {
    return {from_rational<T>(detail::nonnegative_attribute(attributes, beta_attribute))};
  }

  template <class T>
  static T value(const T& x, const T& t, const T& beta) {
    const T d = x - t, far = abs(d);
    if (equal(beta, T(0)) == Truth::yes) return far;
    const T near =
        either([&] { return T(square(d) / (T(2) * beta)); }, [&] { return T(T(1) / T(2) / beta * d * d); });
    return select(less(far, beta), near, T(far - beta / T(2)));
  }

  template <class T>
  static std::pair<T, T> slopes(const T& x, const T& t, const T& beta) {
    const T d = x - t;
    if (equal(beta, T(0)) == Truth::yes) return {abs_slope(d), T(-abs_slope(d))};
    const T slope = max(T(-1), min(T(1), T(d / beta)));  // both pieces at once
    return {slope, -slope};
  }
};

}  // namespace assay::oracles::ops
