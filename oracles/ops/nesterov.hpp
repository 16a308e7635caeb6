#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/optimizer.hpp"
#include "oracles/ops/sgd.hpp"

namespace assay::oracles::ops {

/// One step of Nesterov's accelerated gradient with momentum μ, in either of its two formulations.
///
///   form = sutskever:  g is the gradient at the point ahead, p + μ v
///                      v′ = μ v − lr g        p′ = p + v′
///   form = shifted:    the parameters are the point ahead themselves, g is the gradient at them
///                      v′ = μ v − lr g        p′ = p − μ v + (1 + μ) v′
///
/// Both walk the same path: the parameters of shifted are p + μ v of sutskever. `look_ahead` is where the
/// next gradient belongs: p′ + μ v′, or p′. PyTorch's flag `nesterov` is form = shifted with the velocity
/// divided by −lr: see momentum.
struct Nesterov {
  static constexpr std::string_view name = "nesterov";
  static constexpr AttributeSpec lr_attribute = Sgd::lr_attribute;
  static constexpr AttributeSpec momentum_attribute{"momentum", "0.9", "how much of the velocity is kept"};
  static constexpr AttributeSpec form_attribute{"form", "sutskever",
                                                "where the gradient is taken: sutskever, at parameters + "
                                                "momentum velocity; shifted, at the parameters, "
                                                "which stand for that point (Bengio et al., CS231n, PyTorch)",
                                                AttributeKind::choice, "sutskever|shifted"};

  static Operation spec() {
    std::vector<OutputSpec> outputs = detail::step_outputs({"velocity"});
    outputs.push_back({"look_ahead", "(...)"});
    return {.name = name,
            .formula =
                "v' = momentum v - lr g(p + momentum v); p' = p + v'; shifted: p' = p - momentum v + (1 "
                "+ momentum) v'",
            .domain = "all real parameters, gradients and velocities",
            .source =
                "Sutskever et al., On the Importance of Initialization and Momentum, 2013; Bengio, "
                "Boulanger-Lewandowski and Pascanu, Advances in Optimizing Recurrent Networks, 2013",
            .inputs = detail::step_inputs({"velocity"}),
            .outputs = outputs,
            .attributes = {lr_attribute, momentum_attribute, form_attribute},
            .samples = detail::step_samples(1, {{},
                                                {{"form", "shifted"}},
                                                {{"form", "shifted"}, {"lr", "1/4"}, {"momentum", "1/2"}},
                                                {{"lr", "1"}}})};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_not_negative(attributes, {lr_attribute, momentum_attribute});
    Shapes outputs = detail::step_shapes(name, detail::step_inputs({"velocity"}), inputs);
    outputs.push_back(inputs[0]);
    return outputs;
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const bool shifted = choice_attribute(attributes, form_attribute) == 1;
    const T lr = real_attribute<T>(attributes, lr_attribute),
            mu = real_attribute<T>(attributes, momentum_attribute);
    const Tensor<T>& g = arguments.real[1];
    Tensor<T> p = arguments.real[0], v = detail::state_or_zero(arguments, 2), ahead = p;
    for (std::size_t i = 0; i < p.size(); ++i) {
      const T old = v[i];
      v[i] = mu * old - lr * g[i];
      const T& now = v[i];
      if (shifted)
        p[i] = either([&] { return T(p[i] - mu * old + (T(1) + mu) * now); },
                      [&] { return T(p[i] + mu * now - lr * g[i]); });
      else
        p[i] += now;
      ahead[i] = shifted ? p[i] : T(p[i] + mu * now);
    }
    return {p, v, ahead};
  }
};

}  // namespace assay::oracles::ops
