#pragma once

#include "oracles/ops/detail/approximate.hpp"
#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Self-regularised gate, with softplus p = log(1 + eˣ) and the logistic sigmoid s.
///
///   f(x)  = x t           where t = tanh p
///   f′(x) = t + x (1 − t²) s(x)
///
/// Neither p nor tanh is needed: with e = eˣ (x ≤ 0) or n = e⁻ˣ (x > 0) all terms have one sign, and nothing
/// overflows.
///
///   t = e (e + 2) / (e (e + 2) + 2)        = (1 + 2n) / (1 + 2n + 2n²)
///   √(1 − t²) = 2 (1 + e) / ((1 + e)² + 1) = 2n (1 + n) / ((1 + n)² + n²)
///
/// Each identity holds for every x, so the side may be chosen by a midpoint.
struct Mish : detail::Elementwise<Mish> {
  static constexpr std::string_view name = "mish";

  static Operation spec() {
    return {
        .name = name,
        .formula = "Y = X tanh(log(1 + exp(X))); dX = (t + X (1 - t^2) / (1 + exp(-X))) dY with t = Y / X",
        .domain = "all real X",
        .source = "Misra, Mish: A Self Regularized Non-Monotonic Activation Function, 2020",
        .inputs = one_input,
        .outputs = one_output,
        .samples = samples_of_any_shape};
  }

  template <class T>
  static T value(const T& x) {
    return either([&] { return T(x * gate(x)); }, [&] { return T(x * tanh(T(log1p(T(exp(x)))))); });
  }

  template <class T>
  static T derivative(const T& x) {
    return either(
        [&] {
          const T r = root(x);
          return T(gate(x) + x * (r * r * sigmoid(x)));
        },
        [&] {
          const T t = tanh(T(log1p(T(exp(x)))));
          return T(t + x * (T(1) - t * t) * sigmoid(x));
        });
  }

 private:
  /// t.
  template <class T>
  static T gate(const T& x) {
    if (detail::approximate(x) > 0) {
      const T n = exp(T(-x)), above = T(1) + T(2) * n;
      return above / (above + T(2) * n * n);
    }
    const T e = exp(x), above = e * (e + T(2));
    return above / (above + T(2));
  }

  /// √(1 − t²).
  template <class T>
  static T root(const T& x) {
    if (detail::approximate(x) > 0) {
      const T n = exp(T(-x)), more = T(1) + n;
      return T(2) * n * more / (more * more + n * n);
    }
    const T more = T(1) + exp(x);
    return T(2) * more / (more * more + T(1));
  }
};

}  // namespace assay::oracles::ops
