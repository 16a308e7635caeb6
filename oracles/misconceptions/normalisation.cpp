#include <algorithm>
#include <iterator>
#include <type_traits>

#include "oracles/attribute_access.hpp"
#include "oracles/misconceptions/normalisation.hpp"
#include "oracles/ops/batch_norm.hpp"
#include "oracles/ops/group_norm.hpp"
#include "oracles/ops/instance_norm.hpp"
#include "oracles/ops/layer_norm.hpp"
#include "oracles/ops/rms_norm.hpp"

namespace assay::oracles::mistakes {

namespace {

using ops::detail::Groups;
using ops::detail::Standardised;

// ---- Mean and variance ---------------------------------------------------------------------------------

template <class Op>
Groups groups_of(const Shape& shape, Set s) {
  Groups groups{{}, ops::detail::channels_of(shape)};
  if constexpr (std::is_same_v<Op, ops::BatchNorm>) {
    groups.members.resize(shape[1]);
    for (std::size_t i = 0; i < groups.parameter.size(); ++i)
      groups.members[groups.parameter[i]].push_back(i);
  } else if constexpr (std::is_same_v<Op, ops::GroupNorm>) {
    const auto count = static_cast<std::size_t>(integer_attribute(s, Op::groups_attribute));
    groups.members = ops::detail::consecutive(element_count(shape), shape[0] * count);
  } else {
    groups.members = ops::detail::consecutive(element_count(shape), shape[0] * shape[1]);
  }
  return groups;
}

template <>
Groups groups_of<ops::LayerNorm>(const Shape& shape, Set s) {
  std::size_t size = 1;
  for (std::size_t k = ops::detail::axis_of("layer_norm", "X", shape, s); k < shape.size(); ++k)
    size *= shape[k];
  Groups groups{ops::detail::consecutive(element_count(shape), element_count(shape) / size), {}};
  for (std::size_t i = 0; i < element_count(shape); ++i) groups.parameter.push_back(i % size);
  return groups;
}

/// Whether the statistics are those of X.
template <class Op>
bool of_batch(Set s) {
  if constexpr (std::is_same_v<Op, ops::BatchNorm>) return flag_attribute(s, Op::training_attribute);
  return true;
}

/// Adds what the right gradient subtracts because mean and variance depend on X.
template <class Op, bool mean, bool variance>
Tensors<Ball> held_constant(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp(Op::name, a, u, s);
  if (!of_batch<Op>(s)) return right;
  const Groups groups = groups_of<Op>(a.real[0].shape, s);
  Tensor<Ball> g = u[0];
  for (std::size_t i = 0; i < g.size() && a.real[1].size() != 0; ++i) g[i] *= a.real[1][groups.parameter[i]];
  for (const auto& members : groups.members) {
    const Standardised<Ball> group(ops::detail::gathered(a.real[0], members),
                                   real_attribute<Ball>(s, ops::detail::eps_attribute));
    const auto gradients = ops::detail::gathered(g, members);
    const Ball scale = Ball(members.size()) * group.root;
    const Ball total = sum(gradients) / scale, along = dot(gradients, group.normal) / scale;
    for (std::size_t k = 0; k < members.size(); ++k) {
      if (mean) right[0][members[k]] += total;
      if (variance) right[0][members[k]] += group.normal[k] * along;
    }
  }
  return right;
}

/// ∂L/∂γ = Σ g x, not Σ g x̂.
template <class Op>
Tensors<Ball> weight_by_input(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp(Op::name, a, u, s);
  right[1] = ops::detail::affine_vjp(a.real[0], u[0], a.real[1], a.real[2],
                                     groups_of<Op>(a.real[0].shape, s).parameter)[0];
  return right;
}

/// Normalised by `Root::of(group, M, eps)`.
template <class Op, class Root>
struct OtherRoot {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    Tensors<T> y = Op::forward(a, attributes);
    if (!of_batch<Op>(attributes)) return y;
    const Tensor<T>&weight = a.real[1], &bias = a.real[2];
    const T eps = real_attribute<T>(attributes, ops::detail::eps_attribute);
    const Groups groups = groups_of<Op>(y[0].shape, attributes);
    for (const auto& members : groups.members) {
      const Standardised<T> group(ops::detail::gathered(a.real[0], members), eps);
      const T root = Root::of(group, members.size(), eps);
      for (std::size_t k = 0; k < members.size(); ++k) {
        const std::size_t i = members[k], c = groups.parameter[i];
        y[0][i] = group.deviation[k] / root;
        if (weight.size() != 0) y[0][i] *= weight[c];
        if (bias.size() != 0) y[0][i] += bias[c];
      }
    }
    return y;
  }
};

struct Unbiased {
  template <class T>
  static T of(const Standardised<T>& group, std::size_t m, const T& eps) {
    return sqrt(T(ops::detail::divided(group.squares, m > 1 ? m - 1 : 1) + eps));
  }
};

struct EpsOutside {
  template <class T>
  static T of(const Standardised<T>& group, std::size_t, const T& eps) {
    return T(sqrt(group.variance) + eps);
  }
};

struct BatchStatisticsInInference {
  static constexpr std::string_view operation = "batch_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, Attributes attributes) {
    Tensors<T> y = ops::BatchNorm::forward(a, attributes);
    if (of_batch<ops::BatchNorm>(attributes)) return y;
    attributes["training"] = "true";
    const Tensor<T> none(absent);
    y[0] = ops::BatchNorm::forward(Arguments<T>{{a.real[0], a.real[1], a.real[2], none, none}, {}},
                                   attributes)[0];
    return y;
  }
};

