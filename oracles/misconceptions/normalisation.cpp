#include <type_traits>

#include "oracles/attribute_access.hpp"
#include "oracles/misconceptions/mistaken.hpp"
#include "oracles/ops/batch_norm.hpp"
#include "oracles/ops/dropout.hpp"
#include "oracles/ops/group_norm.hpp"
#include "oracles/ops/instance_norm.hpp"
#include "oracles/ops/l2_normalize.hpp"
#include "oracles/ops/layer_norm.hpp"
#include "oracles/ops/local_response_norm.hpp"
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

struct MeanSubtracted {
  static constexpr std::string_view operation = "rms_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    return ops::LayerNorm::forward(Arguments<T>{{a.real[0], a.real[1], Tensor<T>(absent)}, {}}, attributes);
  }
};

// ---- Lengths, penalties, dropout -----------------------------------------------------------------------

struct OtherEnergy {
  static constexpr std::string_view operation = "local_response_norm";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, Attributes attributes) {
    const bool mean = choice_attribute(attributes, ops::LocalResponseNorm::energy_attribute) == 0;
    attributes["energy"] = mean ? "sum" : "mean";
    return ops::LocalResponseNorm::forward(a, attributes);
  }
};

/// g / m for each line.
Tensors<Ball> length_held_constant(In a, Up u, Set s) {
  const Tensor<Ball>& x = a.real[0];
  const Ball eps = real_attribute<Ball>(s, ops::L2Normalize::eps_attribute);
  const bool maximum = choice_attribute(s, ops::L2Normalize::guard_attribute) == 0;
  Tensor<Ball> dx = x;
  for (const auto& line :
       ops::detail::lines(x.shape, ops::detail::axis_of("l2_normalize", "X", x.shape, s))) {
    const std::vector<Ball> values = ops::detail::take(x, line);
    const Ball squares = dot(values, values);
    const Ball m = maximum ? max(sqrt(squares), eps) : sqrt(Ball(squares + eps));
    std::vector<Ball> g = ops::detail::take(u[0], line);
    for (Ball& element : g) element /= m;
    ops::detail::put(dx, line, g);
  }
  return {dx};
}

struct DropsInInference {
  static constexpr std::string_view operation = "dropout";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, Attributes attributes) {
    attributes["training"] = "true";
    return ops::Dropout::forward(a, attributes);
  }
};

/// Scaled in training for classic, in inference for inverted.
struct ScaledAtTheOtherTime {
  static constexpr std::string_view operation = "dropout";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, Attributes attributes) {
    const bool inverted = choice_attribute(attributes, ops::Dropout::mode_attribute) == 0;
    attributes["mode"] = inverted ? "classic" : "inverted";
    return ops::Dropout::forward(a, attributes);
  }
};

struct ProbabilityToKeep {
  static constexpr std::string_view operation = "dropout";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, Attributes attributes) {
    attributes["p"] = Rational(1 - rational_attribute(attributes, ops::Dropout::p_attribute)).str();
    return ops::Dropout::forward(a, attributes);
  }
};

Tensors<Ball> mask_forgotten(In a, Up u, Set s) {
  Arguments<Ball> kept = a;
  for (std::size_t i = 0; i < kept.index[0].size(); ++i) kept.index[0][i] = 1;
  return right_vjp("dropout", kept, u, s);
}

