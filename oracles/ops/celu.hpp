#pragma once

#include <tuple>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Continuously differentiable exponential linear unit, α > 0.
///
///   f(x)  = x for x > 0, α (e^(x/α) − 1) otherwise
///   f′(x) = 1 for x > 0, e^(x/α) otherwise: 1 at 0 from both sides
struct Celu : detail::Elementwise<Celu> {
  static constexpr std::string_view name = "celu";
  static constexpr AttributeSpec alpha_attribute{"alpha", "1", "-alpha is the limit for very negative x"};

  static Operation spec() {
    return {.name = name,
            .formula = "Y = X where X > 0, else alpha (exp(X / alpha) - 1); dX = dY or exp(X / alpha) dY",
            .domain = "all real X; alpha > 0",
            .source = "Barron, Continuously Differentiable Exponential Linear Units, 2017",
            .inputs = one_input,
            .outputs = one_output,
            .attributes = {alpha_attribute},
            .samples = {{{{2, 3}}}, {{{4}}, {{"alpha", "1/2"}}}, {{{}}, {{"alpha", "3"}}}, {{{2, 1, 2}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    if (rational_attribute(attributes, alpha_attribute) <= 0)
      refuse_attribute(attributes, alpha_attribute, "a number greater than 0");
    return {inputs[0]};
  }

  template <class T>
  static std::tuple<T> parameters(const Attributes& attributes) {
    return {real_attribute<T>(attributes, alpha_attribute)};
  }

  template <class T>
  static T value(const T& x, const T& alpha) {
    const T low = T(min(x, T(0)) / alpha);
    return select(
        less(T(0), x), x,
        either([&] { return T(alpha * expm1(low)); }, [&] { return T(alpha * (exp(low) - T(1))); }));
  }

  template <class T>
  static T derivative(const T& x, const T& alpha) {
    const T low = T(min(x, T(0)) / alpha);
    return select(less(T(0), x), T(1), T(exp(low)));
  }
};

}  // namespace assay::oracles::ops
