#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/attention_head.hpp"
#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops {

/// Scaled dot-product attention: L queries and S keys of E features, S values of Ev, for each batch entry.
///
///   Y = softmax(s Q Kᵀ) V        over the keys that the mask and the causal rule leave; s = 1/√E by default
///
/// Gradients: see detail/attention_head.hpp. Frameworks differ in what 1 in a mask means, in where the causal
/// diagonal lies if L ≠ S, and in a query that may attend to nothing (NaN in PyTorch up to 2.4, 0 since):
/// each is an attribute.
struct ScaledDotProductAttention {
  static constexpr std::string_view name = "scaled_dot_product_attention";
  static constexpr AttributeSpec scale_attribute{"scale", "none", "factor of the scores; none: 1/sqrt(E)"};

  static Operation spec() {
    std::vector<AttributeSpec> attributes = detail::masking_attributes();
    attributes.push_back(scale_attribute);
    return {.name = name,
            .formula = "Y = softmax(scale Q K^T) V, each query over the keys it may see",
            .domain = "all real Q, K, V; every query sees a key, or masked_row is zero",
            .source = "Vaswani et al., Attention Is All You Need, 2017, section 3.2.1",
            .inputs = {{"Q", "(..., L, E)"},
                       {"K", "(..., S, E)"},
                       {"V", "(..., S, Ev)"},
                       {.name = "mask",
                        .shape = "(L, S) or (..., L, S)",
                        .index = true,
                        .optional = true,
                        .values = {0, 1}}},
            .outputs = {{"Y", "(..., L, Ev)"}},
            .attributes = attributes,
            .samples = {{{{2, 3}, {3, 3}, {3, 2}, absent}},
                        {{{1, 2}, {1, 2}, {1, 3}, absent}, {{"scale", "1/2"}}},
                        {{{2, 3, 2}, {2, 3, 2}, {2, 3, 1}, absent}, {{"is_causal", "true"}}},
                        {{{2, 2}, {3, 2}, {3, 2}, absent},
                         {{"is_causal", "true"}, {"causal_alignment", "bottom_right"}}},
                        {{{2, 1, 2, 2}, {2, 1, 3, 2}, {2, 1, 3, 2}, {2, 1, 2, 3}}, {{"masked_row", "zero"}}},
                        {{{3, 1}, {4, 1}, {4, 2}, {3, 4}}, {{"masked_row", "zero"}, {"mask_one", "block"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Shape &q = inputs[0], &k = inputs[1], &v = inputs[2];
    for (std::size_t input = 0; input < 3; ++input) {
      constexpr std::string_view names[] = {"Q", "K", "V"},
                                 symbols[] = {"(..., L, E)", "(..., S, E)", "(..., S, Ev)"};
      if (inputs[input].size() < 2 || std::ranges::find(inputs[input], 0u) != inputs[input].end())
        detail::refuse_shape(name, names[input], inputs[input],
                             std::string(symbols[input]) + " without an empty axis");
    }
    const auto batch_of = [](const Shape& shape) { return Shape(shape.begin(), shape.end() - 2); };
    Shape keys = batch_of(q), values = keys, scores = keys, output = keys;
    keys.insert(keys.end(), {k[k.size() - 2], q.back()});
    detail::require_shape(name, "K", k, keys, "because input \"Q\" is " + to_string(q));
    values.insert(values.end(), {k[k.size() - 2], v.back()});
    detail::require_shape(name, "V", v, values, "because input \"K\" is " + to_string(k));
    scores.insert(scores.end(), {q[q.size() - 2], k[k.size() - 2]});
    detail::require_mask(name, inputs[3], scores);
    if (text_attribute(attributes, scale_attribute) != "none")
      rational_attribute(attributes, scale_attribute);
    output.insert(output.end(), {q[q.size() - 2], v.back()});
    return {output};
  }

  /// The two matrix products, as if nothing were masked.
  static Cost cost(const Shapes& inputs, const Attributes&) {
    const Shape &q = inputs[0], &v = inputs[2];
    const std::uint64_t keys = v[v.size() - 2];
    return {.multiply_adds = checked_product({element_count(q), keys}) +
                             checked_product({element_count(q) / q.back(), keys, v.back()}),
            .parameters = 0};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    Tensor<T> y(output_shapes(shapes(arguments), attributes)[0]);
    for (std::size_t b = 0; b < batches(arguments); ++b)
      put_slice(y, b, head(arguments, attributes, b).output());
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    Tensors<T> cotangents;
    for (const Tensor<T>& input : arguments.real) cotangents.emplace_back(input.shape);
    const Shape& y = upstream[0].shape;
    for (std::size_t b = 0; b < batches(arguments); ++b) {
      const Tensor<T> g = slice(upstream[0], b, y);
      const std::vector<Tensor<T>> one = head(arguments, attributes, b).vjp(g);
      for (std::size_t k = 0; k < one.size(); ++k) put_slice(cotangents[k], b, one[k]);
    }
    return cotangents;
  }

 private:
  template <class T>
  static Shapes shapes(const Arguments<T>& arguments) {
    return {arguments.real[0].shape, arguments.real[1].shape, arguments.real[2].shape,
            arguments.index[0].shape};
  }

  template <class T>
  static std::size_t batches(const Arguments<T>& arguments) {
    const Shape& q = arguments.real[0].shape;
    return arguments.real[0].size() / (q.back() * q[q.size() - 2]);
  }

  /// The b-th matrix of a tensor.
  template <class T>
  static Tensor<T> slice(const Tensor<T>& tensor, std::size_t b, const Shape& shape) {
    const Shape matrix(shape.end() - 2, shape.end());
    const auto first = tensor.data.begin() + static_cast<std::ptrdiff_t>(b * element_count(matrix));
    return {matrix, std::vector<T>(first, first + static_cast<std::ptrdiff_t>(element_count(matrix)))};
  }

  template <class T>
  static void put_slice(Tensor<T>& tensor, std::size_t b, const Tensor<T>& matrix) {
    std::ranges::copy(matrix.data, tensor.data.begin() + static_cast<std::ptrdiff_t>(b * matrix.size()));
  }

  template <class T>
  static detail::AttentionHead<T> head(const Arguments<T>& arguments, const Attributes& attributes,
                                       std::size_t b) {
    const auto part = [&](std::size_t k) { return slice(arguments.real[k], b, arguments.real[k].shape); };
    const Tensor<T> q = part(0), k = part(1);
    return {q, k, part(2), scale_of<T>(attributes, q.shape[1]),
            detail::visible_keys(name, attributes, arguments.index[0], b, q.shape[0], k.shape[0])};
  }

  template <class T>
  static T scale_of(const Attributes& attributes, std::size_t features) {
    if (text_attribute(attributes, scale_attribute) != "none")
      return real_attribute<T>(attributes, scale_attribute);
    return T(1) / sqrt(static_cast<T>(static_cast<int>(features)));
  }
};

}  // namespace assay::oracles::ops