/// The first gradient is the upstream one, also where the value is 0.
Tensors<Ball> passes_everywhere(std::string_view operation, In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp(operation, a, u, s);
  right[0] = u[0];
  return right;
}

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
  constexpr std::string_view everywhere = "lets the gradient pass below the threshold, where the value is 0";
  return {
      wrong_operation<BatchStatisticsInInference>("batch_norm.batch_statistics_in_inference",
                                                  "normalises by the batch in inference too"),
      wrong_operation<OtherRoot<BatchNorm, EpsOutside>>("batch_norm.eps_outside", eps_outside),
      wrong_gradient("batch_norm.gradient.mean_as_constant", no_mean, held_constant<BatchNorm, true, false>),
      wrong_gradient("batch_norm.gradient.statistics_as_constants", no_statistics,
                     held_constant<BatchNorm, true, true>),
      wrong_gradient("batch_norm.gradient.variance_as_constant", no_variance,
                     held_constant<BatchNorm, false, true>),
      wrong_gradient("batch_norm.gradient.weight_by_input", by_input, weight_by_input<BatchNorm>),
      wrong_operation<MomentumSwapped>(
          "batch_norm.momentum_swapped",
          "weighs the running value as the batch, and the batch as the running value"),
      wrong_operation<OtherRoot<BatchNorm, Unbiased>>("batch_norm.unbiased_variance", unbiased),
      wrong_gradient("diagonal_lasso.gradient.passes_everywhere", everywhere,
                     [](In a, Up u, Set s) { return passes_everywhere("diagonal_lasso", a, u, s); }),
      wrong_operation<DropsInInference>("dropout.drops_in_inference", "drops elements in inference too"),
      wrong_gradient("dropout.gradient.mask_forgotten",
                     "lets the gradient pass to elements that were dropped", mask_forgotten),
      wrong_operation<ProbabilityToKeep>("dropout.probability_to_keep",
                                         "takes p for the probability to keep an element, not to drop it"),
      wrong_operation<ScaledAtTheOtherTime>(
          "dropout.scaled_at_the_other_time",
          "scales in inference where training should, or in training where inference should"),
      wrong_gradient("group_norm.gradient.statistics_as_constants", no_statistics,
                     held_constant<GroupNorm, true, true>),
      wrong_operation<OneGroup>("group_norm.one_group", "normalises all channels together, not each group"),
      wrong_gradient("instance_norm.gradient.statistics_as_constants", no_statistics,
                     held_constant<InstanceNorm, true, true>),
      wrong_operation<OverTheBatch>("instance_norm.over_the_batch",
                                    "normalises over the batch too, not each example alone"),
      wrong_gradient("l1_penalty.gradient.no_sign", "forgets the sign: every weight gets the strength",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("l1_penalty", a, u, s);
                       for (Ball& element : right[0].data) element = a.real[1][0] * u[0][0];
                       return right;
                     }),
      wrong_gradient("l2_normalize.gradient.length_as_constant",
                     "takes the length for a constant, where it depends on the input", length_held_constant),
      wrong_gradient("l2_penalty.gradient.no_two", "forgets the factor 2 of the square",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("l2_penalty", a, u, s);
                       for (Ball& element : right[0].data) element /= 2;
                       return right;
                     }),
      wrong_operation<OtherRoot<LayerNorm, EpsOutside>>("layer_norm.eps_outside", eps_outside),
      wrong_gradient("layer_norm.gradient.mean_as_constant", no_mean, held_constant<LayerNorm, true, false>),
      wrong_gradient("layer_norm.gradient.statistics_as_constants", no_statistics,
                     held_constant<LayerNorm, true, true>),
      wrong_gradient("layer_norm.gradient.variance_as_constant", no_variance,
                     held_constant<LayerNorm, false, true>),
      wrong_gradient("layer_norm.gradient.weight_by_input", by_input, weight_by_input<LayerNorm>),
      wrong_operation<OtherRoot<LayerNorm, Unbiased>>("layer_norm.unbiased_variance", unbiased),
      wrong_operation<OtherEnergy>(
          "local_response_norm.other_energy",
          "sums the squares of a window where their mean counts, or the other way round"),
      wrong_operation<MeanSubtracted>("rms_norm.mean_subtracted",
                                      "subtracts the mean first, as layer normalisation does"),
      wrong_gradient("soft_threshold.gradient.passes_everywhere", everywhere,
                     [](In a, Up u, Set s) { return passes_everywhere("soft_threshold", a, u, s); }),
  };
}

}  // namespace assay::oracles::mistakes
