#pragma once

#include <cstddef>
#include <vector>

#include "oracles/ops/detail/labelled_rows.hpp"
#include "oracles/ops/detail/soft_targets.hpp"

namespace assay::oracles::ops {

/// Softmax cross-entropy of N rows of C logits z with a distribution t over the classes as target.
///
///   q_c       = w_c ((1 − ε) t_c + ε/C)                   weights w, label smoothing ε
///   ℓₙ        = −Σ_c q_c log p_c                          p = softmax(zₙ)
///   ∂ℓₙ/∂z_j  = p_j Σ_c q_c − q_j        ∂ℓₙ/∂t_c = −(1 − ε) w_c log p_c
///
/// The mean divides by N, also with weights, as in PyTorch. Targets need not sum to 1.
struct SoftmaxCrossEntropySoft {
  static constexpr std::string_view name = "softmax_cross_entropy_soft";

  static Operation spec() {
    return {
        .name = name,
        .formula =
            "loss_n = -sum_c t_nc log softmax(z_n)_c; dz_nj = (softmax(z_n)_j sum_c t_nc - t_nj) "
            "dloss_n; dt_nc = -log softmax(z_n)_c dloss_n",
        .domain = "all real logits; targets and weights >= 0",
        .source = "Hinton, Vinyals and Dean, Distilling the Knowledge in a Neural Network, 2015, section 2",
        .inputs = {{"logits", "(N, C)"},
                   {.name = "targets", .shape = "(N, C)", .range = {0, 1}},
                   detail::class_weights},
        .outputs = {{"loss", "() or (N)"}},
        .attributes = {detail::label_smoothing_attribute, detail::reduction_attribute},
        .samples = {{{{2, 3}, {2, 3}, absent}},
                    {{{4, 5}, {4, 5}, {5}}, {{"reduction", "sum"}}},
                    {{{3, 2}, {3, 2}, absent}, {{"reduction", "none"}}},
                    {{{3, 4}, {3, 4}, {4}}, {{"label_smoothing", "1/10"}}},
                    {{{1, 4}, {1, 4}, absent}},
                    {{{2, 1}, {2, 1}, absent}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_rank(name, "logits", inputs[0], 2, "(N, C)");
    detail::require_shape(name, "targets", inputs[1], inputs[0], "like input \"logits\"");
    if (inputs[2] != absent)
      detail::require_shape(name, "weights", inputs[2], {inputs[0][1]},
                            "because input \"logits\" is " + to_string(inputs[0]));
    detail::smoothing_of(attributes);
    return {detail::reduced_shape(detail::reduction_of(name, attributes), inputs[0][0])};
  }

  /// Each target times its logarithm is added to the sum of the row.
  static Cost cost(const Shapes& inputs, const Attributes&) {
    return {.multiply_adds = element_count(inputs[0]), .parameters = 0};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& logits = arguments.real[0];
    Tensor<T> loss(Shape{logits.shape[0]});
    for (std::size_t n = 0; n < loss.size(); ++n) {
      const std::span<const T> z = detail::row_of(logits, n);
      loss[n] = detail::cross_entropy(z, detail::Exponentials<T>(z), mixed(arguments, n, attributes));
    }
    return {detail::reduced(loss, detail::reduction_of(name, attributes))};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>&logits = arguments.real[0], &weights = arguments.real[2];
    const detail::Reduction reduction = detail::reduction_of(name, attributes);
    const Rational kept = 1 - detail::smoothing_of(attributes);
    Tensor<T> dlogits(logits.shape), dtargets(logits.shape);
    for (std::size_t n = 0; n < logits.shape[0]; ++n) {
      const auto z = detail::row_of(logits, n);
      const detail::Exponentials<T> exponentials(z);
      const std::vector<T> d = detail::cross_entropy_slopes(z, exponentials, mixed(arguments, n, attributes));
      const std::vector<T> surprises = detail::surprises(z, exponentials);
      for (std::size_t c = 0; c < d.size(); ++c) {
        T slope = kept == 1 ? surprises[c] : T(from_rational<T>(kept) * surprises[c]);
        if (weights.shape != absent) slope *= weights[c];
        dlogits(n, c) = detail::row_cotangent(d[c], upstream[0], reduction, n, logits.shape[0]);
        dtargets(n, c) = detail::row_cotangent(slope, upstream[0], reduction, n, logits.shape[0]);
      }
    }
    return {dlogits, dtargets, Tensor<T>(absent)};
  }

 private:
  /// q of row n.
  template <class T>
  static std::vector<T> mixed(const Arguments<T>& arguments, std::size_t n, const Attributes& attributes) {
    const Rational smoothing = detail::smoothing_of(attributes);
    const Tensor<T>&targets = arguments.real[1], &weights = arguments.real[2];
    const std::size_t classes = targets.shape[1];
    const Rational spread = smoothing / static_cast<int>(classes);
    std::vector<T> q;
    for (std::size_t c = 0; c < classes; ++c) {
      T target = targets(n, c);
      if (smoothing != 0) target = from_rational<T>(1 - smoothing) * target + from_rational<T>(spread);
      q.push_back(weights.shape == absent ? target : T(target * weights[c]));
    }
    return q;
  }
};

}  // namespace assay::oracles::ops
