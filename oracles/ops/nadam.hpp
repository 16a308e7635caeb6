#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/adam.hpp"

namespace assay::oracles::ops {

/// One step of NAdam: Adam with Nesterov's look ahead.
///
///   m′, v′ as in Adam, v̂ = v′ / (1 − β₂ᵗ)
///   p′ = p − lr ( (1 − μₜ) / (1 − Πₜ) g + μₜ₊₁ / (1 − Πₜ₊₁) m′ ) / (√v̂ + eps)        Πₜ = μ₁ ⋯ μₜ
///
/// schedule = decaying: μₜ = β₁ (1 − 0.96^(t ψ) / 2) with ψ = momentum_decay (Dozat, PyTorch);
/// schedule = constant: μₜ = β₁, so Πₜ = β₁ᵗ.
struct Nadam {
  static constexpr std::string_view name = "nadam";
  static constexpr AttributeSpec lr_attribute{"lr", "0.002", "learning rate"};
  static constexpr AttributeSpec momentum_decay_attribute{
      "momentum_decay", "0.004", "how fast mu approaches beta1 in a decaying schedule"};
  static constexpr AttributeSpec schedule_attribute{
      "schedule", "decaying",
      "mu of each step: decaying, beta1 (1 - 0.96^(step momentum_decay) / 2) (PyTorch); constant, beta1",
      AttributeKind::choice, "decaying|constant"};
  static constexpr int most_steps = 10000;  // the product over all steps so far is formed anew

  static Operation spec() {
    return {
        .name = name,
        .formula =
            "moments as in adam; p' = p - lr ((1 - mu_t) / (1 - mu_1..mu_t) g + mu_t+1 / (1 - "
            "mu_1..mu_t+1) m') / (sqrt(v' / (1 - b2^step)) + eps)",
        .domain = "all real parameters, gradients and m; v >= 0; eps > 0, or no v' that is 0",
        .source = "Dozat, Incorporating Nesterov Momentum into Adam, 2016",
        .inputs = detail::step_inputs({"first_moment", "second_moment"}, "second_moment"),
        .outputs = detail::step_outputs({"first_moment", "second_moment"}),
        .attributes = {lr_attribute, detail::betas_attribute, detail::adam_eps_attribute,
                       momentum_decay_attribute, schedule_attribute, detail::step_attribute,
                       detail::weight_decay_attribute},
        .samples = detail::step_samples(2, {{{"step", "3"}},
                                            {{"eps", "0.25"}},
                                            {{"schedule", "constant"}, {"step", "2"}, {"betas", "0.5,0.9"}},
                                            {{"weight_decay", "0.1"}, {"eps", "0.25"}},
                                            {{"momentum_decay", "0.5"}, {"lr", "1"}, {"step", "5"}}})};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_not_negative(attributes, {lr_attribute, detail::adam_eps_attribute,
                                              momentum_decay_attribute, detail::weight_decay_attribute});
    detail::require_betas(attributes);
    detail::step_of(attributes, most_steps);
    return detail::step_shapes(name, spec().inputs, inputs);
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Weights<T> weights(attributes);
    const auto [beta1, beta2] = detail::betas_of<T>(attributes);
    const T second = T(1) - pow(beta2, detail::step_of(attributes, most_steps));
    const T lr = real_attribute<T>(attributes, lr_attribute);
    const T eps = real_attribute<T>(attributes, detail::adam_eps_attribute);
    const Tensor<T> g = detail::decayed_gradient(arguments, attributes);
    Tensor<T> p = arguments.real[0];
    Tensor<T> m = detail::state_or_zero(arguments, 2), v = detail::state_or_zero(arguments, 3);
    for (std::size_t i = 0; i < p.size(); ++i) {
      m[i] = detail::moving_average(beta1, m[i], g[i]);
      v[i] = detail::moving_average_of_squares(beta2, v[i], g[i]);
      const T divisor = sqrt(v[i] / second) + eps;
      p[i] = either(
          [&] {
            return detail::stepped(name, p[i], lr, T(weights.now * g[i] + weights.ahead * m[i]), divisor);
          },
          [&] {
            const T partly = detail::stepped(name, p[i], T(lr * weights.now), g[i], divisor);
            return detail::stepped(name, partly, T(lr * weights.ahead), m[i], divisor);
          });
    }
    return {p, m, v};
  }

 private:
  /// (1 − μₜ) / (1 − Πₜ) and μₜ₊₁ / (1 − Πₜ₊₁).
  template <class T>
  struct Weights {
    T now, ahead;

    explicit Weights(const Attributes& attributes) {
      const int t = detail::step_of(attributes, most_steps);
      const bool constant = choice_attribute(attributes, schedule_attribute) == 1;
      const T beta1 = detail::betas_of<T>(attributes).first;
      const Rational psi = rational_attribute(attributes, momentum_decay_attribute);
      const auto mu = [&](int step) {
        if (constant) return beta1;
        const T power = pow(from_rational<T>(Rational(96) / 100), from_rational<T>(Rational(step) * psi));
        return T(beta1 * (T(1) - power / T(2)));
      };
      T product = T(1);
      for (int step = 1; step <= t; ++step) product *= mu(step);
      now = (T(1) - mu(t)) / (T(1) - product);
      ahead = mu(t + 1) / (T(1) - product * mu(t + 1));
    }
  };
};

}  // namespace assay::oracles::ops
