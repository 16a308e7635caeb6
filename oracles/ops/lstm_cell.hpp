#pragma once

#include <array>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/recurrent.hpp"

namespace assay::oracles::ops {

/// One step of a long short-term memory for N rows: D features, H units, four gates.
///
///   a      = W_ih x + b_ih + W_hh h + b_hh                  (N, 4H), the gates one after the other
///   i, f, o = sigmoid of their parts of a        g = tanh of its part
///   c′     = f c + i g        h′ = o tanh c′
///
///   γ      = ∂L/∂c′ + ∂L/∂h′ o (1 − tanh² c′)               all that reaches c′
///   ∂L/∂i  = γ g    ∂L/∂f = γ c    ∂L/∂g = γ i    ∂L/∂o = ∂L/∂h′ tanh c′    ∂L/∂c = γ f
///
/// and through the derivatives of the gates to a. The order of the gates in a differs between frameworks:
/// ifgo (PyTorch, Keras), ifog (CS231n), iofg (ONNX).
struct LstmCell {
  static constexpr std::string_view name = "lstm_cell";
  static constexpr std::array<std::string_view, 2> states = {"h", "c"};
  static constexpr AttributeSpec gate_order_attribute{
      "gate_order", "ifgo",
      "order of input, forget and output gate and candidate g in the weights: ifgo (PyTorch, Keras), ifog "
      "(CS231n), iofg (ONNX)",
      AttributeKind::choice, "ifgo|ifog|iofg"};

  static Operation spec() {
    return {.name = name,
            .formula =
                "a = W_ih x + b_ih + W_hh h + b_hh; c' = sigmoid(a_f) c + sigmoid(a_i) tanh(a_g); "
                "h' = sigmoid(a_o) tanh c'",
            .domain = "all real inputs; h, c and the biases are 0 where left out",
            .source =
                "Hochreiter and Schmidhuber, 1997, with the forget gate of Gers, Schmidhuber and "
                "Cummins, 2000; parameters as in PyTorch's LSTMCell",
            .inputs = detail::recurrent_inputs(states, 4),
            .outputs = {{"h_next", "(N, H)"}, {"c_next", "(N, H)"}},
            .attributes = {gate_order_attribute},
            .samples = detail::recurrent_samples(
                2, 4, {{}, {{"gate_order", "ifog"}}, {}, {{"gate_order", "iofg"}}, {}})};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    const Shape state = detail::recurrent_state_shape(name, 2, 4, inputs);
    return {state, state};
  }

  /// The two matrix products of the four gates.
  static Cost cost(const Shapes& inputs, const Attributes&) { return detail::recurrent_cost(2, 4, inputs); }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const detail::RecurrentCall<T> call(arguments, 2);
    const Places at(attributes, call.units);
    const Tensor<T> a = preactivations(call);
    Tensor<T> h(Shape{call.rows, call.units}), c = h;
    for (std::size_t n = 0; n < call.rows; ++n)
      for (std::size_t u = 0; u < call.units; ++u) {
        c(n, u) = next_cell(a, call.states[1](n, u), at, n, u);
        h(n, u) = Sigmoid::value(a(n, at.o + u)) * Tanh::value(c(n, u));
      }
    return {h, c};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const detail::RecurrentCall<T> call(arguments, 2);
    const Places at(attributes, call.units);
    const Tensor<T> a = preactivations(call);
    Tensor<T> da(a.shape), dc(Shape{call.rows, call.units});
    for (std::size_t n = 0; n < call.rows; ++n)
      for (std::size_t u = 0; u < call.units; ++u) {
        const T &ai = a(n, at.i + u), &af = a(n, at.f + u), &ag = a(n, at.g + u), &ao = a(n, at.o + u);
        const T &c = call.states[1](n, u), &dh = upstream[0](n, u);
        const T next = next_cell(a, c, at, n, u);
        const T arriving = upstream[1](n, u) + dh * Sigmoid::value(ao) * Tanh::derivative(next);
        da(n, at.i + u) = arriving * Tanh::value(ag) * Sigmoid::derivative(ai);
        da(n, at.f + u) = arriving * c * Sigmoid::derivative(af);
        da(n, at.g + u) = arriving * Sigmoid::value(ai) * Tanh::derivative(ag);
        da(n, at.o + u) = dh * Tanh::value(next) * Sigmoid::derivative(ao);
        dc(n, u) = arriving * Sigmoid::value(af);
      }
    detail::RecurrentCotangents<T> cotangents = detail::through_products(call, da, da);
    cotangents.states.push_back(dc);
    return cotangents.in_order(arguments);
  }

 private:
  /// The first column of each gate in a.
  struct Places {
    std::size_t i = 0, f, g, o;

    Places(const Attributes& attributes, std::size_t units) : f(units), g(2 * units), o(3 * units) {
      const std::size_t order = choice_attribute(attributes, gate_order_attribute);
      if (order == 1) std::swap(g, o);
      if (order == 2) {
        o = units;
        f = 2 * units;
        g = 3 * units;
      }
    }
  };

  template <class T>
  static Tensor<T> preactivations(const detail::RecurrentCall<T>& call) {
    return detail::preactivations(call.x, call.states[0], call.weight_ih, call.weight_hh, call.bias_ih,
                                  call.bias_hh);
  }

  template <class T>
  static T next_cell(const Tensor<T>& a, const T& c, const Places& at, std::size_t n, std::size_t u) {
    return Sigmoid::value(a(n, at.f + u)) * c + Sigmoid::value(a(n, at.i + u)) * Tanh::value(a(n, at.g + u));
  }
};

}  // namespace assay::oracles::ops
