#pragma once

#include <tuple>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Piecewise linear sigmoid with slope α: 1/6 in PyTorch, 0.2 in ONNX and Keras 2.
///
///   f(x)  = min(max(α x + ½, 0), 1)
///   f′(x) = α for |x| < h, 0 for |x| > h        where h = 1/(2α)
///
/// At the two kinks the derivative of a ball is [0, α]; a number exactly there gets 0, as in PyTorch.
struct HardSigmoid : detail::Elementwise<HardSigmoid> {
  static constexpr std::string_view name = "hardsigmoid";
  static constexpr AttributeSpec alpha_attribute{"alpha", "1/6", "slope; 0.2 in ONNX and Keras 2"};

  static Operation spec() {
    return {.name = name,
            .formula = "Y = min(max(alpha X + 1/2, 0), 1); dX = alpha dY where |X| < 1 / (2 alpha), else 0",
            .domain = "all real X; alpha > 0",
            .source =
                "Courbariaux, Bengio and David, BinaryConnect, 2015 (slope 1/2); Howard et al., "
                "Searching for MobileNetV3, 2019 (slope 1/6)",
            .inputs = one_input,
            .outputs = one_output,
            .attributes = {alpha_attribute},
            .samples = {{{{2, 3}}}, {{{4}}, {{"alpha", "0.2"}}}, {{{}}}, {{{2, 1, 2}}, {{"alpha", "1/2"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    if (rational_attribute(attributes, alpha_attribute) <= 0)
      refuse_attribute(attributes, alpha_attribute, "a number greater than 0");
    return {inputs[0]};
  }

  /// α, 1/α and h, each formed exactly before it becomes a T.
  template <class T>
  static std::tuple<T, T, T> parameters(const Attributes& attributes) {
    const Rational alpha = rational_attribute(attributes, alpha_attribute);
    return {from_rational<T>(alpha), from_rational<T>(Rational(1 / alpha)),
            from_rational<T>(Rational(1 / (2 * alpha)))};
  }

  template <class T>
  static T value(const T& x, const T& alpha, const T& inverse, const T& half_width) {
    const T half = T(1) / T(2);
    return either([&] { return T(clamped(T(x + half_width), T(half_width + half_width)) / inverse); },
                  [&] { return clamped(T(alpha * x + half), T(1)); },
                  [&] { return clamped(T(x / inverse + half), T(1)); });
  }

  template <class T>
  static T derivative(const T& x, const T& alpha, const T&, const T& half_width) {
    return alpha * (step(T(x + half_width)) * step(T(half_width - x)));
  }

 private:
  template <class T>
  static T clamped(const T& x, const T& high) {
    return min(relu(x), high);
  }
};

}  // namespace assay::oracles::ops
