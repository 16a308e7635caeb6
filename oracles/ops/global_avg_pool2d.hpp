#pragma once

#include "oracles/ops/detail/pooling.hpp"

namespace assay::oracles::ops {

/// Average of each channel over all positions, as ONNX's GlobalAveragePool; both axes stay, with extent 1.
///
///   Y[n, c, 0, 0]     = (1 / HW) Σ_{i, j} X[n, c, i, j]
///   ∂L/∂X[n, c, i, j] = ∂L/∂Y[n, c, 0, 0] / HW
struct GlobalAvgPool2d {
  static constexpr std::string_view name = "global_avg_pool2d";

  static Operation spec() {
    return {.name = name,
            .formula = "Y[n,c] = (1/(H W)) sum_{i,j} X[n,c,i,j]; dX[n,c,i,j] = dY[n,c] / (H W)",
            .domain = "all real X",
            .source = "Lin, Chen and Yan, Network In Network, 2014, section 3.2",
            .inputs = {{"X", "(N, C, H, W)"}},
            .outputs = {{"Y", "(N, C, 1, 1)"}},
            .samples = {{{{2, 3, 2, 3}}}, {{{1, 1, 1, 1}}}, {{{1, 2, 5, 1}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    const Shape& x = inputs[0];
    detail::require_rank(name, "X", x, 4, "(N, C, H, W)");
    return {{x[0], x[1], 1, 1}};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes&) {
    const Tensor<T>& x = arguments.real[0];
    const std::size_t extent = x.shape[2] * x.shape[3];
    Tensor<T> y(Shape{x.shape[0], x.shape[1], 1, 1});
    Gathered<T> row(extent);
    for (std::size_t plane = 0; plane < y.size(); ++plane) {
      for (std::size_t i = 0; i < extent; ++i) row.set(i, x[plane * extent + i]);
      y[plane] = detail::average(row, detail::count_as<T>(extent));
    }
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream, const Attributes&) {
    Tensor<T> dx(arguments.real[0].shape);
    const std::size_t extent = dx.shape[2] * dx.shape[3];
    for (std::size_t i = 0; i < dx.size(); ++i)
      dx[i] = detail::share_of(upstream[0][i / extent], detail::count_as<T>(extent));
    return {dx};
  }
};

}  // namespace assay::oracles::ops
