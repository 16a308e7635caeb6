#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/loss.hpp"
#include "oracles/ops/detail/norm.hpp"

namespace assay::oracles::ops {

/// The cosine of the angle between two vectors, along one axis, which disappears.
///
///   each     c = Σ (x₁/m₁)(x₂/m₂)         mᵢ = max(‖xᵢ‖, ε)
///   product  c = Σ x₁ x₂ / max(‖x₁‖‖x₂‖, ε)
///   ∂c/∂x₁   = (x₂/m₂ − c x₁/m₁) / m₁     where nothing is clamped
///
/// A clamped length is a constant: the second term of its derivative is missing. `each` is what PyTorch
/// computes from 1.13 on, `product` what its documentation says.
struct CosineSimilarity {
  static constexpr std::string_view name = "cosine_similarity";
  static constexpr AttributeSpec eps_attribute{"eps", "1e-8", "the smallest length or product divided by"};
  static constexpr AttributeSpec clamp_attribute{"clamp", "each", "eps bounds each length, or their product",
                                                 AttributeKind::choice, "each|product"};

  static Operation spec() {
    return {.name = name,
            .formula =
                "c = sum(x1 x2) / (max(|x1|, eps) max(|x2|, eps)); dx1 = (x2 / |x2| - c x1 / |x1|) / "
                "|x1| dc",
            .domain = "all real x1, x2; eps >= 0; a vector 0 needs eps > 0",
            .source =
                "Manning, Raghavan and Schuetze, Introduction to Information Retrieval, 2008, section "
                "6.3.1; PyTorch cosine_similarity",
            .inputs = {{"x1", "(...)"}, {"x2", "(...)"}},
            .outputs = {{"similarity", "(... without the axis)"}},
            .attributes = {detail::axis_attribute, clamp_attribute, eps_attribute},
            .samples = {{{{2, 3}, {2, 3}}},
                        {{{3, 2}, {3, 2}}, {{"axis", "0"}}},
                        {{{2, 3}, {2, 3}}, {{"clamp", "product"}, {"eps", "1/64"}}},
                        {{{4}, {4}}, {{"eps", "0"}}},
                        {{{2, 2, 3}, {2, 2, 3}}, {{"axis", "1"}, {"eps", "100"}}},
                        {{{2, 2}, {2, 2}}, {{"clamp", "product"}, {"eps", "1000"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_shape(name, "x2", inputs[1], inputs[0], "like input \"x1\"");
    const std::size_t axis = detail::axis_of(name, "x1", inputs[0], attributes);
    detail::nonnegative_attribute(attributes, eps_attribute);
    Shape reduced = inputs[0];
    reduced.erase(reduced.begin() + static_cast<std::ptrdiff_t>(axis));
    return {reduced};
  }

  /// Three dot products per pair.
  static Cost cost(const Shapes& inputs, const Attributes&) {
    return {.multiply_adds = checked_product({3, element_count(inputs[0])}), .parameters = 0};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>&x1 = arguments.real[0], &x2 = arguments.real[1];
    Tensor<T> result(output_shapes({x1.shape, x2.shape}, attributes)[0]);
    std::size_t element = 0;
    for (const detail::Line& line : lines_of(x1, attributes))
      result[element++] = similarity(take(x1, line), take(x2, line), attributes);
    return {result};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>&x1 = arguments.real[0], &x2 = arguments.real[1];
    Tensor<T> d1(x1.shape), d2(x2.shape);
    std::size_t element = 0;
    for (const detail::Line& line : lines_of(x1, attributes)) {
      const std::vector<T> a = take(x1, line), b = take(x2, line);
      const T& g = upstream[0][element++];
      put(d1, line, slopes(a, b, attributes, g));
      put(d2, line, slopes(b, a, attributes, g));
    }
    return {d1, d2};
  }

 private:
  static bool by_product(const Attributes& attributes) {
    return choice_attribute(attributes, clamp_attribute) == 1;
  }

  template <class T>
  static std::vector<detail::Line> lines_of(const Tensor<T>& x, const Attributes& attributes) {
    return detail::lines(x.shape, detail::axis_of(name, "x1", x.shape, attributes));
  }

  /// Honest: dividing the product by the lengths, or the vectors first.
  template <class T>
  static T similarity(const std::vector<T>& a, const std::vector<T>& b, const Attributes& attributes) {
    const T eps = real_attribute<T>(attributes, eps_attribute);
    const bool together = by_product(attributes);
    const std::span<const T> x(a), y(b);
    const T floor = together ? T(0) : eps;
    const T length = detail::norm_at_least(x, floor), other = detail::norm_at_least(y, floor);
    if (together) return T(dot(x, y) / max(T(length * other), eps));
    return either([&] { return T(dot(unit(a, length), unit(b, other))); },
                  [&] { return T(dot(x, y) / (length * other)); });
  }

  template <class T>
  static std::vector<T> unit(std::vector<T> x, const T& length) {
    for (T& element : x) element /= length;
    return x;
  }

  /// ∂c/∂a times g.
  template <class T>
  static std::vector<T> slopes(const std::vector<T>& a, const std::vector<T>& b, const Attributes& attributes,
                               const T& g) {
    const T eps = real_attribute<T>(attributes, eps_attribute);
    const bool together = by_product(attributes);
    const T length = detail::norm_at_least(std::span<const T>(a), T(0));
    const T other = detail::norm_at_least(std::span<const T>(b), T(0));
    const Truth clamped = less(together ? T(length * other) : length, eps);
    const T divisor = together ? max(T(length * other), eps) : T(max(length, eps) * max(other, eps));
    const T c = similarity(a, b, attributes);
    std::vector<T> d;
    for (std::size_t k = 0; k < a.size(); ++k) {
      const T straight = b[k] / divisor;
      const T turning = clamped == Truth::yes ? T(0) : T(c * (a[k] / length) / length);
      d.push_back(T(g * (straight - select(clamped, T(0), turning))));
    }
    return d;
  }
};

}  // namespace assay::oracles::ops
