/// The step of Adam that its variants are made of.
#pragma once

#include <string_view>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/optimizer.hpp"

namespace assay::oracles::ops::detail {

inline constexpr AttributeSpec adam_lr_attribute{"lr", "0.001", "learning rate"};
inline constexpr AttributeSpec adam_eps_attribute{"eps", "1e-8", "added to the divisor"};
inline constexpr AttributeSpec bias_correction_attribute{
    "bias_correction", "true", "whether the moments are divided by 1 - beta^step", AttributeKind::flag};

/// Throws ShapeError where an attribute of Adam is out of its range.
void require_adam(const Attributes& attributes);

/// The two moments, the largest second moment (AMSGrad), and what is done with them.
///
///   m′ = β₁ m + (1 − β₁) g        v′ = β₂ v + (1 − β₂) g²        m̂ = m′ / (1 − β₁ᵗ)    v̂ = v′ / (1 − β₂ᵗ)
///   p′ = p − lr m̂ / d             d = √v̂ + eps (outside), √(v̂ + eps) (inside), √v̂ + eps / √(1 − β₂ᵗ)
///                                 (uncorrected: lr √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m′ / (√v′ + eps))
template <class T>
struct AdamStep {
  std::string_view operation;
  T lr, eps, beta1, beta2;
  T first = T(1), second = T(1);  ///< 1 − β₁ᵗ and 1 − β₂ᵗ
  std::size_t placement;

  AdamStep(std::string_view name, const Attributes& attributes)
      : operation(name),
        lr(real_attribute<T>(attributes, adam_lr_attribute)),
        eps(real_attribute<T>(attributes, adam_eps_attribute)),
        beta1(betas_of<T>(attributes).first),
        beta2(betas_of<T>(attributes).second),
        placement(choice_attribute(attributes, adam_eps_placement_attribute)) {
    if (!flag_attribute(attributes, bias_correction_attribute)) return;
    const int t = step_of(attributes);
    first = T(1) - pow(beta1, t);
    second = T(1) - pow(beta2, t);
  }

  void update(T& m, T& v, const T& g) const {
    m = moving_average(beta1, m, g);
    v = moving_average_of_squares(beta2, v, g);
  }

  /// p′ for the moments after their update.
  T next(const T& p, const T& m, const T& v) const {
    if (placement == 2)
      return either(
          [&] { return stepped(operation, p, T(lr * sqrt(second) / first), m, T(sqrt(v) + eps)); },
          [&] { return stepped(operation, p, lr, T(m / first), T(sqrt(v / second) + eps / sqrt(second))); });
    return either([&] { return stepped(operation, p, lr, T(m / first), divisor(v)); },
                  [&] { return stepped(operation, p, T(lr / first), m, divisor(v)); });
  }

 private:
  /// Honest: the root of the quotient, or the quotient of the roots.
  T divisor(const T& v) const {
    if (placement == 1) return sqrt(v / second + eps);
    return either([&] { return T(sqrt(v / second) + eps); }, [&] { return T(sqrt(v) / sqrt(second) + eps); });
  }
};

}  // namespace assay::oracles::ops::detail
