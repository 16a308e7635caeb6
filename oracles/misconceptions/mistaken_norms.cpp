#include "oracles/misconceptions/mistaken_norms.hpp"

#include "oracles/misconceptions/mistaken.hpp"
#include "oracles/ops/batch_norm.hpp"
#include "oracles/ops/group_norm.hpp"
#include "oracles/ops/layer_norm.hpp"
#include "oracles/ops/rms_norm.hpp"

namespace assay::oracles::mistakes {

namespace {

enum class Slip { none, mean_constant, variance_constant, unbiased, eps_outside };

/// Which elements are normalised together, by a number for each element, and the parameter of each.
struct Partition {
  std::vector<std::size_t> group = {}, parameter = {};
};

template <class T>
T centre(const std::vector<T>& x, Slip slip) {
  const T mean = T(sum(x)) / T(static_cast<int>(x.size()));
  return slip == Slip::mean_constant ? T(detach(mean)) : mean;
}

template <class T>
T divisor(const std::vector<T>& deviations, const T& eps, Slip slip) {
  const auto count = static_cast<int>(deviations.size()) - (slip == Slip::unbiased);
  const T variance = dot(deviations, deviations) / T(count);
  const T root = slip == Slip::eps_outside ? T(sqrt(variance) + eps) : T(sqrt(T(variance + eps)));
  return slip == Slip::variance_constant ? T(detach(root)) : root;
}

template <class T>
Tensor<T> normalised(const Arguments<T>& arguments, const Partition& partition, const T& eps,
                     Slip slip = Slip::none) {
  const Tensor<T>&x = arguments.real[0], &weight = arguments.real[1], &bias = arguments.real[2];
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (partition.group[i] >= groups.size()) groups.resize(partition.group[i] + 1);
    groups[partition.group[i]].push_back(i);
  }
  Tensor<T> y(x.shape);
  for (const auto& members : groups) {
    std::vector<T> d = ops::detail::gathered(x, members);
    const T mean = centre(d, slip);
    for (T& element : d) element -= mean;
    const T root = divisor(d, eps, slip);
    for (std::size_t k = 0; k < members.size(); ++k) {
      const std::size_t c = partition.parameter[members[k]];
      y[members[k]] = d[k] / root;
      if (weight.size() != 0) y[members[k]] *= weight[c];
      if (bias.size() != 0) y[members[k]] += bias[c];
    }
  }
  return y;
}

bool in_training(const Attributes& attributes) {
  return flag_attribute(attributes, ops::BatchNorm::training_attribute);
}

template <Slip slip>
struct MistakenBatchNorm {
  static constexpr std::string_view operation = "batch_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    Tensors<T> right = ops::BatchNorm::forward(arguments, attributes);
    if (!in_training(attributes)) return right;
    const auto channels = ops::detail::channels_of(arguments.real[0].shape);
    right[0] = normalised(arguments, {channels, channels},
                          real_attribute<T>(attributes, ops::detail::eps_attribute), slip);
    return right;
  }
};

struct BatchNormOverFeatures {
  static constexpr std::string_view operation = "batch_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    Tensors<T> right = ops::BatchNorm::forward(arguments, attributes);
    if (!in_training(attributes)) return right;
    const Shape& shape = arguments.real[0].shape;
    Partition partition{{}, ops::detail::channels_of(shape)};
    const std::size_t each = element_count(shape) / shape[0];
    for (std::size_t i = 0; i < element_count(shape); ++i) partition.group.push_back(i / each);
    right[0] = normalised(arguments, partition, real_attribute<T>(attributes, ops::detail::eps_attribute));
    return right;
  }
};

/// Normalises by the statistics of the other mode.
template <bool when_training>
struct BatchNormInTheOtherMode {
  static constexpr std::string_view operation = "batch_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    Tensors<T> right = ops::BatchNorm::forward(arguments, attributes);
    if (in_training(attributes) != when_training || arguments.real[3].shape == absent) return right;
    Attributes other = attributes;
    other["training"] = when_training ? "false" : "true";
    right[0] = ops::BatchNorm::forward(arguments, other)[0];
    return right;
  }
};

Tensors<Ball> momentum_swapped(In a, Set s) {
  Attributes wrong = s;
  wrong["momentum_of"] =
      choice_attribute(s, ops::BatchNorm::momentum_of_attribute) == 0 ? "running" : "batch";
  return right_forward("batch_norm", a, wrong);
}

Tensors<Ball> weight_from_input(In a, Up u, Set s) {
  Tensors<Ball> wrong = right_vjp("batch_norm", a, u, s);
  if (wrong[1].shape == absent) return wrong;
  const auto channels = ops::detail::channels_of(a.real[0].shape);
  for (Ball& element : wrong[1].data) element = 0;
  for (std::size_t i = 0; i < a.real[0].size(); ++i) wrong[1][channels[i]] += u[0][i] * a.real[0][i];
  return wrong;
}

/// Groups of channels that are not neighbours: c mod G.
struct Interleaved {
  static constexpr std::string_view operation = "group_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Shape& shape = arguments.real[0].shape;
    const auto groups =
        static_cast<std::size_t>(integer_attribute(attributes, ops::GroupNorm::groups_attribute));
    Partition partition{{}, ops::detail::channels_of(shape)};
    const std::size_t each = element_count(shape) / shape[0];
    for (std::size_t i = 0; i < element_count(shape); ++i)
      partition.group.push_back(i / each * groups + partition.parameter[i] % groups);
    return {normalised(arguments, partition, real_attribute<T>(attributes, ops::detail::eps_attribute))};
  }
};

