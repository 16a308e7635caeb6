#include "oracles/ops/detail/matrix_batches.hpp"

#include <algorithm>
#include <string>

namespace assay::oracles::ops::detail {

namespace {

/// All axes but the last two.
Shape batch_axes(const Shape& shape) {
  return shape.size() <= 2 ? Shape{} : Shape(shape.begin(), shape.end() - 2);
}

/// Aligned at the last axis; an axis of extent 1 or a missing one repeats.
Shape broadcast(std::string_view operation, const Shape& a, const Shape& b) {
  Shape x = batch_axes(a), y = batch_axes(b);
  const std::size_t rank = std::max(x.size(), y.size());
  x.insert(x.begin(), rank - x.size(), 1);
  y.insert(y.begin(), rank - y.size(), 1);
  Shape result;
  for (std::size_t i = 0; i < rank; ++i) {
    if (x[i] != y[i] && x[i] != 1 && y[i] != 1)
      refuse_shape(operation, "B", b,
                   "leading axes that broadcast with those of input \"A\", which is " + to_string(a));
    result.push_back(std::max(x[i], y[i]));
  }
  return result;
}

/// The place of the factor that belongs to each matrix of the result.
std::vector<std::size_t> places(const Shape& factor, const Shape& result) {
  std::vector<std::size_t> all = {0};
  const std::size_t missing = result.size() - factor.size();
  for (std::size_t axis = 0; axis < result.size(); ++axis) {
    const std::size_t extent = axis < missing ? 1 : factor[axis - missing];
    std::vector<std::size_t> next;
    for (const std::size_t outer : all)
      for (std::size_t i = 0; i < result[axis]; ++i) next.push_back(outer * extent + (extent == 1 ? 0 : i));
    all = next;
  }
  return all;
}

void require_vector_or_more(std::string_view operation, std::string_view input, const Shape& shape) {
  if (shape.empty()) refuse_shape(operation, input, shape, "at least one axis");
  if (std::ranges::count(shape, std::size_t{0})) refuse_shape(operation, input, shape, "no empty axis");
}

}  // namespace

MatrixBatches matrix_shapes(std::string_view operation, const Shape& a, const Shape& b) {
  require_vector_or_more(operation, "A", a);
  require_vector_or_more(operation, "B", b);
  MatrixBatches batches{.rows = a.size() == 1 ? 1 : a[a.size() - 2],
                        .inner = a.back(),
                        .columns = b.size() == 1 ? 1 : b.back(),
                        .a = {},
                        .b = {},
                        .result = broadcast(operation, a, b)};
  const std::size_t inner_of_b = b.size() == 1 ? b[0] : b[b.size() - 2];
  if (inner_of_b != batches.inner) {
    const std::string inner = std::to_string(batches.inner);
    refuse_shape(operation, "B", b,
                 (b.size() == 1 ? "(" + inner + ")" : "(..., " + inner + ", N)") +
                     ", because input \"A\" is " + to_string(a));
  }
  if (a.size() > 1) batches.result.push_back(batches.rows);
  if (b.size() > 1) batches.result.push_back(batches.columns);
  return batches;
}

MatrixBatches matrix_batches(std::string_view operation, const Shape& a, const Shape& b) {
  MatrixBatches batches = matrix_shapes(operation, a, b);
  const Shape common = broadcast(operation, a, b);
  batches.a = places(batch_axes(a), common);
  batches.b = places(batch_axes(b), common);
  return batches;
}

}  // namespace assay::oracles::ops::detail
