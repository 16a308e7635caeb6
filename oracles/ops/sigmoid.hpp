#pragma once

#include <concepts>

#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Logistic sigmoid.
///
///   f(x)  = 1 / (1 + e⁻ˣ) = eˣ / (1 + eˣ)
///   f′(x) = f(x) (1 − f(x)) = f(x) f(−x)
///
/// Both forms of f add terms of one sign, so each is honest for every x that does not overflow.
struct Sigmoid : detail::Elementwise<Sigmoid> {
  static constexpr std::string_view name = "sigmoid";

  static Operation spec() {
    return {
        .name = name,
        .formula = "Y = 1 / (1 + exp(-X)); dX = Y (1 - Y) dY",
        .domain = "all real X",
        .source = "Rumelhart, Hinton and Williams, Learning Representations by Back-propagating Errors, 1986",
        .inputs = one_input,
        .outputs = one_output,
        .samples = samples_of_any_shape};
  }

  template <class T>
  static T value(const T& x) {
    return either([&] { return T(sigmoid(x)); }, [&] { return T(T(1) / (T(1) + exp(-x))); },
                  [&] {
                    const T e = exp(x);
                    return T(e / (T(1) + e));
                  });
  }

  /// f(x) f(−x) keeps its digits where 1 − f cancels; a float evaluates the textbook form, which becomes 0
  /// for large x.
  template <class T>
  static T derivative(const T& x) {
    const T s = value(x);
    const auto textbook = [&] { return T(s * (T(1) - s)); };
    if constexpr (std::floating_point<T>) return textbook();
    return either([&] { return T(s * value(T(-x))); }, textbook, [&] { return T(s - s * s); });
  }
};

}  // namespace assay::oracles::ops
