#pragma once

#include "oracles/ops/detail/confusion.hpp"

namespace assay::oracles::ops {

/// The share of what was predicted positive that is: TP / (TP + FP). No gradient.
struct Precision : detail::LabelMetric<Precision> {
  static constexpr std::string_view name = "precision";
  static constexpr std::string_view nothing_to_divide_by = "nothing was predicted positive";

  static Operation spec() {
    return {
        .name = name,
        .formula = "TP / (TP + FP)",
        .domain = "labels of any values; 0/0 is what zero_division says",
        .source = "Manning, Raghavan and Schuetze, Introduction to Information Retrieval, 2008, section 8.3",
        .inputs = predictions_and_labels,
        .outputs = {{"precision", "()"}},
        .attributes = three_attributes,
        .samples = metric_samples()};
  }

  static detail::Share share(const detail::Counts& counts) {
    return {counts.true_positive, counts.true_positive + counts.false_positive};
  }
};

}  // namespace assay::oracles::ops