struct MomentumSwapped {
  static constexpr std::string_view operation = "batch_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, Attributes attributes) {
    const bool batch = choice_attribute(attributes, ops::BatchNorm::momentum_of_attribute) == 0;
    attributes["momentum_of"] = batch ? "running" : "batch";
    return ops::BatchNorm::forward(a, attributes);
  }
};

/// The elements whose `Part::of(element, shape, attributes)` are equal are normalised together.
template <class Op, class Part>
struct OtherParts {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    Tensors<T> y = Op::forward(a, attributes);
    if (!of_batch<Op>(attributes)) return y;
    const Shape& shape = a.real[0].shape;
    Groups groups{{}, groups_of<Op>(shape, attributes).parameter};
    for (std::size_t i = 0; i < y[0].size(); ++i) {
      const std::size_t part = Part::of(i, shape, attributes);
      groups.members.resize(std::max(groups.members.size(), part + 1));
      groups.members[part].push_back(i);
    }
    y[0] = ops::detail::normalised(a.real[0], a.real[1], a.real[2], groups,
                                   real_attribute<T>(attributes, ops::detail::eps_attribute));
    return y;
  }
};

struct EachExample {
  static std::size_t of(std::size_t i, const Shape& shape, Set) {
    return i / (element_count(shape) / shape[0]);
  }
};

/// Each place of the last axes over all examples.
struct EachPlace {
  static std::size_t of(std::size_t i, const Shape& shape, Set s) {
    return groups_of<ops::LayerNorm>(shape, s).parameter[i];
  }
};

/// Channel c belongs to group c mod G.
struct EveryOtherChannel {
  static std::size_t of(std::size_t i, const Shape& shape, Set s) {
    const auto count = static_cast<std::size_t>(integer_attribute(s, ops::GroupNorm::groups_attribute));
    const std::size_t inner = element_count(shape) / shape[0] / shape[1];
    return i / inner / shape[1] * count + i / inner % shape[1] % count;
  }
};

struct RunningStatisticsInTraining {
  static constexpr std::string_view operation = "batch_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    Tensors<T> y = ops::BatchNorm::forward(a, attributes);
    if (a.real[3].shape == absent) return y;
    y[0] = ops::BatchNorm::forward(a, with(attributes, "training", "false"))[0];
    return y;
  }
};

