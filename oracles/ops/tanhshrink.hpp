#pragma once

#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// What tanh takes away.
///
///   f(x)  = x − tanh x
///   f′(x) = tanh² x
///
/// For small x the two terms cancel (f(x) ≈ x³/3): the textbook formula, which a float evaluates, keeps half
/// of its digits at x = 1e-4 in double and none at 1e-8. Balls need more bits there, and the allowance says
/// so.
struct Tanhshrink : detail::Elementwise<Tanhshrink> {
  static constexpr std::string_view name = "tanhshrink";

  static Operation spec() {
    return {.name = name,
            .formula = "Y = X - tanh(X); dX = tanh(X)^2 dY",
            .domain = "all real X; cancels near 0",
            .source = "PyTorch, torch.nn.Tanhshrink; no paper introduces it",
            .inputs = {{.name = "X", .shape = "(...)", .range = {-4, 4}}},
            .outputs = one_output,
            .samples = samples_of_any_shape};
  }

  template <class T>
  static T value(const T& x) {
    return x - tanh(x);
  }

  template <class T>
  static T derivative(const T& x) {
    const T t = tanh(x);
    return either([&] { return T(t * t); }, [&] { return T(T(1) - (T(1) - t * t)); });
  }
};

}  // namespace assay::oracles::ops
