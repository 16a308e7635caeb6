#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/optimizer.hpp"

namespace assay::oracles::ops {

/// One step of AdaGrad.
///
///   s′ = s + g²        p′ = p − lr / (1 + (t − 1) lr_decay) · g / (√s′ + eps)        or g / √(s′ + eps)
///
/// A sum that is left out starts at `initial_accumulator_value`. Keras puts eps inside the root.
struct Adagrad {
  static constexpr std::string_view name = "adagrad";
  static constexpr AttributeSpec lr_attribute{"lr", "0.01", "learning rate"};
  static constexpr AttributeSpec lr_decay_attribute{"lr_decay", "0",
                                                    "lr is divided by 1 + (step - 1) lr_decay"};
  static constexpr AttributeSpec eps_attribute{"eps", "1e-10", "added to the divisor"};
  static constexpr AttributeSpec initial_attribute{"initial_accumulator_value", "0",
                                                   "the sum of squares before the first step"};

  static Operation spec() {
    return {.name = name,
            .formula = "s' = s + g^2; p' = p - lr / (1 + (step - 1) lr_decay) g / (sqrt(s') + eps)",
            .domain = "all real parameters and gradients; sums >= 0; eps > 0, or no sum that is 0",
            .source = "Duchi, Hazan and Singer, Adaptive Subgradient Methods, 2011; settings as in PyTorch",
            .inputs = detail::step_inputs({"square_sum"}, "square_sum"),
            .outputs = detail::step_outputs({"square_sum"}),
            .attributes = {lr_attribute, lr_decay_attribute, eps_attribute, detail::eps_placement_attribute,
                           initial_attribute, detail::step_attribute, detail::weight_decay_attribute},
            .samples = detail::step_samples(1, {{},
                                                {{"initial_accumulator_value", "0.1"}, {"eps", "0.01"}},
                                                {{"lr_decay", "0.5"}, {"step", "3"}, {"lr", "1"}},
                                                {{"eps_placement", "inside"}, {"eps", "0.5"}},
                                                {{"weight_decay", "0.1"}}})};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_not_negative(attributes, {lr_attribute, lr_decay_attribute, eps_attribute,
                                              initial_attribute, detail::weight_decay_attribute});
    detail::step_of(attributes);
    return detail::step_shapes(name, spec().inputs, inputs);
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const bool inside = choice_attribute(attributes, detail::eps_placement_attribute) == 1;
    const T eps = real_attribute<T>(attributes, eps_attribute), lr = decayed_rate<T>(attributes);
    const Tensor<T> g = detail::decayed_gradient(arguments, attributes);
    Tensor<T> p = arguments.real[0], s = detail::state_or_zero(arguments, 2);
    if (!detail::has_state(arguments, 2))
      for (T& element : s.data) element = real_attribute<T>(attributes, initial_attribute);
    for (std::size_t i = 0; i < p.size(); ++i) {
      s[i] += g[i] * g[i];
      p[i] = detail::stepped(name, p[i], lr, g[i], inside ? T(sqrt(s[i] + eps)) : T(sqrt(s[i]) + eps));
    }
    return {p, s};
  }

 private:
  template <class T>
  static T decayed_rate(const Attributes& attributes) {
    const T earlier = static_cast<T>(detail::step_of(attributes) - 1);
    return real_attribute<T>(attributes, lr_attribute) /
           (T(1) + earlier * real_attribute<T>(attributes, lr_decay_attribute));
  }
};

}  // namespace assay::oracles::ops
