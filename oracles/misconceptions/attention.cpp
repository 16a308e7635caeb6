#include <string>

#include "oracles/attribute_access.hpp"
#include "oracles/misconceptions/attention_mistakes.hpp"
#include "oracles/ops/gru_cell.hpp"
#include "oracles/ops/lstm_cell.hpp"
#include "oracles/ops/multi_head_attention.hpp"
#include "oracles/ops/patch_attention.hpp"
#include "oracles/ops/rnn_tanh_cell.hpp"
#include "oracles/ops/scaled_dot_product_attention.hpp"

namespace assay::oracles::mistakes {

namespace {

void set_to_zero(Tensor<Ball>& tensor) {
  for (Ball& element : tensor.data) element = Ball(0);
}

// ---- Recurrent cells -----------------------------------------------------------------------------------

/// No gradient for the state h, the second input of all cells.
template <class Op>
Tensors<Ball> state_held_constant(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp(Op::name, a, u, s);
  set_to_zero(right[1]);
  return right;
}

template <class Op>
Tensors<Ball> averaged_over_rows(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp(Op::name, a, u, s);
  const Ball rows = Ball(static_cast<int>(a.real[0].shape[0]));
  for (std::size_t k = 1 + Op::states.size(); k < right.size(); ++k)
    for (Ball& element : right[k].data) element /= rows;
  return right;
}

/// W_ih x + b_ih + W_hh h + b_hh has the cotangent u slope(h').
template <class Slope>
Tensors<Ball> elman_gradient(In a, Up u, Set s, const Slope& slope) {
  Tensor<Ball> delta = right_forward("rnn_tanh_cell", a, s)[0];
  for (std::size_t i = 0; i < delta.size(); ++i) delta[i] = u[0][i] * slope(delta[i]);
  const ops::detail::RecurrentCall<Ball> call(a, 1);
  return ops::detail::through_products(call, delta, delta).in_order(a);
}

Attributes gru_with_gates_swapped(Set s) {
  Attributes other = s;
  other["gate_order"] = choice_attribute(s, ops::GruCell::gate_order_attribute) == 0 ? "zrn" : "rzn";
  return other;
}

Attributes gru_with_other_update(Set s) {
  Attributes other = s;
  other["update"] = choice_attribute(s, ops::GruCell::update_attribute) == 0 ? "replace" : "keep";
  return other;
}

Attributes gru_with_other_reset(Set s) {
  Attributes other = s;
  other["reset"] = choice_attribute(s, ops::GruCell::reset_attribute) == 0 ? "before" : "after";
  return other;
}

/// The output gate and the candidate change places.
Attributes lstm_with_other_order(Set s) {
  constexpr std::string_view others[] = {"ifog", "ifgo", "ifgo"};
  Attributes other = s;
  other["gate_order"] = others[choice_attribute(s, ops::LstmCell::gate_order_attribute)];
  return other;
}

/// Of the two upstream gradients one is 0.
Tensors<Ball> lstm_without_upstream(std::size_t which, In a, Up u, Set s) {
  Tensors<Ball> one = u;
  set_to_zero(one[which]);
  return right_vjp("lstm_cell", a, one, s);
}

// ---- Attention -----------------------------------------------------------------------------------------

Attributes unscaled(Set s) {
  Attributes other = s;
  other["scale"] = "1";
  return other;
}

Attributes not_causal(Set s) {
  Attributes other = s;
  other["is_causal"] = "false";
  return other;
}

/// With 0 where a query is then left without a key.
Attributes mask_inverted(Set s) {
  Attributes other = s;
  other["mask_one"] = choice_attribute(s, ops::detail::mask_one_attribute) == 0 ? "block" : "attend";
  other["masked_row"] = "zero";
  return other;
}

Attributes one_head(Set s) {
  Attributes other = s;
  other["num_heads"] = "1";
  return other;
}

Attributes not_normalised(Set s) {
  Attributes other = s;
  other["normalise"] = "false";
  return other;
}

Ball scale_of_scores(In a, Set s) {
  constexpr AttributeSpec scale = ops::ScaledDotProductAttention::scale_attribute;
  if (text_attribute(s, scale) != "none") return real_attribute<Ball>(s, scale);
  return Ball(1) / sqrt(Ball(static_cast<int>(a.real[0].shape.back())));
}

/// The scores are scaled, their gradients not.
Tensors<Ball> scale_forgotten_backwards(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("scaled_dot_product_attention", a, u, s);
  const Ball scale = scale_of_scores(a, s);
  for (std::size_t k = 0; k < 2; ++k)
    for (Ball& element : right[k].data) element /= scale;
  return right;
}

/// ∂L/∂zᵢⱼ = pᵢⱼ (1 − pᵢⱼ) gᵢ·vⱼ, without the other scores.
Tensors<Ball> head_diagonal_only(In a, Up u, Set s) {
  const Tensor<Ball>&q = a.real[0], &k = a.real[1], &v = a.real[2];
  const std::size_t queries = q.shape[q.rank() - 2], features = q.shape.back();
  const std::size_t keys = k.shape[k.rank() - 2], width = v.shape.back();
  Tensors<Ball> right = right_vjp("scaled_dot_product_attention", a, u, s);
  set_to_zero(right[0]);
  set_to_zero(right[1]);
  const Ball scale = scale_of_scores(a, s);
  for (std::size_t b = 0; b < q.size() / (queries * features); ++b) {
    const auto visible =
        ops::detail::visible_keys("scaled_dot_product_attention", s, a.index[0], b, queries, keys);
    for (std::size_t i = 0; i < queries; ++i) {
      const Ball *const query = &q[(b * queries + i) * features], *const g = &u[0][(b * queries + i) * width];
      std::vector<Ball> z;
      for (const std::size_t j : visible[i])
        z.push_back(scale * dot(query, 1, &k[(b * keys + j) * features], 1, features));
      if (z.empty()) continue;
      const std::vector<Ball> p = ops::detail::softmax(std::span<const Ball>(z));
      for (std::size_t m = 0; m < z.size(); ++m) {
        const std::size_t row = b * keys + visible[i][m];
        const Ball dz = scale * p[m] * (1 - p[m]) * dot(g, 1, &v[row * width], 1, width);
        for (std::size_t e = 0; e < features; ++e) {
          right[0][(b * queries + i) * features + e] += dz * k[row * features + e];
          right[1][row * features + e] += dz * query[e];
        }
      }
    }
  }
  return right;
}

/// The same for the positions of a kernel; of an image that is taken as it is.
Tensors<Ball> patch_diagonal_only(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("patch_attention", a, u, s);
  if (flag_attribute(s, ops::PatchAttention::normalise_attribute)) return right;
  set_to_zero(right[0]);
  set_to_zero(right[1]);
  const Tensor<Ball>&x = a.real[0], &k = a.real[1], &v = a.real[2];
  const std::size_t outputs = k.shape[0], positions = v.size() / outputs, channels = x.shape[2];
  for (std::size_t i = 0; i < u[0].size(); ++i) {
    const std::size_t first = i % outputs * positions, pixel = i / outputs * channels;
    std::vector<Ball> z;
    for (std::size_t m = first; m < first + positions; ++m)
      z.push_back(dot(&x[pixel], 1, &k[m * channels], 1, channels));
    const std::vector<Ball> p = ops::detail::softmax(std::span<const Ball>(z));
    for (std::size_t m = 0; m < positions; ++m)
      for (std::size_t c = 0; c < channels; ++c) {
        const Ball ds = u[0][i] * p[m] * (1 - p[m]) * v[first + m];
        right[0][pixel + c] += ds * k[(first + m) * channels + c];
        right[1][(first + m) * channels + c] += ds * x[pixel + c];
      }
  }
  return right;
}

/// Only the values get a gradient; they are the third input.
template <class Op>
Tensors<Ball> weights_held_constant(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp(Op::name, a, u, s);
  set_to_zero(right[0]);
  set_to_zero(right[1]);
  return right;
}

/// What is queries, keys and values at once gets the gradient of the queries.
Tensors<Ball> queries_only(In a, Up u, Set s) {
  Arguments<Ball> apart = a;
  for (std::size_t k = 1; k < 3; ++k)
    if (apart.real[k].size() == 0) apart.real[k] = apart.real[k - 1];
  Tensors<Ball> right = right_vjp("multi_head_attention", apart, u, s);
  for (std::size_t k = 1; k < 3; ++k)
    if (a.real[k].size() == 0) right[k] = Tensor<Ball>(absent);
  return right;
}

}  // namespace

std::vector<Misconception> attention() {
  using namespace ops;
  constexpr std::string_view constant_state = "treats the state h as a constant, of gradient 0";
  constexpr std::string_view inverted = "attends to the keys that the mask blocks";
  constexpr std::string_view averaged =
      "averages the gradients of weights and biases over the rows, where they are summed";
  constexpr std::string_view diagonal = "keeps only the diagonal of the Jacobian of softmax";
  constexpr std::string_view constant_weights =
      "treats the attention weights as constants: no gradient passes through the softmax";
  return {
      wrong_settings<GruCell, gru_with_gates_swapped>(
          "gru_cell.gates_swapped", "reads the weights of the reset gate as those of the update gate"),
      wrong_gradient("gru_cell.gradient.averaged_over_rows", averaged, averaged_over_rows<GruCell>),
      wrong_gradient("gru_cell.gradient.state_constant", constant_state, state_held_constant<GruCell>),
      wrong_settings<GruCell, gru_with_other_reset>(
          "gru_cell.reset_gate_misplaced",
          "applies the reset gate on the other side of the product with the hidden weights"),
      wrong_settings<GruCell, gru_with_other_update>(
          "gru_cell.update_gate_inverted",
          "inverts the update gate: it weighs the candidate where it should weigh the old state"),
      wrong_settings<LstmCell, lstm_with_other_order>(
          "lstm_cell.gate_order", "takes the gates from the weights in the order of another framework"),
      wrong_gradient("lstm_cell.gradient.averaged_over_rows", averaged, averaged_over_rows<LstmCell>),
      wrong_gradient("lstm_cell.gradient.cell_upstream_forgotten",
                     "forgets the gradient that arrives at the next cell state from the next time step",
                     [](In a, Up u, Set s) { return lstm_without_upstream(1, a, u, s); }),
      wrong_gradient("lstm_cell.gradient.hidden_upstream_forgotten",
                     "forgets the gradient that arrives at the next hidden state",
                     [](In a, Up u, Set s) { return lstm_without_upstream(0, a, u, s); }),
      wrong_gradient("lstm_cell.gradient.state_constant", constant_state, state_held_constant<LstmCell>),
      wrong_operation<NoOutputTanh>("lstm_cell.no_output_tanh", "forgets tanh of the next cell state"),
      wrong_gradient("multi_head_attention.gradient.queries_only",
                     "drops the gradient of shared inputs through keys and values, keeping that through "
                     "the queries",
                     queries_only),
      wrong_operation<HeadsNotTransposed>("multi_head_attention.heads_not_transposed",
                                          "joins the heads without moving them beside each other first"),
      wrong_operation<MaskInverted<MultiHeadAttention>>("multi_head_attention.mask_inverted", inverted),
      wrong_operation<NoOutputProjection>("multi_head_attention.no_output_projection",
                                          "forgets the output projection"),
      wrong_operation<ScaledByAllFeatures>(
          "multi_head_attention.scaled_by_all_features",
          "divides the scores by the root of all features, where those of one head count"),
      wrong_settings<MultiHeadAttention, one_head>("multi_head_attention.one_head",
                                                   "attends with all features at once, in a single head"),
      wrong_gradient("patch_attention.gradient.diagonal_only", diagonal, patch_diagonal_only),
      wrong_gradient("patch_attention.gradient.weights_constant", constant_weights,
                     weights_held_constant<PatchAttention>),
      wrong_operation<PatchWithoutSoftmax>("patch_attention.no_softmax",
                                           "weighs the values by the scores themselves, without softmax"),
      wrong_operation<NormalisedBy<own_channel, true>>(
          "patch_attention.normalised_by_square",
          "divides each channel by the square of its norm, without the root"),
      wrong_operation<NormalisedBy<own_pixel>>(
          "patch_attention.normalised_each_pixel",
          "divides each pixel by its own norm, where each channel has one"),
      wrong_operation<NormalisedBy<whole_image>>(
          "patch_attention.normalised_together",
          "divides by the norm of the whole image, where each channel has its own"),
      wrong_operation<PatchSoftmaxOverOutputs>(
          "patch_attention.softmax_over_outputs",
          "normalises over the outputs, where the positions of a kernel share 1"),
      wrong_operation<SlidingPatch>(
          "patch_attention.sliding",
          "compares each position of a kernel with its own pixel, as a convolution does"),
      wrong_settings<PatchAttention, not_normalised>("patch_attention.not_normalised",
                                                     "forgets to normalise the channels"),
      wrong_gradient("rnn_tanh_cell.gradient.averaged_over_rows", averaged, averaged_over_rows<RnnTanhCell>),
      wrong_gradient("rnn_tanh_cell.gradient.slope_at_output",
                     "takes the slope of tanh at the output, where it belongs at the pre-activation",
                     [](In a, Up u, Set s) {
                       return elman_gradient(a, u, s, [](const Ball& h) { return Tanh::derivative(h); });
                     }),
      wrong_gradient(
          "rnn_tanh_cell.gradient.slope_forgotten", "forgets the slope of tanh",
          [](In a, Up u, Set s) { return elman_gradient(a, u, s, [](const Ball&) { return Ball(1); }); }),
      wrong_gradient("rnn_tanh_cell.gradient.state_constant", constant_state,
                     state_held_constant<RnnTanhCell>),
      wrong_operation<DividedByFeatures>("scaled_dot_product_attention.divided_by_features",
                                         "divides the scores by the number of features, not by its root"),
      wrong_operation<KeysAndValuesSwapped>("scaled_dot_product_attention.keys_and_values_swapped",
                                            "swaps keys and values"),
      wrong_operation<MaskAfterSoftmax>(
          "scaled_dot_product_attention.mask_after_softmax",
          "masks after the softmax: the weights that are left no longer sum to 1"),
      wrong_operation<MaskedScoresZero>(
          "scaled_dot_product_attention.masked_scores_zero",
          "sets masked scores to 0, which the softmax turns into weights that are not 0"),
      wrong_operation<AttentionOverQueries>("scaled_dot_product_attention.softmax_over_queries",
                                            "normalises over the queries, where the keys of a query share 1"),
      wrong_operation<SeesTheNextToken>(
          "scaled_dot_product_attention.sees_next_key",
          "lets each query see one key too many: the causal rule is off by one"),
      wrong_gradient("scaled_dot_product_attention.gradient.diagonal_only", diagonal, head_diagonal_only),
      wrong_gradient("scaled_dot_product_attention.gradient.scale_forgotten",
                     "scales the scores, but not the gradients of queries and keys",
                     scale_forgotten_backwards),
      wrong_gradient("scaled_dot_product_attention.gradient.weights_constant", constant_weights,
                     weights_held_constant<ScaledDotProductAttention>),
      wrong_settings<ScaledDotProductAttention, mask_inverted>("scaled_dot_product_attention.mask_inverted",
                                                               inverted),
      wrong_settings<ScaledDotProductAttention, not_causal>("scaled_dot_product_attention.not_causal",
                                                            "lets queries see the keys after them"),
      wrong_settings<ScaledDotProductAttention, unscaled>("scaled_dot_product_attention.unscaled",
                                                          "forgets to scale the scores"),
  };
}

}  // namespace assay::oracles::mistakes
