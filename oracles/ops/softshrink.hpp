#pragma once

#include <tuple>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/elementwise.hpp"
#include "oracles/ops/detail/shrink.hpp"

namespace assay::oracles::ops {

/// Soft thresholding with a fixed threshold λ ≥ 0, as an activation.
///
///   f(x)  = sign(x) max(|x| − λ, 0)
///   f′(x) = 1 for |x| > λ, 0 for |x| < λ
///
/// At the two kinks the derivative of a ball is [0, 1]; a number exactly there gets 0, as in PyTorch.
struct Softshrink : detail::Elementwise<Softshrink> {
  static constexpr std::string_view name = "softshrink";
  static constexpr AttributeSpec lambda_attribute{"lambd", "0.5", "the threshold, at least 0"};

  static Operation spec() {
    return {.name = name,
            .formula = "Y = sign(X) max(|X| - lambd, 0); dX = dY where |X| > lambd, else 0",
            .domain = "all real X; lambd >= 0",
            .source = "Donoho, De-noising by Soft-Thresholding, 1995",
            .inputs = one_input,
            .outputs = one_output,
            .attributes = {lambda_attribute},
            .samples = {{{{2, 3}}}, {{{4}}, {{"lambd", "2"}}}, {{{}}, {{"lambd", "0"}}}, {{{2, 1, 2}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    if (rational_attribute(attributes, lambda_attribute) < 0)
      refuse_attribute(attributes, lambda_attribute, "a number of at least 0");
    return {inputs[0]};
  }

  template <class T>
  static std::tuple<T> parameters(const Attributes& attributes) {
    return {real_attribute<T>(attributes, lambda_attribute)};
  }

  template <class T>
  static T value(const T& x, const T& lambda) {
    return detail::shrunk(x, lambda);
  }

  template <class T>
  static T derivative(const T& x, const T& lambda) {
    return detail::shrink_slope(x, lambda);
  }
};

}  // namespace assay::oracles::ops
