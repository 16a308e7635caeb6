#pragma once

#include <cstddef>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/loss.hpp"

namespace assay::oracles::ops {

/// Distances x of pairs: similar ones (y = 1) lose their distance, others (y = −1) what they lack of the
/// margin.
///
///   ℓᵢ = xᵢ                 where yᵢ = 1         ∂ℓᵢ/∂xᵢ = 1
///   ℓᵢ = max(0, Δ − xᵢ)     where yᵢ = −1        ∂ℓᵢ/∂xᵢ = −[xᵢ < Δ]
///
/// At the margin a ball has the subdifferential [−1, 0]; a number has 0.
struct HingeEmbedding {
  static constexpr std::string_view name = "hinge_embedding";
  static constexpr AttributeSpec margin_attribute{"margin", "1",
                                                  "the distance from which dissimilar pairs lose nothing"};

  static Operation spec() {
    return {.name = name,
            .formula =
                "loss_i = x_i where y_i = 1, max(0, margin - x_i) where y_i = -1; dx_i = dloss_i, or "
                "-[x_i < margin] dloss_i",
            .domain = "all real x; targets -1 and 1",
            .source =
                "Hadsell, Chopra and LeCun, Dimensionality Reduction by Learning an Invariant Mapping, "
                "2006 (there squared); PyTorch HingeEmbeddingLoss",
            .inputs = {{"input", "(...)"},
                       {.name = "targets", .shape = "(...)", .index = true, .values = {-1, 1}}},
            .outputs = {{"loss", "() or (...)"}},
            .attributes = {margin_attribute, detail::elementwise_reduction},
            .samples = {{{{4}, {4}}},
                        {{{2, 3}, {2, 3}}, {{"margin", "5/2"}, {"reduction", "none"}}},
                        {{{5}, {5}}, {{"margin", "3"}, {"reduction", "sum"}}},
                        {{{}, {}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_elements(name, "input", inputs[0]);
    detail::require_shape(name, "targets", inputs[1], inputs[0], "like input \"input\"");
    rational_attribute(attributes, margin_attribute);
    return {detail::reduced_shape(detail::reduction_of(name, attributes), inputs[0])};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const auto signs = detail::checked_signs(name, "targets", arguments.index[0]);
    const T margin = real_attribute<T>(attributes, margin_attribute);
    Tensor<T> loss = arguments.real[0];
    for (std::size_t i = 0; i < loss.size(); ++i)
      if (signs[i] < 0) loss[i] = relu(T(margin - loss[i]));
    return {detail::reduced(loss, detail::reduction_of(name, attributes))};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const auto signs = detail::checked_signs(name, "targets", arguments.index[0]);
    const T margin = real_attribute<T>(attributes, margin_attribute);
    const detail::Reduction reduction = detail::reduction_of(name, attributes);
    const Tensor<T>& x = arguments.real[0];
    Tensor<T> cotangent(x.shape);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const T d = signs[i] > 0 ? T(1) : T(-step(T(margin - x[i])));
      cotangent[i] = detail::row_cotangent(d, upstream[0], reduction, i, x.size());
    }
    return {cotangent};
  }
};

}  // namespace assay::oracles::ops
