#include "oracles/unstable.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "oracles/catalogue.hpp"
#include "oracles/ops/detail/labelled_rows.hpp"
#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/soft_targets.hpp"
#include "oracles/ops/detail/standardise.hpp"
#include "oracles/unstable_attention.hpp"
#include "oracles/unstable_losses.hpp"

namespace assay::oracles {

namespace {

using Values = std::vector<double>;
using Arguments64 = Arguments<double>;
using Tensors64 = Tensors<double>;

enum class Shift { none, largest, largest_above_zero };

// ---- One line
// ------------------------------------------------------------------------------------------------

/// What is subtracted before exp: 0, the largest z, or the largest z where it is positive.
double subtracted(const Values& z, Shift shift) {
  if (shift == Shift::none) return 0;
  const double peak = *std::max_element(z.begin(), z.end());
  return shift == Shift::largest ? peak : std::max(peak, 0.0);
}

/// exp(zᵢ − s) / Σⱼ exp(zⱼ − s).
Values softmax(const Values& z, Shift shift) {
  const double s = subtracted(z, shift);
  Values p;
  for (const double zi : z) p.push_back(std::exp(zi - s));
  const double partition = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& pi : p) pi /= partition;
  return p;
}

/// s + log Σⱼ exp(zⱼ − s).
double log_sum_exp(const Values& z, Shift shift) {
  const double s = subtracted(z, shift);
  double partition = 0;
  for (const double zi : z) partition += std::exp(zi - s);
  return s + std::log(partition);
}

/// pᵢ (gᵢ − Σⱼ pⱼ gⱼ).
Values through_softmax(const Values& p, const Values& g) {
  const double mean = std::inner_product(p.begin(), p.end(), g.begin(), 0.0);
  Values cotangent;
  for (std::size_t i = 0; i < p.size(); ++i) cotangent.push_back(p[i] * (g[i] - mean));
  return cotangent;
}

// ---- Operations along an axis
// --------------------------------------------------------------------------------

std::vector<ops::detail::Line> lines_of(const Arguments64& arguments, const Attributes& attributes) {
  const Shape& shape = arguments.real[0].shape;
  return ops::detail::lines(shape, ops::detail::axis_of("softmax", "X", shape, attributes));
}

template <Shift shift>
Tensors64 naive_softmax(const Arguments64& arguments, const Attributes& attributes) {
  Tensor<double> y(arguments.real[0].shape);
  for (const auto& line : lines_of(arguments, attributes))
    put(y, line, softmax(take(arguments.real[0], line), shift));
  return {y};
}

template <Shift shift>
Tensors64 naive_softmax_vjp(const Arguments64& arguments, const Tensors64& upstream,
                            const Attributes& attributes) {
  Tensor<double> cotangent(arguments.real[0].shape);
  for (const auto& line : lines_of(arguments, attributes))
    put(cotangent, line,
        through_softmax(softmax(take(arguments.real[0], line), shift), take(upstream[0], line)));
  return {cotangent};
}

template <Shift shift>
Tensors64 log_of_softmax(const Arguments64& arguments, const Attributes& attributes) {
  Tensor<double> y(arguments.real[0].shape);
  for (const auto& line : lines_of(arguments, attributes)) {
    Values p = softmax(take(arguments.real[0], line), shift);
    for (double& pi : p) pi = std::log(pi);
    put(y, line, p);
  }
  return {y};
}

/// The chain rule step by step: ∂L/∂pᵢ = gᵢ / pᵢ, then back through the softmax.
template <Shift shift>
Tensors64 log_of_softmax_vjp(const Arguments64& arguments, const Tensors64& upstream,
                             const Attributes& attributes) {
  Tensor<double> cotangent(arguments.real[0].shape);
  for (const auto& line : lines_of(arguments, attributes)) {
    const Values p = softmax(take(arguments.real[0], line), shift);
    Values g = take(upstream[0], line);
    for (std::size_t i = 0; i < p.size(); ++i) g[i] /= p[i];
    put(cotangent, line, through_softmax(p, g));
  }
  return {cotangent};
}

template <Shift shift>
Tensors64 naive_logsumexp(const Arguments64& arguments, const Attributes& attributes) {
  Shape reduced = arguments.real[0].shape;
  const std::size_t axis = ops::detail::axis_of("logsumexp", "X", reduced, attributes);
  reduced.erase(reduced.begin() + static_cast<std::ptrdiff_t>(axis));
  Tensor<double> y(reduced);
  std::size_t element = 0;
  for (const auto& line : lines_of(arguments, attributes)) {
    y[element++] = log_sum_exp(take(arguments.real[0], line), shift);
  }
  return {y};
}

template <Shift shift>
Tensors64 naive_logsumexp_vjp(const Arguments64& arguments, const Tensors64& upstream,
                              const Attributes& attributes) {
  Tensor<double> cotangent(arguments.real[0].shape);
  std::size_t element = 0;
  for (const auto& line : lines_of(arguments, attributes)) {
    Values p = softmax(take(arguments.real[0], line), shift);
    for (double& pi : p) pi *= upstream[0][element];
    put(cotangent, line, p);
    ++element;
  }
  return {cotangent};
}

// ---- Cross-entropy
// -------------------------------------------------------------------------------------------

/// Each row's targets q: the label's weight, less what label smoothing spreads over all classes.
struct Rows {
  const Tensor<double>& logits;
  ops::detail::LabelledRows<double> labelled;
  double smoothing;

