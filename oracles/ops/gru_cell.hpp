#pragma once

#include <array>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/recurrent.hpp"

namespace assay::oracles::ops {

/// One step of a gated recurrent unit for N rows: D features, H units, three gates.
///
///   r, z = sigmoid of their parts of W_ih x + b_ih + W_hh h + b_hh
///   n    = tanh(W_in x + b_in + r (W_hn h + b_hn))     reset = after: PyTorch, Keras by default
///   n    = tanh(W_in x + b_in + W_hn (r h) + b_hn)     reset = before: Cho et al.
///   h′   = (1 − z) n + z h     update = keep: z keeps the old state (Cho et al., PyTorch, Keras)
///   h′   = (1 − z) h + z n     update = replace: z lets the new one in (Chung et al.)
///
/// With ν = ∂L/∂n (1 − n²): reset = after sends ν r to the product W_hn h and ν (W_hn h + b_hn) to r; before
/// sends ρ = ν W_hn to r h, so ρ h to r and ρ r to h.
struct GruCell {
  static constexpr std::string_view name = "gru_cell";
  static constexpr std::array<std::string_view, 1> states = {"h"};
  static constexpr AttributeSpec gate_order_attribute{
      "gate_order", "rzn",
      "order of reset gate, update gate and candidate n in the weights: rzn (PyTorch), zrn (Keras, ONNX)",
      AttributeKind::choice, "rzn|zrn"};
  static constexpr AttributeSpec reset_attribute{
      "reset", "after", "where the reset gate acts: after the product with W_hn (PyTorch), or before it",
      AttributeKind::choice, "after|before"};
  static constexpr AttributeSpec update_attribute{
      "update", "keep",
      "what the update gate z weighs: keep, the old state (PyTorch); replace, the candidate",
      AttributeKind::choice, "keep|replace"};

  static Operation spec() {
    return {.name = name,
            .formula =
                "r, z = sigmoid(W_ih x + b_ih + W_hh h + b_hh); n = tanh(W_in x + b_in + r (W_hn h + "
                "b_hn)); h' = (1 - z) n + z h",
            .domain = "all real inputs; h and the biases are 0 where left out",
            .source =
                "Cho et al., Learning Phrase Representations using RNN Encoder-Decoder, 2014; "
                "parameters as in PyTorch's GRUCell",
            .inputs = detail::recurrent_inputs(states, 3),
            .outputs = {{"h_next", "(N, H)"}},
            .attributes = {gate_order_attribute, reset_attribute, update_attribute},
            .samples = detail::recurrent_samples(1, 3,
                                                 {{},
                                                  {{"gate_order", "zrn"}},
                                                  {{"update", "replace"}},
                                                  {{"reset", "before"}},
                                                  {{"reset", "before"}, {"update", "replace"}}})};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    return {detail::recurrent_state_shape(name, 1, 3, inputs)};
  }

  /// The two matrix products of the three gates.
  static Cost cost(const Shapes& inputs, const Attributes&) { return detail::recurrent_cost(1, 3, inputs); }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const detail::RecurrentCall<T> call(arguments, 1);
    const Gates<T> gates(call, attributes);
    Tensor<T> h = call.states[0];
    for (std::size_t i = 0; i < h.size(); ++i) {
      const T z = Sigmoid::value(gates.z[i]), n = Tanh::value(gates.n[i]);
      h[i] = gates.replaces ? mix(h[i], n, z) : mix(n, h[i], z);
    }
    return {h};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const detail::RecurrentCall<T> call(arguments, 1);
    const Gates<T> gates(call, attributes);
    const Tensor<T>& h = call.states[0];
    Tensor<T> dn(h.shape), dz(h.shape), dh(h.shape);
    for (std::size_t i = 0; i < h.size(); ++i) {
      const T &g = upstream[0][i], z = Sigmoid::value(gates.z[i]), n = Tanh::value(gates.n[i]);
      const T of_new = gates.replaces ? z : T(T(1) - z), of_old = gates.replaces ? T(T(1) - z) : z;
      dn[i] = g * of_new * Tanh::derivative(gates.n[i]);
      dz[i] = g * (gates.replaces ? T(n - h[i]) : T(h[i] - n)) * Sigmoid::derivative(gates.z[i]);
      dh[i] = g * of_old;
    }
    detail::RecurrentCotangents<T> all = gates.through(call, dn, dz);
    detail::add_to(all.states[0], dh);
    return all.in_order(arguments);
  }

