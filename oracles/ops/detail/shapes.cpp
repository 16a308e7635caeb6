#include "oracles/ops/detail/shapes.hpp"

#include <cstdint>

#include "oracles/attribute_access.hpp"

namespace assay::oracles::ops::detail {

void refuse_shape(std::string_view operation, std::string_view input, const Shape& got,
                  std::string_view needs) {
  throw ShapeError(std::string(operation) + ": input \"" + std::string(input) + "\" has shape " +
                   to_string(got) + "; it needs " + std::string(needs));
}

void require_shape(std::string_view operation, std::string_view input, const Shape& got, const Shape& needed,
                   std::string_view reason) {
  if (got != needed) refuse_shape(operation, input, got, to_string(needed) + ", " + std::string(reason));
}

void require_rank(std::string_view operation, std::string_view input, const Shape& got, std::size_t rank,
                  std::string_view symbolic) {
  if (got.size() != rank) refuse_shape(operation, input, got, symbolic);
  for (const std::size_t extent : got)
    if (extent == 0) refuse_shape(operation, input, got, std::string(symbolic) + " without an empty axis");
}

std::size_t axis_of(std::string_view operation, std::string_view input, const Shape& shape,
                    const Attributes& attributes) {
  const auto rank = static_cast<std::int64_t>(shape.size());
  if (rank == 0) refuse_shape(operation, input, shape, "at least one axis");
  const std::int64_t axis = integer_attribute(attributes, axis_attribute);
  if (axis < -rank || axis >= rank)
    throw ShapeError(std::string(operation) + ": attribute \"axis\" is " + std::to_string(axis) +
                     "; input \"" + std::string(input) + "\" of shape " + to_string(shape) +
                     " needs it between " + std::to_string(-rank) + " and " + std::to_string(rank - 1));
  const auto index = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
  if (shape[index] == 0)
    refuse_shape(operation, input, shape, "at least one element along axis " + std::to_string(axis));
  return index;
}

std::vector<Sample> axis_samples() {
  return {{{{2, 3}}},
          {{{2, 3}}, {{"axis", "0"}}},
          {{{5}}},
          {{{2, 3, 2}}, {{"axis", "1"}}},
          {{{3, 1}}, {{"axis", "-1"}}}};
}

std::vector<Line> lines(const Shape& shape, std::size_t axis) {
  std::size_t outer = 1, inner = 1;
  for (std::size_t i = 0; i < axis; ++i) outer *= shape[i];
  for (std::size_t i = axis + 1; i < shape.size(); ++i) inner *= shape[i];
  std::vector<Line> result;
  result.reserve(outer * inner);
  for (std::size_t o = 0; o < outer; ++o)
    for (std::size_t i = 0; i < inner; ++i)
      result.push_back({.first = o * shape[axis] * inner + i, .stride = inner, .length = shape[axis]});
  return result;
}

}  // namespace assay::oracles::ops::detail
