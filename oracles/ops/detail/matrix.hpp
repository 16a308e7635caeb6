/// Row-wise linear maps in PyTorch's layout, Y = X Wᵀ + b with W: (outputs, inputs), and blocks of matrices.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "oracles/operation.hpp"

namespace assay::oracles::ops::detail {

/// X Wᵀ + b for rows X: (N, D), W: (K, D) and b: (K), or absent. Honest: the bias last, or first in the sum.
template <class T>
Tensor<T> linear_rows(const Tensor<T>& x, const Tensor<T>& w, const Tensor<T>& b) {
  const std::size_t rows = x.shape[0], features = w.shape[1], outputs = w.shape[0];
  Tensor<T> y(Shape{rows, outputs});
  for (std::size_t n = 0; n < rows; ++n)
    for (std::size_t k = 0; k < outputs; ++k) {
      const T* const row = &x[n * features];
      const T* const weights = &w[k * features];
      if (b.size() == 0) {
        y(n, k) = dot(row, 1, weights, 1, features);
        continue;
      }
      y(n, k) = either([&] { return T(dot(row, 1, weights, 1, features) + b[k]); },
                       [&] {
                         std::vector<T> left(row, row + features), right(weights, weights + features);
                         left.push_back(T(1));
                         right.push_back(b[k]);
                         return T(dot(std::span<const T>(left), std::span<const T>(right)));
                       });
    }
  return y;
}

/// G W: the cotangent of X, for G = ∂L/∂Y.
template <class T>
Tensor<T> rows_cotangent(const Tensor<T>& g, const Tensor<T>& w) {
  const std::size_t features = w.shape[1], outputs = w.shape[0];
  const auto next_output = static_cast<std::ptrdiff_t>(features);
  Tensor<T> dx(Shape{g.shape[0], features});
  for (std::size_t n = 0; n < g.shape[0]; ++n)
    for (std::size_t d = 0; d < features; ++d)
      dx(n, d) = dot(&g[n * outputs], 1, &w[d], next_output, outputs);
  return dx;
}

/// Gᵀ X: the cotangent of W.
template <class T>
Tensor<T> weights_cotangent(const Tensor<T>& g, const Tensor<T>& x) {
  const std::size_t features = x.shape[1], outputs = g.shape[1];
  Tensor<T> dw(Shape{outputs, features});
  for (std::size_t k = 0; k < outputs; ++k)
    for (std::size_t d = 0; d < features; ++d)
      dw(k, d) = dot(&g[k], static_cast<std::ptrdiff_t>(outputs), &x[d],
                     static_cast<std::ptrdiff_t>(features), g.shape[0]);
  return dw;
}

/// The column sums of G: the cotangent of b; absent if b is.
template <class T>
Tensor<T> bias_cotangent(const Tensor<T>& g, const Tensor<T>& b) {
  Tensor<T> db(b.shape);
  for (std::size_t k = 0; k < db.size(); ++k)
    db[k] = sum(&g[k], static_cast<std::ptrdiff_t>(g.shape[1]), g.shape[0]);
  return db;
}

template <class T>
void add_to(Tensor<T>& total, const Tensor<T>& term) {
  for (std::size_t i = 0; i < total.size(); ++i) total[i] += term[i];
}

/// `count` rows of a matrix (elements of a vector) from `first` on; nothing of an absent one.
template <class T>
Tensor<T> row_block(const Tensor<T>& matrix, std::size_t first, std::size_t count) {
  if (matrix.size() == 0) return matrix;
  const std::size_t width = matrix.rank() == 1 ? 1 : matrix.shape[1];
  Shape shape = matrix.shape;
  shape[0] = count;
  const auto begin = matrix.data.begin() + static_cast<std::ptrdiff_t>(first * width);
  return {shape, std::vector<T>(begin, begin + static_cast<std::ptrdiff_t>(count * width))};
}

/// Columns `first` .. `first + count - 1`.
template <class T>
Tensor<T> column_block(const Tensor<T>& matrix, std::size_t first, std::size_t count) {
  Tensor<T> block(Shape{matrix.shape[0], count});
  for (std::size_t r = 0; r < matrix.shape[0]; ++r)
    for (std::size_t c = 0; c < count; ++c) block(r, c) = matrix(r, first + c);
  return block;
}

/// Writes a block back, to where `column_block` took it from.
template <class T>
void put_columns(Tensor<T>& matrix, std::size_t first, const Tensor<T>& block) {
  for (std::size_t r = 0; r < block.shape[0]; ++r)
    for (std::size_t c = 0; c < block.shape[1]; ++c) matrix(r, first + c) = block(r, c);
}

/// Writes rows back, to where `row_block` took them from.
template <class T>
void put_rows(Tensor<T>& matrix, std::size_t first, const Tensor<T>& block) {
  if (matrix.size() == 0) return;
  const std::size_t width = matrix.rank() == 1 ? 1 : matrix.shape[1];
  std::ranges::copy(block.data, matrix.data.begin() + static_cast<std::ptrdiff_t>(first * width));
}

}  // namespace assay::oracles::ops::detail
