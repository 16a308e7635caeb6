#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/margin_loss.hpp"

namespace assay::oracles::ops {

/// Huber classification loss: a squared hinge up to the tie of both scores, a line beyond it.
///
///   d  = s_j − s_y
///   f  = a max(0, d + Δ)²     for d ≤ 0        f′ = 2a max(0, d + Δ)
///   f  = b (d + Δ/2)          for d > 0        f′ = b
///   ℓₙ = Σ_{j≠y} f(s_j − s_y)
///
/// Value and slope of both pieces agree at d = 0 exactly where b = 2aΔ, as the defaults do; the hinge at
/// d = −Δ has no kink for any a. With other a and b the loss jumps at d = 0: a ball around it has the hull of
/// both values and of both slopes, and d = 0 itself belongs to the square.
struct HuberHinge : detail::MarginLoss<HuberHinge> {
  static constexpr std::string_view name = "huber_hinge";
  static constexpr AttributeSpec a_attribute{"a", "1/2", "factor of the square"};
  static constexpr AttributeSpec b_attribute{"b", "1", "slope of the line; smooth where b = 2 a margin"};

  static Operation spec() {
    return {.name = name,
            .formula =
                "d = s_j - s_y; loss_n = sum_{j != y} a max(0, d + margin)^2 where d <= 0, else b (d + "
                "margin / 2); ds_j = 2 a max(0, d + margin) dloss_n or b dloss_n; ds_y = -sum of those",
            .domain = "all real scores; labels 0 .. C-1; margin > 0; any real a, b",
            .source =
                "Zhang, Solving Large Scale Linear Prediction Problems Using Stochastic Gradient "
                "Descent Algorithms, 2004 (modified Huber loss)",
            .inputs = scores_and_labels,
            .outputs = one_output,
            .attributes = {a_attribute, b_attribute, detail::margin_attribute, detail::over_classes_attribute,
                           detail::reduction_attribute},
            .samples = margin_samples({{"a", "3/2"}, {"b", "6"}, {"margin", "2"}, {"over_classes", "mean"}})};
  }

  template <class T>
  static std::tuple<T, T, T> parameters(const Attributes& attributes) {
    return {real_attribute<T>(attributes, a_attribute), real_attribute<T>(attributes, b_attribute),
            from_rational<T>(detail::positive_attribute(attributes, detail::margin_attribute))};
  }

  template <class T>
  static T value(const T& d, const T& a, const T& b, const T& margin) {
    return select(less_equal(d, T(0)), T(a * square(T(relu(T(d + margin))))), T(b * (d + margin / T(2))));
  }
  template <class T>
  static T slope(const T& d, const T& a, const T& b, const T& margin) {
    return select(less_equal(d, T(0)), T(T(2) * a * relu(T(d + margin))), b);
  }
};

}  // namespace assay::oracles::ops
