/// Softmax of one line z of logits, and the logarithm of its partition Σⱼ exp(zⱼ).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "oracles/operation.hpp"
#include "oracles/ops/detail/approximate.hpp"

namespace assay::oracles::ops::detail {

/// The shifted exponentials of one line, from which everything else is made.
///
///   p          an index with the largest midpoint
///   e_j        = exp(z_j − z_p), with e_p = 1 exactly
///   rest       = Σ_{j≠p} e_j
///   partition  = 1 + rest
///
/// Why an index chosen by midpoints is rigorous even where other balls overlap the largest: the identities
///
///   exp(z_i) / Σⱼ exp(z_j) = e_i / (1 + rest)        log Σⱼ exp(z_j) = z_p + log1p(rest)
///
/// hold for *every* index p, and every real choice of z within the balls. The largest is preferred only so
/// that a float does not overflow. No maximum over overlapping balls is taken, whose hull would be wider than
/// any ball in it, and all sums have terms of one sign.
template <class T>
struct Exponentials {
  std::size_t peak = 0;
  std::vector<T> e;
  T rest = T(0);
  T partition = T(1);

  explicit Exponentials(std::span<const T> z) {
    for (std::size_t j = 1; j < z.size(); ++j)
      if (approximate(z[j]) > approximate(z[peak])) peak = j;
    std::vector<T> others;
    for (std::size_t j = 0; j < z.size(); ++j) {
      const bool is_one = j == peak && is_finite(z[j]);  // ∞ − ∞ and NaN must come out as NaN
      e.push_back(is_one ? T(1) : T(exp(z[j] - z[peak])));
      if (j != peak) others.push_back(e[j]);
    }
    rest = sum(std::span<const T>(others));
    partition = sum(std::span<const T>(e));
  }
};

/// log Σⱼ exp(zⱼ). Honest: z_p + log1p(rest), and z_p + log(partition).
template <class T>
T log_sum_exp(std::span<const T> z) {
  const Exponentials<T> x(z);
  return either([&] { return T(z[x.peak] + log1p(x.rest)); },
                [&] { return T(z[x.peak] + log(x.partition)); });
}

/// pᵢ = exp(zᵢ) / Σⱼ exp(zⱼ). Honest: the quotient, and the exponential of log pᵢ in either association.
template <class T>
std::vector<T> softmax(std::span<const T> z) {
  const Exponentials<T> x(z);
  std::vector<T> p;
  for (std::size_t i = 0; i < z.size(); ++i)
    p.push_back(either([&] { return T(x.e[i] / x.partition); },
                       [&] { return T(exp(z[i] - (z[x.peak] + log(x.partition)))); },
                       [&] { return T(exp((z[i] - z[x.peak]) - log(x.partition))); }));
  return p;
}

/// log pᵢ = (zᵢ − z_p) − log1p(rest). Honest too: log(partition) for log1p(rest), and zᵢ − (z_p +
/// log(partition)).
template <class T>
T log_softmax(std::span<const T> z, const Exponentials<T>& x, std::size_t i) {
  const T below_peak = i == x.peak && is_finite(z[i]) ? T(0) : T(z[i] - z[x.peak]);
  return either([&] { return T(below_peak - log1p(x.rest)); },
                [&] { return T(below_peak - log(x.partition)); },
                [&] { return T(z[i] - (z[x.peak] + log(x.partition))); });
}

}  // namespace assay::oracles::ops::detail
