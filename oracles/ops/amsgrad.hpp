#pragma once

#include "oracles/ops/detail/adam.hpp"

namespace assay::oracles::ops {

/// One step of AMSGrad: Adam, divided by the largest second moment so far.
///
///   m′, v′ as in Adam        w′ = max(w, v′)        p′ = p − lr m′ / (1 − β₁ᵗ) / (√(w′ / (1 − β₂ᵗ)) + eps)
///
/// The maximum is that of moments before their correction, as in PyTorch and Keras; the paper corrects
/// nothing (bias_correction = false). The maximum has no derivative here: ties need no convention.
struct Amsgrad {
  static constexpr std::string_view name = "amsgrad";

  static Operation spec() {
    return {.name = name,
            .formula =
                "moments as in adam; w' = max(w, v'); p' = p - lr m' / (1 - b1^step) / (sqrt(w' / (1 - "
                "b2^step)) + eps)",
            .domain = "all real parameters, gradients and m; v, w >= 0; eps > 0, or no w' that is 0",
            .source = "Reddi, Kale and Kumar, On the Convergence of Adam and Beyond, 2018, algorithm 2",
            .inputs = detail::step_inputs({"first_moment", "second_moment", "largest_second_moment"},
                                          "second_moment largest_second_moment"),
            .outputs = detail::step_outputs({"first_moment", "second_moment", "largest_second_moment"}),
            .attributes = {detail::adam_lr_attribute, detail::betas_attribute, detail::adam_eps_attribute,
                           detail::adam_eps_placement_attribute, detail::step_attribute,
                           detail::bias_correction_attribute, detail::weight_decay_attribute},
            .samples =
                detail::step_samples(3, {{{"step", "3"}},
                                         {},
                                         {{"bias_correction", "false"}, {"betas", "0.5,0.9"}},
                                         {{"eps_placement", "inside"}, {"eps", "0.25"}},
                                         {{"eps_placement", "uncorrected"}, {"eps", "0.25"}, {"step", "2"}},
                                         {{"weight_decay", "0.1"}, {"lr", "1"}}})};
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
    Tensor<T> p = arguments.real[0], m = detail::state_or_zero(arguments, 2);
    Tensor<T> v = detail::state_or_zero(arguments, 3), w = detail::state_or_zero(arguments, 4);
    for (std::size_t i = 0; i < p.size(); ++i) {
      step.update(m[i], v[i], g[i]);
      w[i] = max(w[i], v[i]);
      p[i] = step.next(p[i], m[i], w[i]);
    }
    return {p, m, v, w};
  }
};

}  // namespace assay::oracles::ops
