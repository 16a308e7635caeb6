#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/standardise.hpp"

namespace assay::oracles::ops {

/// Group normalisation: the channels of each example in G groups of neighbours, C/G channels and all their
/// positions together, M elements.
///
///   y       = γ_c x̂ + β_c        where x̂ = (x − μ) / √(v + ε),  v = (1/M) Σ (x − μ)²
///   ∂L/∂x   = (g′ − mean(g′) − x̂ mean(g′ x̂)) / √(v + ε)        where g = ∂L/∂y, g′ = γ_c g
///   ∂L/∂γ_c = Σ g x̂,  ∂L/∂β_c = Σ g  over all examples and positions
///
/// A group of one element has no variance: an error, as in PyTorch.
struct GroupNorm : detail::GroupwiseNorm<GroupNorm> {
  static constexpr std::string_view name = "group_norm";
  static constexpr AttributeSpec groups_attribute{"num_groups", "1", "divides the number of channels",
                                                  AttributeKind::integer};

  static Operation spec() {
    return {.name = name,
            .formula =
                "Y = weight (X - mean) / sqrt(var + eps) + bias per example and group; dX = (dXhat - "
                "mean(dXhat) - Xhat mean(dXhat Xhat)) / sqrt(var + eps), dXhat = weight dY; dweight = "
                "sum(dY Xhat); dbias = sum(dY)",
            .domain = "all real X; eps = 0 only where no group is constant",
            .source = "Wu and He, Group Normalization, 2018",
            .inputs = {{"X", "(N, C, ...)"},
                       {.name = "weight", .shape = "(C)", .optional = true},
                       {.name = "bias", .shape = "(C)", .optional = true}},
            .outputs = {{"Y", "(like X)"}},
            .attributes = {groups_attribute, detail::eps_attribute},
            .samples = {{{{2, 4, 2}, {4}, {4}}, {{"num_groups", "2"}}},
                        {{{1, 3, 2}, {3}, {0}}},
                        {{{2, 6}, {0}, {6}}, {{"num_groups", "2"}, {"eps", "0.01"}}},
                        {{{2, 2, 2, 2}, {0}, {0}}, {{"num_groups", "2"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Shape& x = inputs[0];
    detail::check_eps(attributes, detail::eps_attribute);
    detail::require_axes(name, x, 2, "(N, C, ...)");
    const std::int64_t groups = integer_attribute(attributes, groups_attribute);
    if (groups < 1 || x[1] % static_cast<std::size_t>(groups) != 0)
      refuse_attribute(attributes, groups_attribute,
                       "a divisor of the " + std::to_string(x[1]) + " channels");
    const std::string reason = "because input \"X\" is " + to_string(x);
    detail::require_optional(name, "weight", inputs[1], {x[1]}, reason);
    detail::require_optional(name, "bias", inputs[2], {x[1]}, reason);
    if (element_count(x) == x[0] * static_cast<std::size_t>(groups))
      detail::refuse_shape(name, "X", x, "more than one value per group: the variance of one value is 0");
    return {x};
  }

  static detail::Groups groups_of(const Shape& shape, const Attributes& attributes) {
    const auto groups = static_cast<std::size_t>(integer_attribute(attributes, groups_attribute));
    return {detail::consecutive(element_count(shape), shape[0] * groups), detail::channels_of(shape)};
  }
};

}  // namespace assay::oracles::ops
