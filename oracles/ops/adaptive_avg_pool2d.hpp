#pragma once

#include <algorithm>
#include <cstdint>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/pooling.hpp"

namespace assay::oracles::ops {

/// Averages over as many windows as asked for, as PyTorch's adaptive_avg_pool2d. Along an axis of H positions
/// with H' outputs, window p covers
///
///   ⌊p H / H'⌋ .. ⌈(p + 1) H / H'⌉ − 1        neighbours overlap where H' does not divide H
///
///   Y[n, c, p]     = the average of X over window p
///   ∂L/∂X[n, c, i] = Σ over windows p that cover i of ∂L/∂Y[n, c, p] / (number of positions of p)
struct AdaptiveAvgPool2d {
  static constexpr std::string_view name = "adaptive_avg_pool2d";
  static constexpr AttributeSpec output_size_attribute{
      "output_size", "1", "extents of the result, one for both axes or one each", AttributeKind::integers};

  static Operation spec() {
    return {.name = name,
            .formula =
                "Y[n,c,p] = average of X[n,c,i] over floor(p H / H') <= i < ceil((p + 1) H / H'); "
                "dX[n,c,i] = sum of dY[n,c,p] / count[p] over the windows p that cover i",
            .domain = "all real X",
            .source =
                "He, Zhang, Ren and Sun, Spatial Pyramid Pooling in Deep Convolutional Networks for Visual "
                "Recognition, 2014, section 2.3",
            .inputs = {{"X", "(N, C, H, W)"}},
            .outputs = {{"Y", "(N, C, H', W')"}},
            .attributes = {output_size_attribute},
            .samples = {{{{2, 2, 5, 4}}, {{"output_size", "3,2"}}},
                        {{{1, 1, 1, 1}}},
                        {{{1, 2, 2, 3}}, {{"output_size", "4"}}},
                        {{{1, 1, 4, 6}}, {{"output_size", "2,5"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Shape& x = inputs[0];
    detail::require_rank(name, "X", x, 4, "(N, C, H, W)");
    const auto size = integers_attribute(attributes, output_size_attribute, 2, 1);
    return {{x[0], x[1], static_cast<std::size_t>(size[0]), static_cast<std::size_t>(size[1])}};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    Tensor<T> y(output_shapes({x.shape}, attributes)[0]);
    for_each_window(x.shape, y.shape, [&](std::size_t output, const std::vector<std::size_t>& seen) {
      Gathered<T> row(seen.size());
      for (std::size_t k = 0; k < seen.size(); ++k) row.set(k, x[seen[k]]);
      y[output] = detail::average(row, detail::count_as<T>(seen.size()));
    });
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream, const Attributes&) {
    const Tensor<T>& x = arguments.real[0];
    detail::Contributions<T> dx(x.shape);
    for_each_window(x.shape, upstream[0].shape,
                    [&](std::size_t output, const std::vector<std::size_t>& seen) {
                      const T share = detail::share_of(upstream[0][output], detail::count_as<T>(seen.size()));
                      for (const std::size_t i : seen) dx.add(i, share);
                    });
    return {dx.sums()};
  }

 private:
  struct Span {
    std::size_t first, end;
  };
  static Span covered(std::size_t p, std::size_t input, std::size_t output) {
    using Wide = unsigned __int128;
    return {static_cast<std::size_t>(Wide{p} * input / output),
            static_cast<std::size_t>((Wide{p + 1} * input + output - 1) / output)};
  }

  /// Calls visit(output, indices of the inputs it averages), images and channels first.
  template <class Visit>
  static void for_each_window(const Shape& x, const Shape& y, const Visit& visit) {
    std::vector<std::size_t> seen;
    std::size_t output = 0;
    for (std::size_t plane = 0; plane < x[0] * x[1]; ++plane)
      for (std::size_t p = 0; p < y[2]; ++p)
        for (std::size_t q = 0; q < y[3]; ++q) {
          const Span rows = covered(p, x[2], y[2]), columns = covered(q, x[3], y[3]);
          seen.clear();
          for (std::size_t i = rows.first; i < rows.end; ++i)
            for (std::size_t j = columns.first; j < columns.end; ++j)
              seen.push_back((plane * x[2] + i) * x[3] + j);
          visit(output++, seen);
        }
  }
};

}  // namespace assay::oracles::ops
