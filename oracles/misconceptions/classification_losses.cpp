#include "oracles/misconceptions/losses.hpp"
#include "oracles/ops/detail/labelled_rows.hpp"
#include "oracles/ops/detail/soft_targets.hpp"
#include "oracles/ops/nll.hpp"
#include "oracles/ops/softmax.hpp"
#include "oracles/ops/softmax_cross_entropy.hpp"
#include "oracles/ops/softmax_cross_entropy_soft.hpp"

namespace assay::oracles::mistakes {

namespace {

using ops::Nll, ops::SoftmaxCrossEntropy, ops::SoftmaxCrossEntropySoft;

template <class Op>
struct WeightsIgnored {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Arguments<T> unweighted = a;
    unweighted.real.back() = Tensor<T>(absent);
    return Op::forward(unweighted, s);
  }
};

/// Weights or no weights, ignored rows or not: the mean divides by N.
template <class Op>
struct MeanOverAllRows {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    if (!is_mean(s)) return Op::forward(a, s);
    const Tensor<T> total = Op::forward(a, with(s, "reduction", "sum"))[0];
    return {scaled(total, Rational(1) / static_cast<int>(a.real[0].shape[0]))};
  }
};

/// Only where there are weights, which `MeanOverAllRows` does not tell apart from ignored rows.
template <class Op>
struct WeightedMeanOverRows {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return a.real[1].shape == absent ? Op::forward(a, s) : MeanOverAllRows<Op>::forward(a, s);
  }
};

struct SoftmaxTwice {
  static constexpr std::string_view operation = "softmax_cross_entropy";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Arguments<T> again = a;
    again.real[0] = ops::Softmax::forward(Arguments<T>{{a.real[0]}, {}}, {})[0];
    return SoftmaxCrossEntropy::forward(again, s);
  }
};

/// −log p_y as if it were −p_y.
struct ProbabilityOfLabel {
  static constexpr std::string_view operation = "nll";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Arguments<T> again = a;
    for (T& element : again.real[0].data) element = exp(element);
    return Nll::forward(again, s);
  }
};

/// 1 − ε for the label and ε/(C − 1) for each other class is the right formula with ε′ = ε C/(C − 1).
struct SmoothingOverOthers {
  static constexpr std::string_view operation = "softmax_cross_entropy";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const auto classes = static_cast<int>(a.real[0].shape[1]);
    if (classes == 1) return SoftmaxCrossEntropy::forward(a, s);  // there are no other classes
    const Rational changed = ops::detail::smoothing_of(s) * classes / (classes - 1);
    if (changed > 1) return SoftmaxCrossEntropy::forward(a, s);
    return SoftmaxCrossEntropy::forward(a, with(s, "label_smoothing", changed.str()));
  }
};

/// Labels counted from 1, so that class 0 is the last one; labels of no class, which are ignored, stay.
template <class Op>
struct LabelsFromOne {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Arguments<T> relabelled(Arguments<T> a) {
    const auto classes = static_cast<std::int64_t>(a.real[0].shape[1]);
    for (std::int64_t& label : a.index[0].data)
      if (label >= 0 && label < classes) label = (label + classes - 1) % classes;
    return a;
  }
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return Op::forward(relabelled(a), s);
  }
  template <class T>
  static Tensors<T> textbook_vjp(const Arguments<T>& a, const Tensors<T>& u, const Attributes& s) {
    return Op::vjp(relabelled(a), u, s);
  }
};

/// Labels counted from 1, where class 0 is kept from leaving the row.
struct LabelsFromOneAtLeastZero {
  static constexpr std::string_view operation = "softmax_cross_entropy";
  template <class T>
  static Arguments<T> relabelled(Arguments<T> a) {
    for (std::int64_t& label : a.index[0].data)
      if (label > 0 && label < static_cast<std::int64_t>(a.real[0].shape[1])) --label;
    return a;
  }
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    return SoftmaxCrossEntropy::forward(relabelled(a), s);
  }
  template <class T>
  static Tensors<T> textbook_vjp(const Arguments<T>& a, const Tensors<T>& u, const Attributes& s) {
    return SoftmaxCrossEntropy::vjp(relabelled(a), u, s);
  }
};

