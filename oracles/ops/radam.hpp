#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/adam.hpp"

namespace assay::oracles::ops {

/// One step of RAdam: Adam, rectified while the variance of its step is not yet tame.
///
///   m′, v′ as in Adam        ρ∞ = 2 / (1 − β₂) − 1        ρ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ)
///   ρ > threshold:   p′ = p − lr r m̂ √(1 − β₂ᵗ) / (√v′ + eps)     r² = (ρ−4)(ρ−2) ρ∞ / ((ρ∞−4)(ρ∞−2) ρ)
///   otherwise:       p′ = p − lr m̂                                 m̂ = m′ / (1 − β₁ᵗ)
///
/// The paper's threshold is 4, and its eps 0; PyTorch's threshold is 5. ρ is a fraction, so the branch is
/// chosen exactly.
struct Radam {
  static constexpr std::string_view name = "radam";
  static constexpr AttributeSpec threshold_attribute{
      "threshold", "5", "rectified steps are taken for rho above it: 5 (PyTorch) or 4 (the paper)"};
  static constexpr int most_steps = 100000;  // the powers of beta2 are exact fractions

  static Operation spec() {
    return {.name = name,
            .formula =
                "moments as in adam; rho > threshold: p' = p - lr r m^ sqrt(1 - b2^step) / (sqrt(v') + "
                "eps); otherwise p' = p - lr m^",
            .domain = "all real parameters, gradients and m; v >= 0; eps > 0, or no v' that is 0",
            .source =
                "Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, 2020, algorithm "
                "2",
            .inputs = detail::step_inputs({"first_moment", "second_moment"}, "second_moment"),
            .outputs = detail::step_outputs({"first_moment", "second_moment"}),
            .attributes = {detail::adam_lr_attribute, detail::betas_attribute, detail::adam_eps_attribute,
                           threshold_attribute, detail::step_attribute, detail::weight_decay_attribute},
            .samples = detail::step_samples(2, {{{"step", "8"}},
                                                {},
                                                {{"step", "10"}, {"weight_decay", "0.1"}, {"eps", "0.25"}},
                                                {{"step", "5"}, {"threshold", "4"}},
                                                {{"step", "20"}, {"betas", "0.5,0.9"}, {"lr", "1"}}})};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_not_negative(
        attributes, {detail::adam_lr_attribute, detail::adam_eps_attribute, detail::weight_decay_attribute});
    detail::require_betas(attributes);
    detail::step_of(attributes, most_steps);
    if (rational_attribute(attributes, threshold_attribute) < 4)
      refuse_attribute(attributes, threshold_attribute, "a number of at least 4, where the root is real");
    return detail::step_shapes(name, spec().inputs, inputs);
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const auto [beta1, beta2] = detail::betas_of<T>(attributes);
    const int t = detail::step_of(attributes, most_steps);
    const T first = T(1) - pow(beta1, t), root = sqrt(T(1) - pow(beta2, t));
    const T lr = real_attribute<T>(attributes, detail::adam_lr_attribute);
    const T eps = real_attribute<T>(attributes, detail::adam_eps_attribute);
    const Rectification rectification(attributes, t);
    const T r = rectification.applies ? rectifier(rectification, beta2, t) : T(0);
    const Tensor<T> g = detail::decayed_gradient(arguments, attributes);
    Tensor<T> p = arguments.real[0];
    Tensor<T> m = detail::state_or_zero(arguments, 2), v = detail::state_or_zero(arguments, 3);
    for (std::size_t i = 0; i < p.size(); ++i) {
      m[i] = detail::moving_average(beta1, m[i], g[i]);
      v[i] = detail::moving_average_of_squares(beta2, v[i], g[i]);
      if (rectification.applies)
        p[i] = detail::stepped(name, p[i], T(lr * r * root / first), m[i], T(sqrt(v[i]) + eps));
      else
        p[i] = detail::stepped(name, p[i], lr, m[i], first);
    }
    return {p, m, v};
  }

 private:
  struct Rectification;

  /// r: the root of the fraction. Honest too: the formula in the format itself, where 1 − β₂ᵗ and ρ cancel;
  /// where so much is lost that the root has no value, it is not an alternative.
  template <class T>
  static T rectifier(const Rectification& exact, const T& beta2, int t) {
    const T r = sqrt(from_rational<T>(exact.square));
    return either([&] { return r; },
                  [&] {
                    const T power = pow(beta2, t), limit = T(2) / (T(1) - beta2) - T(1);
                    const T rho = limit - static_cast<T>(2 * t) * power / (T(1) - power);
                    const T textbook =
                        sqrt((rho - T(4)) * (rho - T(2)) * limit / ((limit - T(4)) * (limit - T(2)) * rho));
                    return is_finite(textbook) ? textbook : r;
                  });
  }

  /// r², where ρ is above the threshold; both are fractions.
  struct Rectification {
    bool applies;
    Rational square = 0;

    Rectification(const Attributes& attributes, int t) {
      const Rational beta2 = rationals_attribute(attributes, detail::betas_attribute, 2)[1];
      const Rational power = pow(beta2, t), limit = Rational(2) / (Rational(1) - beta2) - 1;
      const Rational rho = limit - Rational(2 * t) * power / (Rational(1) - power);
      applies = rho > rational_attribute(attributes, threshold_attribute);
      if (applies) square = (rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho);
    }
  };
};

}  // namespace assay::oracles::ops
