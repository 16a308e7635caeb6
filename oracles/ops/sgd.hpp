#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/optimizer.hpp"

namespace assay::oracles::ops {

/// One step of (stochastic) gradient descent.
///
///   p′ = p − lr (g + λ p)        λ: weight decay
///
/// Coupled and decoupled weight decay are the same here: p (1 − lr λ) − lr g.
struct Sgd {
  static constexpr std::string_view name = "sgd";
  static constexpr AttributeSpec lr_attribute{"lr", "0.01", "learning rate"};

  static Operation spec() {
    return {.name = name,
            .formula = "p' = p - lr (g + weight_decay p)",
            .domain = "all real parameters and gradients",
            .source = "Robbins and Monro, A Stochastic Approximation Method, 1951",
            .inputs = detail::step_inputs({}),
            .outputs = detail::step_outputs({}),
            .attributes = {lr_attribute, detail::weight_decay_attribute},
            .samples = detail::step_samples(
                0, {{}, {{"lr", "1/2"}, {"weight_decay", "0.1"}}, {{"lr", "1"}}, {{"lr", "0"}}})};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_not_negative(attributes, {lr_attribute, detail::weight_decay_attribute});
    return detail::step_shapes(name, detail::step_inputs({}), inputs);
  }

  /// Steps of optimizers are elementwise and learn nothing of their own: nothing is counted.
  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T> g = detail::decayed_gradient(arguments, attributes);
    const T lr = real_attribute<T>(attributes, lr_attribute);
    const T decay = real_attribute<T>(attributes, detail::weight_decay_attribute);
    Tensor<T> p = arguments.real[0];
    for (std::size_t i = 0; i < p.size(); ++i)
      p[i] = either([&] { return T(p[i] - lr * g[i]); },
                    [&] { return T(p[i] * (T(1) - lr * decay) - lr * arguments.real[1][i]); });
    return {p};
  }
};

}  // namespace assay::oracles::ops
