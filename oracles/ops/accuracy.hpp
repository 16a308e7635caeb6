#pragma once

#include <cstddef>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/labels.hpp"
#include "oracles/ops/detail/reduction.hpp"
#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops {

/// The share of rows of scores whose label is among the k largest.
///
///   a = (1/N) Σₙ [number of classes that come before yₙ in row n < k]
///
/// A larger score comes before. Among equal scores `ties` decides: first or last, the smaller or the larger
/// index comes before; right or wrong, a tie never speaks against the label, or always. With k = 1 and first
/// that is argmax of most libraries. Balls whose order is open give the hull of the shares they may have. No
/// gradient.
struct Accuracy {
  static constexpr std::string_view name = "accuracy";
  static constexpr AttributeSpec ties_attribute{"ties", "first", "which of two equal scores comes before",
                                                AttributeKind::choice, "first|last|right|wrong"};
  static constexpr AttributeSpec top_k_attribute{
      "top_k", "1", "among how many of the largest scores the label must be", AttributeKind::integer};

  static Operation spec() {
    return {
        .name = name,
        .formula = "mean_n [number of j with s_nj before s_ny < top_k]",
        .domain = "all real scores; labels 0 .. C-1; top_k >= 1",
        .source =
            "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 5.1.2; top-k: Russakovsky "
            "et al., ImageNet Large Scale Visual Recognition Challenge, 2015",
        .inputs = {{.name = "scores", .shape = "(N, C)", .differentiable = false}, {"labels", "(N)", true}},
        .outputs = {{"accuracy", "()"}},
        .attributes = {ties_attribute, top_k_attribute},
        .samples = {{{{4, 3}, {4}}, {}, 3},
                    {{{5, 4}, {5}}, {{"top_k", "2"}, {"ties", "last"}}, 4},
                    {{{3, 2}, {3}}, {{"ties", "right"}}, 2},
                    {{{6, 3}, {6}}, {{"ties", "wrong"}}, 3},
                    {{{1, 1}, {1}}, {}, 1}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_rank(name, "scores", inputs[0], 2, "(N, C)");
    detail::require_shape(name, "labels", inputs[1], {inputs[0][0]},
                          "because input \"scores\" is " + to_string(inputs[0]));
    if (integer_attribute(attributes, top_k_attribute) < 1)
      refuse_attribute(attributes, top_k_attribute, "an integer of at least 1");
    return {Shape{}};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& scores = arguments.real[0];
    const auto labels = detail::checked_labels(name, "labels", arguments.index[0], scores.shape[1]);
    Tensor<T> right(Shape{labels.size()});
    for (std::size_t n = 0; n < labels.size(); ++n)
      right[n] = select(is_right(scores, n, labels[n], attributes), T(1), T(0));
    return {detail::reduced(right, detail::Reduction::mean)};
  }

 private:
  enum Ties { first, last, never_against, against };

  /// Open where the number of classes before the label may be on either side of k, and where it is a NaN.
  template <class T>
  static Truth is_right(const Tensor<T>& scores, std::size_t n, std::size_t label,
                        const Attributes& attributes) {
    const auto ties = static_cast<Ties>(choice_attribute(attributes, ties_attribute));
    const std::int64_t k = integer_attribute(attributes, top_k_attribute);
    std::int64_t certainly = 0, possibly = 0;
    for (std::size_t j = 0; j < scores.shape[1]; ++j) {
      if (is_nan(scores(n, j))) return Truth::unknown;
      if (j == label) continue;
      const bool wins_ties = ties == against || (ties == first && j < label) || (ties == last && j > label);
      const Truth before =
          wins_ties ? less_equal(scores(n, label), scores(n, j)) : less(scores(n, label), scores(n, j));
      certainly += before == Truth::yes;
      possibly += before != Truth::no;
    }
    return possibly < k ? Truth::yes : certainly >= k ? Truth::no : Truth::unknown;
  }
};

}  // namespace assay::oracles::ops
