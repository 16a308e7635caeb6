#pragma once

#include <cstddef>
#include <span>

#include "oracles/numeric/gather.hpp"
#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops {

/// Fully connected layer: N rows of D features become N rows of C.
///
///   Y       = X W + b           Y: (N, C)
///   ∂L/∂X   = ∂L/∂Y Wᵀ          (N, D)
///   ∂L/∂W   = Xᵀ ∂L/∂Y          (D, C)
///   ∂L/∂b_c = Σₙ ∂L/∂Y_nc       (C)
struct Affine {
  static constexpr std::string_view name = "affine";

  static Operation spec() {
    return {.name = name,
            .formula = "Y = X W + b; dX = dY W^T; dW = X^T dY; db = column sums of dY",
            .domain = "all real X, W, b",
            .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.5",
            .inputs = {{"X", "(N, D)"}, {"W", "(D, C)"}, {"b", "(C)"}},
            .outputs = {{"Y", "(N, C)"}},
            .samples = {{{{2, 3}, {3, 4}, {4}}},
                        {{{1, 1}, {1, 1}, {1}}},
                        {{{4, 2}, {2, 1}, {1}}},
                        {{{3, 4}, {4, 4}, {4}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    const Shape &x = inputs[0], &w = inputs[1], &b = inputs[2];
    detail::require_rank(name, "X", x, 2, "(N, D)");
    detail::require_rank(name, "W", w, 2, "(D, C)");
    if (w[0] != x[1])
      detail::refuse_shape(name, "W", w,
                           "(" + std::to_string(x[1]) + ", C), because input \"X\" is " + to_string(x));
    detail::require_shape(name, "b", b, {w[1]}, "because input \"W\" is " + to_string(w));
    return {{x[0], w[1]}};
  }

  /// D multiply-adds per output: the products are added to the bias.
  static Cost cost(const Shapes& inputs, const Attributes&) {
    const Shape &x = inputs[0], &w = inputs[1];
    return {.multiply_adds = x[0] * x[1] * w[1], .parameters = w[0] * w[1] + w[1]};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes&) {
    const Tensor<T>&x = arguments.real[0], &w = arguments.real[1], &b = arguments.real[2];
    const std::size_t rows = x.shape[0], features = x.shape[1], columns = w.shape[1];
    Tensor<T> y(Shape{rows, columns});
    for (std::size_t n = 0; n < rows; ++n)
      for (std::size_t c = 0; c < columns; ++c)
        y(n, c) = output(std::span(x.data).subspan(n * features, features), w, b, c);
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream, const Attributes&) {
    const Tensor<T>&x = arguments.real[0], &w = arguments.real[1], &g = upstream[0];
    const std::size_t rows = x.shape[0], features = x.shape[1], columns = w.shape[1];
    Tensor<T> dx(x.shape), dw(w.shape), db(Shape{columns});
    for (std::size_t n = 0; n < rows; ++n)
      for (std::size_t d = 0; d < features; ++d)
        dx(n, d) = dot(&g[n * columns], 1, &w[d * columns], 1, columns);
    const auto next_feature_row = static_cast<std::ptrdiff_t>(features);
    const auto next_column_row = static_cast<std::ptrdiff_t>(columns);
    for (std::size_t d = 0; d < features; ++d)
      for (std::size_t c = 0; c < columns; ++c)
        dw(d, c) = dot(&x[d], next_feature_row, &g[c], next_column_row, rows);
    for (std::size_t c = 0; c < columns; ++c) db[c] = sum(&g[c], next_column_row, rows);
    return {dx, dw, db};
  }

 private:
  /// The bias may be added last, or be the first term of the sum: the roundings differ when it is large.
  template <class T>
  static T output(std::span<const T> row, const Tensor<T>& w, const Tensor<T>& b, std::size_t c) {
    const std::size_t columns = w.shape[1];
    const auto next_row = static_cast<std::ptrdiff_t>(columns);
    return either([&] { return T(dot(row.data(), 1, &w[c], next_row, row.size()) + b[c]); },
                  [&] {
                    const T one(1);
                    Gathered<T> x(row.size() + 1), weights(row.size() + 1);
                    for (std::size_t d = 0; d < row.size(); ++d) {
                      x.set(d, row[d]);
                      weights.set(d, w[d * columns + c]);
                    }
                    x.set(row.size(), one);
                    weights.set(row.size(), b[c]);
                    return T(dot(x.data(), 1, weights.data(), 1, x.size()));
                  });
  }
};

}  // namespace assay::oracles::ops
