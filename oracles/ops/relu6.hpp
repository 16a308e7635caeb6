#pragma once

#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Rectified linear unit that saturates at 6.
///
///   f(x)  = min(max(x, 0), 6)
///   f′(x) = 1 for 0 < x < 6, 0 for x < 0 and x > 6
///
/// At the two kinks the derivative of a ball is [0, 1]; a number exactly there gets 0, as in PyTorch.
struct Relu6 : detail::Elementwise<Relu6> {
  static constexpr std::string_view name = "relu6";

  static Operation spec() {
    return {.name = name,
            .formula = "Y = min(max(X, 0), 6); dX = dY where 0 < X < 6, else 0",
            .domain = "all real X",
            .source = "Krizhevsky, Convolutional Deep Belief Networks on CIFAR-10, 2010",
            .inputs = {{.name = "X", .shape = "(...)", .range = {-4, 10}}},
            .outputs = one_output,
            .samples = samples_of_any_shape};
  }

  template <class T>
  static T value(const T& x) {
    return min(relu(x), T(6));
  }

  template <class T>
  static T derivative(const T& x) {
    return step(x) * step(T(T(6) - x));
  }
};

}  // namespace assay::oracles::ops
