/// The building blocks of honest.hpp: sums in several orders, and softmax of one line in several styles.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "oracles/operation.hpp"
#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::testing {

enum class Order { forwards, backwards, pairwise, by_magnitude, compensated, fused };
inline constexpr std::array all_orders = {Order::forwards,     Order::backwards,   Order::pairwise,
                                          Order::by_magnitude, Order::compensated, Order::fused};
inline std::string name_of(Order order) {
  static const std::array names = {"forwards",     "backwards",   "pairwise",
                                   "by magnitude", "compensated", "fused"};
  return names[static_cast<std::size_t>(order)];
}

template <class F>
F pairwise(const F* terms, std::size_t n) {
  if (n == 0) return 0;
  return n == 1 ? terms[0] : pairwise(terms, n / 2) + pairwise(terms + n / 2, n - n / 2);
}

/// Σ in the given order; a fused order differs in dot products only.
template <class F>
F total(Order order, std::vector<F> terms) {
  if (order == Order::pairwise) return pairwise(terms.data(), terms.size());
  if (order == Order::backwards) std::ranges::reverse(terms);
  if (order == Order::by_magnitude) std::ranges::sort(terms, {}, [](F term) { return std::abs(term); });
  F sum = 0, lost = 0;
  for (const F term : terms) {
    if (order != Order::compensated) {
      sum += term;
      continue;
    }
    const F exact = term - lost, next = sum + exact;
    lost = (next - sum) - exact;
    sum = next;
  }
  return sum;
}

template <class F>
F dot_in(Order order, const std::vector<F>& a, const std::vector<F>& b) {
  std::vector<F> products;
  F fused = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    fused = std::fma(a[i], b[i], fused);
    products.push_back(a[i] * b[i]);
  }
  return order == Order::fused ? fused : total(order, products);
}

// ---- Softmax of one line
// ---------------------------------------------------------------------------------------

enum class SoftmaxStyle { quotient, reciprocal, exp_of_log, exp_of_difference };
inline constexpr std::array softmax_styles = {SoftmaxStyle::quotient, SoftmaxStyle::reciprocal,
                                              SoftmaxStyle::exp_of_log, SoftmaxStyle::exp_of_difference};
inline std::string name_of(SoftmaxStyle style) {
  static const std::array names = {"e / sum", "e * (1 / sum)", "exp(z - (m + log sum))",
                                   "exp((z - m) - log sum)"};
  return names[static_cast<std::size_t>(style)];
}

enum class LogStyle { shifted, whole, with_log1p };
inline constexpr std::array log_styles = {LogStyle::shifted, LogStyle::whole, LogStyle::with_log1p};
inline std::string name_of(LogStyle style) {
  static const std::array names = {"(z - m) - log sum", "z - (m + log sum)", "(z - m) - log1p(rest)"};
  return names[static_cast<std::size_t>(style)];
}

template <class F>
std::vector<F> shifted_exponentials(const std::vector<F>& z) {
  const F m = *std::ranges::max_element(z);
  std::vector<F> e;
  for (const F zi : z) e.push_back(std::exp(zi - m));
  return e;
}

template <class F>
std::vector<F> softmax_in(Order order, SoftmaxStyle style, const std::vector<F>& z) {
  std::vector<F> p = shifted_exponentials(z);
  const F m = *std::ranges::max_element(z), sum = total(order, p), inverse = 1 / sum;
  for (std::size_t i = 0; i < z.size(); ++i) {
    if (style == SoftmaxStyle::quotient) p[i] /= sum;
    if (style == SoftmaxStyle::reciprocal) p[i] *= inverse;
    if (style == SoftmaxStyle::exp_of_log) p[i] = std::exp(z[i] - (m + std::log(sum)));
    if (style == SoftmaxStyle::exp_of_difference) p[i] = std::exp((z[i] - m) - std::log(sum));
  }
  return p;
}

template <class F>
std::vector<F> softmax_vjp_in(Order order, const std::vector<F>& p, const std::vector<F>& g, bool jacobian) {
  const F mean = dot_in(order, p, g);
  std::vector<F> result;
  for (std::size_t i = 0; i < p.size(); ++i) {
    std::vector<F> row;
    for (std::size_t j = 0; j < p.size(); ++j) row.push_back(i == j ? p[i] * (1 - p[i]) : -p[i] * p[j]);
    result.push_back(jacobian ? dot_in(order, row, g) : p[i] * (g[i] - mean));
  }
  return result;
}

