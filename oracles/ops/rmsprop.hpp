#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/optimizer.hpp"

namespace assay::oracles::ops {

/// One step of RMSprop with decay rate α, optionally centred, optionally with momentum μ.
///
///   s′ = α s + (1 − α) g²        m′ = α m + (1 − α) g (centred only)
///   d  = √s′ + eps, or √(s′ − m′²) + eps centred; eps under the root with eps_placement = inside
///   b′ = μ b + g / d             p′ = p − lr b′
///
/// Inside is TensorFlow's and Graves'; outside PyTorch's and CS231n's. Without momentum b′ is g / d. State of
/// what is switched off comes back as it was.
struct Rmsprop {
  static constexpr std::string_view name = "rmsprop";
  static constexpr AttributeSpec lr_attribute{"lr", "0.01", "learning rate"};
  static constexpr AttributeSpec alpha_attribute{"alpha", "0.99", "decay rate of the averages"};
  static constexpr AttributeSpec eps_attribute{"eps", "1e-8", "added to the divisor"};
  static constexpr AttributeSpec momentum_attribute{"momentum", "0", "how much of the last step is kept"};
  static constexpr AttributeSpec centered_attribute{
      "centered", "false", "whether the squared mean of the gradient is subtracted from the mean of squares",
      AttributeKind::flag};

  static Operation spec() {
    return {.name = name,
            .formula =
                "s' = alpha s + (1 - alpha) g^2; b' = momentum b + g / (sqrt(s') + eps); p' = p - lr "
                "b'; centered: s' - m'^2 for s'",
            .domain =
                "all real parameters and gradients; s >= 0, centered s >= m^2; eps > 0, or no root that "
                "is 0",
            .source =
                "Tieleman and Hinton, Lecture 6.5 of Neural Networks for Machine Learning, 2012; "
                "centred: Graves, Generating Sequences with Recurrent Neural Networks, 2013",
            .inputs = inputs(),
            .outputs = detail::step_outputs({"square_average", "momentum_buffer", "gradient_average"}),
            .attributes = {lr_attribute, alpha_attribute, eps_attribute, detail::eps_placement_attribute,
                           momentum_attribute, centered_attribute, detail::weight_decay_attribute},
            .samples = detail::step_samples(3, {{},
                                                {{"momentum", "0.9"}, {"alpha", "0.9"}, {"eps", "0.01"}},
                                                {{"centered", "true"}},
                                                {{"centered", "true"}, {"weight_decay", "0.1"}},
                                                {{"eps_placement", "inside"}, {"eps", "0.5"}},
                                                {},
                                                {{"momentum", "0.5"}, {"lr", "1"}}})};
  }

  static Shapes output_shapes(const Shapes& shapes, const Attributes& attributes) {
    detail::require_not_negative(
        attributes, {lr_attribute, eps_attribute, momentum_attribute, detail::weight_decay_attribute});
    detail::require_rate(attributes, alpha_attribute);
    return detail::step_shapes(name, inputs(), shapes);
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const bool centered = flag_attribute(attributes, centered_attribute);
    const bool inside = choice_attribute(attributes, detail::eps_placement_attribute) == 1;
    const bool has_momentum = rational_attribute(attributes, momentum_attribute) != 0;
    const T lr = real_attribute<T>(attributes, lr_attribute),
            mu = real_attribute<T>(attributes, momentum_attribute);
    const T alpha = real_attribute<T>(attributes, alpha_attribute),
            eps = real_attribute<T>(attributes, eps_attribute);
    const Tensor<T> g = detail::decayed_gradient(arguments, attributes);
    Tensor<T> p = arguments.real[0], s = detail::state_or_zero(arguments, 2);
    Tensor<T> b = detail::state_or_zero(arguments, 3), m = detail::state_or_zero(arguments, 4);
    for (std::size_t i = 0; i < p.size(); ++i) {
      s[i] = detail::moving_average_of_squares(alpha, s[i], g[i]);
      if (centered) m[i] = detail::moving_average(alpha, m[i], g[i]);
      const T spread = centered ? T(s[i] - m[i] * m[i]) : s[i];
      const T divisor = inside ? T(sqrt(spread + eps)) : T(sqrt(spread) + eps);
      if (!has_momentum) {
        p[i] = detail::stepped(name, p[i], lr, g[i], divisor);
        continue;
      }
      b[i] = detail::stepped(name, T(mu * b[i]), T(-1), g[i], divisor);
      p[i] -= lr * b[i];
    }
    return {p, s, b, m};
  }

 private:
  /// Averages for which centring makes sense: the mean of squares is above the squared mean.
  static std::vector<InputSpec> inputs() {
    std::vector<InputSpec> all =
        detail::step_inputs({"square_average", "momentum_buffer", "gradient_average"});
    all[2].range = {2, 5};
    all[4].range = {-1, 1};
    return all;
  }
};

}  // namespace assay::oracles::ops
