/// What every elementwise operation shares: one input of any shape, one output of the same shape.
#pragma once

#include <cstddef>
#include <tuple>
#include <vector>

#include "oracles/operation.hpp"

namespace assay::oracles::ops::detail {

/// Yᵢ = f(Xᵢ)        ∂L/∂Xᵢ = ∂L/∂Yᵢ · f′(Xᵢ)
///
/// `Op` states f and f′ as `value(x, parameters...)` and `derivative(x, parameters...)`; an operation with
/// attributes reads them once per call in its own `parameters<T>`.
template <class Op>
struct Elementwise {
  static Shapes output_shapes(const Shapes& inputs, const Attributes&) { return {inputs[0]}; }
  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static std::tuple<> parameters(const Attributes&) {
    return {};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const auto parameters = Op::template parameters<T>(attributes);
    Tensor<T> y = arguments.real[0];
    for (T& element : y.data)
      element = std::apply([&](const auto&... p) { return Op::value(element, p...); }, parameters);
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const auto parameters = Op::template parameters<T>(attributes);
    Tensor<T> cotangent = arguments.real[0];
    for (std::size_t i = 0; i < cotangent.size(); ++i) {
      const T slope =
          std::apply([&](const auto&... p) { return Op::derivative(cotangent[i], p...); }, parameters);
      cotangent[i] = upstream[0][i] * slope;
    }
    return {cotangent};
  }

 protected:
  static inline const std::vector<InputSpec> one_input = {{"X", "(...)"}};
  static inline const std::vector<OutputSpec> one_output = {{"Y", "(...)"}};
  static inline const std::vector<Sample> samples_of_any_shape = {{{{2, 3}}}, {{{}}}, {{{5}}}, {{{2, 1, 2}}}};
};

}  // namespace assay::oracles::ops::detail
