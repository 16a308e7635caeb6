#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/optimizer.hpp"

namespace assay::oracles::ops {

/// One step of AdaMax: Adam with the largest gradient, forgotten slowly, in place of the root mean square.
///
///   m′ = β₁ m + (1 − β₁) g        u′ = max(β₂ u, |g|)        p′ = p − lr / (1 − β₁ᵗ) · m′ / u′
///
/// The paper has no eps: 0 / 0 for a gradient that was never anything but 0. PyTorch takes max(β₂ u, |g| +
/// eps); Keras divides by u′ + eps. No root is drawn, so rationals are exact.
struct Adamax {
  static constexpr std::string_view name = "adamax";
  static constexpr AttributeSpec lr_attribute{"lr", "0.002", "learning rate"};
  static constexpr AttributeSpec eps_attribute{"eps", "1e-8", "keeps the divisor from 0; 0 is the paper"};
  static constexpr AttributeSpec eps_placement_attribute{
      "eps_placement", "in_maximum",
      "in_maximum: max(beta2 u, |g| + eps) (PyTorch); in_divisor: m / (u + eps) (Keras)",
      AttributeKind::choice, "in_maximum|in_divisor"};

  static Operation spec() {
    return {.name = name,
            .formula =
                "m' = b1 m + (1 - b1) g; u' = max(b2 u, |g| + eps); p' = p - lr / (1 - b1^step) m' / "
                "u'",
            .domain = "all real parameters, gradients and m; u >= 0; eps > 0, or no u' that is 0",
            .source = "Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, algorithm 2",
            .inputs = detail::step_inputs({"first_moment", "infinity_norm"}, "infinity_norm"),
            .outputs = detail::step_outputs({"first_moment", "infinity_norm"}),
            .attributes = {lr_attribute, detail::betas_attribute, eps_attribute, eps_placement_attribute,
                           detail::step_attribute, detail::weight_decay_attribute},
            .samples = detail::step_samples(2, {{{"step", "3"}},
                                                {{"eps", "0.25"}},
                                                {{"betas", "0.5,0.75"}, {"weight_decay", "0.1"}},
                                                {{"eps_placement", "in_divisor"}, {"eps", "0.25"}},
                                                {{"lr", "1"}, {"step", "2"}, {"betas", "0.5,0.99"}}})};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_not_negative(attributes, {lr_attribute, eps_attribute, detail::weight_decay_attribute});
    detail::require_betas(attributes);
    detail::step_of(attributes);
    return detail::step_shapes(name, spec().inputs, inputs);
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const auto [beta1, beta2] = detail::betas_of<T>(attributes);
    const T first = T(1) - pow(beta1, detail::step_of(attributes));
    const T lr = real_attribute<T>(attributes, lr_attribute),
            eps = real_attribute<T>(attributes, eps_attribute);
    const bool in_divisor = choice_attribute(attributes, eps_placement_attribute) == 1;
    const Tensor<T> g = detail::decayed_gradient(arguments, attributes);
    Tensor<T> p = arguments.real[0];
    Tensor<T> m = detail::state_or_zero(arguments, 2), u = detail::state_or_zero(arguments, 3);
    for (std::size_t i = 0; i < p.size(); ++i) {
      m[i] = detail::moving_average(beta1, m[i], g[i]);
      const T magnitude = abs(g[i]);
      u[i] = max(T(beta2 * u[i]), in_divisor ? magnitude : T(magnitude + eps));
      const T divisor = in_divisor ? T(u[i] + eps) : u[i];
      p[i] = either([&] { return detail::stepped(name, p[i], T(lr / first), m[i], divisor); },
                    [&] { return detail::stepped(name, p[i], lr, T(m[i] / first), divisor); });
    }
    return {p, m, u};
  }
};

}  // namespace assay::oracles::ops
