#pragma once

#include <cstddef>
#include <span>
#include <utility>
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
    const Rows<T> rows(arguments, attributes);
    Tensor<T> loss(Shape{rows.size()});
    for (std::size_t n = 0; n < rows.size(); ++n)
      if (rows.counts(n)) loss[n] = rows.loss(n, detail::Exponentials<T>(rows.logits(n)));
    return {rows.reduced_loss(loss)};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Rows<T> rows(arguments, attributes);
    const auto reaching = rows.cotangents(upstream[0]);
    Tensor<T> cotangent(arguments.real[0].shape);
    for (std::size_t n = 0; n < rows.size(); ++n)
      if (rows.counts(n)) rows.pull_back(cotangent, reaching, n, detail::Exponentials<T>(rows.logits(n)));
    return {std::move(cotangent), Tensor<T>(absent)};
  }

  /// One set of exponentials for both.
  template <class T>
  static Evaluated<T> forward_and_vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                                      const Attributes& attributes) {
    const Rows<T> rows(arguments, attributes);
    const auto reaching = rows.cotangents(upstream[0]);
    Tensor<T> loss(Shape{rows.size()}), cotangent(arguments.real[0].shape);
    for (std::size_t n = 0; n < rows.size(); ++n) {
      if (!rows.counts(n)) continue;
      detail::Exponentials<T> exponentials(rows.logits(n));
      loss[n] = rows.loss(n, exponentials);
      rows.pull_back(cotangent, reaching, n, std::move(exponentials));
    }
    return {{rows.reduced_loss(loss)}, {std::move(cotangent), Tensor<T>(absent)}};
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

  /// What is computed of single rows.
  template <class T>
  class Rows : public detail::LabelledRows<T> {
   public:
    Rows(const Arguments<T>& arguments, const Attributes& attributes)
        : detail::LabelledRows<T>(name, arguments, attributes),
          logits_(arguments.real[0]),
          smoothing_(detail::smoothing_of(attributes)) {}

    std::size_t size() const { return this->labels.size(); }
    /// Whether the row is not ignored; the others have neither loss nor gradient.
    bool counts(std::size_t n) const { return this->labels[n].has_value(); }
    std::span<const T> logits(std::size_t n) const { return detail::row_of(logits_, n); }

    T loss(std::size_t n, const detail::Exponentials<T>& exponentials) const {
      const std::size_t label = *this->labels[n];
      const std::span<const T> z = logits(n);
      if (smoothing_ != 0) return detail::cross_entropy(z, exponentials, targets(label));
      const T plain = -detail::log_softmax(z, exponentials, label);
      return this->weighted() ? T(this->weight(label) * plain) : plain;
    }

    /// Row n of the cotangent; `reaching` is what `cotangents` returned.
    void pull_back(Tensor<T>& cotangent, const auto& reaching, std::size_t n,
                   detail::Exponentials<T>&& exponentials) const {
      const std::size_t label = *this->labels[n];
      if (encloses_the_exact<T>() && smoothing_ == 0)
        return pull_back_at_once(cotangent, reaching, n, std::move(exponentials));
      const std::vector<T> d = smoothing_ != 0
                                   ? detail::cross_entropy_slopes(logits(n), exponentials, targets(label))
                                   : slopes(logits(n), exponentials, label);
      for (std::size_t j = 0; j < d.size(); ++j) cotangent(n, j) = reaching(d[j], n);
    }

   private:
    /// The same where every form will do: what reaches a row is linear in d, so that all that is common to
    /// its classes is multiplied once.
    void pull_back_at_once(Tensor<T>& cotangent, const auto& reaching, std::size_t n,
                           detail::Exponentials<T>&& exponentials) const {
      const std::size_t label = *this->labels[n];
      const T weight = this->weight(label);
      const T share = reaching(T(weight * exponentials.share()), n);
      for (std::size_t j = 0; j < exponentials.e.size(); ++j)
        cotangent(n, j) = std::move(exponentials.e[j] *= share);
      if (label == exponentials.peak)  // p_y − 1 may cancel
        cotangent(n, label) = -exponentials.rest * share;
      else
        cotangent(n, label) -= reaching(weight, n);
    }

    /// w_y (p − one-hot). p_y − 1 cancels for a confident and correct row; −Σ_{j≠y} pⱼ does not. Both are
    /// honest.
    std::vector<T> slopes(std::span<const T> z, const detail::Exponentials<T>& exponentials,
                          std::size_t label) const {
      std::vector<T> d = detail::softmax(z, exponentials);
      Gathered<T> others(d.size() - 1);
      for (std::size_t j = 0; j < d.size(); ++j)
        if (j != label) others.set(j - (j > label), d[j]);
      d[label] = either([&] { return T(-sum(others.data(), 1, others.size())); },
                        [&] { return T(d[label] - T(1)); });
      if (this->weighted())
        for (T& element : d) element *= this->weight(label);
      return d;
    }

    /// q.
    std::vector<T> targets(std::size_t label) const {
      const std::size_t classes = logits_.shape[1];
      std::vector<T> q;
      for (std::size_t c = 0; c < classes; ++c) {
        const Rational share =
            smoothing_ / static_cast<int>(classes) + (c == label ? Rational(1 - smoothing_) : Rational(0));
        q.push_back(this->weighted() ? T(from_rational<T>(share) * this->weight(c))
                                     : from_rational<T>(share));
      }
      return q;
    }

    const Tensor<T>& logits_;
    Rational smoothing_;
  };
};

}  // namespace assay::oracles::ops
