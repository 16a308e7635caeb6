/// exp, log, tanh and the sigmoid from additions, multiplications and divisions alone: the same bits on every
/// machine, which the library of C does not promise. Good to a few ulps; that is tested against balls.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace assay::properties {

namespace detail {

/// 1 / (k + 1)! for k = 0 ... 14.
constexpr std::array<double, 15> inverse_factorials = [] {
  std::array<double, 15> result{};
  double factorial = 1;
  for (int k = 0; k < 15; ++k) result[static_cast<std::size_t>(k)] = 1 / (factorial *= k + 1);
  return result;
}();

/// (exp(r) − 1) / r for |r| ≤ 0.35: the first 15 terms of Σ rᵏ / (k+1)!; the rest is below 2^−66.
inline double exp_slope(double r) {
  double sum = inverse_factorials[14];
  for (std::size_t k = 14; k-- > 0;) sum = sum * r + inverse_factorials[k];
  return sum;
}

/// 2^n, n a normal exponent.
inline double power_of_two(int n) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << 52);
}

}  // namespace detail

/// exp(x) = 2ⁿ exp(r) with x = n log 2 + r, log 2 in two parts so that r keeps its digits. 2ⁿ comes in two
/// halves, because the whole may be subnormal or beyond the largest number while the result is neither.
inline double portable_exp(double x) {
  if (x > 710) return std::numeric_limits<double>::infinity();
  if (x < -746) return 0;
  if (std::isnan(x)) return x;
  const double n = std::floor(x * 0x1.71547652b82fep+0 + 0.5);
  const double r = (x - n * 0x1.62e42fee00000p-1) - n * 0x1.a39ef35793c76p-33;
  const int whole = static_cast<int>(n), half = whole / 2;
  return (1 + r * detail::exp_slope(r)) * detail::power_of_two(half) * detail::power_of_two(whole - half);
}

/// log(x) = e log 2 + 2 artanh(s) with x = 2ᵉ m, m in [√½, √2), s = (m − 1) / (m + 1).
inline double portable_log(double x) {
  if (!(x > 0))
    return x == 0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  if (!std::isfinite(x)) return x;
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < 0.70710678118654752) m *= 2, --exponent;
  const double s = (m - 1) / (m + 1), square = s * s;
  double sum = 1.0 / 23;
  for (int k = 21; k >= 1; k -= 2) sum = 1.0 / k + square * sum;
  return exponent * 0x1.62e42fee00000p-1 + (exponent * 0x1.a39ef35793c76p-33 + 2 * s * sum);
}

/// 1 − 2 / (exp(2x) + 1); near 0, where that cancels, through exp(2x) − 1.
inline double portable_tanh(double x) {
  if (std::abs(x) < 0.17) {
    const double rise = 2 * x * detail::exp_slope(2 * x);
    return rise / (rise + 2);
  }
  return 1 - 2 / (portable_exp(2 * x) + 1);
}

inline double portable_sigmoid(double x) {
  return 1 / (1 + portable_exp(-x));
}

}  // namespace assay::properties
