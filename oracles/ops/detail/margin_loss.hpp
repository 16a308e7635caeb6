/// Multiclass margin losses: what every wrong class loses against the label, summed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <tuple>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/labels.hpp"
#include "oracles/ops/detail/loss.hpp"

namespace assay::oracles::ops::detail {

inline constexpr AttributeSpec margin_attribute{"margin", "1",
                                                "by how much the label's score must exceed the others"};
inline constexpr AttributeSpec over_classes_attribute{
    "over_classes", "sum", "sum over the wrong classes; mean divides that by C, as in PyTorch",
    AttributeKind::choice, "sum|mean"};

/// ℓₙ = Σ_{j≠y} f(s_j − s_y), reduced over the rows.
///
///   ∂ℓₙ/∂s_j = f′(s_j − s_y) for j ≠ y        ∂ℓₙ/∂s_y = −Σ_{j≠y} f′(s_j − s_y)
///
/// Honest: sums row by row or in one running total, and slopes scaled before or after their sum.
///
/// `Op` states f and f′ as `value(d, parameters...)` and `slope(d, parameters...)`. An attribute over_classes
/// divides by C where an operation has it.
template <class Op>
struct MarginLoss {
  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    require_rank(Op::name, "scores", inputs[0], 2, "(N, C)");
    require_shape(Op::name, "labels", inputs[1], {inputs[0][0]},
                  "because input \"scores\" is " + to_string(inputs[0]));
    Op::template parameters<double>(attributes);
    return {detail::reduced_shape(reduction_of(Op::name, attributes), inputs[0][0])};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& scores = arguments.real[0];
    const auto labels = checked_labels(Op::name, "labels", arguments.index[0], scores.shape[1]);
    const auto parameters = Op::template parameters<T>(attributes);
    const Reduction reduction = reduction_of(Op::name, attributes);
    Tensor<T> loss(Shape{labels.size()});
    std::vector<T> all_terms;
    for (std::size_t n = 0; n < labels.size(); ++n) {
      std::vector<T> terms;
      for (std::size_t j = 0; j < scores.shape[1]; ++j)
        if (j != labels[n])
          terms.push_back(apply_to(
              difference(scores, n, j, labels[n]), [](const auto&... all) { return Op::value(all...); },
              parameters));
      loss[n] = shared(T(sum(std::span<const T>(terms))), scores.shape[1], attributes);
      if (emulated_format()) std::ranges::copy(terms, std::back_inserter(all_terms));
    }
    if (reduction == Reduction::none) return {loss};
    return {Tensor<T>::scalar(either(
        [&] { return reduced(loss, reduction)[0]; },
        [&] { return running_total(all_terms, labels.size(), scores.shape[1], reduction, attributes); }))};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>& scores = arguments.real[0];
    const std::size_t classes = scores.shape[1];
    const auto labels = checked_labels(Op::name, "labels", arguments.index[0], classes);
    const auto parameters = Op::template parameters<T>(attributes);
    const Reduction reduction = reduction_of(Op::name, attributes);
    Tensor<T> cotangent(scores.shape);
    for (std::size_t n = 0; n < labels.size(); ++n) {
      std::vector<T> d(classes, T(0));
      for (std::size_t j = 0; j < classes; ++j)
        if (j != labels[n])
          d[j] = apply_to(
              difference(scores, n, j, labels[n]), [](const auto&... all) { return Op::slope(all...); },
              parameters);
      const auto scaled = [&](const T& slope) {
        return row_cotangent(shared(slope, classes, attributes), upstream[0], reduction, n, labels.size());
      };
      std::vector<T> others;
      for (std::size_t j = 0; j < classes; ++j)
        if (j != labels[n]) others.push_back(cotangent(n, j) = scaled(d[j]));
      cotangent(n, labels[n]) = either([&] { return scaled(T(-sum(std::span<const T>(d)))); },
                                       [&] { return T(-sum(std::span<const T>(others))); });
    }
    return {cotangent};
  }

 protected:
  static inline const std::vector<InputSpec> scores_and_labels = {{"scores", "(N, C)"},
                                                                  {"labels", "(N)", true}};
  static inline const std::vector<OutputSpec> one_output = {{"loss", "() or (N)"}};

  static std::vector<Sample> margin_samples(const Attributes& other) {
    Attributes none = other, sum = other;
    none["reduction"] = "none";
    sum["reduction"] = "sum";
    return {{{{2, 3}, {2}}, {}, 3},  {{{4, 5}, {4}}, other, 5}, {{{3, 4}, {3}}, none, 4},
            {{{3, 2}, {3}}, sum, 2}, {{{1, 4}, {1}}, {}, 4},    {{{2, 1}, {2}}, {}, 1}};
  }

 private:
  template <class T>
  static T difference(const Tensor<T>& scores, std::size_t n, std::size_t j, std::size_t label) {
    return T(scores(n, j) - scores(n, label));
  }

  template <class T, class F, class P>
  static T apply_to(const T& d, const F& f, const P& parameters) {
    return std::apply([&](const auto&... p) { return T(f(d, p...)); }, parameters);
  }

  /// One running total over the rows and classes, divided before or after it.
  template <class T>
  static T running_total(const std::vector<T>& terms, std::size_t rows, std::size_t classes,
                         Reduction reduction, const Attributes& attributes) {
    const std::span<const T> all(terms);
    return shared(reduction == Reduction::mean ? mean_of(all, rows) : T(sum(all)), classes, attributes);
  }

  template <class T>
  static T shared(const T& total, std::size_t classes, const Attributes& attributes) {
    return choice_attribute(attributes, over_classes_attribute) == 0 ? total : divided(total, classes);
  }
};

}  // namespace assay::oracles::ops::detail
