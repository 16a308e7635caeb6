#pragma once

#include <cmath>
#include <concepts>

#include "oracles/ops/detail/approximate.hpp"
#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Hyperbolic tangent.
///
///   f(x)  = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)
///   f′(x) = 1 − f(x)² = (2 / (eˣ + e⁻ˣ))²
struct Tanh : detail::Elementwise<Tanh> {
  static constexpr std::string_view name = "tanh";

  static Operation spec() {
    return {.name = name,
            .formula = "Y = tanh X; dX = (1 - Y^2) dY",
            .domain = "all real X",
            .source = "LeCun, Bottou, Orr and Mueller, Efficient BackProp, 1998",
            .inputs = one_input,
            .outputs = one_output,
            .samples = samples_of_any_shape};
  }

  /// Besides the library's tanh, f(x) = −m / (2 + m) with m = expm1(−2x) is honest for x ≥ 0, and mirrored
  /// for x < 0; balls do not overflow, so one side serves both. The quotient of 1 ∓ e^(−2|x|) is honest only
  /// where its numerator does not cancel: from |x| = 1/2 on, e^(−2|x|) ≤ 0.37.
  template <class T>
  static T value(const T& x) {
    const bool cancels = std::fabs(detail::approximate(x)) < 0.5;
    return either([&] { return T(tanh(x)); },
                  [&] {
                    const T m = expm1(T(-2) * x);
                    return T(-m / (T(2) + m));
                  },
                  [&] {
                    if (cancels) return T(tanh(x));
                    const T e = exp(T(-2) * x);
                    return T((T(1) - e) / (T(1) + e));
                  });
  }

  /// The form with sech keeps its sign and its digits where 1 − t² cancels; the textbook form, which a float
  /// evaluates, loses both (at x = 20 it is 0 in double).
  template <class T>
  static T derivative(const T& x) {
    const T t = tanh(x);
    const auto textbook = [&] { return T(T(1) - t * t); };
    if constexpr (std::floating_point<T>) return textbook();
    return either(
        [&] {
          const T sech = T(2) / (exp(x) + exp(-x));
          return T(sech * sech);
        },
        textbook, [&] { return T((T(1) - t) * (T(1) + t)); });
  }
};

}  // namespace assay::oracles::ops
