#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/descent.hpp"

namespace assay::oracles::ops {

/// The path of gradient descent on f(x) = x⁴ / 2 from x₀ with learning rate η.
///
///   xₖ₊₁     = xₖ − 2 η xₖ³ = xₖ (1 − 2 η xₖ²)              k = 0 .. steps − 1
///
/// It tends to 0 for η x₀² < 1, alternates between x₀ and −x₀ for η x₀² = 1 and diverges beyond. Backwards,
/// with λₖ for all that reaches xₖ and Gₖ = ∂L/∂xₖ:
///
///   λₖ       = Gₖ + λₖ₊₁ (1 − 6 η xₖ²)        ∂L/∂x₀ = λ₀        ∂L/∂η = −2 Σ λₖ₊₁ xₖ³
struct GradientDescentQuartic {
  static constexpr std::string_view name = "gradient_descent_quartic";
  static constexpr std::int64_t most_exact_steps = 10;  // each step has three times the digits

  static Operation spec() {
    return {.name = name,
            .formula = "x_k+1 = x_k - 2 lr x_k^3, all x_0 .. x_steps",
            .domain = "all real x0 and lr; in fractions at most 10 steps",
            .source = "Nocedal and Wright, Numerical Optimization, 2006, section 3.1",
            .inputs = {{.name = "x0", .shape = "()", .range = {-1.5, 1.5}},
                       {.name = "lr", .shape = "()", .range = {0.05, 0.4}}},
            .outputs = {{"trajectory", "(steps + 1)"}},
            .attributes = {detail::steps_attribute},
            .samples = {{{{}, {}}, {{"steps", "3"}}},
                        {{{}, {}}, {{"steps", "1"}}},
                        {{{}, {}}, {{"steps", "0"}}},
                        {{{}, {}}, {{"steps", "4"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_shape(name, "x0", inputs[0], {}, "a scalar");
    detail::require_shape(name, "lr", inputs[1], {}, "a scalar");
    return {{detail::steps_of(attributes) + 1}};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    return {trajectory(arguments, attributes)};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const T& lr = arguments.real[1][0];
    const Tensor<T> x = trajectory(arguments, attributes);
    T reaching = upstream[0][x.size() - 1], d_lr = T(0);
    for (std::size_t k = x.size() - 1; k-- > 0;) {
      d_lr -= reaching * T(2) * x[k] * x[k] * x[k];
      reaching = upstream[0][k] + reaching * (T(1) - T(6) * lr * x[k] * x[k]);
    }
    return {Tensor<T>::scalar(reaching), Tensor<T>::scalar(d_lr)};
  }

 private:
  template <class T>
  static Tensor<T> trajectory(const Arguments<T>& arguments, const Attributes& attributes) {
    const std::size_t steps = detail::steps_of(attributes);
    if constexpr (detail::is_fraction<T>)
      if (steps > most_exact_steps)
        refuse_attribute(attributes, detail::steps_attribute,
                         "at most " + std::to_string(most_exact_steps) +
                             " for fractions, whose digits triple with each step");
    const T& lr = arguments.real[1][0];
    Tensor<T> x(Shape{steps + 1});
    x[0] = arguments.real[0][0];
    for (std::size_t k = 0; k < steps; ++k)
      x[k + 1] = either([&] { return T(x[k] - lr * (T(2) * x[k] * x[k] * x[k])); },
                        [&] { return T(x[k] * (T(1) - T(2) * lr * x[k] * x[k])); });
    return x;
  }
};

}  // namespace assay::oracles::ops
