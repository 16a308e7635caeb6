#include "oracles/unstable.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "oracles/ops/detail/labels.hpp"
#include "oracles/ops/detail/reduction.hpp"
#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles {

namespace {

using Values = std::vector<double>;
using Arguments64 = Arguments<double>;
using Tensors64 = Tensors<double>;

enum class Shift { none, largest };

// ---- One line
// ------------------------------------------------------------------------------------------------

/// exp(zᵢ − s) / Σⱼ exp(zⱼ − s), with s = 0 or the largest z.
Values softmax(const Values& z, Shift shift) {
  const double s = shift == Shift::none ? 0 : *std::max_element(z.begin(), z.end());
  Values p;
  for (const double zi : z) p.push_back(std::exp(zi - s));
  const double partition = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& pi : p) pi /= partition;
  return p;
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

Tensors64 naive_softmax(const Arguments64& arguments, const Attributes& attributes) {
  Tensor<double> y(arguments.real[0].shape);
  for (const auto& line : lines_of(arguments, attributes))
    put(y, line, softmax(take(arguments.real[0], line), Shift::none));
  return {y};
}

Tensors64 naive_softmax_vjp(const Arguments64& arguments, const Tensors64& upstream,
                            const Attributes& attributes) {
  Tensor<double> cotangent(arguments.real[0].shape);
  for (const auto& line : lines_of(arguments, attributes))
    put(cotangent, line,
        through_softmax(softmax(take(arguments.real[0], line), Shift::none), take(upstream[0], line)));
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

Tensors64 naive_logsumexp(const Arguments64& arguments, const Attributes& attributes) {
  Shape reduced = arguments.real[0].shape;
  const std::size_t axis = ops::detail::axis_of("logsumexp", "X", reduced, attributes);
  reduced.erase(reduced.begin() + static_cast<std::ptrdiff_t>(axis));
  Tensor<double> y(reduced);
  std::size_t element = 0;
  for (const auto& line : lines_of(arguments, attributes)) {
    double partition = 0;
    for (const double zi : take(arguments.real[0], line)) partition += std::exp(zi);
    y[element++] = std::log(partition);
  }
  return {y};
}

Tensors64 naive_logsumexp_vjp(const Arguments64& arguments, const Tensors64& upstream,
                              const Attributes& attributes) {
  Tensor<double> cotangent(arguments.real[0].shape);
  std::size_t element = 0;
  for (const auto& line : lines_of(arguments, attributes)) {
    Values p = softmax(take(arguments.real[0], line), Shift::none);
    for (double& pi : p) pi *= upstream[0][element];
    put(cotangent, line, p);
    ++element;
  }
  return {cotangent};
}

// ---- Cross-entropy
// -------------------------------------------------------------------------------------------

struct Rows {
  const Tensor<double>& logits;
  std::vector<std::size_t> labels;
  ops::detail::Reduction reduction;

  Rows(const Arguments64& arguments, const Attributes& attributes)
      : logits(arguments.real[0]),
        labels(ops::detail::checked_labels("softmax_cross_entropy", "labels", arguments.index[0],
                                           logits.shape[1])),
        reduction(ops::detail::reduction_of("softmax_cross_entropy", attributes)) {}

  Values probabilities(std::size_t n, Shift shift) const {
    const std::size_t classes = logits.shape[1];
    const auto first = logits.data.begin() + static_cast<std::ptrdiff_t>(n * classes);
    return softmax(Values(first, first + static_cast<std::ptrdiff_t>(classes)), shift);
  }
};

template <Shift shift>
Tensors64 cross_entropy(const Arguments64& arguments, const Attributes& attributes) {
  const Rows rows(arguments, attributes);
  Tensor<double> loss(Shape{rows.labels.size()});
  for (std::size_t n = 0; n < rows.labels.size(); ++n)
    loss[n] = -std::log(rows.probabilities(n, shift)[rows.labels[n]]);
  return {ops::detail::reduced(loss, rows.reduction)};
}

/// Without shift p − [j = y]; with it the chain rule through p, where ∂ℓ/∂p_y = −1/p_y.
template <Shift shift>
Tensors64 cross_entropy_vjp(const Arguments64& arguments, const Tensors64& upstream,
                            const Attributes& attributes) {
  const Rows rows(arguments, attributes);
  Tensor<double> cotangent(rows.logits.shape);
  for (std::size_t n = 0; n < rows.labels.size(); ++n) {
    Values d = rows.probabilities(n, shift);
    if (shift == Shift::none) {
      d[rows.labels[n]] -= 1;
    } else {
      Values g(d.size(), 0.0);
      g[rows.labels[n]] = -1 / d[rows.labels[n]];
      d = through_softmax(d, g);
    }
    for (std::size_t j = 0; j < d.size(); ++j)
      cotangent(n, j) = ops::detail::row_cotangent(d[j], upstream[0], rows.reduction, n, rows.labels.size());
  }
  return {cotangent};
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
  static const std::vector<UnstableForm> forms = {
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
       naive_logsumexp, naive_logsumexp_vjp},
      {"sigmoid.one_branch", "sigmoid",
       "computes exp(x) / (1 + exp(x)) for positive x too: infinity / infinity "
       "from 709.8 on",
       each<one_branch_sigmoid>, each_vjp<one_branch_sigmoid_slope>},
      {"softmax.without_shift", "softmax",
       "takes exponentials of the logits themselves, without subtracting the largest first: exp overflows "
       "from "
       "709.8 on",
       naive_softmax, naive_softmax_vjp},
      {"softmax_cross_entropy.log_of_softmax", "softmax_cross_entropy",
       "takes the logarithm of a finished softmax: the probability of an unlikely label has underflowed to "
       "0, and "
       "the logarithm of one near 1 has lost its digits",
       cross_entropy<Shift::largest>, cross_entropy_vjp<Shift::largest>},
      {"softmax_cross_entropy.without_shift", "softmax_cross_entropy",
       "takes exponentials of the logits themselves, without subtracting the largest first: exp overflows "
       "from "
       "709.8 on",
       cross_entropy<Shift::none>, cross_entropy_vjp<Shift::none>},
      {"tanh.difference_of_exponentials", "tanh",
       "computes (exp(x) - exp(-x)) / (exp(x) + exp(-x)): infinity / infinity beyond 709.8, and near 0 the "
       "difference cancels",
       each<naive_tanh>, each_vjp<naive_tanh_slope>},
  };
  return forms;
}

}  // namespace assay::oracles
