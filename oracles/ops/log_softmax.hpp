#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/softmax_line.hpp"

namespace assay::oracles::ops {

/// Logarithm of the softmax along one axis.
///
///   yᵢ      = zᵢ − log Σⱼ exp(zⱼ)
///   ∂L/∂zᵢ  = gᵢ − pᵢ Σⱼ gⱼ        where p = softmax(z), g = ∂L/∂y
///
/// The logarithm of a finished softmax is not among the honest forms: it has lost the digits of every small
/// pᵢ, and is −∞ where pᵢ underflows.
struct LogSoftmax {
  static constexpr std::string_view name = "log_softmax";

  static Operation spec() {
    return {
        .name = name,
        .formula = "y_i = z_i - log sum_j exp(z_j); dz_i = dy_i - softmax(z)_i sum_j dy_j",
        .domain = "all real z; every axis summed over has at least one element",
        .source =
            "Blanchard, Higham and Higham, Accurately Computing the Log-Sum-Exp and Softmax Functions, 2021",
        .inputs = {{"logits", "(...)"}},
        .outputs = {{"log_probabilities", "(...)"}},
        .attributes = {detail::axis_attribute},
        .samples = detail::axis_samples()};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::axis_of(name, "logits", inputs[0], attributes);
    return {inputs[0]};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    Tensor<T> y(x.shape);
    for (const detail::Line& line :
         detail::lines(x.shape, detail::axis_of(name, "logits", x.shape, attributes))) {
      const std::vector<T> z = detail::take(x, line);
      const detail::Exponentials<T> exponentials{std::span<const T>(z)};
      std::vector<T> logarithms;
      for (std::size_t i = 0; i < z.size(); ++i)
        logarithms.push_back(detail::log_softmax(std::span<const T>(z), exponentials, i));
      detail::put(y, line, logarithms);
    }
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    Tensor<T> cotangent(x.shape);
    for (const detail::Line& line :
         detail::lines(x.shape, detail::axis_of(name, "logits", x.shape, attributes))) {
      std::vector<T> g = detail::take(upstream[0], line);
      const std::vector<T> p = detail::softmax(std::span<const T>(detail::take(x, line)));
      const T total = sum(std::span<const T>(g));
      for (std::size_t i = 0; i < g.size(); ++i) g[i] -= p[i] * total;
      detail::put(cotangent, line, g);
    }
    return {cotangent};
  }
};

}  // namespace assay::oracles::ops
