#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/pooling.hpp"

namespace assay::oracles::ops {

/// Each number becomes a block, as PyTorch's UpsamplingNearest2d with an integer scale factor s.
///
///   Y[n, c, i, j]  = X[n, c, ⌊i / s⌋, ⌊j / s⌋]
///   ∂L/∂X[n, c, i, j] = the sum of ∂L/∂Y over block (i, j)
struct UpsampleNearest2d {
  static constexpr std::string_view name = "upsample_nearest2d";
  static constexpr AttributeSpec scale_factor_attribute{
      "scale_factor", "2", "extents of a block, one for both axes or one each", AttributeKind::integers};

  static Operation spec() {
    return {.name = name,
            .formula = "Y[n,c,i,j] = X[n,c,floor(i/s),floor(j/s)]; dX[n,c,i,j] = sum of dY over the block",
            .domain = "all real X",
            .source = "Odena, Dumoulin and Olah, Deconvolution and Checkerboard Artifacts, 2016",
            .inputs = {{"X", "(N, C, H, W)"}},
            .outputs = {{"Y", "(N, C, s H, s W)"}},
            .attributes = {scale_factor_attribute},
            .samples = {{{{2, 2, 2, 3}}},
                        {{{1, 1, 1, 1}}, {{"scale_factor", "3"}}},
                        {{{1, 2, 3, 2}}, {{"scale_factor", "1,3"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Shape& x = inputs[0];
    detail::require_rank(name, "X", x, 4, "(N, C, H, W)");
    const auto scale = scales(attributes);
    return {{x[0], x[1], static_cast<std::size_t>(checked_product({x[2], scale[0]})),
             static_cast<std::size_t>(checked_product({x[3], scale[1]}))}};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    Tensor<T> y(output_shapes({x.shape}, attributes)[0]);
    const auto scale = scales(attributes);
    for (std::size_t k = 0; k < y.size(); ++k) y[k] = x[source(k, x.shape, y.shape, scale)];
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>&x = arguments.real[0], &g = upstream[0];
    detail::Contributions<T> dx(x.shape);
    const auto scale = scales(attributes);
    for (std::size_t k = 0; k < g.size(); ++k) dx.add(source(k, x.shape, g.shape, scale), g[k]);
    return {dx.sums()};
  }

 private:
  static std::vector<std::uint64_t> scales(const Attributes& attributes) {
    const auto scale = integers_attribute(attributes, scale_factor_attribute, 2, 1);
    return {static_cast<std::uint64_t>(scale[0]), static_cast<std::uint64_t>(scale[1])};
  }

  /// Where output k comes from.
  static std::size_t source(std::size_t k, const Shape& x, const Shape& y,
                            const std::vector<std::uint64_t>& scale) {
    const std::size_t j = k % y[3], i = k / y[3] % y[2], plane = k / y[3] / y[2];
    return (plane * x[2] + i / scale[0]) * x[3] + j / scale[1];
  }
};

}  // namespace assay::oracles::ops
