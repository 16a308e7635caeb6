#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/standardise.hpp"

namespace assay::oracles::ops {

/// Batch normalisation of each of C channels over the batch and all positions, M elements together.
///
///   training:  μ_c = mean, v_c = (1/M) Σ (x − μ_c)²  of this batch
///   inference: μ_c, v_c are the running statistics
///   y       = γ_c x̂ + β_c              where x̂ = (x − μ_c) / √(v_c + ε)
///   ∂L/∂x   = (g′ − mean(g′) − x̂ mean(g′ x̂)) / √(v_c + ε)  in training, g′ / √(v_c + ε) in inference
///             where g = ∂L/∂y, g′ = γ_c g
///   ∂L/∂γ_c = Σ g x̂,  ∂L/∂β_c = Σ g
///   running ← (1 − m) running + m batch, with the batch's variance over M − 1 (unbiased) or M (biased)
///
/// The running statistics get no gradient; their new values depend on X, and the gradient of X includes what
/// comes back through them (frameworks send nothing back: an upstream gradient of 0). In inference they pass
/// unchanged. Where they are left out, so are the new ones: shape (0). PyTorch's momentum = None, a
/// cumulative average, is left out.
struct BatchNorm {
  static constexpr std::string_view name = "batch_norm";
  static constexpr AttributeSpec training_attribute{
      "training", "true", "normalise by the batch's own statistics", AttributeKind::flag};
  static constexpr AttributeSpec momentum_attribute{"momentum", "0.1", "of the running statistics, 0 to 1"};
  static constexpr AttributeSpec momentum_of_attribute{
      "momentum_of", "batch",
      "what the momentum weighs: the new batch (PyTorch) or the running value (Keras, ONNX: 0.9 there)",
      AttributeKind::choice, "batch|running"};
  static constexpr AttributeSpec running_variance_attribute{"running_variance", "unbiased",
                                                            "over M - 1 (PyTorch) or M (ONNX) elements",
                                                            AttributeKind::choice, "biased|unbiased"};

  static Operation spec() {
    return {.name = name,
            .formula =
                "Y = weight (X - mean) / sqrt(var + eps) + bias per channel; dX = weight (dY - mean(dY) - "
                "Xhat mean(dY Xhat)) / sqrt(var + eps) in training; dweight = sum(dY Xhat); dbias = "
                "sum(dY)",
            .domain = "all real X; running_var >= 0; eps = 0 only where no channel is constant",
            .source = "Ioffe and Szegedy, Batch Normalization, 2015",
            .inputs = {{"X", "(N, C, ...)"},
                       {.name = "weight", .shape = "(C)", .optional = true},
                       {.name = "bias", .shape = "(C)", .optional = true},
                       {.name = "running_mean", .shape = "(C)", .optional = true, .differentiable = false},
                       {.name = "running_var",
                        .shape = "(C)",
                        .optional = true,
                        .differentiable = false,
                        .range = {0.1, 5}}},
            .outputs = {{"Y", "(like X)"}, {"new_running_mean", "(C)"}, {"new_running_var", "(C)"}},
            .attributes = {training_attribute, detail::eps_attribute, momentum_attribute,
                           momentum_of_attribute, running_variance_attribute},
            .samples = samples()};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_axes(name, inputs[0], 2, "(N, C, ...)");
    detail::check_eps(attributes, detail::eps_attribute);
    const Rational momentum = rational_attribute(attributes, momentum_attribute);
    if (momentum < 0 || momentum > 1)
      refuse_attribute(attributes, momentum_attribute, "a number from 0 to 1");
    const Shape channels{inputs[0][1]};
    const std::string reason = "because input \"X\" is " + to_string(inputs[0]);
    const std::string_view names[] = {"X", "weight", "bias", "running_mean", "running_var"};
    for (std::size_t k = 1; k < 5; ++k) detail::require_optional(name, names[k], inputs[k], channels, reason);
    const bool training = flag_attribute(attributes, training_attribute);
    for (std::size_t k = 3; k < 5; ++k)
      if (inputs[k] == absent && (!training || inputs[7 - k] != absent))
        detail::refuse_shape(
            name, names[k], inputs[k],
            to_string(channels) + (training ? ", because the other running statistic is there"
                                            : ", because inference normalises by it"));
    if (training && element_count(inputs[0]) == inputs[0][1])
      detail::refuse_shape(name, "X", inputs[0],
                           "more than one value per channel in training: the variance of one value is 0");
    return {inputs[0], inputs[3], inputs[4]};
  }

  /// Squares of the deviations, scale and shift, and one for each running statistic.
  static Cost cost(const Shapes& inputs, const Attributes& attributes) {
    const std::size_t elements = element_count(inputs[0]);
    Cost cost = detail::affine_cost(inputs[1], inputs[2], elements);
    if (flag_attribute(attributes, training_attribute))
      cost.multiply_adds += elements + element_count(inputs[3]) + element_count(inputs[4]);
    return cost;
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>&x = arguments.real[0], &weight = arguments.real[1], &bias = arguments.real[2];
    const T eps = real_attribute<T>(attributes, detail::eps_attribute);
    const detail::Groups groups = groups_of(x.shape);
    if (flag_attribute(attributes, training_attribute)) {
      const Tensors<T> running = updated(arguments, groups, attributes);
      return {detail::normalised(x, weight, bias, groups, eps), running[0], running[1]};
    }
    const Tensor<T>&mean = arguments.real[3], &variance = arguments.real[4];
    Tensor<T> y(x.shape);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t c = groups.parameter[i];
      const T root = sqrt(T(variance[c] + eps));
      const T normal = detail::Standardised<T>::quotient(T(x[i] - mean[c]), root);
      y[i] = detail::scaled(x[i], mean[c], root, normal, weight, bias, c);
    }
    return {y, mean, variance};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T> none(absent);
    const bool training = flag_attribute(attributes, training_attribute);
    Tensors<T> result = training ? training_vjp(arguments, upstream, attributes)
                                 : inference_vjp(arguments, upstream[0], attributes);
    result.push_back(none);
    result.push_back(none);
    return result;
  }

