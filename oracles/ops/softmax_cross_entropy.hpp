#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/labelled_rows.hpp"
#include "oracles/ops/detail/soft_targets.hpp"

namespace assay::oracles::ops {

/// Softmax cross-entropy of N rows of C logits z with labels y.
///
///   ℓₙ       = −log pₙ,yₙ = log Σⱼ exp(zₙⱼ) − zₙ,yₙ        where pₙ = softmax(zₙ)
///   L        = (1/N) Σₙ ℓₙ (mean), Σₙ ℓₙ (sum), or all ℓₙ (none)
///   ∂ℓₙ/∂zₙⱼ = pₙⱼ − [j = yₙ]
///
/// With class weights w and label smoothing ε, as in PyTorch,
///
///   ℓₙ = −Σ_c q_c log p_c,    q_c = (1 − ε) w_y [c = y] + (ε/C) w_c,    ∂ℓₙ/∂zₙⱼ = pⱼ Σ_c q_c − qⱼ
///
/// and the mean divides by Σₙ w_yₙ over the rows whose label is not ignore_index. A mean over no rows is
/// refused, where PyTorch returns NaN.
struct SoftmaxCrossEntropy {
  static constexpr std::string_view name = "softmax_cross_entropy";

  static Operation spec() {
    return {.name = name,
            .formula = "loss_n = log sum_j exp(z_nj) - z_ny; dz_nj = (softmax(z_n)_j - [j = y_n]) dloss_n",
            .domain = "all real logits; labels 0 .. C-1 or ignore_index; weights >= 0",
            .source =
                "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.2.2.3; label "
                "smoothing: Szegedy et al., Rethinking the Inception Architecture, 2016, section 7",
            .inputs = {{"logits", "(N, C)"}, {"labels", "(N)", true}, detail::class_weights},
            .outputs = {{"loss", "() or (N)"}},
            .attributes = {detail::ignore_index_attribute, detail::label_smoothing_attribute,
                           detail::reduction_attribute},
            .samples = samples()};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const detail::Reduction reduction = detail::reduction_of(name, attributes);
    detail::require_labelled_rows(name, "logits", inputs);
    detail::smoothing_of(attributes);
    integer_attribute(attributes, detail::ignore_index_attribute);
    return {detail::reduced_shape(reduction, inputs[0][0])};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& logits = arguments.real[0];
    const detail::LabelledRows<T> rows(name, arguments, attributes);
    const Rational smoothing = detail::smoothing_of(attributes);
    Tensor<T> loss(Shape{rows.labels.size()});
    for (std::size_t n = 0; n < rows.labels.size(); ++n) {
      if (!rows.labels[n]) continue;
      const std::span<const T> z = detail::row_of(logits, n);
      if (smoothing != 0) {
        loss[n] = detail::cross_entropy(z, targets(rows, *rows.labels[n], z.size(), smoothing));
        continue;
      }
      const T plain = -detail::log_softmax(z, detail::Exponentials<T>(z), *rows.labels[n]);
      loss[n] = rows.weighted() ? T(rows.weight(*rows.labels[n]) * plain) : plain;
    }
    return {rows.reduced_loss(loss)};
  }

  /// p_y − 1 cancels for a confident and correct row; −Σ_{j≠y} pⱼ does not. Both are honest.
  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>& logits = arguments.real[0];
    const detail::LabelledRows<T> rows(name, arguments, attributes);
    const Rational smoothing = detail::smoothing_of(attributes);
    Tensor<T> cotangent(logits.shape);
    for (std::size_t n = 0; n < rows.labels.size(); ++n) {
      if (!rows.labels[n]) continue;
      const std::size_t label = *rows.labels[n];
      const std::span<const T> z = detail::row_of(logits, n);
      const std::vector<T> d =
          smoothing != 0 ? detail::cross_entropy_slopes(z, targets(rows, label, z.size(), smoothing))
                         : slopes(rows, z, label);
      for (std::size_t j = 0; j < d.size(); ++j) cotangent(n, j) = rows.cotangent(d[j], upstream[0], n);
    }
    return {cotangent, Tensor<T>(absent)};
  }

 private:
  static std::vector<Sample> samples() {
    return {
        {{{2, 3}, {2}, absent}, {}, 3},
        {{{4, 5}, {4}, absent}, {{"reduction", "sum"}}, 5},
        {{{3, 2}, {3}, absent}, {{"reduction", "none"}}, 2},
        {{{1, 4}, {1}, absent}, {}, 4},
        {{{2, 1}, {2}, absent}, {}, 1},
        {{{4, 3}, {4}, {3}}, {}, 3},
        {{{3, 4}, {3}, {4}}, {{"ignore_index", "1"}, {"reduction", "sum"}}, 4},
        {{{6, 6}, {6}, absent}, {{"ignore_index", "2"}}, 6},
        {{{3, 4}, {3}, absent}, {{"label_smoothing", "1/10"}}, 4},
        {{{4, 3}, {4}, {3}}, {{"label_smoothing", "1/4"}}, 3},
        {{{4, 3}, {4}, {3}}, {{"ignore_index", "0"}, {"label_smoothing", "1"}, {"reduction", "none"}}, 3}};
  }

  /// w_y (p − one-hot).
  template <class T>
  static std::vector<T> slopes(const detail::LabelledRows<T>& rows, std::span<const T> z, std::size_t label) {
    std::vector<T> d = detail::softmax(z), others = d;
    others[label] = T(0);
    d[label] =
        either([&] { return T(-sum(std::span<const T>(others))); }, [&] { return T(d[label] - T(1)); });
    if (rows.weighted())
      for (T& element : d) element *= rows.weight(label);
    return d;
  }

  /// q.
  template <class T>
  static std::vector<T> targets(const detail::LabelledRows<T>& rows, std::size_t label, std::size_t classes,
                                const Rational& smoothing) {
    const auto count = static_cast<int>(classes);
    std::vector<T> q;
    for (std::size_t c = 0; c < classes; ++c) {
      const Rational share = smoothing / count + (c == label ? Rational(1 - smoothing) : Rational(0));
      q.push_back(rows.weighted() ? T(from_rational<T>(share) * rows.weight(c)) : from_rational<T>(share));
    }
    return q;
  }
};

}  // namespace assay::oracles::ops