struct InstanceNormOverBatch {
  static constexpr std::string_view operation = "instance_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const auto channels = ops::detail::channels_of(arguments.real[0].shape);
    return {normalised(arguments, {channels, channels},
                       real_attribute<T>(attributes, ops::detail::eps_attribute))};
  }
};

std::size_t size_normalised(const Shape& shape, const Attributes& attributes) {
  std::size_t size = 1;
  for (std::size_t axis = ops::detail::axis_of("layer_norm", "X", shape, attributes); axis < shape.size(); ++axis)
    size *= shape[axis];
  return size;
}

template <Slip slip, bool over_batch>
struct MistakenLayerNorm {
  static constexpr std::string_view operation = "layer_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Shape& shape = arguments.real[0].shape;
    const std::size_t size = size_normalised(shape, attributes);
    Partition partition;
    for (std::size_t i = 0; i < element_count(shape); ++i) {
      partition.parameter.push_back(i % size);
      partition.group.push_back(over_batch ? i % size : i / size);
    }
    return {normalised(arguments, partition, real_attribute<T>(attributes, ops::detail::eps_attribute), slip)};
  }
};

struct CentredRmsNorm {
  static constexpr std::string_view operation = "rms_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    Arguments<T> centred = arguments;
    Tensor<T>& x = centred.real[0];
    const std::size_t size = size_normalised(x.shape, attributes);
    for (std::size_t first = 0; first < x.size(); first += size) {
      const T mean = T(sum(&x[first], 1, size)) / T(static_cast<int>(size));
      for (std::size_t i = first; i < first + size; ++i) x[i] -= mean;
    }
    return ops::RmsNorm::forward(centred, attributes);
  }
};

/// The cotangent of X is that of a fixed divisor.
Tensors<Ball> root_as_constant(In a, Up u, Set s) {
  Tensors<Ball> wrong = right_vjp("rms_norm", a, u, s);
  const Tensor<Ball> y = right_forward("rms_norm", a, s)[0];
  for (std::size_t i = 0; i < y.size(); ++i) wrong[0][i] = u[0][i] * y[i] / a.real[0][i];
  return wrong;
}

/// The value is right, the gradient is that of a forward pass with constants in it.
template <class Wrong>
Misconception wrong_tape(std::string_view id, std::string_view mistake) {
  return wrong_gradient(
      id, mistake, [](In a, Up u, Set s) { return tape_vjp<Wrong>(operation_named(Wrong::operation), a, u, s); });
}

std::vector<Misconception> mistaken_batch_norms() {
  return {
      wrong_tape<MistakenBatchNorm<Slip::mean_constant>>("batch_norm.gradient.mean_as_constant",
                                                         "treats the mean of the batch as a constant"),
      wrong_tape<MistakenBatchNorm<Slip::variance_constant>>("batch_norm.gradient.variance_as_constant",
                                                             "treats the variance of the batch as a constant"),
      wrong_gradient("batch_norm.gradient.weight_from_input",
                     "multiplies by the input in place of the normalised input for the weight gradient",
                     &weight_from_input),
      wrong_operation<BatchNormInTheOtherMode<false>>(
          "batch_norm.result.batch_statistics_in_inference", "normalises by the batch's statistics in inference"),
      wrong_operation<MistakenBatchNorm<Slip::eps_outside>>("batch_norm.result.eps_outside_root",
                                                            "adds eps to the root in place of the variance"),
      wrong_result("batch_norm.result.momentum_swapped",
                   "weighs the batch where the running value is meant, or the other way round", &momentum_swapped),
      wrong_operation<BatchNormOverFeatures>("batch_norm.result.over_features",
                                             "normalises each example over its features in place of the batch"),
      wrong_operation<BatchNormInTheOtherMode<true>>("batch_norm.result.running_statistics_in_training",
                                                     "normalises by the running statistics in training"),
      wrong_operation<MistakenBatchNorm<Slip::unbiased>>("batch_norm.result.unbiased_variance",
                                                         "normalises by the variance over M - 1"),
  };
}

}  // namespace

std::vector<Misconception> mistaken_norms() {
  std::vector<Misconception> all = mistaken_batch_norms();
  const std::vector<Misconception> others = {
      wrong_operation<Interleaved>("group_norm.result.interleaved",
                                   "puts every G-th channel into a group in place of neighbours"),
      wrong_operation<InstanceNormOverBatch>("instance_norm.result.over_batch",
                                             "normalises over the whole batch, as batch normalisation does"),
      wrong_tape<MistakenLayerNorm<Slip::variance_constant, false>>("layer_norm.gradient.variance_as_constant",
                                                                    "treats the variance as a constant"),
      wrong_operation<MistakenLayerNorm<Slip::none, true>>("layer_norm.result.over_batch",
                                                           "normalises each feature over the batch"),
      wrong_operation<MistakenLayerNorm<Slip::unbiased, false>>("layer_norm.result.unbiased_variance",
                                                                "normalises by the variance over M - 1"),
      wrong_gradient("rms_norm.gradient.root_as_constant", "treats the root mean square as a constant",
                     &root_as_constant),
      wrong_operation<CentredRmsNorm>("rms_norm.result.subtracts_mean",
                                      "subtracts the mean, as layer normalisation does"),
  };
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

}  // namespace assay::oracles::mistakes
