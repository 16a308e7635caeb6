#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Leaky rectified linear unit with slope α for negative x.
///
///   f(x)  = x for x > 0, α x otherwise
///   f′(x) = 1 for x > 0, α for x < 0
///
/// At the kink the derivative of a ball is the hull of α and 1; a number that is exactly 0 gets α, as in
/// PyTorch (0 would not even be a subgradient).
struct LeakyRelu : detail::Elementwise<LeakyRelu> {
  static constexpr std::string_view name = "leaky_relu";
  static constexpr AttributeSpec alpha_attribute{"alpha", "0.01", "slope for negative x"};

  static Operation spec() {
    return {.name = name,
            .formula = "Y = X where X > 0, else alpha X; dX = dY where X > 0, else alpha dY",
            .domain = "all real X",
            .source =
                "Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013",
            .inputs = one_input,
            .outputs = one_output,
            .attributes = {alpha_attribute},
            .samples = {{{{2, 3}}}, {{{4}}, {{"alpha", "1/3"}}}, {{{}}}}};
  }

  template <class T>
  static std::tuple<T> parameters(const Attributes& attributes) {
    return {real_attribute<T>(attributes, alpha_attribute)};
  }

  template <class T>
  static T value(const T& x, const T& alpha) {
    return select(less(T(0), x), x, T(alpha * x));
  }

  /// Asking `step` rather than x makes the question open wherever a ball meets 0, even at its edge.
  template <class T>
  static T derivative(const T& x, const T& alpha) {
    return select(less(T(0), T(step(x))), T(1), alpha);
  }
};

}  // namespace assay::oracles::ops