  Rows(const Arguments64& arguments, const Attributes& attributes)
      : logits(arguments.real[0]),
        labelled("softmax_cross_entropy", arguments, attributes),
        smoothing(nearest_double(ops::detail::smoothing_of(attributes))) {}

  Values probabilities(std::size_t n, Shift shift) const {
    const auto row = ops::detail::row_of(logits, n);
    return softmax(Values(row.begin(), row.end()), shift);
  }

  /// s + log Σⱼ exp(zⱼ − s) − z_c.
  double from_logits(std::size_t n, std::size_t c, Shift shift) const {
    const auto row = ops::detail::row_of(logits, n);
    return log_sum_exp(Values(row.begin(), row.end()), shift) - row[c];
  }

  Values targets(std::size_t n) const {
    Values q(logits.shape[1], 0.0);
    if (!labelled.labels[n]) return q;
    for (std::size_t c = 0; c < q.size(); ++c)
      q[c] = smoothing / static_cast<double>(q.size()) * labelled.weight(c);
    q[*labelled.labels[n]] += (1 - smoothing) * labelled.weight(*labelled.labels[n]);
    return q;
  }
};

template <Shift shift>
Tensors64 cross_entropy(const Arguments64& arguments, const Attributes& attributes) {
  const Rows rows(arguments, attributes);
  Tensor<double> loss(Shape{rows.logits.shape[0]});
  for (std::size_t n = 0; n < loss.size(); ++n) {
    const Values p = rows.probabilities(n, shift), q = rows.targets(n);
    for (std::size_t c = 0; c < p.size(); ++c)
      if (q[c] != 0)
        loss[n] +=
            q[c] * (shift == Shift::largest_above_zero ? rows.from_logits(n, c, shift) : -std::log(p[c]));
  }
  return {rows.labelled.reduced_loss(loss)};
}

/// The logarithm of the sum itself, less the label's logit.
Tensors64 cross_entropy_of_plain_sum(const Arguments64& arguments, const Attributes& attributes) {
  const Rows rows(arguments, attributes);
  Tensor<double> loss(Shape{rows.logits.shape[0]});
  for (std::size_t n = 0; n < loss.size(); ++n) {
    const Values q = rows.targets(n);
    for (std::size_t c = 0; c < q.size(); ++c)
      if (q[c] != 0) loss[n] += q[c] * rows.from_logits(n, c, Shift::none);
  }
  return {rows.labelled.reduced_loss(loss)};
}

/// p Σ q − q; with the shift by the largest, the chain rule through p, where ∂ℓ/∂p_c = −q_c/p_c.
template <Shift shift>
Tensors64 cross_entropy_vjp(const Arguments64& arguments, const Tensors64& upstream,
                            const Attributes& attributes) {
  const Rows rows(arguments, attributes);
  Tensor<double> cotangent(rows.logits.shape);
  const auto reaching = rows.labelled.cotangents(upstream[0]);
  for (std::size_t n = 0; n < cotangent.shape[0]; ++n) {
    Values d = rows.probabilities(n, shift);
    Values q = rows.targets(n);
    if (shift != Shift::largest) {
      const double total = std::accumulate(q.begin(), q.end(), 0.0);
      for (std::size_t j = 0; j < d.size(); ++j) d[j] = d[j] * total - q[j];
    } else {
      for (std::size_t c = 0; c < d.size(); ++c)
        if (q[c] != 0) q[c] = -q[c] / d[c];
      d = through_softmax(d, q);
    }
    for (std::size_t j = 0; j < d.size(); ++j) cotangent(n, j) = reaching(d[j], n);
  }
  return {cotangent, Tensor<double>(absent)};
}

// ---- Normalisation
// ------------------------------------------------------------------------------------------

/// Σx²/M − (Σx/M)² for the variance of each group; element i belongs to the group `group[i]`.
Tensor<double> normalised_in_one_pass(const Arguments64& arguments, const std::vector<std::size_t>& group,
                                      const std::vector<std::size_t>& parameter,
                                      const Attributes& attributes) {
  const Values& x = arguments.real[0].data;
  const Tensor<double>&weight = arguments.real[1], &bias = arguments.real[2];
  const double eps = real_attribute<double>(attributes, ops::detail::eps_attribute);
  const std::size_t groups = x.empty() ? 0 : *std::ranges::max_element(group) + 1;
  Values count(groups), mean(groups), squares(groups);
  for (std::size_t i = 0; i < x.size(); ++i) {
    count[group[i]] += 1;
    mean[group[i]] += x[i];
    squares[group[i]] += x[i] * x[i];
  }
  Tensor<double> y(arguments.real[0].shape);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t g = group[i];
    const double centre = mean[g] / count[g], variance = squares[g] / count[g] - centre * centre;
    y[i] = (x[i] - centre) / std::sqrt(variance + eps);
    if (weight.size() != 0) y[i] *= weight[parameter[i]];
    if (bias.size() != 0) y[i] += bias[parameter[i]];
  }
  return y;
}

