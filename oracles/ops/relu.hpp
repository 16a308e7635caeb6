#pragma once

#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Rectified linear unit.
///
///   f(x)  = max(x, 0)
///   f′(x) = 1 for x > 0, 0 for x < 0
///
/// At the kink the derivative of a ball is the whole subdifferential [0, 1]; a number that is exactly 0 gets
/// 0, as in PyTorch.
struct Relu : detail::Elementwise<Relu> {
  static constexpr std::string_view name = "relu";

  static Operation spec() {
    return {.name = name,
            .formula = "Y = max(X, 0); dX = dY where X > 0, else 0 (at X = 0 anything in [0, 1] dY)",
            .domain = "all real X",
            .source = "Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, 2010",
            .inputs = one_input,
            .outputs = one_output,
            .samples = samples_of_any_shape};
  }

  template <class T>
  static T value(const T& x) {
    return relu(x);
  }

  template <class T>
  static T derivative(const T& x) {
    return step(x);
  }
};

}  // namespace assay::oracles::ops
