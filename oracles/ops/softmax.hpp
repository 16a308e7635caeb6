#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/softmax_line.hpp"

namespace assay::oracles::ops {

/// Softmax along one axis.
///
///   pᵢ      = exp(zᵢ) / Σⱼ exp(zⱼ)
///   ∂L/∂zᵢ  = pᵢ (gᵢ − Σⱼ pⱼ gⱼ)        where g = ∂L/∂p
struct Softmax {
  static constexpr std::string_view name = "softmax";

  static Operation spec() {
    return {
        .name = name,
        .formula = "p_i = exp(z_i) / sum_j exp(z_j); dz_i = p_i (dp_i - sum_j p_j dp_j)",
        .domain = "all real z; every axis summed over has at least one element",
        .source = "Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs, 1990",
        .inputs = {{"logits", "(...)"}},
        .outputs = {{"probabilities", "(...)"}},
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
         detail::lines(x.shape, detail::axis_of(name, "logits", x.shape, attributes)))
      detail::put(y, line, detail::softmax(std::span<const T>(detail::take(x, line))));
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    Tensor<T> cotangent(x.shape);
    for (const detail::Line& line :
         detail::lines(x.shape, detail::axis_of(name, "logits", x.shape, attributes))) {
      const std::vector<T> p = detail::softmax(std::span<const T>(detail::take(x, line)));
      detail::put(cotangent, line, line_vjp(p, detail::take(upstream[0], line)));
    }
    return {cotangent};
  }

 private:
  /// Honest: the centred form, the same multiplied out, and the row of the Jacobian diag(p) − p pᵀ times g.
  template <class T>
  static std::vector<T> line_vjp(const std::vector<T>& p, const std::vector<T>& g) {
    const T mean = dot(std::span<const T>(p), std::span<const T>(g));
    std::vector<T> cotangent;
    for (std::size_t i = 0; i < p.size(); ++i)
      cotangent.push_back(either([&] { return T(p[i] * (g[i] - mean)); },
                                 [&] { return T(p[i] * g[i] - p[i] * mean); },
                                 [&] {
                                   std::vector<T> row;
                                   for (const T& pj : p) row.push_back(-p[i] * pj);
                                   row[i] = p[i] * (T(1) - p[i]);
                                   return T(dot(std::span<const T>(row), std::span<const T>(g)));
                                 }));
    return cotangent;
  }
};

}  // namespace assay::oracles::ops