/// The softmax of each column in place of each row. The gradient is p − t as ever, with that p.
Tensors<Ball> normalised_over_the_batch(In a, Set s) {
  const Tensors<Ball> p = right_forward("log_softmax", {{a.real[0]}, {}}, {{"axis", "0"}});
  Attributes kept = s;
  kept.erase("label_smoothing");
  return right_forward("nll", {{p[0], a.real[1]}, a.index}, kept);
}

Tensors<Ball> normalised_over_the_batch_backwards(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("softmax_cross_entropy", a, u, s);
  if (a.real[1].shape != absent || s.contains("ignore_index")) return right;
  const Tensor<Ball> rows = right_forward("softmax", {{a.real[0]}, {}}, {{"axis", "1"}})[0];
  const Tensor<Ball> columns = right_forward("softmax", {{a.real[0]}, {}}, {{"axis", "0"}})[0];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Ball excess = (columns[i] - rows[i]) * u[0][u[0].shape.empty() ? 0 : i / rows.shape[1]];
    right[0][i] += is_mean(s) ? Ball(excess / static_cast<int>(rows.shape[0])) : excess;
  }
  return right;
}

template <class Op>
struct BaseTwo {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Tensor<T> loss = Op::forward(a, s)[0];
    for (T& element : loss.data) element /= log(T(2));
    return {loss};
  }
};

/// The label gets `times` of what the right gradient subtracts there more: with 1 nothing, with 2 it is
/// added.
template <int times>
Tensors<Ball> one_hot_changed(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("softmax_cross_entropy", a, u, s);
  const ops::detail::LabelledRows<Ball> rows("softmax_cross_entropy", a, s);
  const auto reaching = rows.cotangents(u[0]);
  const Ball kept = Ball(1) - real_attribute<Ball>(s, ops::detail::label_smoothing_attribute);
  for (std::size_t n = 0; n < rows.labels.size(); ++n)
    if (const auto label = rows.labels[n])
      right[0](n, *label) += times * reaching(Ball(kept * rows.weight(*label)), n);
  return right;
}

/// p − t, as if each row of targets summed to 1.
Tensors<Ball> one_for_the_sum_of_targets(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("softmax_cross_entropy_soft", a, u, s);
  const Tensor<Ball> p = right_forward("softmax", {{a.real[0]}, {}}, {})[0];
  for (std::size_t n = 0; n < p.shape[0]; ++n) {
    Ball total(-1);
    for (std::size_t c = 0; c < p.shape[1]; ++c) total += a.real[1](n, c);
    for (std::size_t c = 0; c < p.shape[1]; ++c) {
      const Ball excess = p(n, c) * total * u[0][u[0].shape.empty() ? 0 : n];
      right[0](n, c) -= is_mean(s) ? Ball(excess / static_cast<int>(p.shape[0])) : excess;
    }
  }
  return right;
}

}  // namespace

