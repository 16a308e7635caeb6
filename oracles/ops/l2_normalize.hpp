#pragma once

#include <cstddef>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/norm.hpp"
#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/standardise.hpp"

namespace assay::oracles::ops {

/// Each line along one axis brought to Euclidean length 1.
///
///   yᵢ     = xᵢ / m        where m = max(‖x‖, ε) (maximum) or √(‖x‖² + ε) (inside)
///   ∂L/∂xᵢ = gᵢ / m − xᵢ (Σ g x) / m³        the second term only where m depends on x: not for ‖x‖ < ε
///
/// TensorFlow's √max(‖x‖², ε) is the maximum with √ε for ε. Where ‖x‖ = ε there is a kink: a ball gets the
/// hull of both sides, a number that of the longer vectors, as in PyTorch.
struct L2Normalize {
  static constexpr std::string_view name = "l2_normalize";
  static constexpr AttributeSpec eps_attribute{"eps", "1e-12", "keeps the quotient finite, greater than 0"};
  static constexpr AttributeSpec guard_attribute{"guard", "maximum",
                                                 "the divisor max(norm, eps) (PyTorch) or sqrt(norm^2 + eps)",
                                                 AttributeKind::choice, "maximum|inside"};

  static Operation spec() {
    return {.name = name,
            .formula = "Y = X / m, m = max(norm(X), eps) along the axis; dX = dY / m - X sum(dY X) / m^3",
            .domain = "all real X; every axis normalised has at least one element",
            .source =
                "Schroff, Kalenichenko and Philbin, FaceNet, 2015, section 3 (embeddings on the hypersphere)",
            .inputs = {{"X", "(...)"}},
            .outputs = {{"Y", "(...)"}},
            .attributes = {detail::axis_attribute, eps_attribute, guard_attribute},
            .samples = {{{{2, 3}}},
                        {{{3, 2}}, {{"axis", "0"}, {"guard", "inside"}, {"eps", "1/2"}}},
                        {{{4}}, {{"eps", "100"}}},
                        {{{2, 3, 2}}, {{"axis", "1"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    if (rational_attribute(attributes, eps_attribute) <= 0)
      refuse_attribute(attributes, eps_attribute, "a number greater than 0");
    detail::axis_of(name, "X", inputs[0], attributes);
    return {inputs[0]};
  }

  static Cost cost(const Shapes& inputs, const Attributes&) {
    return {.multiply_adds = element_count(inputs[0])};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    Tensor<T> y(x.shape);
    for (const detail::Line& line : detail::lines(x.shape, detail::axis_of(name, "X", x.shape, attributes))) {
      std::vector<T> values = detail::take(x, line);
      const T m = divisor(values, attributes);
      for (T& element : values) element = detail::Standardised<T>::quotient(element, m);
      detail::put(y, line, values);
    }
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    Tensor<T> cotangent(x.shape);
    for (const detail::Line& line : detail::lines(x.shape, detail::axis_of(name, "X", x.shape, attributes)))
      detail::put(cotangent, line,
                  line_vjp(detail::take(x, line), detail::take(upstream[0], line), attributes));
    return {cotangent};
  }

 private:
  template <class T>
  static T divisor(const std::vector<T>& x, const Attributes& attributes) {
    const T eps = real_attribute<T>(attributes, eps_attribute);
    if (choice_attribute(attributes, guard_attribute) == 0) return max(T(detail::length<T>(x)), eps);
    return sqrt(T(dot(x, x) + eps));
  }

  template <class T>
  static std::vector<T> line_vjp(const std::vector<T>& x, const std::vector<T>& g,
                                 const Attributes& attributes) {
    const T m = divisor(x, attributes);
    T depends = T(1);
    if (choice_attribute(attributes, guard_attribute) == 0)
      depends = T(1) - step(T(real_attribute<T>(attributes, eps_attribute) - detail::length<T>(x)));
    std::vector<T> unit;  // x / m before the products: x · x may overflow
    for (const T& element : x) unit.push_back(element / m);
    const T along = dot(g, unit);
    std::vector<T> cotangent;
    for (std::size_t i = 0; i < x.size(); ++i)
      cotangent.push_back(either([&] { return T((g[i] - depends * unit[i] * along) / m); },
                                 [&] { return T(g[i] / m - depends * x[i] * T(dot(g, x)) / (m * m * m)); }));
    return cotangent;
  }
};

}  // namespace assay::oracles::ops
