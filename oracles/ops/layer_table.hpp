#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/layer_rows.hpp"
#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops {

/// What each layer of a list gives and costs: output shape (channels, height, width), parameters,
/// multiply-adds.
///
///   convolution (kind 0)      O filters K x K, stride s, padding p:  P = ⌊(H + 2p − K) / s⌋ + 1, Q likewise
///                             (O, P, Q);  O (C K² + 1) parameters;  O P Q C K² multiply-adds
///   max pooling (kind 1)      windows K x K, stride s, no padding:   (C, P, Q);  no parameters, no
///   multiply-adds fully connected (kind 2)  U units of everything, flattened:      (U, 1, 1);  U (C H W +
///   1);  U C H W relu (kind 3)             as it came, and free
///
/// Where a window does not fit, its row and all later ones are 0. Numbers are whole; others are rounded down.
/// What a layer has no use for is ignored. No gradient.
struct LayerTable {
  static constexpr std::string_view name = "layer_table";

  static Operation spec() {
    return {.name = name,
            .formula =
                "conv: floor((H + 2p - K) / s) + 1 and so on, O (C K^2 + 1) parameters, O P Q C K^2 "
                "multiply-adds; fully connected: U (C H W + 1), U C H W",
            .domain =
                "kinds 0 (convolution), 1 (max pooling), 2 (fully connected), 3 (relu); kernels, strides "
                "and the image at least 1",
            .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, chapter 9",
            .inputs = {input("image", "(3)", 1, 13), input("kinds", "(L)", 0, 4),
                       input("widths", "(L)", 1, 9), input("kernels", "(L)", 1, 5),
                       input("strides", "(L)", 1, 4), input("paddings", "(L)", 0, 3)},
            .outputs = {{"shapes", "(L, 3)"}, {"parameters", "(L)"}, {"multiply_adds", "(L)"}},
            .samples = {{{{3}, {3}, {3}, {3}, {3}, {3}}},
                        {{{3}, {1}, {1}, {1}, {1}, {1}}},
                        {{{3}, {5}, {5}, {5}, {5}, {5}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    detail::require_shape(name, "image", inputs[0], {3}, "channels, height, width");
    detail::require_rank(name, "kinds", inputs[1], 1, "(L)");
    constexpr std::string_view names[] = {"widths", "kernels", "strides", "paddings"};
    for (std::size_t k = 0; k < 4; ++k)
      detail::require_shape(name, names[k], inputs[k + 2], inputs[1],
                            "because input \"kinds\" is " + to_string(inputs[1]));
    return {{inputs[1][0], 3}, inputs[1], inputs[1]};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes&) {
    return counted(arguments, detail::Miscount::none);
  }

  /// The same with one thing counted wrongly.
  template <class T>
  static Tensors<T> counted(const Arguments<T>& arguments, detail::Miscount miscount) {
    for (const Tensor<T>& input : arguments.real)
      for (const T& x : input.data)
        if (is_nan(x)) return nothing_known(x, arguments.real[1].size());
    const auto number = [&](std::size_t input, std::size_t i, std::int64_t least) {
      return whole(arguments.real[input][i], least);
    };
    std::vector<detail::ListedLayer> layers;
    for (std::size_t i = 0; i < arguments.real[1].size(); ++i) {
      const std::int64_t kind = number(1, i, 0);
      if (kind > 3) refuse("kinds go from 0 to 3");
      layers.push_back({static_cast<detail::LayerKind>(kind), number(2, i, 1), number(3, i, 1),
                        number(4, i, 1), number(5, i, 0)});
    }
    const auto rows =
        detail::layer_rows({number(0, 0, 1), number(0, 1, 1), number(0, 2, 1)}, layers, miscount);
    Tensor<T> shapes(Shape{rows.size(), 3}), parameters(Shape{rows.size()}), multiply_adds = parameters;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      shapes(i, 0) = exact<T>(rows[i].channels);
      shapes(i, 1) = exact<T>(rows[i].height);
      shapes(i, 2) = exact<T>(rows[i].width);
      parameters[i] = exact<T>(rows[i].parameters);
      multiply_adds[i] = exact<T>(rows[i].multiply_adds);
    }
    return {shapes, parameters, multiply_adds};
  }

 private:
  static constexpr std::int64_t most = 100000;  ///< so that no product of five overflows by itself

  static InputSpec input(std::string_view input_name, std::string_view shape, double low, double high) {
    return {.name = input_name, .shape = shape, .differentiable = false, .range = {low, high}};
  }

  [[noreturn]] static void refuse(const std::string& reason) {
    throw ShapeError(std::string(name) + ": " + reason);
  }

  template <class T>
  static Tensors<T> nothing_known(const T& nan, std::size_t layers) {
    const Tensor<T> each(Shape{layers}, std::vector<T>(layers, nan));
    return {Tensor<T>(Shape{layers, 3}, std::vector<T>(3 * layers, nan)), each, each};
  }

  template <class T>
  static T exact(std::int64_t count) {
    return from_rational<T>(Rational(count));
  }

  template <class T>
  static std::int64_t whole(const T& x, std::int64_t least) {
    double value = 0;
    if constexpr (std::is_same_v<T, Ball>)
      value = midpoint_double(x);
    else if constexpr (std::is_same_v<T, Rational>)
      value = nearest_double(x);
    else
      value = static_cast<double>(x);
    if (!(value >= static_cast<double>(least) && value <= static_cast<double>(most)))
      refuse("every number lies between " + std::to_string(least) + " and " + std::to_string(most) + " here");
    return static_cast<std::int64_t>(std::floor(value));
  }
};

}  // namespace assay::oracles::ops
