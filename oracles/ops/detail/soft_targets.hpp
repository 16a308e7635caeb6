/// Cross-entropy of a row of logits against a row of targets q that are not one-hot.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/softmax_line.hpp"

namespace assay::oracles::ops::detail {

inline constexpr AttributeSpec label_smoothing_attribute{
    "label_smoothing", "0", "the share of each target that is spread over all C classes"};

/// Throws ShapeError unless it is between 0 and 1.
inline Rational smoothing_of(const Attributes& attributes) {
  const Rational smoothing = rational_attribute(attributes, label_smoothing_attribute);
  if (smoothing < 0 || smoothing > 1)
    refuse_attribute(attributes, label_smoothing_attribute, "a number between 0 and 1");
  return smoothing;
}

template <class T>
std::span<const T> row_of(const Tensor<T>& matrix, std::size_t n) {
  return std::span(matrix.data).subspan(n * matrix.shape[1], matrix.shape[1]);
}

/// −log p_c for all classes.
template <class T>
std::vector<T> surprises(std::span<const T> z, const Exponentials<T>& exponentials) {
  std::vector<T> result;
  for (std::size_t c = 0; c < z.size(); ++c) result.push_back(-log_softmax(z, exponentials, c));
  return result;
}

/// Σ_c q_c (−log p_c). Terms of one sign.
template <class T>
T cross_entropy(std::span<const T> z, const Exponentials<T>& exponentials, const std::vector<T>& q) {
  return dot(std::span<const T>(q), std::span<const T>(surprises(z, exponentials)));
}

/// ∂/∂z_j Σ_c q_c (−log p_c) = p_j Σ_c q_c − q_j. Without cancellation for a row whose p is near its q in one
/// class: p_j Σ_{c≠j} q_c − q_j Σ_{c≠j} p_c. Both are honest.
template <class T>
std::vector<T> cross_entropy_slopes(std::span<const T> z, const Exponentials<T>& exponentials,
                                    const std::vector<T>& q) {
  const std::vector<T> p = softmax(z, exponentials);
  const auto all_but = [](std::vector<T> values, std::size_t j) {
    values[j] = T(0);
    return T(sum(std::span<const T>(values)));
  };
  std::vector<T> d;
  for (std::size_t j = 0; j < p.size(); ++j)
    d.push_back(either([&] { return T(p[j] * all_but(q, j) - q[j] * all_but(p, j)); },
                       [&] { return T(p[j] * sum(std::span<const T>(q)) - q[j]); }));
  return d;
}

}  // namespace assay::oracles::ops::detail
