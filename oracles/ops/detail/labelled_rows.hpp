/// Rows with a class label each: which are ignored, what each weighs, and what their mean divides by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/labels.hpp"
#include "oracles/ops/detail/reduction.hpp"
#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops::detail {

inline constexpr AttributeSpec ignore_index_attribute{
    "ignore_index", "-100", "rows with this label count nothing, in a mean neither", AttributeKind::integer};

inline const InputSpec class_weights{
    .name = "weights", .shape = "(C)", .optional = true, .differentiable = false, .range = {0.1, 2}};

/// Throws ShapeError unless rows (N, C), labels (N) and weights, (C) or left out, fit each other.
inline void require_labelled_rows(std::string_view operation, std::string_view rows, const Shapes& inputs) {
  require_rank(operation, rows, inputs[0], 2, "(N, C)");
  const std::string reason = "because input \"" + std::string(rows) + "\" is " + to_string(inputs[0]);
  require_shape(operation, "labels", inputs[1], {inputs[0][0]}, reason);
  if (inputs[2] != absent) require_shape(operation, "weights", inputs[2], {inputs[0][1]}, reason);
}

/// The mean is Σₙ ℓₙ / Σₙ w_yₙ over the rows that are not ignored, as in PyTorch; without weights that
/// divides by their number. A mean over nothing is refused by name, where PyTorch returns NaN.
template <class T>
class LabelledRows {
 public:
  std::vector<std::optional<std::size_t>> labels;  ///< nothing: ignored

  LabelledRows(std::string_view operation, const Arguments<T>& arguments, const Attributes& attributes)
      : weights_(arguments.real[1]), reduction_(reduction_of(operation, attributes)) {
    const std::int64_t ignored = integer_attribute(attributes, ignore_index_attribute);
    const std::size_t classes = arguments.real[0].shape[1];
    IndexTensor checked = arguments.index[0];
    for (std::int64_t& label : checked.data) label = label == ignored ? 0 : label;
    const auto known = checked_labels(operation, "labels", checked, classes);
    std::vector<T> kept_weights;
    for (std::size_t n = 0; n < known.size(); ++n) {
      const bool keep = arguments.index[0][n] != ignored;
      labels.push_back(keep ? std::optional(known[n]) : std::nullopt);
      if (keep) kept_weights.push_back(weight(known[n]));
    }
    kept_ = kept_weights.size();
    total_weight_ = sum(std::span<const T>(kept_weights));
    if (reduction_ == Reduction::mean) require_some(operation, ignored);
  }

  bool weighted() const { return weights_.shape != absent; }
  T weight(std::size_t label) const { return weighted() ? weights_[label] : T(1); }

  /// Ignored rows have loss 0. Honest, with weights: shares of the total before or after the sum.
  Tensor<T> reduced_loss(const Tensor<T>& rows) const {
    if (reduction_ == Reduction::none) return rows;
    std::vector<T> kept;
    for (std::size_t n = 0; n < rows.size(); ++n)
      if (labels[n]) kept.push_back(rows[n]);
    if (!weighted() || reduction_ == Reduction::sum)
      return reduced(Tensor<T>(Shape{kept.size()}, kept), reduction_);
    return Tensor<T>::scalar(either([&] { return T(sum(std::span<const T>(kept)) / total_weight_); },
                                    [&] {
                                      for (T& share : kept) share /= total_weight_;
                                      return T(sum(std::span<const T>(kept)));
                                    }));
  }

  /// The row's own derivative d times what reaches row n of the upstream gradient: a function (d, n).
  auto cotangents(const Tensor<T>& upstream) const {
    return [this, &upstream, of_rows = RowCotangents<T>(upstream, reduction_, kept_)](const T& d,
                                                                                      std::size_t n) {
      if (!weighted() || reduction_ != Reduction::mean) return of_rows(d, n);
      return either([&] { return T(d * upstream[0] / total_weight_); },
                    [&] { return T(d / total_weight_ * upstream[0]); },
                    [&] { return T(upstream[0] / total_weight_ * d); });
    };
  }

 private:
  void require_some(std::string_view operation, std::int64_t ignored) const {
    if (kept_ == 0)
      throw ShapeError(std::string(operation) + ": every label is " + std::to_string(ignored) +
                       ", the ignore_index; a mean over no rows is not defined");
    if (weighted() && equal(total_weight_, T(0)) == Truth::yes)
      throw ShapeError(std::string(operation) +
                       ": the weights of the labels sum to 0; a mean over no weight is not defined");
  }

  const Tensor<T>& weights_;
  Reduction reduction_;
  std::size_t kept_ = 0;
  T total_weight_ = T(0);
};

}  // namespace assay::oracles::ops::detail