std::vector<Misconception> classification_losses() {
  constexpr std::string_view labels_from_one = "counts the classes from 1: each label is off by one";
  return {
      wrong_operation<MeanOverAllRows<Nll>>(
          "nll.ignored_rows_counted",
          "divides the mean by all rows, those that are ignored or weigh less too"),
      wrong_operation<LabelsFromOne<Nll>>("nll.labels_from_one", labels_from_one),
      wrong_operation<MeanIsSum<Nll>>("nll.mean_is_sum", "sums over the batch where the mean is asked for"),
      wrong_operation<ProbabilityOfLabel>("nll.probabilities",
                                          "takes the probability of the label in place of its logarithm"),
      wrong_operation<Negated<Nll>>("nll.sign", "returns the log-likelihood, without the minus sign"),
      wrong_operation<WeightedMeanOverRows<Nll>>(
          "nll.weighted_mean_over_rows",
          "divides a weighted sum by the number of rows, not by their weights"),
      wrong_gradient("nll.gradient.no_mean", "forgets the 1/N of the mean", without_mean<Nll>),
      wrong_operation<BaseTwo<SoftmaxCrossEntropy>>("softmax_cross_entropy.base_two",
                                                    "takes logarithms to base 2"),
      wrong_gradient("softmax_cross_entropy.gradient.no_mean", "forgets the 1/N of the mean",
                     without_mean<SoftmaxCrossEntropy>),
      wrong_gradient("softmax_cross_entropy.gradient.no_one_hot", "forgets to subtract the one-hot label",
                     one_hot_changed<1>),
      wrong_gradient("softmax_cross_entropy.gradient.one_hot_added",
                     "adds the one-hot label, where it is subtracted", one_hot_changed<2>),
      wrong_gradient("softmax_cross_entropy.gradient.sign",
                     "subtracts the probabilities from the one-hot label",
                     negated_gradient<SoftmaxCrossEntropy>),
      wrong_operation<MeanOverAllRows<SoftmaxCrossEntropy>>(
          "softmax_cross_entropy.ignored_rows_counted",
          "divides the mean by all rows, those that are ignored or weigh less too"),
      wrong_operation<LabelsFromOne<SoftmaxCrossEntropy>>("softmax_cross_entropy.labels_from_one",
                                                          labels_from_one),
      wrong_operation<LabelsFromOneAtLeastZero>(
          "softmax_cross_entropy.labels_from_one_but_the_first",
          "counts the classes from 1, so that each but the first is read as the one before"),
      {"softmax_cross_entropy.over_the_batch", "softmax_cross_entropy",
       "normalises over the batch, where each row is normalised over its classes", normalised_over_the_batch,
       normalised_over_the_batch_backwards},
      wrong_operation<SmoothingOverOthers>(
          "softmax_cross_entropy.smoothing_over_others",
          "smooths over the other classes, where the label gets its share too"),
      wrong_operation<MeanIsSum<SoftmaxCrossEntropy>>("softmax_cross_entropy.mean_is_sum",
                                                      "sums over the batch where the mean is asked for"),
      wrong_operation<MeanOverElements<SoftmaxCrossEntropy>>(
          "softmax_cross_entropy.mean_over_classes",
          "divides by the number of logits, N times C, for the mean"),
      wrong_operation<Negated<SoftmaxCrossEntropy>>("softmax_cross_entropy.sign",
                                                    "returns the log-likelihood, without the minus sign"),
      wrong_operation<SoftmaxTwice>("softmax_cross_entropy.softmax_twice",
                                    "applies softmax to the logits before a loss that applies it too"),
      wrong_operation<WeightedMeanOverRows<SoftmaxCrossEntropy>>(
          "softmax_cross_entropy.weighted_mean_over_rows",
          "divides a weighted sum by the number of rows, not by their weights"),
      wrong_operation<WeightsIgnored<SoftmaxCrossEntropy>>("softmax_cross_entropy.weights_ignored",
                                                           "leaves the class weights out"),
      wrong_gradient("softmax_cross_entropy_soft.gradient.targets_sum_to_one",
                     "uses p - t although the targets of a row do not sum to 1", one_for_the_sum_of_targets),
      wrong_operation<MeanOverElements<SoftmaxCrossEntropySoft>>(
          "softmax_cross_entropy_soft.mean_over_classes",
          "divides by the number of logits, N times C, for the mean"),
      wrong_operation<Negated<SoftmaxCrossEntropySoft>>("softmax_cross_entropy_soft.sign",
                                                        "returns the log-likelihood, without the minus sign"),
      wrong_operation<WeightsIgnored<SoftmaxCrossEntropySoft>>("softmax_cross_entropy_soft.weights_ignored",
                                                               "leaves the class weights out"),
  };
}

}  // namespace assay::oracles::mistakes
