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

/// Result and gradient are those of other settings.
template <class Op, Attributes (*other)(Set)>
Misconception wrong_settings(std::string_view id, std::string_view mistake) {
  return {id, Op::name, mistake, [](In a, Set s) { return right_forward(Op::name, a, other(s)); },
          [](In a, Up u, Set s) { return right_vjp(Op::name, a, u, other(s)); }};
}

template <class Op, class F>
struct WrongValue {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Tensor<T> y = a.real[0];
    for (T& x : y.data) x = F{}(x, s);
    return {y};
  }
};

/// One input, one output of the same shape: each element is `f(x, attributes)`, for every number type.
template <class Op, class F>
Misconception wrong_value(std::string_view id, std::string_view mistake, F) {
  return wrong_operation<WrongValue<Op, F>>(id, mistake);
}

template <class Op, class F>
struct Changed {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Tensors<T> y = Op::forward(a, s);
    F{}(y[0], a, s);
    return y;
  }
};

/// The first output is changed by `f(output, arguments, attributes)`, for every number type.
template <class Op, class F>
Misconception changed_output(std::string_view id, std::string_view mistake, F) {
  return wrong_operation<Changed<Op, F>>(id, mistake);
}

/// One input, one output of the same shape: the cotangent u * slope(x).
template <class Slope>
Tensors<Ball> elementwise(In a, Up u, const Slope& slope) {
  Tensor<Ball> result = a.real[0];
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = u[0][i] * slope(result[i]);
  return {result};
}

}  // namespace assay::oracles::mistakes