 private:
  /// (1 − t) a + t b. Honest too: a + t (b − a).
  template <class T>
  static T mix(const T& a, const T& b, const T& t) {
    return either([&] { return T((T(1) - t) * a + t * b); }, [&] { return T(a + t * (b - a)); });
  }

  /// What the gates are made of: pre-activations of r, z and n, and the product that r acts on or in.
  template <class T>
  struct Gates {
    std::size_t units, at_r, at_z, at_n;
    bool before, replaces;
    Tensor<T> r, z, n;
    Tensor<T> hidden_n;  ///< W_hn h + b_hn (after), r h (before)

    Gates(const detail::RecurrentCall<T>& call, const Attributes& attributes)
        : units(call.units),
          at_r(choice_attribute(attributes, gate_order_attribute) == 0 ? 0 : units),
          at_z(units - at_r),
          at_n(2 * units),
          before(choice_attribute(attributes, reset_attribute) == 1),
          replaces(choice_attribute(attributes, update_attribute) == 1),
          r(summed(call, at_r, call.states[0])),
          z(summed(call, at_z, call.states[0])) {
      const Tensor<T>& h = call.states[0];
      if (before) {
        hidden_n = h;
        for (std::size_t i = 0; i < h.size(); ++i) hidden_n[i] *= Sigmoid::value(r[i]);
        n = summed(call, at_n, hidden_n);
        return;
      }
      hidden_n = detail::linear_rows(h, block(call.weight_hh, at_n), block(call.bias_hh, at_n));
      n = detail::linear_rows(call.x, block(call.weight_ih, at_n), block(call.bias_ih, at_n));
      for (std::size_t i = 0; i < n.size(); ++i) n[i] += Sigmoid::value(r[i]) * hidden_n[i];
    }

    /// From the cotangents of the pre-activations of n and z to those of all inputs, without the direct way
    /// of h into h′.
    detail::RecurrentCotangents<T> through(const detail::RecurrentCall<T>& call, const Tensor<T>& dn,
                                           const Tensor<T>& dz) const {
      Tensor<T> into_hidden = dn, into_h(dn.shape), dr = dn;
      if (before) dr = detail::rows_cotangent(dn, block(call.weight_hh, at_n));
      for (std::size_t i = 0; i < dn.size(); ++i) {
        if (before)
          into_h[i] = dr[i] * Sigmoid::value(r[i]);
        else
          into_hidden[i] = dn[i] * Sigmoid::value(r[i]);
        dr[i] *= (before ? call.states[0] : hidden_n)[i] * Sigmoid::derivative(r[i]);
      }
      const Tensor<T> d_input = stacked(dr, dz, dn);
      detail::RecurrentCotangents<T> all =
          detail::through_products(call, d_input, stacked(dr, dz, into_hidden));
      if (!before) return all;
      // The product of n saw r h in place of h.
      detail::put_rows(all.weight_hh, at_n, detail::weights_cotangent(dn, hidden_n));
      const Tensor<T> nothing(dn.shape);
      all.states[0] = detail::rows_cotangent(stacked(dr, dz, nothing), call.weight_hh);
      detail::add_to(all.states[0], into_h);
      return all;
    }

   private:
    Tensor<T> block(const Tensor<T>& parameter, std::size_t first) const {
      return detail::row_block(parameter, first, units);
    }

    Tensor<T> summed(const detail::RecurrentCall<T>& call, std::size_t first, const Tensor<T>& h) const {
      return detail::preactivations(call.x, h, block(call.weight_ih, first), block(call.weight_hh, first),
                                    block(call.bias_ih, first), block(call.bias_hh, first));
    }

    Tensor<T> stacked(const Tensor<T>& dr, const Tensor<T>& dz, const Tensor<T>& dn) const {
      Tensor<T> all(Shape{dr.shape[0], 3 * units});
      detail::put_columns(all, at_r, dr);
      detail::put_columns(all, at_z, dz);
      detail::put_columns(all, at_n, dn);
      return all;
    }
  };
};

}  // namespace assay::oracles::ops
