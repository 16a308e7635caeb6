/// What the three recurrent cells share: inputs, shape rules, pre-activations and their cotangents.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/matrix.hpp"
#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/sigmoid.hpp"
#include "oracles/ops/tanh.hpp"

namespace assay::oracles::ops::detail {

/// X, the states (all optional, 0 if left out), weight_ih, weight_hh and the optional biases, for so many
/// gates.
std::vector<InputSpec> recurrent_inputs(std::span<const std::string_view> states, std::size_t gates);

/// The shape (N, H) of a state. Throws ShapeError where the shapes of `recurrent_inputs` do not fit.
Shape recurrent_state_shape(std::string_view operation, std::size_t states, std::size_t gates,
                            const Shapes& inputs);

/// The matrix products of all gates, and all weights and biases.
Cost recurrent_cost(std::size_t states, std::size_t gates, const Shapes& inputs);

/// Samples with and without states and biases; `attributes` go round.
std::vector<Sample> recurrent_samples(std::size_t states, std::size_t gates,
                                      const std::vector<Attributes>& attributes);

/// The inputs of a call by name; states that were left out are zeros.
template <class T>
struct RecurrentCall {
  Tensor<T> x;
  std::vector<Tensor<T>> states;
  Tensor<T> weight_ih, weight_hh, bias_ih, bias_hh;
  std::size_t rows, units;

  RecurrentCall(const Arguments<T>& arguments, std::size_t state_count)
      : x(arguments.real[0]),
        states(arguments.real.begin() + 1, arguments.real.begin() + 1 + static_cast<long>(state_count)),
        weight_ih(arguments.real[state_count + 1]),
        weight_hh(arguments.real[state_count + 2]),
        bias_ih(arguments.real[state_count + 3]),
        bias_hh(arguments.real[state_count + 4]),
        rows(x.shape[0]),
        units(weight_hh.shape[1]) {
    for (Tensor<T>& state : states)
      if (state.size() == 0) state = Tensor<T>(Shape{rows, units});
  }
};

/// W_ih x + b_ih + W_hh h + b_hh: (N, G H). Honest: the two halves added, or one sum over all terms, as with
/// x and h concatenated.
template <class T>
Tensor<T> preactivations(const Tensor<T>& x, const Tensor<T>& h, const Tensor<T>& w_ih, const Tensor<T>& w_hh,
                         const Tensor<T>& b_ih, const Tensor<T>& b_hh) {
  Tensor<T> a = linear_rows(x, w_ih, b_ih);
  const Tensor<T> hidden = linear_rows(h, w_hh, b_hh);
  const std::size_t features = w_ih.shape[1], units = w_hh.shape[1];
  for (std::size_t n = 0; n < a.shape[0]; ++n)
    for (std::size_t k = 0; k < a.shape[1]; ++k)
      a(n, k) = either([&] { return T(a(n, k) + hidden(n, k)); },
                       [&] {
                         std::vector<T> left(&x[n * features], &x[n * features] + features);
                         std::vector<T> right(&w_ih[k * features], &w_ih[k * features] + features);
                         left.insert(left.end(), &h[n * units], &h[n * units] + units);
                         right.insert(right.end(), &w_hh[k * units], &w_hh[k * units] + units);
                         for (const Tensor<T>* const bias : {&b_ih, &b_hh})
                           if (bias->size() != 0) {
                             left.push_back(T(1));
                             right.push_back((*bias)[k]);
                           }
                         return T(dot(std::span<const T>(left), std::span<const T>(right)));
                       });
  return a;
}

/// The cotangents of one call, gathered as they are found.
template <class T>
struct RecurrentCotangents {
  Tensor<T> x;
  std::vector<Tensor<T>> states;
  Tensor<T> weight_ih, weight_hh, bias_ih, bias_hh;

  /// In the order of the inputs; of shape (0) for what was left out.
  Tensors<T> in_order(const Arguments<T>& arguments) const {
    Tensors<T> all = {x};
    for (std::size_t k = 0; k < states.size(); ++k)
      all.push_back(arguments.real[1 + k].size() == 0 ? Tensor<T>(absent) : states[k]);
    for (const Tensor<T>* const parameter : {&weight_ih, &weight_hh, &bias_ih, &bias_hh})
      all.push_back(*parameter);
    return all;
  }
};

/// The cotangents through the two products, for those of W_ih x + b_ih (d_input) and W_hh h + b_hh
/// (d_hidden).
template <class T>
RecurrentCotangents<T> through_products(const RecurrentCall<T>& call, const Tensor<T>& d_input,
                                        const Tensor<T>& d_hidden) {
  return {.x = rows_cotangent(d_input, call.weight_ih),
          .states = {rows_cotangent(d_hidden, call.weight_hh)},
          .weight_ih = weights_cotangent(d_input, call.x),
          .weight_hh = weights_cotangent(d_hidden, call.states[0]),
          .bias_ih = bias_cotangent(d_input, call.bias_ih),
          .bias_hh = bias_cotangent(d_hidden, call.bias_hh)};
}

}  // namespace assay::oracles::ops::detail
