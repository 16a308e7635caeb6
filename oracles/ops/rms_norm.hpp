#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/standardise.hpp"

namespace assay::oracles::ops {

/// Root mean square normalisation over the trailing axes, from `axis` to the last: M elements together, no
/// mean subtracted and no bias.
///
///   yᵢ      = γᵢ xᵢ / r        where r = √(q + ε) (inside) or √q + ε (outside),  q = (1/M) Σ xᵢ²
///   ∂L/∂xᵢ  = g′ᵢ / r − xᵢ (Σ g′ x) / (M s r²)        where g = ∂L/∂y, g′ᵢ = γᵢ gᵢ
///             and s = r inside (∂r/∂xᵢ = xᵢ / (M r)), s = √q outside
///   ∂L/∂γᵢ  = Σ gᵢ xᵢ / r  over all examples
///
/// The default of ε is that of ONNX; PyTorch's is the spacing of its number type at 1.
struct RmsNorm {
  static constexpr std::string_view name = "rms_norm";
  static constexpr AttributeSpec axis_attribute{
      "axis", "-1", "the first of the normalised axes, which reach to the last", AttributeKind::integer};
  static constexpr AttributeSpec eps_attribute{"eps", "1e-5", "keeps the quotient finite"};
  static constexpr AttributeSpec placement_attribute{
      "eps_placement", "inside",
      "eps inside the root (PyTorch, ONNX, LLaMA) or added to it (the paper's code)", AttributeKind::choice,
      "inside|outside"};

  static Operation spec() {
    return {
        .name = name,
        .formula =
            "Y = weight X / r, r = sqrt(mean(X^2) + eps) over the trailing axes; dX = weight dY / r - X "
            "sum(weight dY X) / (M r^3); dweight = sum(dY X / r)",
        .domain = "all real X; eps = 0 only where no group is 0",
        .source = "Zhang and Sennrich, Root Mean Square Layer Normalization, 2019",
        .inputs = {{"X", "(...)"}, {.name = "weight", .shape = "(the axes normalised)", .optional = true}},
        .outputs = {{"Y", "(like X)"}},
        .attributes = {axis_attribute, eps_attribute, placement_attribute},
        .samples = {{{{2, 4}, {4}}},
                    {{{2, 2, 3}, {2, 3}}, {{"axis", "1"}, {"eps", "0.01"}}},
                    {{{5}, {0}}, {{"eps_placement", "outside"}}},
                    {{{2, 3, 1, 3}, {1, 3}}, {{"axis", "-2"}, {"eps_placement", "outside"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::check_eps(attributes, eps_attribute);
    detail::require_axes(name, inputs[0], 1, "at least one axis,");
    detail::require_optional(name, "weight", inputs[1], normalised_shape(inputs[0], attributes),
                             "the axes normalised of input \"X\", " + to_string(inputs[0]));
    return {inputs[0]};
  }

  /// The squares.
  static Cost cost(const Shapes& inputs, const Attributes&) {
    return {.multiply_adds = element_count(inputs[0]), .parameters = element_count(inputs[1])};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>&x = arguments.real[0], &weight = arguments.real[1];
    Tensor<T> y(x.shape);
    for (const auto& members : groups(x.shape, attributes)) {
      const Root<T> root(detail::gathered(x, members), attributes);
      for (std::size_t k = 0; k < members.size(); ++k) {
        const T normal = detail::Standardised<T>::quotient(x[members[k]], root.r);
        y[members[k]] = weight.size() == 0 ? normal : T(weight[k] * normal);
      }
    }
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>&x = arguments.real[0], &weight = arguments.real[1];
    Tensor<T> dx(x.shape), normal(x.shape);
    std::vector<std::size_t> parameter(x.size());
    for (const auto& members : groups(x.shape, attributes)) {
      const std::vector<T> values = detail::gathered(x, members);
      std::vector<T> g = detail::gathered(upstream[0], members);
      const Root<T> root(values, attributes);
      for (std::size_t k = 0; k < members.size(); ++k) {
        normal[members[k]] = values[k] / root.r;
        parameter[members[k]] = k;
        if (weight.size() != 0) g[k] *= weight[k];
      }
      const std::vector<T> cotangent = group_vjp(values, g, root);
      for (std::size_t k = 0; k < members.size(); ++k) dx[members[k]] = cotangent[k];
    }
    return {dx, detail::affine_vjp(normal, upstream[0], weight, Tensor<T>(absent), parameter)[0]};
  }

 private:
  /// r, and the s of ∂r/∂xᵢ = xᵢ / (M s).
  template <class T>
  struct Root {
    T r, s;

    Root(const std::vector<T>& x, const Attributes& attributes) : r(T(0)), s(T(0)) {
      const T eps = real_attribute<T>(attributes, eps_attribute);
      const T mean_square = detail::divided(T(dot(x, x)), x.size());
      const bool inside = choice_attribute(attributes, placement_attribute) == 0;
      s = sqrt(inside ? T(mean_square + eps) : mean_square);
      r = inside ? s : T(s + eps);
    }
  };

  /// Where all x are 0 the second term is: |xᵢ xⱼ| / s vanishes with x, and 0/0 must not come of it.
  template <class T>
  static std::vector<T> group_vjp(const std::vector<T>& x, const std::vector<T>& g, const Root<T>& root) {
    const Truth all_zero = equal(root.s, T(0));
    const T along = dot(g, x);
    std::vector<T> result;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const T direct = g[i] / root.r;
      if (all_zero == Truth::yes) {
        result.push_back(direct);
        continue;
      }
      result.push_back(either(
          [&] { return T(direct - x[i] * detail::divided(along, x.size()) / (root.s * root.r * root.r)); },
          [&] { return T((g[i] - x[i] / root.r * detail::divided(T(along / root.s), x.size())) / root.r); }));
    }
    return result;
  }

  static Shape normalised_shape(const Shape& shape, const Attributes& attributes) {
    const auto first = static_cast<std::ptrdiff_t>(detail::axis_of(name, "X", shape, attributes));
    return Shape(shape.begin() + first, shape.end());
  }

  static std::vector<std::vector<std::size_t>> groups(const Shape& shape, const Attributes& attributes) {
    const std::size_t elements = element_count(shape);
    return detail::consecutive(elements, elements / element_count(normalised_shape(shape, attributes)));
  }
};

}  // namespace assay::oracles::ops
