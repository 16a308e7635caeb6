#pragma once

#include <tuple>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Smooth rectifier of sharpness β > 0.
///
///   f(x)  = log(1 + e^(βx)) / β = max(x, 0) + log1p(e^−|βx|) / β
///   f′(x) = 1 / (1 + e^(−βx))
///
/// PyTorch's `threshold` is left out: above βx = 20 it returns x, a shortcut that is off by up to 2e-9 / β
/// and no part of the function. log(1 + ...) in place of log1p loses the digits of very negative x: not
/// honest.
struct Softplus : detail::Elementwise<Softplus> {
  static constexpr std::string_view name = "softplus";
  static constexpr AttributeSpec beta_attribute{"beta", "1", "sharpness: the larger, the closer to relu"};

  static Operation spec() {
    return {.name = name,
            .formula = "Y = log(1 + exp(beta X)) / beta; dX = dY / (1 + exp(-beta X))",
            .domain = "all real X; beta > 0",
            .source =
                "Dugas, Bengio, Belisle, Nadeau and Garcia, Incorporating Second-Order Functional "
                "Knowledge for Better Option Pricing, 2001",
            .inputs = one_input,
            .outputs = one_output,
            .attributes = {beta_attribute},
            .samples = {{{{2, 3}}, {{"beta", "2"}}}, {{{4}}}, {{{}}, {{"beta", "1/3"}}}, {{{2, 1, 2}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    if (rational_attribute(attributes, beta_attribute) <= 0)
      refuse_attribute(attributes, beta_attribute, "a number greater than 0");
    return {inputs[0]};
  }

  template <class T>
  static std::tuple<T> parameters(const Attributes& attributes) {
    return {real_attribute<T>(attributes, beta_attribute)};
  }

  template <class T>
  static T value(const T& x, const T& beta) {
    const T z = beta * x;
    return either([&] { return T(relu(x) + log1p(T(exp(T(-abs(z))))) / beta); },
                  [&] { return T((relu(z) + log1p(T(exp(T(-abs(z)))))) / beta); },
                  [&] { return T(log1p(T(exp(z))) / beta); });
  }

  template <class T>
  static T derivative(const T& x, const T& beta) {
    const T z = beta * x;
    return either([&] { return T(sigmoid(z)); }, [&] { return T(T(1) / (T(1) + exp(T(-z)))); },
                  [&] {
                    const T e = exp(z);
                    return T(e / (T(1) + e));
                  });
  }
};

}  // namespace assay::oracles::ops