 private:
  static std::vector<Sample> samples() {
    const Attributes inference = {{"training", "false"}};
    return {{{{4, 3}, {3}, {3}, {3}, {3}}},
            {{{2, 2, 2, 2}, {2}, {2}, {0}, {0}}, {{"training", "true"}}},
            {{{5, 2}, {0}, {0}, {2}, {2}}, {{"momentum", "0.9"}, {"momentum_of", "running"}}},
            {{{3, 2, 2}, {2}, {0}, {2}, {2}}, {{"running_variance", "biased"}, {"eps", "0.01"}}},
            {{{3, 2}, {2}, {2}, {2}, {2}}, inference},
            {{{1, 3, 2}, {0}, {3}, {3}, {3}}, inference},
            {{{1, 1, 4}, {1}, {1}, {1}, {1}}}};
  }

  static detail::Groups groups_of(const Shape& shape) {
    detail::Groups groups{std::vector<std::vector<std::size_t>>(shape[1]), detail::channels_of(shape)};
    for (std::size_t i = 0; i < groups.parameter.size(); ++i)
      groups.members[groups.parameter[i]].push_back(i);
    return groups;
  }

  /// The weight of the new batch, 0 to 1.
  static Rational share(const Attributes& attributes) {
    const Rational momentum = rational_attribute(attributes, momentum_attribute);
    return choice_attribute(attributes, momentum_of_attribute) == 0 ? momentum : Rational(1 - momentum);
  }

  /// What Σ (x − μ)² is divided by in the running variance.
  static std::size_t divisor(std::size_t elements, const Attributes& attributes) {
    return elements - choice_attribute(attributes, running_variance_attribute);
  }

  template <class T>
  static T moved(const T& running, const T& batch, const Rational& m) {
    const T share = from_rational<T>(m), kept = from_rational<T>(Rational(1 - m));
    return either([&] { return T(running + share * (batch - running)); },
                  [&] { return T(kept * running + share * batch); },
                  [&] { return T((T(1) - share) * running + share * batch); });
  }

  template <class T>
  static Tensors<T> updated(const Arguments<T>& arguments, const detail::Groups& groups,
                            const Attributes& attributes) {
    Tensor<T> mean = arguments.real[3], variance = arguments.real[4];
    for (std::size_t c = 0; c < mean.size(); ++c) {
      const auto& members = groups.members[c];
      const detail::Standardised<T> s(detail::gathered(arguments.real[0], members), T(1));
      mean[c] = moved(mean[c], s.mean, share(attributes));
      variance[c] = moved(variance[c], detail::divided(s.squares, divisor(members.size(), attributes)),
                          share(attributes));
    }
    return {mean, variance};
  }

  template <class T>
  static Tensors<T> training_vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                                 const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    const T eps = real_attribute<T>(attributes, detail::eps_attribute);
    const detail::Groups groups = groups_of(x.shape);
    Tensors<T> result =
        detail::normalised_vjp(x, arguments.real[1], arguments.real[2], upstream[0], groups, eps);
    const T m = from_rational<T>(share(attributes));
    for (std::size_t c = 0; c < upstream[1].size(); ++c) {  // ∂μ/∂xᵢ = 1/M, ∂v/∂xᵢ = 2 dᵢ / divisor
      const auto& members = groups.members[c];
      const detail::Standardised<T> s(detail::gathered(x, members), eps);
      const T to_mean = detail::divided(T(m * upstream[1][c]), members.size());
      const T to_variance =
          detail::divided(T(T(2) * m * upstream[2][c]), divisor(members.size(), attributes));
      for (std::size_t k = 0; k < members.size(); ++k)
        result[0][members[k]] += to_mean + to_variance * s.deviation[k];
    }
    return result;
  }

  template <class T>
  static Tensors<T> inference_vjp(const Arguments<T>& arguments, const Tensor<T>& g,
                                  const Attributes& attributes) {
    const Tensor<T>&x = arguments.real[0], &weight = arguments.real[1];
    const T eps = real_attribute<T>(attributes, detail::eps_attribute);
    const std::vector<std::size_t> channel = detail::channels_of(x.shape);
    Tensor<T> dx(x.shape), normal(x.shape);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t c = channel[i];
      const T root = sqrt(T(arguments.real[4][c] + eps));
      normal[i] = (x[i] - arguments.real[3][c]) / root;
      dx[i] = weight.size() == 0 ? T(g[i] / root)
                                 : either([&] { return T(g[i] * weight[c] / root); },
                                          [&] { return T(g[i] * (weight[c] / root)); });
    }
    const Tensors<T> affine = detail::affine_vjp(normal, g, weight, arguments.real[2], channel);
    return {dx, affine[0], affine[1]};
  }
};

}  // namespace assay::oracles::ops
