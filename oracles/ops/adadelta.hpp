#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/optimizer.hpp"

namespace assay::oracles::ops {

/// One step of AdaDelta: the step has the unit of the parameters.
///
///   s′ = ρ s + (1 − ρ) g²        Δ = g √(a + eps) / √(s′ + eps)        p′ = p − lr Δ
///   a′ = ρ a + (1 − ρ) Δ²        the average of squared steps: this step is made with the old one
///
/// The paper has lr = 1 and, as everybody since, eps inside both roots.
struct Adadelta {
  static constexpr std::string_view name = "adadelta";
  static constexpr AttributeSpec lr_attribute{"lr", "1", "learning rate; 1 in the paper"};
  static constexpr AttributeSpec rho_attribute{"rho", "0.9", "decay rate of both averages"};
  static constexpr AttributeSpec eps_attribute{"eps", "1e-6", "added under both roots"};

  static Operation spec() {
    return {.name = name,
            .formula =
                "s' = rho s + (1 - rho) g^2; delta = g sqrt(a + eps) / sqrt(s' + eps); p' = p - lr "
                "delta; a' = rho a + (1 - rho) delta^2",
            .domain = "all real parameters and gradients; averages >= 0",
            .source = "Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012",
            .inputs = detail::step_inputs({"square_average", "step_average"}, "square_average step_average"),
            .outputs = detail::step_outputs({"square_average", "step_average"}),
            .attributes = {lr_attribute, rho_attribute, eps_attribute, detail::weight_decay_attribute},
            .samples = detail::step_samples(
                2, {{}, {{"eps", "0.01"}}, {{"rho", "0.5"}, {"weight_decay", "0.1"}}, {{"lr", "1/2"}}})};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_not_negative(attributes, {lr_attribute, detail::weight_decay_attribute});
    detail::require_rate(attributes, rho_attribute);
    detail::require_positive(attributes, eps_attribute);
    return detail::step_shapes(name, spec().inputs, inputs);
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const T lr = real_attribute<T>(attributes, lr_attribute),
            rho = real_attribute<T>(attributes, rho_attribute);
    const T eps = real_attribute<T>(attributes, eps_attribute);
    const Tensor<T> g = detail::decayed_gradient(arguments, attributes);
    Tensor<T> p = arguments.real[0];
    Tensor<T> s = detail::state_or_zero(arguments, 2), a = detail::state_or_zero(arguments, 3);
    for (std::size_t i = 0; i < p.size(); ++i) {
      s[i] = detail::moving_average_of_squares(rho, s[i], g[i]);
      const T delta = either([&] { return T(sqrt(a[i] + eps) / sqrt(s[i] + eps) * g[i]); },
                             [&] { return T(sqrt((a[i] + eps) / (s[i] + eps)) * g[i]); });
      p[i] -= lr * delta;
      a[i] = detail::moving_average_of_squares(rho, a[i], delta);
    }
    return {p, s, a};
  }
};

}  // namespace assay::oracles::ops
