#pragma once

#include <cstddef>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/entropy.hpp"
#include "oracles/ops/detail/loss.hpp"

namespace assay::oracles::ops {

/// Kullback-Leibler divergence of a target distribution t from a model with log-probabilities x.
///
///   ℓᵢ = tᵢ (log tᵢ − xᵢ)          0 log 0 = 0        ∂ℓᵢ/∂xᵢ = −tᵢ          ∂ℓᵢ/∂tᵢ = log tᵢ + 1 − xᵢ
///   ℓᵢ = exp(sᵢ) (sᵢ − xᵢ)         log_target          ∂ℓᵢ/∂xᵢ = −exp(sᵢ)     ∂ℓᵢ/∂sᵢ = exp(sᵢ) (sᵢ − xᵢ +
///   1)
///
/// The *first* input is the model, in logarithms, as in PyTorch: KL(t ‖ exp x). `mean` divides by the number
/// of elements; `batchmean`, by the extent of the first axis, is the mean of the divergences of rows. At t =
/// 0 the loss is 0 and its slope in t is −infinity.
struct KlDiv {
  static constexpr std::string_view name = "kl_div";
  static constexpr AttributeSpec log_target_attribute{
      "log_target", "false", "whether the target holds logarithms too", AttributeKind::flag};
  static constexpr AttributeSpec reduction_attribute{
      "reduction", "mean", "none, mean or sum over the elements; batchmean: the sum over the first extent",
      AttributeKind::choice, "none|mean|sum|batchmean"};

  static Operation spec() {
    return {
        .name = name,
        .formula = "loss_i = t_i (log t_i - x_i); dx_i = -t_i dloss_i; dt_i = (log t_i + 1 - x_i) dloss_i",
        .domain = "x log-probabilities; t >= 0, or any real logarithm with log_target",
        .source = "Kullback and Leibler, On Information and Sufficiency, 1951",
        .inputs = {{.name = "log_probabilities", .shape = "(...)", .range = {-5, 0}},
                   {.name = "target", .shape = "(...)", .range = {0, 1}}},
        .outputs = {{"loss", "() or (...)"}},
        .attributes = {log_target_attribute, reduction_attribute},
        .samples = {{{{2, 3}, {2, 3}}},
                    {{{4, 2}, {4, 2}}, {{"reduction", "batchmean"}}},
                    {{{3}, {3}}, {{"log_target", "true"}, {"reduction", "none"}}},
                    {{{2, 1, 3}, {2, 1, 3}}, {{"log_target", "true"}, {"reduction", "sum"}}},
                    {{{}, {}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_elements(name, "log_probabilities", inputs[0]);
    detail::require_shape(name, "target", inputs[1], inputs[0], "like input \"log_probabilities\"");
    const bool by_row = reduction_of(attributes) == batchmean;
    if (by_row && inputs[0].empty())
      detail::refuse_shape(name, "log_probabilities", inputs[0], "at least one axis for reduction=batchmean");
    return {reduction_of(attributes) == none ? inputs[0] : Shape{}};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>&x = arguments.real[0], &t = arguments.real[1];
    const bool log_target = flag_attribute(attributes, log_target_attribute);
    Tensor<T> loss(x.shape);
    for (std::size_t i = 0; i < x.size(); ++i)
      loss[i] = log_target ? from_logarithm(x[i], t[i]) : divergence(x[i], t[i]);
    switch (reduction_of(attributes)) {
      case none:
        return {loss};
      case mean:
        return {detail::reduced(loss, detail::Reduction::mean)};
      default:
        break;
    }
    const Tensor<T> total = detail::reduced(loss, detail::Reduction::sum);
    return {reduction_of(attributes) == sum ? total
                                            : Tensor<T>::scalar(detail::divided(total[0], x.shape[0]))};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>&x = arguments.real[0], &t = arguments.real[1];
    const bool log_target = flag_attribute(attributes, log_target_attribute);
    const Choice choice = reduction_of(attributes);
    const std::size_t count = choice == batchmean ? x.shape[0] : x.size();
    const detail::Reduction reduction =
        choice == batchmean ? detail::Reduction::mean : static_cast<detail::Reduction>(choice);
    Tensor<T> dx(x.shape), dt(x.shape);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const T p = log_target ? T(exp(t[i])) : t[i];
      const T logarithm = log_target ? t[i] : T(log(t[i]));
      const T in_target = (logarithm - x[i]) + T(1);
      dx[i] = detail::row_cotangent(T(-p), upstream[0], reduction, i, count);
      dt[i] =
          detail::row_cotangent(log_target ? T(p * in_target) : in_target, upstream[0], reduction, i, count);
    }
    return {dx, dt};
  }

 private:
  enum Choice { none, mean, sum, batchmean };

  static Choice reduction_of(const Attributes& attributes) {
    return static_cast<Choice>(choice_attribute(attributes, reduction_attribute));
  }

  /// Where t may be 0, each term apart has a limit; elsewhere the difference of logarithms comes first.
  template <class T>
  static T divergence(const T& x, const T& t) {
    if (contains_zero(t)) return T(detail::t_log_t(t) - detail::weighted_log(t, x));
    return either([&] { return T(t * (log(t) - x)); }, [&] { return T(t * log(t) - t * x); });
  }

  template <class T>
  static T from_logarithm(const T& x, const T& s) {
    return T(exp(s) * (s - x));
  }
};

}  // namespace assay::oracles::ops
