#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/shrink.hpp"

namespace assay::oracles::ops {

/// Where L1 regularisation of strength α moves the minimum w* of a quadratic loss with diagonal Hessian H.
///
///   wᵢ      = argmin_w ½ Hᵢ (w − w*ᵢ)² + α |w| = sign(w*ᵢ) max(|w*ᵢ| − α/Hᵢ, 0)        Hᵢ > 0, α ≥ 0
///   ∂L/∂w*ᵢ = gᵢ,  ∂L/∂Hᵢ = gᵢ sign(w*ᵢ) α/Hᵢ²,  ∂L/∂α = −Σ gᵢ sign(w*ᵢ)/Hᵢ  where |w*ᵢ| > α/Hᵢ, else 0
///
/// Where |w*ᵢ| = α/Hᵢ the derivative of a ball is the hull of both sides; a number exactly there gets 0.
struct DiagonalLasso {
  static constexpr std::string_view name = "diagonal_lasso";

  static Operation spec() {
    return {
        .name = name,
        .formula =
            "w = sign(optimum) max(|optimum| - strength / hessian, 0); where not 0: doptimum = dw, "
            "dhessian = sign(optimum) strength / hessian^2 dw, dstrength = -sum(sign(optimum) / hessian dw)",
        .domain = "all real optimum; hessian > 0; strength >= 0",
        .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, equation 7.23",
        .inputs = {{"optimum", "(...)"},
                   {.name = "hessian", .shape = "(like optimum)", .range = {0.5, 5}},
                   {.name = "strength", .shape = "()", .range = {0.1, 3}}},
        .outputs = {{"w", "(like optimum)"}},
        .samples = {{{{3}, {3}, {}}}, {{{6}, {6}, {}}}, {{{}, {}, {}}}, {{{2, 2}, {2, 2}, {}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    detail::require_shape(name, "hessian", inputs[1], inputs[0], "like input \"optimum\"");
    detail::require_shape(name, "strength", inputs[2], {}, "a scalar");
    return {inputs[0]};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes&) {
    check(arguments);
    const Tensor<T>&optimum = arguments.real[0], &hessian = arguments.real[1];
    Tensor<T> w = optimum;
    for (std::size_t i = 0; i < w.size(); ++i)
      w[i] = detail::shrunk(optimum[i], T(arguments.real[2][0] / hessian[i]));
    return {w};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream, const Attributes&) {
    check(arguments);
    const Tensor<T>&optimum = arguments.real[0], &hessian = arguments.real[1];
    const T& strength = arguments.real[2][0];
    Tensor<T> doptimum = optimum, dhessian = hessian;
    std::vector<T> shares;
    for (std::size_t i = 0; i < optimum.size(); ++i) {
      const T &h = hessian[i], &g = upstream[0][i], threshold = strength / h;
      doptimum[i] = g * detail::shrink_slope(optimum[i], threshold);
      const T side = step(T(optimum[i] - threshold)) - step(T(-optimum[i] - threshold));
      dhessian[i] = either([&] { return T(g * side * (strength / (h * h))); },
                           [&] { return T(g * side * (threshold / h)); });
      shares.push_back(-(side / h));
    }
    return {doptimum, dhessian, Tensor<T>::scalar(dot(shares, upstream[0].data))};
  }

 private:
  template <class T>
  static void check(const Arguments<T>& arguments) {
    for (std::size_t i = 0; i < arguments.real[1].size(); ++i)
      if (less_equal(arguments.real[1][i], T(0)) == Truth::yes)
        throw ShapeError(std::string(name) + ": input \"hessian\" is not positive at index " +
                         std::to_string(i) + "; it needs numbers greater than 0");
    if (less(arguments.real[2][0], T(0)) == Truth::yes)
      throw ShapeError(std::string(name) +
                       ": input \"strength\" is negative; it needs a number of at least 0");
  }
};

}  // namespace assay::oracles::ops