Tensors64 one_pass_batch_norm(const Arguments64& arguments, const Attributes& attributes) {
  const Operation& operation = operation_named("batch_norm");
  Tensors64 results = operation.float64.forward(arguments, attributes);
  if (attributes.contains("training") && attributes.at("training") == "false") return results;
  const auto channels = ops::detail::channels_of(arguments.real[0].shape);
  results[0] = normalised_in_one_pass(arguments, channels, channels, attributes);
  return results;
}

Tensors64 one_pass_layer_norm(const Arguments64& arguments, const Attributes& attributes) {
  const Shape& shape = arguments.real[0].shape;
  std::size_t size = 1;
  for (std::size_t k = ops::detail::axis_of("layer_norm", "X", shape, attributes); k < shape.size(); ++k)
    size *= shape[k];
  std::vector<std::size_t> group, parameter;
  for (std::size_t i = 0; i < element_count(shape); ++i) {
    group.push_back(i / size);
    parameter.push_back(i % size);
  }
  return {normalised_in_one_pass(arguments, group, parameter, attributes)};
}

// ---- Elementwise
// ---------------------------------------------------------------------------------------------

double one_branch_sigmoid(double x) {
  const double e = std::exp(x);
  return e / (1 + e);
}
double one_branch_sigmoid_slope(double x) {
  const double s = one_branch_sigmoid(x);
  return s * (1 - s);
}
double naive_tanh(double x) {
  const double up = std::exp(x), down = std::exp(-x);
  return (up - down) / (up + down);
}
double naive_tanh_slope(double x) {
  const double t = naive_tanh(x);
  return 1 - t * t;
}

template <double (*f)(double)>
Tensors64 each(const Arguments64& arguments, const Attributes&) {
  Tensor<double> y = arguments.real[0];
  for (double& element : y.data) element = f(element);
  return {y};
}

template <double (*slope)(double)>
Tensors64 each_vjp(const Arguments64& arguments, const Tensors64& upstream, const Attributes&) {
  Tensor<double> cotangent = arguments.real[0];
  for (std::size_t i = 0; i < cotangent.size(); ++i) cotangent[i] = upstream[0][i] * slope(cotangent[i]);
  return {cotangent};
}

}  // namespace

