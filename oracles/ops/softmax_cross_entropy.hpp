#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "oracles/ops/detail/labels.hpp"
#include "oracles/ops/detail/reduction.hpp"
#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/softmax_line.hpp"

namespace assay::oracles::ops {

/// Softmax cross-entropy of N rows of C logits z with labels y.
///
///   ℓₙ       = −log pₙ,yₙ = log Σⱼ exp(zₙⱼ) − zₙ,yₙ        where pₙ = softmax(zₙ)
///   L        = (1/N) Σₙ ℓₙ (mean), Σₙ ℓₙ (sum), or all ℓₙ (none)
///   ∂ℓₙ/∂zₙⱼ = pₙⱼ − [j = yₙ]
struct SoftmaxCrossEntropy {
  static constexpr std::string_view name = "softmax_cross_entropy";

  static Operation spec() {
    return {.name = name,
            .formula = "loss_n = log sum_j exp(z_nj) - z_ny; dz_nj = (softmax(z_n)_j - [j = y_n]) dloss_n",
            .domain = "all real logits; labels 0 .. C-1",
            .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.2.2.3",
            .inputs = {{"logits", "(N, C)"}, {"labels", "(N)", true}},
            .outputs = {{"loss", "() or (N)"}},
            .attributes = {detail::reduction_attribute},
            .samples = {{{{2, 3}, {2}}, {}, 3},
                        {{{4, 5}, {4}}, {{"reduction", "sum"}}, 5},
                        {{{3, 2}, {3}}, {{"reduction", "none"}}, 2},
                        {{{1, 4}, {1}}, {}, 4},
                        {{{2, 1}, {2}}, {}, 1}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const detail::Reduction reduction = detail::reduction_of(name, attributes);
    detail::require_rank(name, "logits", inputs[0], 2, "(N, C)");
    detail::require_shape(name, "labels", inputs[1], {inputs[0][0]},
                          "because input \"logits\" is " + to_string(inputs[0]));
    return {detail::reduced_shape(reduction, inputs[0][0])};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& logits = arguments.real[0];
    const auto labels = detail::checked_labels(name, "labels", arguments.index[0], logits.shape[1]);
    Tensor<T> loss(Shape{labels.size()});
    for (std::size_t n = 0; n < labels.size(); ++n) {
      const std::span<const T> z = row(logits, n);
      const detail::Exponentials<T> exponentials(z);
      loss[n] = -detail::log_softmax(z, exponentials, labels[n]);
    }
    return {detail::reduced(loss, detail::reduction_of(name, attributes))};
  }

  /// p_y − 1 cancels for a confident and correct row; −Σ_{j≠y} pⱼ does not. Both are honest.
  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>& logits = arguments.real[0];
    const auto labels = detail::checked_labels(name, "labels", arguments.index[0], logits.shape[1]);
    const detail::Reduction reduction = detail::reduction_of(name, attributes);
    Tensor<T> cotangent(logits.shape);
    for (std::size_t n = 0; n < labels.size(); ++n) {
      std::vector<T> d = detail::softmax(row(logits, n));
      std::vector<T> others = d;
      others[labels[n]] = T(0);
      d[labels[n]] =
          either([&] { return T(-sum(std::span<const T>(others))); }, [&] { return T(d[labels[n]] - T(1)); });
      for (std::size_t j = 0; j < d.size(); ++j)
        cotangent(n, j) = detail::row_cotangent(d[j], upstream[0], reduction, n, labels.size());
    }
    return {cotangent};
  }

 private:
  template <class T>
  static std::span<const T> row(const Tensor<T>& logits, std::size_t n) {
    return std::span(logits.data).subspan(n * logits.shape[1], logits.shape[1]);
  }
};

}  // namespace assay::oracles::ops
