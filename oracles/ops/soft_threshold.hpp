#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/shrink.hpp"

namespace assay::oracles::ops {

/// Soft thresholding: the proximal step of t |w|.
///
///   yᵢ     = argmin_w ½ (xᵢ − w)² + t |w| = sign(xᵢ) max(|xᵢ| − t, 0)        t ≥ 0
///   ∂L/∂xᵢ = gᵢ for |xᵢ| > t, 0 for |xᵢ| < t        where g = ∂L/∂y
///   ∂L/∂t  = −Σ gᵢ sign(xᵢ) over |xᵢ| > t
///
/// Where |xᵢ| = t the derivative of a ball is the hull of both sides; a number exactly there gets 0.
struct SoftThreshold {
  static constexpr std::string_view name = "soft_threshold";

  static Operation spec() {
    return {.name = name,
            .formula =
                "Y = sign(X) max(|X| - threshold, 0); dX = dY where |X| > threshold, else 0; dthreshold = "
                "-sum of sign(X) dY there",
            .domain = "all real X; threshold >= 0",
            .source =
                "Donoho, De-noising by Soft-Thresholding, 1995; Parikh and Boyd, Proximal Algorithms, 2014, "
                "section 6.5.2",
            .inputs = {{"X", "(...)"}, {.name = "threshold", .shape = "()", .range = {0.1, 3}}},
            .outputs = {{"Y", "(like X)"}},
            .samples = {{{{2, 3}, {}}}, {{{5}, {}}}, {{{}, {}}}, {{{2, 1, 2}, {}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    detail::require_shape(name, "threshold", inputs[1], {}, "a scalar");
    return {inputs[0]};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes&) {
    const T& t = checked(arguments.real[1][0]);
    Tensor<T> y = arguments.real[0];
    for (T& x : y.data) x = detail::shrunk(x, t);
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream, const Attributes&) {
    const Tensor<T>& x = arguments.real[0];
    const T& t = checked(arguments.real[1][0]);
    Tensor<T> dx = x;
    std::vector<T> sides;
    for (std::size_t i = 0; i < x.size(); ++i) {
      dx[i] = upstream[0][i] * detail::shrink_slope(x[i], t);
      sides.push_back(step(T(-x[i] - t)) - step(T(x[i] - t)));
    }
    return {dx, Tensor<T>::scalar(dot(sides, upstream[0].data))};
  }

 private:
  template <class T>
  static const T& checked(const T& threshold) {
    if (less(threshold, T(0)) == Truth::yes)
      throw ShapeError(std::string(name) +
                       ": input \"threshold\" is negative; it needs a number of at least 0");
    return threshold;
  }
};

}  // namespace assay::oracles::ops
