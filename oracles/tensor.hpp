/// Shapes and dense row-major tensors over any scalar. Knows no package.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace assay::oracles {

/// Extents, outermost first; `{}` is a scalar.
using Shape = std::vector<std::size_t>;

/// "(2, 3)"; "()" for a scalar.
inline std::string to_string(const Shape& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + ")";
}

/// Raised where shapes, labels or attributes do not fit an operation; says which input, what it got and
/// what it needs.
struct ShapeError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// The product of counts. Throws ShapeError where it does not fit into 64 bits: sizes never wrap around.
inline std::uint64_t checked_product(std::initializer_list<std::uint64_t> factors) {
  std::uint64_t product = 1;
  for (const std::uint64_t factor : factors)
    if (__builtin_mul_overflow(product, factor, &product))
      throw ShapeError("a count does not fit into 64 bits");
  return product;
}

/// Number of elements: the product of the extents; 1 for a scalar. Throws ShapeError where it does not fit.
inline std::size_t element_count(const Shape& shape) {
  std::size_t count = 1;
  for (const std::size_t extent : shape)
    if (__builtin_mul_overflow(count, extent, &count))
      throw ShapeError("a tensor of shape " + to_string(shape) + " has too many elements to count");
  return count;
}

/// Dense, row-major. Invariant: data.size() == element_count(shape).
template <class T>
struct Tensor {
  Shape shape;
  std::vector<T> data;

  Tensor() : data(1) {}
  explicit Tensor(Shape extents) : shape(std::move(extents)), data(element_count(shape)) {}
  Tensor(Shape extents, std::vector<T> values) : shape(std::move(extents)), data(std::move(values)) {
    if (data.size() != element_count(shape))
      throw ShapeError("a tensor of shape " + to_string(shape) + " needs " +
                       std::to_string(element_count(shape)) + " elements, got " +
                       std::to_string(data.size()));
  }
  /// A tensor of shape ().
  static Tensor scalar(T value) {
    Tensor result;
    result.data[0] = std::move(value);
    return result;
  }

  std::size_t rank() const { return shape.size(); }
  std::size_t size() const { return data.size(); }
  T& operator[](std::size_t i) { return data[i]; }
  const T& operator[](std::size_t i) const { return data[i]; }
  /// Element (row, column) of a rank-2 tensor.
  T& operator()(std::size_t row, std::size_t column) { return data[row * shape[1] + column]; }
  const T& operator()(std::size_t row, std::size_t column) const { return data[row * shape[1] + column]; }

  bool operator==(const Tensor&) const = default;
};

using IndexTensor = Tensor<std::int64_t>;

}  // namespace assay::oracles
