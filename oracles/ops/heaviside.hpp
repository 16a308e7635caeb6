#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/operation.hpp"

namespace assay::oracles::ops {

/// Unit step: what a perceptron fires.
///
///   f(x) = 0 for x < 0, 1 for x > 0, and a value of one's choice at 0
///
/// It has no gradient here. Its derivative is 0 wherever it exists, and at the jump nothing exists, not even
/// a subgradient: an interval that contains all difference quotients there would be unbounded. A ball that
/// meets 0 gets the hull of all values in it.
struct Heaviside {
  static constexpr std::string_view name = "heaviside";
  static constexpr AttributeSpec at_zero_attribute{
      "at_zero", "1",
      "the value at 0: 1 for a perceptron that fires at its threshold, 1/2 for symmetry, or 0"};

  static Operation spec() {
    return {
        .name = name,
        .formula = "Y = 0 where X < 0, 1 where X > 0, at_zero where X = 0; no gradient",
        .domain = "all real X",
        .source = "Rosenblatt, The Perceptron, 1958",
        .inputs = {{.name = "X", .shape = "(...)", .differentiable = false}},
        .outputs = {{"Y", "(...)"}},
        .attributes = {at_zero_attribute},
        .samples = {{{{2, 3}}}, {{{4}}, {{"at_zero", "1/2"}}}, {{{}}, {{"at_zero", "0"}}}, {{{2, 1, 2}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) { return {inputs[0]}; }
  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const T at_zero = real_attribute<T>(attributes, at_zero_attribute);
    Tensor<T> y = arguments.real[0];
    for (T& x : y.data) x = select(less(x, T(0)), T(0), select(less(T(0), x), T(1), at_zero));
    return {y};
  }
};

}  // namespace assay::oracles::ops
