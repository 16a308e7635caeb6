/// Inputs of benchmarks: numbers without structure.
#pragma once

#include <cmath>

#include "oracles/operation.hpp"

namespace assay::bench {

/// Significands of full length, as behind a first layer; or of doubles, as in the data that comes in.
enum class Length { full, doubles };

/// sin first, sin (first + 1), ...; full: to all bits of the number type.
template <class T>
oracles::Tensor<T> tensor(const oracles::Shape& shape, int first, Length length) {
  using std::sin;
  oracles::Tensor<T> result(shape);
  for (T& element : result.data) {
    element = length == Length::full ? T(sin(T(first))) : T(sin(static_cast<double>(first)));
    ++first;
  }
  return result;
}

/// One tensor per shape, no two alike.
template <class T>
oracles::Tensors<T> tensors(const oracles::Shapes& shapes, Length length) {
  oracles::Tensors<T> result;
  for (const oracles::Shape& shape : shapes)
    result.push_back(tensor<T>(shape, 1 + 10000 * static_cast<int>(result.size()), length));
  return result;
}

}  // namespace assay::bench
