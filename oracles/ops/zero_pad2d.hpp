#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops {

/// Zeros around each image, as PyTorch's ZeroPad2d: padding = left, right, top, bottom.
///
///   Y[n, c, i, j]  = X[n, c, i − top, j − left], 0 outside of X
///   ∂L/∂X[n, c, i, j] = ∂L/∂Y[n, c, i + top, j + left]
struct ZeroPad2d {
  static constexpr std::string_view name = "zero_pad2d";
  static constexpr AttributeSpec sides_attribute{
      "padding", "0", "left,right,top,bottom, or one number for all four", AttributeKind::integers};

  static Operation spec() {
    return {.name = name,
            .formula = "Y[n,c,i,j] = X[n,c,i - top,j - left], 0 outside of X; dX = the inner part of dY",
            .domain = "all real X",
            .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 9.5",
            .inputs = {{"X", "(N, C, H, W)"}},
            .outputs = {{"Y", "(N, C, top + H + bottom, left + W + right)"}},
            .attributes = {sides_attribute},
            .samples = {{{{2, 1, 2, 3}}, {{"padding", "1,2,3,0"}}},
                        {{{1, 1, 1, 1}}, {{"padding", "1"}}},
                        {{{1, 2, 3, 2}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Shape& x = inputs[0];
    detail::require_rank(name, "X", x, 4, "(N, C, H, W)");
    const Sides sides = sides_of(attributes);
    return {{x[0], x[1], padded(x, 2, sides.top, sides.bottom), padded(x, 3, sides.left, sides.right)}};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    Tensor<T> y(output_shapes({x.shape}, attributes)[0]);
    for (T& element : y.data) element = T(0);
    for_each_element(x.shape, y.shape, sides_of(attributes),
                     [&](std::size_t inner, std::size_t outer) { y[outer] = x[inner]; });
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    Tensor<T> dx(arguments.real[0].shape);
    for_each_element(dx.shape, upstream[0].shape, sides_of(attributes),
                     [&](std::size_t inner, std::size_t outer) { dx[inner] = upstream[0][outer]; });
    return {dx};
  }

 private:
  struct Sides {
    std::size_t left, right, top, bottom;
  };

  static Sides sides_of(const Attributes& attributes) {
    const std::vector<std::int64_t> sides = integers_attribute(attributes, sides_attribute, 4, 0);
    return {static_cast<std::size_t>(sides[0]), static_cast<std::size_t>(sides[1]),
            static_cast<std::size_t>(sides[2]), static_cast<std::size_t>(sides[3])};
  }

  static std::size_t padded(const Shape& x, std::size_t axis, std::size_t before, std::size_t after) {
    std::size_t extent = x[axis];
    if (__builtin_add_overflow(extent, before + after, &extent))
      detail::refuse_shape(name, "X", x, "an axis " + std::to_string(axis) + " below 2^64, with padding");
    return extent;
  }

  template <class Visit>
  static void for_each_element(const Shape& x, const Shape& y, const Sides& sides, const Visit& visit) {
    std::size_t inner = 0;
    for (std::size_t plane = 0; plane < x[0] * x[1]; ++plane)
      for (std::size_t i = 0; i < x[2]; ++i)
        for (std::size_t j = 0; j < x[3]; ++j)
          visit(inner++, (plane * y[2] + i + sides.top) * y[3] + j + sides.left);
  }
};

}  // namespace assay::oracles::ops
