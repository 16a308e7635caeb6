/// Shape rules that operations share. Every message names the operation, the input, what it got and what it
/// needs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "oracles/attributes.hpp"
#include "oracles/operation.hpp"
#include "oracles/tensor.hpp"

namespace assay::oracles::ops::detail {

/// Throws ShapeError: `affine: input "W" has shape (3, 4); it needs (5, C)`.
[[noreturn]] void refuse_shape(std::string_view operation, std::string_view input, const Shape& got,
                               std::string_view needs);

/// Throws ShapeError unless `got` equals `needed`; `reason` says where the need comes from ("like input X").
void require_shape(std::string_view operation, std::string_view input, const Shape& got, const Shape& needed,
                   std::string_view reason);

/// Throws ShapeError unless `got` has as many axes as `symbolic` names, e.g. "(N, D)", none of them empty.
void require_rank(std::string_view operation, std::string_view input, const Shape& got, std::size_t rank,
                  std::string_view symbolic);

inline constexpr AttributeSpec axis_attribute{
    "axis", "-1", "the axis summed over; negative counts from the last", AttributeKind::integer};

/// The axis as 0 .. rank-1. Throws ShapeError where it is out of range or has no elements.
std::size_t axis_of(std::string_view operation, std::string_view input, const Shape& shape,
                    const Attributes& attributes);

/// Calls of an operation with one input and an axis.
std::vector<Sample> axis_samples();

/// One line of a row-major tensor: the elements that differ in one index only.
struct Line {
  std::size_t first = 0;
  std::size_t stride = 1;
  std::size_t length = 0;
};

/// All lines along an axis, in the row-major order of the remaining indices.
std::vector<Line> lines(const Shape& shape, std::size_t axis);

template <class T>
std::vector<T> take(const Tensor<T>& tensor, const Line& line) {
  std::vector<T> values;
  values.reserve(line.length);
  for (std::size_t k = 0; k < line.length; ++k) values.push_back(tensor[line.first + k * line.stride]);
  return values;
}

template <class T>
void put(Tensor<T>& tensor, const Line& line, const std::vector<T>& values) {
  for (std::size_t k = 0; k < line.length; ++k) tensor[line.first + k * line.stride] = values[k];
}

}  // namespace assay::oracles::ops::detail
