#pragma once

#include <cstddef>

#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops {

/// Elementwise sum of two tensors of equal shape, scalars included.
///
///   Yᵢ = Aᵢ + Bᵢ        ∂L/∂A = ∂L/∂B = ∂L/∂Y
struct Add {
  static constexpr std::string_view name = "add";

  static Operation spec() {
    return {
        .name = name,
        .formula = "Y = A + B; dA = dB = dY",
        .domain = "all real A, B of equal shape",
        .source = "He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016 (the shortcut)",
        .inputs = {{"A", "(...)"}, {"B", "(...)"}},
        .outputs = {{"Y", "(...)"}},
        .samples = {{{{2, 3}, {2, 3}}}, {{{}, {}}}, {{{3, 1, 2}, {3, 1, 2}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    detail::require_shape(name, "B", inputs[1], inputs[0], "like input \"A\"");
    return {inputs[0]};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes&) {
    Tensor<T> y = arguments.real[0];
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += arguments.real[1][i];
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>&, const Tensors<T>& upstream, const Attributes&) {
    return {upstream[0], upstream[0]};
  }
};

}  // namespace assay::oracles::ops