template <class F>
F sum_without_peak(Order order, const std::vector<F>& z) {
  std::vector<F> e = shifted_exponentials(z);
  e.erase(e.begin() + (std::ranges::max_element(z) - z.begin()));
  return total(order, e);
}

template <class F>
std::vector<F> log_softmax_in(Order order, LogStyle style, const std::vector<F>& z) {
  const F m = *std::ranges::max_element(z), sum = total(order, shifted_exponentials(z));
  const F rest = sum_without_peak(order, z);
  std::vector<F> result;
  for (const F zi : z) {
    if (style == LogStyle::shifted) result.push_back((zi - m) - std::log(sum));
    if (style == LogStyle::whole) result.push_back(zi - (m + std::log(sum)));
    if (style == LogStyle::with_log1p) result.push_back((zi - m) - std::log1p(rest));
  }
  return result;
}

template <class F>
F logsumexp_in(Order order, const std::vector<F>& z, bool with_log1p) {
  const F m = *std::ranges::max_element(z);
  return with_log1p ? m + std::log1p(sum_without_peak(order, z))
                    : m + std::log(total(order, shifted_exponentials(z)));
}

template <class F>
F two_branch_sigmoid(F x) {
  const F e = std::exp(-std::abs(x));
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

// ---- Along an axis
// ---------------------------------------------------------------------------------------------

template <class F>
std::vector<ops::detail::Line> lines_of(const Arguments<F>& a, const Attributes& attributes) {
  const Shape& shape = a.real[0].shape;
  return ops::detail::lines(shape, ops::detail::axis_of("", "", shape, attributes));
}

template <class F>
Tensors<F> along(const Arguments<F>& a, const Attributes& attributes, const auto& f) {
  Tensor<F> result(a.real[0].shape);
  for (const auto& line : lines_of(a, attributes)) put(result, line, f(take(a.real[0], line)));
  return {result};
}

template <class F>
Tensors<F> along_with(const Arguments<F>& a, const Tensors<F>& u, const Attributes& attributes,
                      const auto& f) {
  Tensor<F> result(a.real[0].shape);
  for (const auto& line : lines_of(a, attributes))
    put(result, line, f(take(a.real[0], line), take(u[0], line)));
  return {result};
}

template <class F>
Tensors<F> along_reduced(const Arguments<F>& a, const Tensors<F>& u, const Attributes& attributes,
                         const auto& f) {
  Tensor<F> result(a.real[0].shape);
  std::size_t element = 0;
  for (const auto& line : lines_of(a, attributes))
    put(result, line, f(take(a.real[0], line), u[0][element++]));
  return {result};
}

template <class F>
Tensors<F> reduce(const Arguments<F>& a, const Attributes& attributes, const auto& f) {
  std::vector<F> values;
  for (const auto& line : lines_of(a, attributes)) values.push_back(f(take(a.real[0], line)));
  const Shape shape = {values.size()};
  return {Tensor<F>(shape, values)};
}

// ---- Rows of a batch
// -------------------------------------------------------------------------------------------

enum class MeanStyle { sum_over_n, sum_of_shares, times_inverse };
inline constexpr std::array mean_styles = {MeanStyle::sum_over_n, MeanStyle::sum_of_shares,
                                           MeanStyle::times_inverse};
inline std::string name_of(MeanStyle style) {
  static const std::array names = {"sum / N", "sum of x / N", "sum * (1 / N)"};
  return names[static_cast<std::size_t>(style)];
}

template <class F>
std::vector<F> row(const Tensor<F>& matrix, std::size_t n) {
  return ops::detail::take(matrix, {n * matrix.shape[1], 1, matrix.shape[1]});
}

template <class F>
std::vector<F> column(const Tensor<F>& matrix, std::size_t c) {
  return ops::detail::take(matrix, {c, matrix.shape[1], matrix.shape[0]});
}

template <class F>
std::size_t label(const Arguments<F>& a, std::size_t n) {
  return static_cast<std::size_t>(a.index[0][n]);
}

inline std::string reduction_of(const Attributes& attributes) {
  const auto found = attributes.find("reduction");
  return found == attributes.end() ? "mean" : found->second;
}

template <class F>
F scale_of(const Attributes& attributes) {
  const auto found = attributes.find("scale");
  return found == attributes.end() || found->second == "1" ? F(1) : F(0.5);
}

template <class F>
Tensors<F> reduced_in(Order order, MeanStyle style, std::vector<F> rows, const Attributes& attributes) {
  const std::string reduction = reduction_of(attributes);
  const auto n = static_cast<F>(rows.size());
  const Shape shape = {rows.size()};
  if (reduction == "none") return {Tensor<F>(shape, rows)};
  if (reduction == "sum") return {Tensor<F>::scalar(total(order, rows))};
  if (style == MeanStyle::sum_over_n) return {Tensor<F>::scalar(total(order, rows) / n)};
  if (style == MeanStyle::times_inverse) return {Tensor<F>::scalar(total(order, rows) * (1 / n))};
  for (F& each : rows) each /= n;
  return {Tensor<F>::scalar(total(order, rows))};
}

template <class F>
Tensors<F> cross_entropy_vjp(Order order, SoftmaxStyle style, MeanStyle mean, bool others,
                             const Arguments<F>& a, const Tensors<F>& u, const Attributes& attributes) {
  const std::string reduction = reduction_of(attributes);
  const std::size_t rows = a.real[0].shape[0], classes = a.real[0].shape[1];
  const auto count = static_cast<F>(rows);
  Tensor<F> result(a.real[0].shape);
  for (std::size_t n = 0; n < rows; ++n) {
    std::vector<F> d = softmax_in(order, style, row(a.real[0], n));
    std::vector<F> rest = d;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(label(a, n)));
    d[label(a, n)] = others ? -total(order, rest) : d[label(a, n)] - 1;
    const F upstream = u[0][reduction == "none" ? n : 0];
    for (std::size_t j = 0; j < classes; ++j) {
      if (reduction != "mean")
        result(n, j) = d[j] * upstream;
      else if (mean == MeanStyle::sum_over_n)
        result(n, j) = d[j] * upstream / count;
      else if (mean == MeanStyle::sum_of_shares)
        result(n, j) = d[j] / count * upstream;
      else
        result(n, j) = d[j] * (upstream * (1 / count));
    }
  }
  return {result};
}