std::span<const UnstableForm> unstable_forms() {
  constexpr std::string_view from_zero =
      "starts the search for the largest logit at 0 or at the smallest positive number: where all logits are "
      "negative none is found, and exp underflows below -745.2";
  constexpr std::string_view finished_sigmoid =
      "takes the logarithm of a finished sigmoid: it has rounded to 0 or 1 where the discriminator is sure";
  constexpr std::string_view one_pass =
      "takes the variance as the mean of the squares less the square of the mean, which cancels where the "
      "data lie far from 0";
  constexpr std::string_view scores_themselves =
      "takes exponentials of the scores themselves, without subtracting the largest first: exp overflows "
      "from "
      "709.8 on, and all of them underflow below -745.2";
  static const std::vector<UnstableForm> forms = {
      {"batch_norm.one_pass_variance", "batch_norm", one_pass, one_pass_batch_norm},
      {"gan_discriminator.log_of_sigmoid", "gan_discriminator", finished_sigmoid, naive_discriminator},
      {"gan_generator.log_of_sigmoid", "gan_generator", finished_sigmoid, naive_generator},
      {"layer_norm.one_pass_variance", "layer_norm", one_pass, one_pass_layer_norm},
      {"log_softmax.log_of_softmax", "log_softmax",
       "takes the logarithm of a finished softmax: small probabilities have underflowed to 0, and the "
       "logarithm "
       "of one near 1 has lost its digits",
       log_of_softmax<Shift::largest>, log_of_softmax_vjp<Shift::largest>},
      {"log_softmax.without_shift", "log_softmax",
       "takes exponentials of the logits themselves, without subtracting the largest first: exp overflows "
       "from "
       "709.8 on",
       log_of_softmax<Shift::none>, log_of_softmax_vjp<Shift::none>},
      {"logsumexp.without_shift", "logsumexp",
       "takes exponentials of the logits themselves, without subtracting the largest first: exp overflows "
       "from "
       "709.8 on, and all of them underflow below -745.2",
       naive_logsumexp<Shift::none>, naive_logsumexp_vjp<Shift::none>},
      {"logsumexp.without_shift_below_zero", "logsumexp", from_zero,
       naive_logsumexp<Shift::largest_above_zero>, naive_logsumexp_vjp<Shift::largest_above_zero>},
      {"patch_attention.without_shift", "patch_attention", scores_themselves, naive_patch_attention},
      {"scaled_dot_product_attention.without_shift", "scaled_dot_product_attention", scores_themselves,
       naive_attention},
      {"sigmoid.one_branch", "sigmoid",
       "computes exp(x) / (1 + exp(x)) for positive x too: infinity / infinity "
       "from 709.8 on",
       each<one_branch_sigmoid>, each_vjp<one_branch_sigmoid_slope>},
      {"smooth_hinge.without_shift", "smooth_hinge",
       "takes exponentials of the differences themselves, without subtracting the largest first: exp "
       "overflows "
       "from 709.8 on",
       naive_smooth_hinge},
      {"softmax.without_shift", "softmax",
       "takes exponentials of the logits themselves, without subtracting the largest first: exp overflows "
       "from "
       "709.8 on",
       naive_softmax<Shift::none>, naive_softmax_vjp<Shift::none>},
      {"softmax.without_shift_below_zero", "softmax", from_zero, naive_softmax<Shift::largest_above_zero>,
       naive_softmax_vjp<Shift::largest_above_zero>},
      {"softmax_cross_entropy.log_of_softmax", "softmax_cross_entropy",
       "takes the logarithm of a finished softmax: the probability of an unlikely label has underflowed to "
       "0, and "
       "the logarithm of one near 1 has lost its digits",
       cross_entropy<Shift::largest>, cross_entropy_vjp<Shift::largest>},
      {"softmax_cross_entropy.log_of_sum", "softmax_cross_entropy",
       "takes the logarithm of the sum of exponentials of the logits themselves: exp overflows from 709.8 "
       "on, "
       "and all of them underflow below -745.2",
       cross_entropy_of_plain_sum, cross_entropy_vjp<Shift::none>},
      {"softmax_cross_entropy.without_shift", "softmax_cross_entropy",
       "takes exponentials of the logits themselves, without subtracting the largest first: exp overflows "
       "from "
       "709.8 on",
       cross_entropy<Shift::none>, cross_entropy_vjp<Shift::none>},
      {"softmax_cross_entropy.without_shift_below_zero", "softmax_cross_entropy", from_zero,
       cross_entropy<Shift::largest_above_zero>, cross_entropy_vjp<Shift::largest_above_zero>},
      {"tanh.difference_of_exponentials", "tanh",
       "computes (exp(x) - exp(-x)) / (exp(x) + exp(-x)): infinity / infinity beyond 709.8, and near 0 the "
       "difference cancels",
       each<naive_tanh>, each_vjp<naive_tanh_slope>},
  };
  return forms;
}

}  // namespace assay::oracles
