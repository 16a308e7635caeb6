/// Softmax of one line z of logits, and the logarithm of its partition Σⱼ exp(zⱼ).
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "oracles/numeric/exact_pass.hpp"
#include "oracles/numeric/gather.hpp"
#include "oracles/numeric/rounding.hpp"
#include "oracles/operation.hpp"
#include "oracles/ops/detail/approximate.hpp"
#include "oracles/ops/detail/softmax_in_format.hpp"

namespace assay::oracles::ops::detail {

/// exp(x); outside a FormatScope a ball is computed in its own memory.
template <class T>
T exp_in_place(T x) {
  if constexpr (std::same_as<T, Ball>) {
    arb_exp(arb(x), arb(x), oracles::detail::compute_bits());
    return x;
  } else {
    return exp(x);
  }
}

/// The shifted exponentials of one line, from which everything else is made.
///
///   p          an index with the largest midpoint
///   below_j    = z_j − z_p, with below_p = 0 exactly
///   e_j        = exp(below_j)
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
  std::vector<T> kept_below;  ///< only for a format; see below()
  T rest = T(0);
  T partition = T(1);

  explicit Exponentials(std::span<const T> z) : peak(peak_of(z)), z_(z) {
    e.reserve(z.size());
    if (!encloses_the_exact<T>()) kept_below.reserve(z.size());
    Gathered<T> others(z.size() - 1);
    for (std::size_t j = 0; j < z.size(); ++j) {
      if (encloses_the_exact<T>()) {
        e.push_back(is_one(j) ? T(1) : exp_in_place(below(j)));
      } else {
        kept_below.push_back(below(j));
        e.push_back(is_one(j) ? T(1) : T(exp(kept_below[j])));
      }
      if (j != peak) others.set(j - (j > peak), e[j]);
    }
    rest = sum(others.data(), 1, others.size());
    partition = encloses_the_exact<T>() ? T(e[peak] + rest) : sum(std::span<const T>(e));
  }

  T below(std::size_t j) const {
    if (j < kept_below.size()) return kept_below[j];
    return is_one(j) ? T(0) : T(z_[j] - z_[peak]);
  }
  /// 1 / partition, computed when first asked for: one division for all classes.
  const T& share() const {
    if (!share_) share_ = T(T(1) / partition);
    return *share_;
  }

  /// Computed when first asked for: few need them, and those need them for every class.
  const T& log_partition() const {
    if (!log_partition_) log_partition_ = T(log(partition));
    return *log_partition_;
  }
  /// z_p + log(partition): log Σⱼ exp(zⱼ).
  const T& log_sum() const {
    if (!log_sum_) log_sum_ = T(z_[peak] + log_partition());
    return *log_sum_;
  }
  const T& log1p_rest() const {
    if (!log1p_rest_) log1p_rest_ = T(log1p(rest));
    return *log1p_rest_;
  }

 private:
  /// ∞ − ∞ and NaN must come out as NaN.
  bool is_one(std::size_t j) const { return j == peak && is_finite(z_[j]); }

  static std::size_t peak_of(std::span<const T> z) {
    std::size_t peak = 0;
    double highest = approximate(z[0]);
    for (std::size_t j = 1; j < z.size(); ++j) {
      const double height = approximate(z[j]);
      if (height > highest) peak = j, highest = height;
    }
    return peak;
  }

  std::span<const T> z_;  ///< must outlive this
  mutable std::optional<T> share_, log_partition_, log_sum_, log1p_rest_;
};

/// log Σⱼ exp(zⱼ). Honest: z_p + log1p(rest), and z_p + log(partition).
template <class T>
T log_sum_exp(std::span<const T> z) {
  const Exponentials<T> x(z);
  return either([&] { return T(z[x.peak] + x.log1p_rest()); }, [&] { return x.log_sum(); });
}

/// pᵢ = exp(zᵢ) / Σⱼ exp(zⱼ). Honest: the quotient, and the exponential of log pᵢ in either association.
template <class T>
std::vector<T> softmax(std::span<const T> z, const Exponentials<T>& x) {
  if constexpr (std::same_as<T, Ball>)
    if (emulated_format())
      if (auto p = softmax_in_format(
              {z, x.kept_below, x.e, z[x.peak], x.partition, x.log_partition(), x.log_sum()}))
        return *std::move(p);
  std::vector<T> p;
  p.reserve(z.size());
  for (std::size_t i = 0; i < z.size(); ++i)
    p.push_back(either([&] { return T(encloses_the_exact<T>() ? x.e[i] * x.share() : x.e[i] / x.partition); },
                       [&] {
                         return T(exp(either([&] { return T(z[i] - x.log_sum()); },
                                             [&] { return T(x.below(i) - x.log_partition()); })));
                       }));
  return p;
}
template <class T>
std::vector<T> softmax(std::span<const T> z) {
  return softmax(z, Exponentials<T>(z));
}

/// log pᵢ = (zᵢ − z_p) − log1p(rest). Honest too: log(partition) for log1p(rest), and zᵢ − (z_p +
/// log(partition)).
template <class T>
T log_softmax(std::span<const T> z, const Exponentials<T>& x, std::size_t i) {
  return either([&] { return T(x.below(i) - x.log1p_rest()); },
                [&] { return T(x.below(i) - x.log_partition()); }, [&] { return T(z[i] - x.log_sum()); });
}

}  // namespace assay::oracles::ops::detail