struct OtherRunningVariance {
  static constexpr std::string_view operation = "batch_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    const bool biased = choice_attribute(attributes, ops::BatchNorm::running_variance_attribute) == 0;
    return ops::BatchNorm::forward(a, with(attributes, "running_variance", biased ? "unbiased" : "biased"));
  }
};

struct OneGroup {
  static constexpr std::string_view operation = "group_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, Attributes attributes) {
    attributes["num_groups"] = "1";
    return ops::GroupNorm::forward(a, attributes);
  }
};

struct OverTheBatch {
  static constexpr std::string_view operation = "instance_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    const Tensor<T> none(absent);
    return {ops::BatchNorm::forward(Arguments<T>{{a.real[0], a.real[1], a.real[2], none, none}, {}},
                                    attributes)[0]};
  }
};

Attributes other_placement(Set s) {
  const bool inside = choice_attribute(s, ops::RmsNorm::placement_attribute) == 0;
  return with(s, "eps_placement", inside ? "outside" : "inside");
}

struct SumForMean {
  static constexpr std::string_view operation = "rms_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    const Tensor<T>&x = a.real[0], &weight = a.real[1];
    const T eps = real_attribute<T>(attributes, ops::RmsNorm::eps_attribute);
    const bool inside = choice_attribute(attributes, ops::RmsNorm::placement_attribute) == 0;
    Tensor<T> y(x.shape);
    for (const auto& members : groups_of<ops::LayerNorm>(x.shape, attributes).members) {
      const std::vector<T> values = ops::detail::gathered(x, members);
      const T squares = dot(values, values);
      const T root = inside ? T(sqrt(T(squares + eps))) : T(sqrt(squares) + eps);
      for (std::size_t k = 0; k < members.size(); ++k) {
        y[members[k]] = values[k] / root;
        if (weight.size() != 0) y[members[k]] *= weight[k];
      }
    }
    return {y};
  }
};

/// u w / r: that of a fixed divisor.
Tensors<Ball> root_held_constant(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("rms_norm", a, u, s);
  const Tensor<Ball> y = right_forward("rms_norm", a, s)[0];
  for (std::size_t i = 0; i < y.size(); ++i) right[0][i] = u[0][i] * y[i] / a.real[0][i];
  return right;
}

struct MeanSubtracted {
  static constexpr std::string_view operation = "rms_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    return ops::LayerNorm::forward(Arguments<T>{{a.real[0], a.real[1], Tensor<T>(absent)}, {}}, attributes);
  }
};

}  // namespace

