#pragma once

#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Sigmoid linear unit, also called swish, with s the logistic sigmoid.
///
///   f(x)  = x s(x)
///   f′(x) = s(x) + x s(x) s(−x) = s(x) (1 + x (1 − s(x)))
struct Silu : detail::Elementwise<Silu> {
  static constexpr std::string_view name = "silu";

  static Operation spec() {
    return {.name = name,
            .formula = "Y = X s(X) with s(X) = 1 / (1 + exp(-X)); dX = s (1 + X (1 - s)) dY",
            .domain = "all real X",
            .source =
                "Elfwing, Uchibe and Doya, Sigmoid-Weighted Linear Units, 2018; Ramachandran, Zoph and "
                "Le, Searching for Activation Functions, 2017",
            .inputs = one_input,
            .outputs = one_output,
            .samples = samples_of_any_shape};
  }

  template <class T>
  static T value(const T& x) {
    return either([&] { return T(x * sigmoid(x)); }, [&] { return T(x / (T(1) + exp(T(-x)))); });
  }

  template <class T>
  static T derivative(const T& x) {
    const T s = sigmoid(x);
    return either([&] { return T(s + x * (s * sigmoid(T(-x)))); },
                  [&] { return T(s * (T(1) + x * (T(1) - s))); }, [&] { return T(s + x * s * (T(1) - s)); },
                  [&] { return T(x * s + s * (T(1) - x * s)); });
  }
};

}  // namespace assay::oracles::ops
