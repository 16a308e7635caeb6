#pragma once

#include <cstddef>
#include <vector>

#include "oracles/numeric/gather.hpp"
#include "oracles/ops/detail/matrix_batches.hpp"

namespace assay::oracles::ops {

/// Matrix product, with batches as PyTorch's matmul.
///
///   Y[..., m, n] = Σ_k A[..., m, k] B[..., k, n]
///   ∂L/∂A        = ∂L/∂Y Bᵀ        ∂L/∂B = Aᵀ ∂L/∂Y
///
/// Leading axes broadcast: they are aligned at the last one, and extent 1 (or a missing axis) repeats; a
/// repeated factor gets the sum of its gradients. A vector A counts as one row and a vector B as one column,
/// and that axis is missing from Y.
struct Matmul {
  static constexpr std::string_view name = "matmul";

  static Operation spec() {
    return {.name = name,
            .formula = "Y = A B; dA = dY B^T; dB = A^T dY, summed over the repetitions of a broadcast factor",
            .domain = "all real A, B whose inner extents agree and whose leading axes broadcast",
            .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 2.2",
            .inputs = {{"A", "(..., M, K) or (K)"}, {"B", "(..., K, N) or (K)"}},
            .outputs = {{"Y", "(..., M, N)"}},
            .samples = {{{{2, 3}, {3, 4}}},
                        {{{1, 1}, {1, 1}}},
                        {{{2, 1, 2, 3}, {3, 3, 2}}},
                        {{{3}, {2, 3, 2}}},
                        {{{2, 2, 3}, {3}}},
                        {{{4}, {4}}},
                        {{{2, 3}, {2, 3, 1}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    return {detail::matrix_shapes(name, inputs[0], inputs[1]).result};
  }

  /// K multiply-adds per element of Y.
  static Cost cost(const Shapes& inputs, const Attributes&) {
    const auto batches = detail::matrix_shapes(name, inputs[0], inputs[1]);
    return {.multiply_adds = checked_product({element_count(batches.result), batches.inner}),
            .parameters = 0};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes&) {
    const Tensor<T>&a = arguments.real[0], &b = arguments.real[1];
    const auto [rows, inner, columns, of_a, of_b, shape] = detail::matrix_batches(name, a.shape, b.shape);
    const auto next_row = static_cast<std::ptrdiff_t>(columns);
    Tensor<T> y(shape);
    for (std::size_t batch = 0; batch < of_a.size(); ++batch)
      for (std::size_t m = 0; m < rows; ++m)
        for (std::size_t n = 0; n < columns; ++n)
          y[(batch * rows + m) * columns + n] = dot(&a[(of_a[batch] * rows + m) * inner], 1,
                                                    &b[of_b[batch] * inner * columns + n], next_row, inner);
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream, const Attributes&) {
    const Tensor<T>&a = arguments.real[0], &b = arguments.real[1], &g = upstream[0];
    const auto batches = detail::matrix_batches(name, a.shape, b.shape);
    const std::size_t rows = batches.rows, inner = batches.inner, columns = batches.columns;
    Tensor<T> da(a.shape), db(b.shape);
    for (std::size_t matrix = 0; matrix < a.size() / (rows * inner); ++matrix) {
      const auto uses = uses_of(batches.a, matrix);
      for (std::size_t k = 0; k < inner; ++k) {  // row k of B, in all products with this A
        const Gathered<T> row = gathered(b, uses, batches.b, inner * columns, k * columns, 1, columns);
        for (std::size_t m = 0; m < rows; ++m) {
          const Gathered<T> gradient = gathered(g, uses, {}, rows * columns, m * columns, 1, columns);
          da[(matrix * rows + m) * inner + k] = dot(gradient.data(), 1, row.data(), 1, row.size());
        }
      }
    }
    for (std::size_t matrix = 0; matrix < b.size() / (inner * columns); ++matrix) {
      const auto uses = uses_of(batches.b, matrix);
      for (std::size_t k = 0; k < inner; ++k) {  // column k of A, in all products with this B
        const Gathered<T> column = gathered(a, uses, batches.a, rows * inner, k, inner, rows);
        for (std::size_t n = 0; n < columns; ++n) {
          const Gathered<T> gradient = gathered(g, uses, {}, rows * columns, n, columns, rows);
          db[(matrix * inner + k) * columns + n] = dot(column.data(), 1, gradient.data(), 1, column.size());
        }
      }
    }
    return {da, db};
  }

 private:
  /// The matrices of the result that a factor takes part in.
  static std::vector<std::size_t> uses_of(const std::vector<std::size_t>& places, std::size_t matrix) {
    std::vector<std::size_t> uses;
    for (std::size_t batch = 0; batch < places.size(); ++batch)
      if (places[batch] == matrix) uses.push_back(batch);
    return uses;
  }

  /// A row or column of each matrix in use, one after the other. `places` is empty for the result itself.
  template <class T>
  static Gathered<T> gathered(const Tensor<T>& tensor, const std::vector<std::size_t>& uses,
                              const std::vector<std::size_t>& places, std::size_t matrix_size,
                              std::size_t first, std::size_t stride, std::size_t length) {
    Gathered<T> line(uses.size() * length);
    std::size_t at = 0;
    for (const std::size_t batch : uses) {
      const std::size_t matrix = places.empty() ? batch : places[batch];
      for (std::size_t i = 0; i < length; ++i)
        line.set(at++, tensor[matrix * matrix_size + first + i * stride]);
    }
    return line;
  }
};

}  // namespace assay::oracles::ops