std::vector<Misconception> normalisation() {
  using namespace ops;
  constexpr std::string_view no_statistics =
      "takes mean and variance for constants, where they depend on the input";
  constexpr std::string_view no_mean = "takes the mean for a constant, where it depends on the input";
  constexpr std::string_view no_variance = "takes the variance for a constant, where it depends on the input";
  constexpr std::string_view by_input = "sums the weight gradient with the input, not the normalised one";
  constexpr std::string_view unbiased = "normalises by the unbiased variance, over M - 1 elements";
  constexpr std::string_view eps_outside = "adds eps to the standard deviation, not to the variance";
  std::vector<Misconception> all = lengths();
  std::ranges::copy(regularisers(), std::back_inserter(all));
  const std::vector<Misconception> norms = {
      wrong_operation<BatchStatisticsInInference>("batch_norm.batch_statistics_in_inference",
                                                  "normalises by the batch in inference too"),
      wrong_operation<OtherRoot<BatchNorm, EpsOutside>>("batch_norm.eps_outside", eps_outside),
      wrong_gradient("batch_norm.gradient.mean_as_constant", no_mean, held_constant<BatchNorm, true, false>),
      wrong_gradient("batch_norm.gradient.statistics_as_constants", no_statistics,
                     held_constant<BatchNorm, true, true>),
      wrong_gradient("batch_norm.gradient.variance_as_constant", no_variance,
                     held_constant<BatchNorm, false, true>),
      wrong_operation<OtherParts<BatchNorm, EachExample>>(
          "batch_norm.each_example",
          "normalises each example over its features, as layer normalisation does"),
      wrong_operation<RunningStatisticsInTraining>("batch_norm.running_statistics_in_training",
                                                   "normalises by the running statistics in training too"),
      wrong_operation<OtherRunningVariance>(
          "batch_norm.running_variance_divisor",
          "divides by M - 1 in the running variance where M is asked for, or the other way round"),
      wrong_gradient("batch_norm.gradient.weight_by_input", by_input, weight_by_input<BatchNorm>),
      wrong_operation<MomentumSwapped>(
          "batch_norm.momentum_swapped",
          "weighs the running value as the batch, and the batch as the running value"),
      wrong_operation<OtherRoot<BatchNorm, Unbiased>>("batch_norm.unbiased_variance", unbiased),
      wrong_gradient("group_norm.gradient.statistics_as_constants", no_statistics,
                     held_constant<GroupNorm, true, true>),
      wrong_operation<OtherParts<GroupNorm, EveryOtherChannel>>(
          "group_norm.every_other_channel",
          "puts every other channel into a group, where a group is a run of neighbouring channels"),
      wrong_operation<OtherRoot<GroupNorm, EpsOutside>>("group_norm.eps_outside", eps_outside),
      wrong_operation<OtherRoot<GroupNorm, Unbiased>>("group_norm.unbiased_variance", unbiased),
      wrong_operation<OneGroup>("group_norm.one_group", "normalises all channels together, not each group"),
      wrong_gradient("instance_norm.gradient.statistics_as_constants", no_statistics,
                     held_constant<InstanceNorm, true, true>),
      wrong_operation<OtherRoot<InstanceNorm, EpsOutside>>("instance_norm.eps_outside", eps_outside),
      wrong_operation<OtherRoot<InstanceNorm, Unbiased>>("instance_norm.unbiased_variance", unbiased),
      wrong_operation<OverTheBatch>("instance_norm.over_the_batch",
                                    "normalises over the batch too, not each example alone"),
      wrong_operation<OtherRoot<LayerNorm, EpsOutside>>("layer_norm.eps_outside", eps_outside),
      wrong_gradient("layer_norm.gradient.mean_as_constant", no_mean, held_constant<LayerNorm, true, false>),
      wrong_gradient("layer_norm.gradient.statistics_as_constants", no_statistics,
                     held_constant<LayerNorm, true, true>),
      wrong_gradient("layer_norm.gradient.variance_as_constant", no_variance,
                     held_constant<LayerNorm, false, true>),
      wrong_gradient("layer_norm.gradient.weight_by_input", by_input, weight_by_input<LayerNorm>),
      wrong_operation<OtherParts<LayerNorm, EachPlace>>("layer_norm.over_the_batch",
                                                        "normalises each feature over the batch"),
      wrong_operation<OtherRoot<LayerNorm, Unbiased>>("layer_norm.unbiased_variance", unbiased),
      wrong_settings<RmsNorm, other_placement>(
          "rms_norm.eps_placement",
          "adds eps to the root where it belongs inside it, or the other way round"),
      wrong_gradient("rms_norm.gradient.root_as_constant",
                     "takes the root mean square for a constant, where it depends on the input",
                     root_held_constant),
      wrong_operation<SumForMean>("rms_norm.sum_of_squares", "divides by the length, without the mean"),
      wrong_operation<MeanSubtracted>("rms_norm.mean_subtracted",
                                      "subtracts the mean first, as layer normalisation does"),
  };
  all.insert(all.end(), norms.begin(), norms.end());
  return all;
}

}  // namespace assay::oracles::mistakes
