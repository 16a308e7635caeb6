#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/interpolation.hpp"

namespace assay::oracles::ops {

/// Bilinear interpolation of images to a larger or smaller size, as PyTorch's interpolate.
///
///   Y[n, c, i, j]     = Σ_{a, b} u_i(a) v_j(b) X[n, c, a, b]
///   ∂L/∂X[n, c, a, b] = Σ_{i, j} u_i(a) v_j(b) ∂L/∂Y[n, c, i, j]
///
/// Output i lies at position s of the input, and u_i(a) = max(0, 1 − |s − a|):
///
///   align_corners = false    s = (i + 1/2) H / H' − 1/2, not outside of 0 .. H − 1     (pixel centres)
///   align_corners = true     s = i (H − 1) / (H' − 1), 0 where H' = 1                  (corner pixels
///   coincide)
///
/// The size is `output_size`, or the input's times the integer `scale_factor`: one of them is given.
struct UpsampleBilinear2d {
  static constexpr std::string_view name = "upsample_bilinear2d";
  static constexpr AttributeSpec output_size_attribute{
      "output_size", "", "extents of the result, one for both axes or one each; this or scale_factor",
      AttributeKind::integers};
  static constexpr AttributeSpec scale_factor_attribute{
      "scale_factor", "", "extents of the result over those of the input; this or output_size",
      AttributeKind::integers};
  static constexpr AttributeSpec align_corners_attribute{
      "align_corners", "false", "whether the corner pixels of input and output coincide",
      AttributeKind::flag};

  static Operation spec() {
    return {.name = name,
            .formula =
                "Y[n,c,i,j] = sum_{a,b} u_i(a) v_j(b) X[n,c,a,b] with u_i(a) = max(0, 1 - |s_i - a|); s_i "
                "= (i + 1/2) H/H' - 1/2 clamped, or i (H-1)/(H'-1); dX[n,c,a,b] = sum u_i(a) v_j(b) dY",
            .domain = "all real X",
            .source = "Press, Teukolsky, Vetterling and Flannery, Numerical Recipes, 2007, section 3.6.1",
            .inputs = {{"X", "(N, C, H, W)"}},
            .outputs = {{"Y", "(N, C, H', W')"}},
            .attributes = {output_size_attribute, scale_factor_attribute, align_corners_attribute},
            .samples = {{{{2, 1, 2, 3}}, {{"scale_factor", "2"}}},
                        {{{1, 1, 1, 1}}, {{"scale_factor", "3"}}},
                        {{{1, 2, 3, 2}}, {{"scale_factor", "3,1"}, {"align_corners", "true"}}},
                        {{{1, 1, 3, 5}}, {{"output_size", "5,3"}}},
                        {{{1, 2, 4, 3}}, {{"output_size", "3,1"}, {"align_corners", "true"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Shape& x = inputs[0];
    detail::require_rank(name, "X", x, 4, "(N, C, H, W)");
    const bool sized = !text_attribute(attributes, output_size_attribute).empty();
    const bool scaled = !text_attribute(attributes, scale_factor_attribute).empty();
    if (sized == scaled)
      refuse_attribute(attributes, output_size_attribute,
                       "extents where scale_factor is left out, and to be left out where it is given");
    const auto given =
        integers_attribute(attributes, sized ? output_size_attribute : scale_factor_attribute, 2, 1);
    Shape y = {x[0], x[1]};
    for (std::size_t axis = 0; axis < 2; ++axis)
      y.push_back(static_cast<std::size_t>(
          checked_product({static_cast<std::uint64_t>(given[axis]), sized ? 1 : x[2 + axis]})));
    return {y};
  }

  /// Four neighbours per output; the products of two weights each are not counted.
  static Cost cost(const Shapes& inputs, const Attributes& attributes) {
    return {.multiply_adds = checked_product({4, element_count(output_shapes(inputs, attributes)[0])}),
            .parameters = 0};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    Tensor<T> y(output_shapes({x.shape}, attributes)[0]);
    std::vector<T> weights;
    Gathered<T> numbers;
    for_each_output<T>(
        x.shape, y.shape, attributes, [&](std::size_t output, const auto& rows, const auto& columns) {
          weights.clear();
          numbers.reset(rows.size() * columns.size());
          for (const auto& row : rows)
            for (const auto& column : columns) {
              numbers.set(weights.size(), x[at(output, x.shape, y.shape, row.input, column.input)]);
              weights.push_back(row.weight * column.weight);
            }
          y[output] = dot(weights.data(), 1, numbers.data(), 1, numbers.size());
        });
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Shape &x = arguments.real[0].shape, &y = upstream[0].shape;
    std::vector<std::vector<T>> weights(element_count(x)), gradients(weights.size());
    for_each_output<T>(x, y, attributes, [&](std::size_t output, const auto& rows, const auto& columns) {
      for (const auto& row : rows)
        for (const auto& column : columns) {
          const std::size_t input = at(output, x, y, row.input, column.input);
          weights[input].push_back(row.weight * column.weight);
          gradients[input].push_back(upstream[0][output]);
        }
    });
    Tensor<T> dx(x);
    for (std::size_t i = 0; i < dx.size(); ++i) dx[i] = dot(weights[i], gradients[i]);
    return {dx};
  }

 private:
  /// The input (a, b) in the plane of an output.
  static std::size_t at(std::size_t output, const Shape& x, const Shape& y, std::size_t a, std::size_t b) {
    return (output / (y[2] * y[3]) * x[2] + a) * x[3] + b;
  }

  template <class T, class Visit>
  static void for_each_output(const Shape& x, const Shape& y, const Attributes& attributes,
                              const Visit& visit) {
    const bool corners = flag_attribute(attributes, align_corners_attribute);
    const auto rows = detail::neighbours<T>(x[2], y[2], corners);
    const auto columns = detail::neighbours<T>(x[3], y[3], corners);
    for (std::size_t output = 0; output < element_count(y); ++output)
      visit(output, rows[output / y[3] % y[2]], columns[output % y[3]]);
  }
};

}  // namespace assay::oracles::ops
