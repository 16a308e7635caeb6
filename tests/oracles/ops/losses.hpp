/// What the tests of losses share.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/oracles/ops/calls.hpp"

namespace assay::oracles::testing {

template <class T>
Tensor<T> result(std::string_view operation, Tensors<T> real, std::vector<IndexTensor> index = {},
                 const Attributes& attributes = {}) {
  return evaluator_of<T>(operation).forward({std::move(real), std::move(index)}, attributes)[0];
}

/// The gradients with the upstream gradient 1 everywhere.
template <class T>
Tensors<T> gradients(std::string_view operation, Tensors<T> real, std::vector<IndexTensor> index = {},
                     const Attributes& attributes = {}) {
  const Arguments<T> arguments{std::move(real), std::move(index)};
  const Evaluator<T>& evaluator = evaluator_of<T>(operation);
  Tensors<T> ones = evaluator.forward(arguments, attributes);
  for (auto& tensor : ones)
    for (T& element : tensor.data) element = T(1);
  return evaluator.vjp(arguments, ones, attributes);
}

template <class T = double>
Tensor<T> tensor_of(std::vector<T> values) {
  const Shape shape{values.size()};
  return {shape, std::move(values)};
}

template <class T>
Tensor<T> nothing() {
  return Tensor<T>(absent);
}

/// A seeded generator at 256 bits.
class LossTest : public ::testing::Test {
 protected:
  static constexpr int cases = 30;
  PrecisionScope scope{exact_bits};
  CaseGenerator generator{11};

  Tensor<Ball> balls(const Shape& shape, const Range& range = {}) {
    return as<Ball>(generator.tensor(shape, range));
  }
  IndexTensor labels(std::size_t rows, std::size_t classes) {
    IndexTensor result(Shape{rows});
    for (auto& label : result.data) label = static_cast<std::int64_t>(generator.integer(0, classes - 1));
    return result;
  }
  /// Rows that sum to 1.
  Tensor<Ball> distributions(std::size_t rows, std::size_t classes) {
    return result<Ball>("softmax", {balls({rows, classes})});
  }
};

inline Tensor<Ball> one_hot(const IndexTensor& labels, std::size_t classes) {
  Tensor<Ball> result(Shape{labels.size(), classes});
  for (std::size_t n = 0; n < labels.size(); ++n) result(n, static_cast<std::size_t>(labels[n])) = Ball(1);
  return result;
}

template <class F>
Tensor<Ball> each(Tensor<Ball> tensor, const F& f) {
  for (Ball& element : tensor.data) element = f(element);
  return tensor;
}

}  // namespace assay::oracles::testing