// ---- Affine
// ----------------------------------------------------------------------------------------------------

template <class F>
Tensors<F> affine(const Arguments<F>& a, Order order, bool bias_first) {
  const std::size_t rows = a.real[0].shape[0], columns = a.real[1].shape[1];
  Tensor<F> y(Shape{rows, columns});
  for (std::size_t n = 0; n < rows; ++n)
    for (std::size_t c = 0; c < columns; ++c) {
      std::vector<F> x = row(a.real[0], n), w = column(a.real[1], c);
      if (bias_first) {
        x.insert(x.begin(), F(1));
        w.insert(w.begin(), a.real[2][c]);
      }
      y(n, c) = dot_in(order, x, w) + (bias_first ? F(0) : a.real[2][c]);
    }
  return {y};
}

template <class F>
Tensors<F> affine_vjp(const Arguments<F>& a, const Tensors<F>& u, Order order) {
  const Tensor<F>&x = a.real[0], &w = a.real[1];
  Tensor<F> dx(x.shape), dw(w.shape), db(a.real[2].shape);
  for (std::size_t n = 0; n < x.shape[0]; ++n)
    for (std::size_t d = 0; d < x.shape[1]; ++d) dx(n, d) = dot_in(order, row(u[0], n), row(w, d));
  for (std::size_t d = 0; d < w.shape[0]; ++d)
    for (std::size_t c = 0; c < w.shape[1]; ++c) dw(d, c) = dot_in(order, column(x, d), column(u[0], c));
  for (std::size_t c = 0; c < w.shape[1]; ++c) db[c] = total(order, column(u[0], c));
  return {dx, dw, db};
}

}  // namespace assay::oracles::testing
