#pragma once

#include "oracles/ops/detail/adam.hpp"

namespace assay::oracles::ops {

/// One step of Adam; t counts from 1.
///
///   m′ = β₁ m + (1 − β₁) g      v′ = β₂ v + (1 − β₂) g²      m̂ = m′ / (1 − β₁ᵗ)      v̂ = v′ / (1 − β₂ᵗ)
///   p′ = p − lr m̂ / (√v̂ + eps)
///
/// Weight decay λ is coupled: g + λ p takes the place of g. Decoupled it is adamw.
struct Adam {
  static constexpr std::string_view name = "adam";

  static Operation spec() {
    return {.name = name,
            .formula =
                "m' = b1 m + (1 - b1) g; v' = b2 v + (1 - b2) g^2; p' = p - lr m' / (1 - b1^step) / "
                "(sqrt(v' / (1 - b2^step)) + eps)",
            .domain = "all real parameters, gradients and m; v >= 0; eps > 0, or no v' that is 0",
            .source = "Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, algorithm 1",
            .inputs = detail::step_inputs({"first_moment", "second_moment"}, "second_moment"),
            .outputs = detail::step_outputs({"first_moment", "second_moment"}),
            .attributes = {detail::adam_lr_attribute, detail::betas_attribute, detail::adam_eps_attribute,
                           detail::adam_eps_placement_attribute, detail::step_attribute,
                           detail::bias_correction_attribute, detail::weight_decay_attribute},
            .samples =
                detail::step_samples(2, {{{"step", "3"}},
                                         {},
                                         {{"bias_correction", "false"}, {"betas", "0.5,0.9"}},
                                         {{"eps_placement", "inside"}, {"eps", "0.25"}},
                                         {{"eps_placement", "uncorrected"}, {"eps", "0.25"}, {"step", "2"}},
                                         {{"weight_decay", "0.1"}, {"eps", "0.25"}, {"lr", "1"}}})};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_adam(attributes);
    detail::require_not_negative(attributes, {detail::weight_decay_attribute});
    return detail::step_shapes(name, spec().inputs, inputs);
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const detail::AdamStep<T> step(name, attributes);
    const Tensor<T> g = detail::decayed_gradient(arguments, attributes);
    Tensor<T> p = arguments.real[0];
    Tensor<T> m = detail::state_or_zero(arguments, 2), v = detail::state_or_zero(arguments, 3);
    for (std::size_t i = 0; i < p.size(); ++i) {
      step.update(m[i], v[i], g[i]);
      p[i] = step.next(p[i], m[i], v[i]);
    }
    return {p, m, v};
  }
};

}  // namespace assay::oracles::ops
