/// Predicted and true labels, counted; and the scores made of such counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/loss.hpp"

namespace assay::oracles::ops::detail {

inline constexpr AttributeSpec average_attribute{"average", "binary",
                                                 "binary: of the class `positive`; micro: of all counts "
                                                 "together; macro: the mean over the classes that occur",
                                                 AttributeKind::choice, "binary|micro|macro"};
inline constexpr AttributeSpec positive_attribute_spec{"positive", "1", "the label that counts as positive",
                                                       AttributeKind::integer};
inline constexpr AttributeSpec zero_division_attribute{
    "zero_division", "0", "the value of 0/0; error refuses it", AttributeKind::choice, "0|1|error"};

/// Of one class, or of several together.
struct Counts {
  std::int64_t true_positive = 0, false_positive = 0, false_negative = 0;
};

/// A fraction of counts.
struct Share {
  std::int64_t part = 0, whole = 0;
};

inline Counts counts_of(const Tensors<std::int64_t>& labels, std::int64_t label) {
  const IndexTensor &predicted = labels[0], &truth = labels[1];
  Counts counts;
  for (std::size_t n = 0; n < truth.size(); ++n) {
    counts.true_positive += predicted[n] == label && truth[n] == label;
    counts.false_positive += predicted[n] == label && truth[n] != label;
    counts.false_negative += predicted[n] != label && truth[n] == label;
  }
  return counts;
}

/// A score that is a share of counts; `Op::share(counts)` says which. Inputs are predicted and true labels,
/// of any values; classes of the macro average are those that occur in either, as in scikit-learn. No
/// gradient.
template <class Op>
struct LabelMetric {
  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    require_rank(Op::name, "predictions", inputs[0], 1, "(N)");
    require_shape(Op::name, "labels", inputs[1], inputs[0], "like input \"predictions\"");
    integer_attribute(attributes, positive_attribute_spec);
    return {Shape{}};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    return {Tensor<T>::scalar(from_rational<T>(value(arguments.index, attributes)))};
  }

 protected:
  static inline const std::vector<InputSpec> predictions_and_labels = {{"predictions", "(N)", true},
                                                                       {"labels", "(N)", true}};
  static inline const std::vector<AttributeSpec> three_attributes = {
      average_attribute, positive_attribute_spec, zero_division_attribute};
  static std::vector<Sample> metric_samples() {
    return {{{{8}, {8}}, {}, 2},
            {{{12}, {12}}, {{"average", "macro"}, {"zero_division", "1"}}, 3},
            {{{9}, {9}}, {{"average", "micro"}, {"zero_division", "error"}}, 4},
            {{{10}, {10}}, {{"positive", "0"}}, 2},
            {{{1}, {1}}, {}, 2}};
  }

 private:
  static Rational value(const Tensors<std::int64_t>& labels, const Attributes& attributes) {
    const std::size_t average = choice_attribute(attributes, average_attribute);
    if (average == 0)
      return fraction(Op::share(counts_of(labels, integer_attribute(attributes, positive_attribute_spec))),
                      attributes);
    std::set<std::int64_t> classes(labels[0].data.begin(), labels[0].data.end());
    classes.insert(labels[1].data.begin(), labels[1].data.end());
    Counts together;
    Rational total = 0;
    for (const std::int64_t label : classes) {
      const Counts counts = counts_of(labels, label);
      together.true_positive += counts.true_positive;
      together.false_positive += counts.false_positive;
      together.false_negative += counts.false_negative;
      if (average == 2) total += fraction(Op::share(counts), attributes);
    }
    return average == 1 ? fraction(Op::share(together), attributes)
                        : Rational(total / static_cast<int>(classes.size()));
  }

  static Rational fraction(const Share& share, const Attributes& attributes) {
    if (share.whole != 0) return Rational(share.part) / Rational(share.whole);
    const std::size_t choice = choice_attribute(attributes, zero_division_attribute);
    if (choice == 2)
      throw ShapeError(std::string(Op::name) + ": 0/0, because " + std::string(Op::nothing_to_divide_by) +
                       "; attribute \"zero_division\" gives it a value");
    return Rational(static_cast<int>(choice));
  }
};

}  // namespace assay::oracles::ops::detail
