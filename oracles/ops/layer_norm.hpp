#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/standardise.hpp"

namespace assay::oracles::ops {

/// Layer normalisation over the trailing axes, from `axis` to the last: M elements together, each example
/// alone.
///
///   y       = γᵢ x̂ᵢ + βᵢ        where x̂ᵢ = (xᵢ − μ) / √(v + ε),  v = (1/M) Σ (xᵢ − μ)²
///   ∂L/∂xᵢ  = (g′ᵢ − mean(g′) − x̂ᵢ mean(g′ x̂)) / √(v + ε)        where g = ∂L/∂y, g′ᵢ = γᵢ gᵢ
///   ∂L/∂γᵢ  = Σ gᵢ x̂ᵢ,  ∂L/∂βᵢ = Σ gᵢ  over all examples
///
/// PyTorch's normalized_shape is the shape from `axis` on. A group of one element has x̂ = 0, and y = β.
struct LayerNorm : detail::GroupwiseNorm<LayerNorm> {
  static constexpr std::string_view name = "layer_norm";
  static constexpr AttributeSpec axis_attribute{
      "axis", "-1", "the first of the normalised axes, which reach to the last", AttributeKind::integer};

  static Operation spec() {
    return {.name = name,
            .formula =
                "Y = weight (X - mean) / sqrt(var + eps) + bias over the trailing axes; dX = (dXhat - "
                "mean(dXhat) - Xhat mean(dXhat Xhat)) / sqrt(var + eps), dXhat = weight dY; dweight = "
                "sum(dY Xhat); dbias = sum(dY)",
            .domain = "all real X; eps = 0 only where no group is constant",
            .source = "Ba, Kiros and Hinton, Layer Normalization, 2016",
            .inputs = {{"X", "(...)"},
                       {.name = "weight", .shape = "(the axes normalised)", .optional = true},
                       {.name = "bias", .shape = "(the axes normalised)", .optional = true}},
            .outputs = {{"Y", "(like X)"}},
            .attributes = {axis_attribute, detail::eps_attribute},
            .samples = {{{{2, 4}, {4}, {4}}},
                        {{{2, 2, 3}, {2, 3}, {2, 3}}, {{"axis", "1"}}},
                        {{{5}, {5}, {0}}, {{"eps", "0.01"}}},
                        {{{2, 3, 4}, {0}, {4}}, {{"axis", "-1"}}},
                        {{{3, 1, 4}, {0}, {0}}, {{"axis", "-2"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::check_eps(attributes, detail::eps_attribute);
    detail::require_axes(name, inputs[0], 1, "at least one axis,");
    const Shape needed = normalised_shape(inputs[0], attributes);
    const std::string reason = "the axes normalised of input \"X\", " + to_string(inputs[0]);
    detail::require_optional(name, "weight", inputs[1], needed, reason);
    detail::require_optional(name, "bias", inputs[2], needed, reason);
    return {inputs[0]};
  }

  static detail::Groups groups_of(const Shape& shape, const Attributes& attributes) {
    const std::size_t elements = element_count(shape);
    const std::size_t size = element_count(normalised_shape(shape, attributes));
    detail::Groups groups{detail::consecutive(elements, elements / size), {}};
    for (std::size_t i = 0; i < elements; ++i) groups.parameter.push_back(i % size);
    return groups;
  }

 private:
  static Shape normalised_shape(const Shape& shape, const Attributes& attributes) {
    const auto first = static_cast<std::ptrdiff_t>(detail::axis_of(name, "X", shape, attributes));
    return Shape(shape.begin() + first, shape.end());
  }
};

}  // namespace assay::oracles::ops
