#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "oracles/ops/detail/attention_head.hpp"
#include "oracles/ops/detail/matrix.hpp"
#include "oracles/ops/detail/multi_head_shapes.hpp"

namespace assay::oracles::ops {

/// Multi-head attention with batches first; h heads of E/h features each.
///
///   Q = X_q W_qᵀ + b_q    K = X_k W_kᵀ + b_k    V = X_v W_vᵀ + b_v        (N, L, E), (N, S, E), (N, S, E)
///   O = the heads' attention side by side: head t has columns t E/h .. (t+1) E/h of Q, K and V
///   Y = O W_oᵀ + b_o                                                      (N, L, E)
///
/// Weights as PyTorch's MultiheadAttention has them: W_q, W_k and W_v stacked into one matrix, or separate
/// where keys and values have features of their own; the three biases always stacked. Keys left out are the
/// queries (self-attention), values left out are the keys; their gradients are then added.
struct MultiHeadAttention {
  static constexpr std::string_view name = "multi_head_attention";
  static constexpr AttributeSpec num_heads_attribute = detail::num_heads_attribute;

  static Operation spec() { return detail::multi_head_spec(name); }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    return {detail::multi_head_output(name, inputs, attributes)};
  }

  /// The four projections, the scores and the weighted sums, as if nothing were masked.
  static Cost cost(const Shapes& inputs, const Attributes&) { return detail::multi_head_cost(inputs); }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Call<T> call(arguments, attributes);
    Tensor<T> y = detail::linear_rows(call.attended(), arguments.real[out_weight], arguments.real[out_bias]);
    y.shape = arguments.real[query].shape;
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Call<T> call(arguments, attributes);
    const Tensor<T>& w_out = arguments.real[out_weight];
    const Tensor<T> g = matrix(upstream[0]);
    Tensors<T> all;
    for (const Tensor<T>& input : arguments.real) all.emplace_back(input.shape);
    all[out_weight] = detail::weights_cotangent(g, call.attended());
    all[out_bias] = detail::bias_cotangent(g, arguments.real[out_bias]);
    const std::array<Tensor<T>, 3> projected = call.attended_vjp(detail::rows_cotangent(g, w_out));
    for (std::size_t which = 0; which < 3; ++which) {
      Tensor<T>& dx = all[call.source[which]];
      detail::add_to(dx, detail::rows_cotangent(projected[which], call.weights[which]));
      const Tensor<T> dw = detail::weights_cotangent(projected[which], call.inputs[which]);
      if (arguments.real[packed].size() != 0)
        detail::put_rows(all[packed], which * call.width, dw);
      else
        all[query_weight + which] = dw;
      detail::put_rows(all[in_bias], which * call.width,
                       detail::bias_cotangent(projected[which], call.biases[which]));
    }
    return all;
  }

 private:
  /// The places of the real inputs.
  enum : std::size_t { query, packed = 3, query_weight = 4, in_bias = 7, out_weight = 8, out_bias = 9 };

  /// All batch entries' rows below each other.
  template <class T>
  static Tensor<T> matrix(const Tensor<T>& batches) {
    return {{batches.shape[0] * batches.shape[1], batches.shape[2]}, batches.data};
  }

  /// Inputs, weights and projections of queries, keys and values.
  template <class T>
  struct Call {
    std::size_t batches, width, heads;
    std::array<std::size_t, 3> source;  ///< the input that queries, keys and values come from
    std::array<Tensor<T>, 3> inputs, weights, biases, projected;
    std::vector<detail::VisibleKeys> visible;  ///< of each batch entry

    Call(const Arguments<T>& arguments, const Attributes& attributes)
        : batches(arguments.real[query].shape[0]),
          width(arguments.real[query].shape[2]),
          heads(detail::num_heads_of(name, attributes, width)),
          source{0, 0, 0} {
      for (std::size_t which = 0; which < 3; ++which) {
        if (which > 0) source[which] = arguments.real[which].size() == 0 ? source[which - 1] : which;
        inputs[which] = matrix(arguments.real[source[which]]);
        weights[which] = arguments.real[packed].size() == 0
                             ? arguments.real[query_weight + which]
                             : detail::row_block(arguments.real[packed], which * width, width);
        biases[which] = detail::row_block(arguments.real[in_bias], which * width, width);
        projected[which] = detail::linear_rows(inputs[which], weights[which], biases[which]);
      }
      for (std::size_t b = 0; b < batches; ++b)
        visible.push_back(detail::visible_keys(name, attributes, arguments.index[0], b, rows(0), rows(1)));
    }

    /// Rows of one batch entry.
    std::size_t rows(std::size_t which) const { return inputs[which].shape[0] / batches; }

    detail::AttentionHead<T> head(std::size_t b, std::size_t t) const {
      const std::size_t features = width / heads;
      const auto part = [&](std::size_t which) {
        return detail::column_block(detail::row_block(projected[which], b * rows(which), rows(which)),
                                    t * features, features);
      };
      const T scale = T(1) / sqrt(static_cast<T>(static_cast<int>(features)));
      return {part(0), part(1), part(2), scale, visible[b]};
    }

    /// The heads' outputs side by side: (N L, E).
    Tensor<T> attended() const {
      Tensor<T> all(Shape{batches * rows(0), width});
      for (std::size_t b = 0; b < batches; ++b)
        for (std::size_t t = 0; t < heads; ++t) put(all, b, t, rows(0), head(b, t).output());
      return all;
    }

    /// The cotangents of the three projections.
    std::array<Tensor<T>, 3> attended_vjp(const Tensor<T>& g) const {
      std::array<Tensor<T>, 3> all = {Tensor<T>(projected[0].shape), Tensor<T>(projected[1].shape),
                                      Tensor<T>(projected[2].shape)};
      for (std::size_t b = 0; b < batches; ++b)
        for (std::size_t t = 0; t < heads; ++t) {
          const std::size_t features = width / heads;
          const Tensor<T> part =
              detail::column_block(detail::row_block(g, b * rows(0), rows(0)), t * features, features);
          const std::vector<Tensor<T>> cotangents = head(b, t).vjp(part);
          for (std::size_t which = 0; which < 3; ++which)
            put(all[which], b, t, rows(which), cotangents[which]);
        }
      return all;
    }

    /// Writes the columns of head t of batch entry b.
    void put(Tensor<T>& all, std::size_t b, std::size_t t, std::size_t count, const Tensor<T>& part) const {
      Tensor<T> entry = detail::row_block(all, b * count, count);
      detail::put_columns(entry, t * (width / heads), part);
      detail::put_rows(all, b * count, entry);
    }
  };
};

}  // namespace assay::oracles::ops
