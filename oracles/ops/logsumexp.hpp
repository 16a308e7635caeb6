#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/softmax_line.hpp"

namespace assay::oracles::ops {

/// Smooth maximum along one axis, which disappears: a vector becomes a scalar.
///
///   y       = log Σⱼ exp(zⱼ)
///   ∂L/∂zᵢ  = pᵢ ∂L/∂y        where p = softmax(z)
struct LogSumExp {
  static constexpr std::string_view name = "logsumexp";

  static Operation spec() {
    return {
        .name = name,
        .formula = "y = log sum_j exp(z_j); dz_i = softmax(z)_i dy",
        .domain = "all real z; every axis summed over has at least one element",
        .source =
            "Blanchard, Higham and Higham, Accurately Computing the Log-Sum-Exp and Softmax Functions, 2021",
        .inputs = {{"logits", "(...)"}},
        .outputs = {{"Y", "(... without the axis)"}},
        .attributes = {detail::axis_attribute},
        .samples = detail::axis_samples()};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const std::size_t axis = detail::axis_of(name, "logits", inputs[0], attributes);
    Shape reduced = inputs[0];
    reduced.erase(reduced.begin() + static_cast<std::ptrdiff_t>(axis));
    return {reduced};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  /// Lines come in the order of the output's elements.
  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    Tensor<T> y(output_shapes({x.shape}, attributes)[0]);
    std::size_t element = 0;
    for (const detail::Line& line :
         detail::lines(x.shape, detail::axis_of(name, "logits", x.shape, attributes)))
      y[element++] = detail::log_sum_exp(std::span<const T>(detail::take(x, line)));
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    Tensor<T> cotangent(x.shape);
    std::size_t element = 0;
    for (const detail::Line& line :
         detail::lines(x.shape, detail::axis_of(name, "logits", x.shape, attributes))) {
      std::vector<T> p = detail::softmax(std::span<const T>(detail::take(x, line)));
      for (T& pi : p) pi *= upstream[0][element];
      detail::put(cotangent, line, p);
      ++element;
    }
    return {cotangent};
  }
};

}  // namespace assay::oracles::ops
