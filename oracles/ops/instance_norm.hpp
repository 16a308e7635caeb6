#pragma once

#include <cstddef>
#include <string>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/standardise.hpp"

namespace assay::oracles::ops {

/// Instance normalisation: each channel of each example over its own M positions.
///
///   y       = γ_c x̂ + β_c        where x̂ = (x − μ) / √(v + ε),  v = (1/M) Σ (x − μ)²
///   ∂L/∂x   = (g′ − mean(g′) − x̂ mean(g′ x̂)) / √(v + ε)        where g = ∂L/∂y, g′ = γ_c g
///   ∂L/∂γ_c = Σ g x̂,  ∂L/∂β_c = Σ g  over all examples and positions
///
/// PyTorch's track_running_stats is left out: it is off by default. One position has no variance: an error,
/// as in PyTorch.
struct InstanceNorm : detail::GroupwiseNorm<InstanceNorm> {
  static constexpr std::string_view name = "instance_norm";

  static Operation spec() {
    return {.name = name,
            .formula =
                "Y = weight (X - mean) / sqrt(var + eps) + bias per example and channel; dX = weight (dY - "
                "mean(dY) - Xhat mean(dY Xhat)) / sqrt(var + eps); dweight = sum(dY Xhat); dbias = sum(dY)",
            .domain = "all real X; eps = 0 only where no channel is constant",
            .source = "Ulyanov, Vedaldi and Lempitsky, Instance Normalization, 2016",
            .inputs = {{"X", "(N, C, ...)"},
                       {.name = "weight", .shape = "(C)", .optional = true},
                       {.name = "bias", .shape = "(C)", .optional = true}},
            .outputs = {{"Y", "(like X)"}},
            .attributes = {detail::eps_attribute},
            .samples = {{{{2, 2, 4}, {2}, {2}}},
                        {{{1, 3, 2, 2}, {3}, {0}}, {{"eps", "0.01"}}},
                        {{{2, 1, 5}, {0}, {1}}},
                        {{{3, 2, 1, 3}, {0}, {0}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Shape& x = inputs[0];
    detail::check_eps(attributes, detail::eps_attribute);
    detail::require_axes(name, x, 3, "(N, C, L) or more axes");
    const std::string reason = "because input \"X\" is " + to_string(x);
    detail::require_optional(name, "weight", inputs[1], {x[1]}, reason);
    detail::require_optional(name, "bias", inputs[2], {x[1]}, reason);
    if (element_count(x) == x[0] * x[1])
      detail::refuse_shape(name, "X", x, "more than one position: the variance of one value is 0");
    return {x};
  }

  static detail::Groups groups_of(const Shape& shape, const Attributes&) {
    return {detail::consecutive(element_count(shape), shape[0] * shape[1]), detail::channels_of(shape)};
  }
};

}  // namespace assay::oracles::ops
