#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/numeric/gather.hpp"
#include "oracles/ops/detail/labels.hpp"
#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops {

/// Rows of a table, looked up by index, as PyTorch's embedding.
///
///   Y[..., d]      = W[index[...], d]
///   ∂L/∂W[v, d]    = Σ over all places with index v of ∂L/∂Y[..., d]        0 for v = padding_idx
///
/// The row padding_idx is looked up as any other, but never learns (negative: counted from the last row).
struct Embedding {
  static constexpr std::string_view name = "embedding";
  static constexpr AttributeSpec padding_idx_attribute{
      "padding_idx", "none", "the row whose gradient is 0; negative counts from the last",
      AttributeKind::integer};

  static Operation spec() {
    return {.name = name,
            .formula =
                "Y[...,d] = W[indices[...],d]; dW[v,d] = sum of dY[...,d] over the places with index v, 0 "
                "for padding_idx",
            .domain = "indices 0 .. V-1, all real W",
            .source = "Bengio, Ducharme, Vincent and Jauvin, A Neural Probabilistic Language Model, 2003",
            .inputs = {{"indices", "(...)", true}, {"W", "(V, D)"}},
            .outputs = {{"Y", "(..., D)"}},
            .attributes = {padding_idx_attribute},
            // The padding row is never drawn here: its gradient is 0 by convention, not by calculus.
            .samples = {{{{2, 3}, {4, 2}}, {}, 2},
                        {{{5}, {4, 3}}, {{"padding_idx", "-1"}}, 3},
                        {{{}, {1, 2}}, {}, 1},
                        {{{2, 2, 2}, {3, 1}}, {}, 3}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_rank(name, "W", inputs[1], 2, "(V, D)");
    padding_row(inputs[1], attributes);
    Shape y = inputs[0];
    y.push_back(inputs[1][1]);
    return {y};
  }

  static Cost cost(const Shapes& inputs, const Attributes&) {
    return {.multiply_adds = 0, .parameters = element_count(inputs[1])};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& w = arguments.real[0];
    const std::size_t columns = w.shape[1];
    const auto padding = padding_row(w.shape, attributes);
    const auto rows = detail::checked_labels(name, "indices", arguments.index[0], w.shape[0]);
    Tensor<T> y(output_shapes({arguments.index[0].shape, w.shape}, attributes)[0]);
    for (std::size_t n = 0; n < rows.size(); ++n)
      for (std::size_t d = 0; d < columns; ++d) {
        const T& element = w(rows[n], d);
        y[n * columns + d] = rows[n] == padding ? T(detach(element)) : element;
      }
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>& w = arguments.real[0];
    const std::size_t columns = w.shape[1];
    const auto padding = padding_row(w.shape, attributes);
    const auto rows = detail::checked_labels(name, "indices", arguments.index[0], w.shape[0]);
    std::vector<std::vector<std::size_t>> places(w.shape[0]);
    for (std::size_t n = 0; n < rows.size(); ++n)
      if (rows[n] != padding) places[rows[n]].push_back(n);
    Tensor<T> dw(w.shape);
    for (std::size_t v = 0; v < places.size(); ++v)
      for (std::size_t d = 0; d < columns; ++d) {
        Gathered<T> terms(places[v].size());
        for (std::size_t k = 0; k < terms.size(); ++k) terms.set(k, upstream[0][places[v][k] * columns + d]);
        dw(v, d) = sum(terms.data(), 1, terms.size());
      }
    return {dw};
  }

 private:
  static std::optional<std::size_t> padding_row(const Shape& w, const Attributes& attributes) {
    if (text_attribute(attributes, padding_idx_attribute) == padding_idx_attribute.fallback) return {};
    const std::int64_t row = integer_attribute(attributes, padding_idx_attribute);
    const auto rows = static_cast<std::int64_t>(w[0]);
    if (row < -rows || row >= rows)
      refuse_attribute(
          attributes, padding_idx_attribute,
          "none, or a row between " + std::to_string(-rows) + " and " + std::to_string(rows - 1));
    return static_cast<std::size_t>(row < 0 ? row + rows : row);
  }
};

}  // namespace assay::oracles::ops
