#pragma once

#include "oracles/ops/detail/confusion.hpp"

namespace assay::oracles::ops {

/// The share of what is positive that was predicted so: TP / (TP + FN). No gradient.
struct Recall : detail::LabelMetric<Recall> {
  static constexpr std::string_view name = "recall";
  static constexpr std::string_view nothing_to_divide_by = "no label is positive";

  static Operation spec() {
    return {
        .name = name,
        .formula = "TP / (TP + FN)",
        .domain = "labels of any values; 0/0 is what zero_division says",
        .source = "Manning, Raghavan and Schuetze, Introduction to Information Retrieval, 2008, section 8.3",
        .inputs = predictions_and_labels,
        .outputs = {{"recall", "()"}},
        .attributes = three_attributes,
        .samples = metric_samples()};
  }

  static detail::Share share(const detail::Counts& counts) {
    return {counts.true_positive, counts.true_positive + counts.false_negative};
  }
};

}  // namespace assay::oracles::ops
