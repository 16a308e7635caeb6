#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops {

/// Squared Euclidean weight penalty with strength λ and a fixed scale s (1, or 1/2 for the halved form).
///
///   L       = s λ Σᵢ Wᵢ²
///   ∂L/∂Wᵢ  = 2 s λ Wᵢ
///   ∂L/∂λ   = s Σᵢ Wᵢ²
struct L2Penalty {
  static constexpr std::string_view name = "l2_penalty";
  static constexpr AttributeSpec scale_attribute{"scale", "1", "constant factor; 1/2 for the halved form"};

  static Operation spec() {
    return {
        .name = name,
        .formula = "L = scale strength sum(W^2); dW = 2 scale strength W dL; dstrength = scale sum(W^2) dL",
        .domain = "all real W; strength >= 0",
        .source = "Krogh and Hertz, A Simple Weight Decay Can Improve Generalization, 1991",
        .inputs = {{"W", "(...)"}, {"strength", "()"}},
        .outputs = {{"penalty", "()"}},
        .attributes = {scale_attribute},
        .samples = {{{{2, 3}, {}}}, {{{4}, {}}, {{"scale", "1/2"}}}, {{{}, {}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    detail::require_shape(name, "strength", inputs[1], {}, "a scalar");
    return {{}};
  }

  static Cost cost(const Shapes& inputs, const Attributes&) {
    return {.multiply_adds = element_count(inputs[0]), .parameters = 0};
  }

  /// Two orders are honest: scale the sum of squares, or sum the scaled squares.
  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& w = arguments.real[0];
    const T strength = arguments.real[1][0], scale = real_attribute<T>(attributes, scale_attribute);
    const std::span<const T> weights(w.data);
    return {Tensor<T>::scalar(either([&] { return T(scale * (strength * dot(weights, weights))); },
                                     [&] {
                                       std::vector<T> scaled = w.data;
                                       for (T& element : scaled) element *= scale * strength;
                                       return T(dot(std::span<const T>(scaled), weights));
                                     }))};
  }

  /// 2s is formed exactly before it becomes a T: for the halved form it is 1, and costs no rounding.
  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>& w = arguments.real[0];
    const T &strength = arguments.real[1][0], &g = upstream[0][0];
    const Rational scale = rational_attribute(attributes, scale_attribute);
    const T factor = from_rational<T>(Rational(2) * scale) * (strength * g);
    Tensor<T> dw = w;
    for (T& element : dw.data) element *= factor;
    const std::span<const T> weights(w.data);
    const T dstrength = from_rational<T>(scale) * (dot(weights, weights) * g);
    return {dw, Tensor<T>::scalar(dstrength)};
  }
};

}  // namespace assay::oracles::ops
