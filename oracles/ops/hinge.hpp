#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/margin_loss.hpp"

namespace assay::oracles::ops {

/// Multiclass hinge loss of Weston and Watkins, of N rows of C scores s with labels y.
///
///   ℓₙ        = Σ_{j≠y} max(0, s_j − s_y + Δ)
///   ∂ℓₙ/∂s_j  = [s_j − s_y + Δ > 0] for j ≠ y        ∂ℓₙ/∂s_y = −(number of those)
///
/// At the margin a ball has the subdifferential [0, 1] of each term; a number has 0, as most frameworks do
/// (PyTorch's multi_margin_loss too).
struct Hinge : detail::MarginLoss<Hinge> {
  static constexpr std::string_view name = "hinge";

  static Operation spec() {
    return {
        .name = name,
        .formula =
            "loss_n = sum_{j != y} max(0, s_j - s_y + margin); ds_j = [s_j - s_y + margin > 0] "
            "dloss_n; ds_y = -sum of those",
        .domain = "all real scores; labels 0 .. C-1; any real margin",
        .source = "Weston and Watkins, Support Vector Machines for Multi-Class Pattern Recognition, 1999",
        .inputs = scores_and_labels,
        .outputs = one_output,
        .attributes = {detail::margin_attribute, detail::over_classes_attribute, detail::reduction_attribute},
        .samples = margin_samples({{"margin", "5/2"}, {"over_classes", "mean"}})};
  }

  template <class T>
  static std::tuple<T> parameters(const Attributes& attributes) {
    return {real_attribute<T>(attributes, detail::margin_attribute)};
  }

  template <class T>
  static T value(const T& d, const T& margin) {
    return relu(T(d + margin));
  }
  template <class T>
  static T slope(const T& d, const T& margin) {
    return step(T(d + margin));
  }
};

}  // namespace assay::oracles::ops
