#pragma once

#include <cstddef>
#include <vector>

#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops {

/// Sum of magnitudes with strength λ: the penalty of the lasso.
///
///   L       = λ Σᵢ |Wᵢ|
///   ∂L/∂Wᵢ  = λ sign(Wᵢ)
///   ∂L/∂λ   = Σᵢ |Wᵢ|
///
/// At Wᵢ = 0 the derivative of a ball is the whole subdifferential [−λ, λ]; a number that is exactly 0 gets
/// 0, as in PyTorch.
struct L1Penalty {
  static constexpr std::string_view name = "l1_penalty";

  static Operation spec() {
    return {.name = name,
            .formula = "L = strength sum(|W|); dW = strength sign(W) dL; dstrength = sum(|W|) dL",
            .domain = "all real W; strength >= 0",
            .source =
                "Tibshirani, Regression Shrinkage and Selection via the Lasso, 1996; Goodfellow, Bengio and "
                "Courville, Deep Learning, 2016, section 7.1.2",
            .inputs = {{"W", "(...)"}, {"strength", "()"}},
            .outputs = {{"penalty", "()"}},
            .samples = {{{{2, 3}, {}}}, {{{4}, {}}}, {{{}, {}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    detail::require_shape(name, "strength", inputs[1], {}, "a scalar");
    return {{}};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  /// Two orders are honest: scale the sum, or sum the scaled.
  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes&) {
    const T& strength = arguments.real[1][0];
    std::vector<T> magnitudes;
    for (const T& w : arguments.real[0].data) magnitudes.push_back(abs(w));
    return {Tensor<T>::scalar(either([&] { return T(strength * sum(magnitudes)); },
                                     [&] {
                                       std::vector<T> scaled = magnitudes;
                                       for (T& element : scaled) element *= strength;
                                       return T(sum(scaled));
                                     }))};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream, const Attributes&) {
    const Tensor<T>& w = arguments.real[0];
    const T &strength = arguments.real[1][0], &g = upstream[0][0];
    Tensor<T> dw = w;
    std::vector<T> magnitudes;
    for (T& element : dw.data) {
      magnitudes.push_back(abs(element));
      element = strength * g * abs_slope(element);
    }
    return {dw, Tensor<T>::scalar(T(g * sum(magnitudes)))};
  }
};

}  // namespace assay::oracles::ops
