#pragma once

#include <cstddef>
#include <vector>

#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops {

/// Parametric rectified linear unit: the slope for negative x is learned, one for all channels or one for
/// each.
///
///   y       = x for x > 0, w_c x otherwise
///   ∂L/∂x   = g for x > 0, w_c g for x < 0
///   ∂L/∂w_c = Σ g min(x, 0) over the elements of channel c
///
/// At the kink the derivative of a ball is the hull of w_c and 1; a number that is exactly 0 gets w_c, as in
/// PyTorch.
struct PRelu {
  static constexpr std::string_view name = "prelu";

  static Operation spec() {
    return {
        .name = name,
        .formula = "Y = X where X > 0, else weight X; dX = dY or weight dY; dweight_c = sum of dY min(X, 0)",
        .domain = "all real X, weight",
        .source = "He, Zhang, Ren and Sun, Delving Deep into Rectifiers, 2015",
        .inputs = {{"X", "(N, C, ...) or, for one weight, (...)"}, {"weight", "(C) or (1)"}},
        .outputs = {{"Y", "(like X)"}},
        .samples = {{{{2, 3}, {3}}}, {{{2, 3, 2}, {1}}}, {{{4}, {1}}}, {{{2, 2, 2, 2}, {2}}}, {{{}, {1}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    const Shape &x = inputs[0], &weight = inputs[1];
    if (weight == Shape{1}) return {x};
    if (x.size() < 2)
      detail::require_shape(name, "weight", weight, {1}, "because input \"X\" has no channels");
    if (weight != Shape{x[1]})
      detail::refuse_shape(name, "weight", weight,
                           "(1) or (" + std::to_string(x[1]) + "), because input \"X\" is " + to_string(x));
    return {x};
  }

  static Cost cost(const Shapes& inputs, const Attributes&) { return {.parameters = inputs[1][0]}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes&) {
    const Tensor<T>&x = arguments.real[0], &weight = arguments.real[1];
    Tensor<T> y(x.shape);
    for (std::size_t i = 0; i < x.size(); ++i)
      y[i] = select(less(T(0), x[i]), x[i], T(weight[channel(x.shape, weight, i)] * x[i]));
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream, const Attributes&) {
    const Tensor<T>&x = arguments.real[0], &weight = arguments.real[1], &g = upstream[0];
    Tensor<T> dx(x.shape), dweight(weight.shape);
    std::vector<std::vector<T>> negative(weight.size()), gradient(weight.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t c = channel(x.shape, weight, i);
      dx[i] = g[i] * select(less(T(0), T(step(x[i]))), T(1), weight[c]);
      negative[c].push_back(min(x[i], T(0)));
      gradient[c].push_back(g[i]);
    }
    for (std::size_t c = 0; c < weight.size(); ++c) dweight[c] = dot(negative[c], gradient[c]);
    return {dx, dweight};
  }

 private:
  /// Which weight belongs to element i.
  template <class T>
  static std::size_t channel(const Shape& shape, const Tensor<T>& weight, std::size_t i) {
    if (weight.size() == 1) return 0;
    std::size_t inner = 1;
    for (std::size_t axis = 2; axis < shape.size(); ++axis) inner *= shape[axis];
    return i / inner % shape[1];
  }
};

}  // namespace assay::oracles::ops
