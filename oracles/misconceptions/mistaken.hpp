/// How misconceptions are written: as a mistaken operation, or as a change to the right gradient.
#pragma once

#include <string>

#include "oracles/catalogue.hpp"
#include "oracles/misconceptions/families.hpp"
#include "oracles/tape.hpp"

namespace assay::oracles::mistakes {

using In = const Arguments<Ball>&;
using Up = const Tensors<Ball>&;
using Set = const Attributes&;

inline Tensors<Ball> right_forward(std::string_view operation, In a, Set s) {
  return operation_named(operation).ball.forward(a, s);
}
inline Tensors<Ball> right_vjp(std::string_view operation, In a, Up u, Set s) {
  return operation_named(operation).ball.vjp(a, u, s);
}

/// Attributes of which one is another.
inline Attributes with(Attributes attributes, const std::string& name, std::string_view value) {
  attributes[name] = std::string(value);
  return attributes;
}

/// The gradient alone is mistaken.
inline Misconception wrong_gradient(std::string_view id, std::string_view mistake, Evaluator<Ball>::Vjp vjp) {
  return {id, id.substr(0, id.find('.')), mistake, nullptr, vjp};
}

/// `Wrong::forward<T>(arguments, attributes)` is a template over the number, like that of an operation, and
/// `Wrong::operation` the name of the right one: the gradient, consistently mistaken, is that of the tape.
template <class Wrong>
Misconception wrong_operation(std::string_view id, std::string_view mistake) {
  return {id, id.substr(0, id.find('.')), mistake,
          [](In a, Set s) { return Wrong::template forward<Ball>(a, s); },
          [](In a, Up u, Set s) { return tape_vjp<Wrong>(operation_named(Wrong::operation), a, u, s); }};
}

/// The result alone is mistaken: for operations without a gradient, or where the gradient is right all the
/// same.
inline Misconception wrong_result(std::string_view id, std::string_view mistake,
                                  Evaluator<Ball>::Forward forward) {
  return {id, id.substr(0, id.find('.')), mistake, forward, nullptr};
}

/// One input, one output of the same shape: the cotangent u * slope(x).
template <class Slope>
Tensors<Ball> elementwise(In a, Up u, const Slope& slope) {
  Tensor<Ball> result = a.real[0];
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = u[0][i] * slope(result[i]);
  return {result};
}

}  // namespace assay::oracles::mistakes
