#pragma once

#include <cstddef>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/labelled_rows.hpp"

namespace assay::oracles::ops {

/// Negative log-likelihood of N rows of C log-probabilities x with labels y.
///
///   ℓₙ       = −w_y xₙ,y        ∂ℓₙ/∂xₙⱼ = −w_y [j = y]
///
/// The mean divides by Σₙ w_yₙ over the rows whose label is not ignore_index, as in PyTorch; a mean over no
/// rows is refused, where PyTorch returns NaN. softmax_cross_entropy is nll of log_softmax.
struct Nll {
  static constexpr std::string_view name = "nll";

  static Operation spec() {
    return {
        .name = name,
        .formula = "loss_n = -w_y x_ny; dx_nj = -w_y [j = y_n] dloss_n; mean: sum_n loss_n / sum_n w_y",
        .domain = "all real x (log-probabilities are <= 0); labels 0 .. C-1 or ignore_index; weights >= 0",
        .source = "Murphy, Probabilistic Machine Learning: An Introduction, 2022, section 4.2.2",
        .inputs = {{.name = "log_probabilities", .shape = "(N, C)", .range = {-5, 0}},
                   {"labels", "(N)", true},
                   detail::class_weights},
        .outputs = {{"loss", "() or (N)"}},
        .attributes = {detail::ignore_index_attribute, detail::reduction_attribute},
        .samples = {{{{2, 3}, {2}, absent}, {}, 3},
                    {{{4, 5}, {4}, {5}}, {}, 5},
                    {{{3, 2}, {3}, absent}, {{"reduction", "none"}}, 2},
                    {{{3, 4}, {3}, {4}}, {{"ignore_index", "1"}, {"reduction", "sum"}}, 4},
                    {{{6, 6}, {6}, absent}, {{"ignore_index", "2"}}, 6},
                    {{{1, 4}, {1}, absent}, {}, 4},
                    {{{2, 1}, {2}, absent}, {}, 1}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_labelled_rows(name, "log_probabilities", inputs);
    integer_attribute(attributes, detail::ignore_index_attribute);
    return {detail::reduced_shape(detail::reduction_of(name, attributes), inputs[0][0])};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const detail::LabelledRows<T> rows(name, arguments, attributes);
    Tensor<T> loss(Shape{rows.labels.size()});
    for (std::size_t n = 0; n < loss.size(); ++n)
      if (const auto label = rows.labels[n]) loss[n] = -(rows.weight(*label) * arguments.real[0](n, *label));
    return {rows.reduced_loss(loss)};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const detail::LabelledRows<T> rows(name, arguments, attributes);
    const auto reaching = rows.cotangents(upstream[0]);
    Tensor<T> cotangent(arguments.real[0].shape);
    for (std::size_t n = 0; n < rows.labels.size(); ++n)
      if (const auto label = rows.labels[n]) cotangent(n, *label) = reaching(T(-rows.weight(*label)), n);
    return {cotangent, Tensor<T>(absent)};
  }
};

}  // namespace assay::oracles::ops
