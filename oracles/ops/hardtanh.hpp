#pragma once

#include <tuple>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Piecewise linear tanh: the identity, cut off at a and b.
///
///   f(x)  = min(max(x, a), b)
///   f′(x) = 1 for a < x < b, 0 for x < a and x > b
///
/// At the two kinks the derivative of a ball is [0, 1]; a number exactly there gets 0, as in PyTorch.
struct HardTanh : detail::Elementwise<HardTanh> {
  static constexpr std::string_view name = "hardtanh";
  static constexpr AttributeSpec low_attribute{"min_val", "-1", "the smallest value"};
  static constexpr AttributeSpec high_attribute{"max_val", "1", "the largest value"};

  static Operation spec() {
    return {.name = name,
            .formula = "Y = min(max(X, min_val), max_val); dX = dY where min_val < X < max_val, else 0",
            .domain = "all real X; min_val < max_val",
            .source = "Collobert, Large Scale Machine Learning, 2004",
            .inputs = one_input,
            .outputs = one_output,
            .attributes = {low_attribute, high_attribute},
            .samples = {{{{2, 3}}},
                        {{{4}}, {{"min_val", "-2"}, {"max_val", "1/3"}}},
                        {{{}}},
                        {{{2, 1, 2}}, {{"min_val", "0"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Rational low = rational_attribute(attributes, low_attribute);
    if (rational_attribute(attributes, high_attribute) <= low)
      refuse_attribute(attributes, high_attribute, "a number greater than min_val, " + to_text(low));
    return {inputs[0]};
  }

  template <class T>
  static std::tuple<T, T> parameters(const Attributes& attributes) {
    return {real_attribute<T>(attributes, low_attribute), real_attribute<T>(attributes, high_attribute)};
  }

  template <class T>
  static T value(const T& x, const T& low, const T& high) {
    return min(max(x, low), high);
  }

  template <class T>
  static T derivative(const T& x, const T& low, const T& high) {
    return step(T(x - low)) * step(T(high - x));
  }
};

}  // namespace assay::oracles::ops
