#pragma once

#include "oracles/ops/detail/confusion.hpp"

namespace assay::oracles::ops {

/// The harmonic mean of precision P and recall R: 2 P R / (P + R) = 2 TP / (2 TP + FP + FN). The second form
/// is 0 where one of both is 0/0 and the other 0; 0/0 itself only where nothing is or was predicted positive.
/// The macro average is that of the classes' F1, not the F1 of averages. No gradient.
struct F1 : detail::LabelMetric<F1> {
  static constexpr std::string_view name = "f1";
  static constexpr std::string_view nothing_to_divide_by = "nothing is positive and nothing was predicted so";

  static Operation spec() {
    return {.name = name,
            .formula = "2 TP / (2 TP + FP + FN)",
            .domain = "labels of any values; 0/0 is what zero_division says",
            .source = "van Rijsbergen, Information Retrieval, 1979, chapter 7",
            .inputs = predictions_and_labels,
            .outputs = {{"f1", "()"}},
            .attributes = three_attributes,
            .samples = metric_samples()};
  }

  static detail::Share share(const detail::Counts& counts) {
    return {2 * counts.true_positive,
            2 * counts.true_positive + counts.false_positive + counts.false_negative};
  }
};

}  // namespace assay::oracles::ops
