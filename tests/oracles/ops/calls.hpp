/// Short calls of one operation, for the tests of a family.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "tests/oracles/ops/gradient_checks.hpp"

namespace assay::oracles::testing {

template <class T>
const Evaluator<T>& evaluator_of(std::string_view operation) {
  const Operation& found = operation_named(operation);
  if constexpr (std::is_same_v<T, Ball>)
    return found.ball;
  else if constexpr (std::is_same_v<T, Rational>)
    return found.rational;
  else if constexpr (std::is_same_v<T, double>)
    return found.float64;
  else
    return found.float32;
}

/// All outputs.
template <class T>
Tensors<T> outputs_of(std::string_view operation, Tensors<T> inputs, const Attributes& attributes = {}) {
  return evaluator_of<T>(operation).forward({std::move(inputs), {}}, attributes);
}

/// The first output.
template <class T>
Tensor<T> output_of(std::string_view operation, Tensors<T> inputs, const Attributes& attributes = {}) {
  return outputs_of<T>(operation, std::move(inputs), attributes)[0];
}

template <class T>
Tensors<T> cotangents_of(std::string_view operation, Tensors<T> inputs, Tensors<T> upstream,
                         const Attributes& attributes = {}) {
  return evaluator_of<T>(operation).vjp({std::move(inputs), {}}, std::move(upstream), attributes);
}

/// Of elementwise operations: the value and the derivative at one number.
template <class T>
T value_at(std::string_view operation, const T& x, const Attributes& attributes = {}) {
  return output_of<T>(operation, {Tensor<T>::scalar(x)}, attributes)[0];
}
template <class T>
T slope_at(std::string_view operation, const T& x, const Attributes& attributes = {}) {
  return cotangents_of<T>(operation, {Tensor<T>::scalar(x)}, {Tensor<T>::scalar(T(1))}, attributes)[0][0];
}

/// A vector.
template <class T>
Tensor<T> vector_of(std::vector<T> values) {
  const Shape shape{values.size()};
  return {shape, std::move(values)};
}

inline void expect_same(const Tensor<Ball>& a, const Tensor<Ball>& b, const std::string& what = {}) {
  EXPECT_EQ(difference<Ball>({a}, {b}), "") << what;
}

/// [low, high], up to the 30 bits that the radius of a ball has and a few roundings of it.
inline void expect_interval(const Ball& set, double low, double high) {
  EXPECT_TRUE(contains(set, low) && contains(set, high)) << set;
  const double granule = std::ldexp(high - low, -24);
  EXPECT_GE(lower_double(set), low - granule);
  EXPECT_LE(upper_double(set), high + granule);
}

/// The message of the ShapeError that the shapes or attributes raise; empty if they are accepted.
inline std::string complaint(std::string_view operation, const Shapes& inputs,
                             const Attributes& attributes = {}) {
  try {
    operation_named(operation).output_shapes(inputs, attributes);
    return {};
  } catch (const ShapeError& error) {
    return error.what();
  }
}

/// The same of a call.
template <class Call>
std::string message_of(const Call& call) {
  try {
    call();
    return {};
  } catch (const ShapeError& error) {
    return error.what();
  }
}

}  // namespace assay::oracles::testing
