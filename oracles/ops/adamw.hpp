#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/adam.hpp"

namespace assay::oracles::ops {

/// One step of Adam with decoupled weight decay λ: the decay does not pass through the moments.
///
///   p′ = (1 − lr λ) p − lr m̂ / (√v̂ + eps)        decay_rate = scaled: PyTorch
///   p′ = (1 − λ) p − lr m̂ / (√v̂ + eps)           decay_rate = unscaled: the paper, for a schedule of 1
struct Adamw {
  static constexpr std::string_view name = "adamw";
  static constexpr AttributeSpec weight_decay_attribute{"weight_decay", "0.01",
                                                        "share of the parameters taken off in each step"};
  static constexpr AttributeSpec decay_rate_attribute{
      "decay_rate", "scaled", "scaled: by lr weight_decay (PyTorch); unscaled: by weight_decay (the paper)",
      AttributeKind::choice, "scaled|unscaled"};

  static Operation spec() {
    return {.name = name,
            .formula = "p' = (1 - lr weight_decay) p - lr m^ / (sqrt(v^) + eps), moments as in adam",
            .domain = "all real parameters, gradients and m; v >= 0; eps > 0, or no v' that is 0",
            .source = "Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019, algorithm 2",
            .inputs = detail::step_inputs({"first_moment", "second_moment"}, "second_moment"),
            .outputs = detail::step_outputs({"first_moment", "second_moment"}),
            .attributes = {detail::adam_lr_attribute, detail::betas_attribute, detail::adam_eps_attribute,
                           detail::adam_eps_placement_attribute, detail::step_attribute,
                           detail::bias_correction_attribute, weight_decay_attribute, decay_rate_attribute},
            .samples =
                detail::step_samples(2, {{{"step", "3"}},
                                         {{"decay_rate", "unscaled"}, {"eps", "0.25"}},
                                         {{"bias_correction", "false"}, {"betas", "0.5,0.9"}},
                                         {{"eps_placement", "inside"}, {"eps", "0.25"}},
                                         {{"eps_placement", "uncorrected"}, {"eps", "0.25"}, {"step", "2"}},
                                         {{"weight_decay", "0.5"}, {"lr", "1"}}})};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_adam(attributes);
    detail::require_not_negative(attributes, {weight_decay_attribute});
    return detail::step_shapes(name, spec().inputs, inputs);
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const detail::AdamStep<T> step(name, attributes);
    const bool scaled = choice_attribute(attributes, decay_rate_attribute) == 0;
    const T decay = real_attribute<T>(attributes, weight_decay_attribute);
    const T share = scaled ? T(step.lr * decay) : decay;
    Tensor<T> p = arguments.real[0];
    Tensor<T> m = detail::state_or_zero(arguments, 2), v = detail::state_or_zero(arguments, 3);
    for (std::size_t i = 0; i < p.size(); ++i) {
      step.update(m[i], v[i], arguments.real[1][i]);
      const T kept = either([&] { return T(p[i] * (T(1) - share)); }, [&] { return T(p[i] - share * p[i]); });
      p[i] = either([&] { return step.next(kept, m[i], v[i]); },
                    [&] { return T(step.next(p[i], m[i], v[i]) - share * p[i]); });
    }
    return {p, m, v};
  }
};

}  // namespace assay::oracles::ops
