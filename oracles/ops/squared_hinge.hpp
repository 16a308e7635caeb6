#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/margin_loss.hpp"

namespace assay::oracles::ops {

/// Multiclass hinge loss with squared terms.
///
///   ℓₙ        = Σ_{j≠y} max(0, s_j − s_y + Δ)²
///   ∂ℓₙ/∂s_j  = 2 max(0, s_j − s_y + Δ) for j ≠ y        ∂ℓₙ/∂s_y = −(sum of those)
struct SquaredHinge : detail::MarginLoss<SquaredHinge> {
  static constexpr std::string_view name = "squared_hinge";

  static Operation spec() {
    return {
        .name = name,
        .formula =
            "loss_n = sum_{j != y} max(0, s_j - s_y + margin)^2; ds_j = 2 max(0, s_j - s_y + "
            "margin) dloss_n; ds_y = -sum of those",
        .domain = "all real scores; labels 0 .. C-1; any real margin",
        .source = "Tang, Deep Learning using Linear Support Vector Machines, 2013 (L2-SVM)",
        .inputs = scores_and_labels,
        .outputs = one_output,
        .attributes = {detail::margin_attribute, detail::over_classes_attribute, detail::reduction_attribute},
        .samples = margin_samples({{"margin", "5/2"}, {"over_classes", "mean"}})};
  }

  /// The square of each wrong class is added to the sum of its row.
  static Cost cost(const Shapes& inputs, const Attributes&) {
    return {.multiply_adds = checked_product({inputs[0][0], inputs[0][1] - 1}), .parameters = 0};
  }

  template <class T>
  static std::tuple<T> parameters(const Attributes& attributes) {
    return {real_attribute<T>(attributes, detail::margin_attribute)};
  }

  template <class T>
  static T value(const T& d, const T& margin) {
    return square(T(relu(T(d + margin))));
  }
  template <class T>
  static T slope(const T& d, const T& margin) {
    return T(2) * relu(T(d + margin));
  }
};

}  // namespace assay::oracles::ops
