/// Which pairs of matrices a batched product multiplies: PyTorch's rules for shapes of matmul.
#pragma once

#include <cstddef>
#include <vector>

#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops::detail {

/// A: (rows, inner), B: (inner, columns), for each matrix of the result. A vector A is one row, a vector B
/// one column.
struct MatrixBatches {
  std::size_t rows, inner, columns;
  std::vector<std::size_t> a, b;  ///< for each matrix of the result: the places of its factors
  Shape result;                   ///< without the axis of a vector
};

/// Only the shapes; `a` and `b` stay empty. Throws ShapeError where they do not fit.
MatrixBatches matrix_shapes(std::string_view operation, const Shape& a, const Shape& b);

/// With the places.
MatrixBatches matrix_batches(std::string_view operation, const Shape& a, const Shape& b);

}  // namespace assay::oracles::ops::detail
