#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/optimizer.hpp"
#include "oracles/ops/sgd.hpp"

namespace assay::oracles::ops {

/// One step of gradient descent with momentum μ; d is the dampening, λ the weight decay.
///
///   form = pytorch:   v′ = μ v + (1 − d) g        p′ = p − lr v′       Nesterov: p′ = p − lr (g + μ v′)
///   form = classic:   v′ = μ v − lr (1 − d) g     p′ = p + v′          Nesterov: p′ = p + μ v′ − lr g
///
/// With a constant lr the two forms make the same steps (v of classic is −lr times that of pytorch); they
/// differ once lr changes. In Nesterov's variant the parameters are those the gradient was taken at.
/// PyTorch's very first step, v′ = g, ignores the dampening: `first_step` says which is meant where the
/// velocity is left out. Weight decay is added to the gradient (coupled), or takes lr λ p off the parameters
/// without entering the velocity (decoupled).
struct Momentum {
  static constexpr std::string_view name = "momentum";
  static constexpr AttributeSpec lr_attribute = Sgd::lr_attribute;
  static constexpr AttributeSpec momentum_attribute{"momentum", "0.9", "how much of the velocity is kept"};
  static constexpr AttributeSpec dampening_attribute{"dampening", "0",
                                                     "how much of the gradient is left out of the velocity"};
  static constexpr AttributeSpec nesterov_attribute{"nesterov", "false", "whether the step looks ahead",
                                                    AttributeKind::flag};
  static constexpr AttributeSpec form_attribute{
      "form", "pytorch",
      "pytorch: the velocity averages gradients, lr multiplies it; classic: it averages steps",
      AttributeKind::choice, "pytorch|classic"};
  static constexpr AttributeSpec first_step_attribute{
      "first_step", "undamped",
      "without a velocity the gradient is taken whole (undamped, PyTorch), or (1 - dampening) of it (damped)",
      AttributeKind::choice, "undamped|damped"};
  static constexpr AttributeSpec decay_attribute{
      "decay", "coupled",
      "weight decay: coupled, a part of the gradient (PyTorch); decoupled, lr weight_decay parameters are "
      "subtracted apart from the velocity",
      AttributeKind::choice, "coupled|decoupled"};

  static Operation spec() {
    return {
        .name = name,
        .formula =
            "v' = momentum v + (1 - dampening) g; p' = p - lr v'; nesterov: p' = p - lr (g + "
            "momentum v')",
        .domain = "all real parameters, gradients and velocities",
        .source =
            "Polyak, Some Methods of Speeding up the Convergence of Iteration Methods, 1964; "
            "Sutskever et al., On the Importance of Initialization and Momentum, 2013",
        .inputs = detail::step_inputs({"velocity"}),
        .outputs = detail::step_outputs({"velocity"}),
        .attributes = {lr_attribute, momentum_attribute, dampening_attribute, nesterov_attribute,
                       form_attribute, first_step_attribute, decay_attribute, detail::weight_decay_attribute},
        .samples = detail::step_samples(
            1, {{},
                {{"dampening", "0.5"}},
                {{"nesterov", "true"}, {"weight_decay", "0.1"}},
                {{"dampening", "0.5"}, {"first_step", "damped"}, {"lr", "1/8"}},
                {{"form", "classic"}, {"momentum", "0.5"}, {"decay", "decoupled"}, {"weight_decay", "0.1"}},
                {},
                {{"form", "classic"}, {"nesterov", "true"}}})};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_not_negative(attributes,
                                 {lr_attribute, momentum_attribute, detail::weight_decay_attribute});
    if (flag_attribute(attributes, nesterov_attribute) &&
        rational_attribute(attributes, dampening_attribute) != 0)
      refuse_attribute(attributes, dampening_attribute, "0 where nesterov is true");
    return detail::step_shapes(name, detail::step_inputs({"velocity"}), inputs);
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const bool classic = choice_attribute(attributes, form_attribute) == 1;
    const bool nesterov = flag_attribute(attributes, nesterov_attribute);
    const bool decoupled = choice_attribute(attributes, decay_attribute) == 1;
    const T lr = real_attribute<T>(attributes, lr_attribute),
            mu = real_attribute<T>(attributes, momentum_attribute);
    const T decay = real_attribute<T>(attributes, detail::weight_decay_attribute);
    const T share = gradient_share(arguments, attributes);
    const Tensor<T> g = decoupled ? arguments.real[1] : detail::decayed_gradient(arguments, attributes);
    Tensor<T> p = arguments.real[0], v = detail::state_or_zero(arguments, 2);
    for (std::size_t i = 0; i < p.size(); ++i) {
      if (decoupled) p[i] -= lr * decay * p[i];
      if (classic) {
        v[i] = mu * v[i] - lr * share * g[i];
        p[i] += nesterov ? T(mu * v[i] - lr * g[i]) : v[i];
      } else {
        v[i] = mu * v[i] + share * g[i];
        p[i] -= lr * (nesterov ? T(g[i] + mu * v[i]) : v[i]);
      }
    }
    return {p, v};
  }

 private:
  /// 1 − dampening, or 1 in an undamped first step.
  template <class T>
  static T gradient_share(const Arguments<T>& arguments, const Attributes& attributes) {
    const bool undamped = choice_attribute(attributes, first_step_attribute) == 0;
    if (undamped && !detail::has_state(arguments, 2)) return T(1);
    return from_rational<T>(Rational(1) - rational_attribute(attributes, dampening_attribute));
  }
};

}  // namespace assay::oracles::ops
