#pragma once

#include <array>

#include "oracles/ops/detail/recurrent.hpp"

namespace assay::oracles::ops {

/// One step of an Elman network for N rows: D features, H units.
///
///   a  = W_ih x + b_ih + W_hh h + b_hh        h′ = tanh a                  (N, H)
///   δ  = ∂L/∂h′ (1 − h′²)                                                 (N, H)
///   ∂L/∂x = δ W_ih    ∂L/∂h = δ W_hh    ∂L/∂W_ih = δᵀ x    ∂L/∂W_hh = δᵀ h    ∂L/∂b = column sums of δ
struct RnnTanhCell {
  static constexpr std::string_view name = "rnn_tanh_cell";
  static constexpr std::array<std::string_view, 1> states = {"h"};

  static Operation spec() {
    return {.name = name,
            .formula = "h' = tanh(W_ih x + b_ih + W_hh h + b_hh)",
            .domain = "all real inputs; h and the biases are 0 where left out",
            .source = "Elman, Finding Structure in Time, 1990; parameters as in PyTorch's RNNCell",
            .inputs = detail::recurrent_inputs(states, 1),
            .outputs = {{"h_next", "(N, H)"}},
            .samples = detail::recurrent_samples(1, 1, {{}})};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    return {detail::recurrent_state_shape(name, 1, 1, inputs)};
  }

  /// The two matrix products.
  static Cost cost(const Shapes& inputs, const Attributes&) { return detail::recurrent_cost(1, 1, inputs); }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes&) {
    Tensor<T> h = preactivations(detail::RecurrentCall<T>(arguments, 1));
    for (T& element : h.data) element = Tanh::value(element);
    return {h};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream, const Attributes&) {
    const detail::RecurrentCall<T> call(arguments, 1);
    Tensor<T> delta = preactivations(call);
    for (std::size_t i = 0; i < delta.size(); ++i) delta[i] = upstream[0][i] * Tanh::derivative(delta[i]);
    return detail::through_products(call, delta, delta).in_order(arguments);
  }

 private:
  template <class T>
  static Tensor<T> preactivations(const detail::RecurrentCall<T>& call) {
    return detail::preactivations(call.x, call.states[0], call.weight_ih, call.weight_hh, call.bias_ih,
                                  call.bias_hh);
  }
};

}  // namespace assay::oracles::ops
