/// Units in the last place. Knows no package.
#pragma once

#include <cmath>
#include <concepts>
#include <limits>

namespace assay::oracles {

/// u = 2^−bits: half the distance from 1 to the next larger number, the largest relative error of one
/// rounding.
template <std::floating_point T>
inline constexpr T unit_roundoff = std::numeric_limits<T>::epsilon() / 2;

/// The spacing of the numbers of T in the binade of x: 2^(k − bits + 1) for 2^k ≤ |x| < 2^(k+1).
/// Zero and subnormal numbers: the smallest subnormal. Infinity: infinity. NaN: NaN.
template <std::floating_point T>
T ulp(T x) {
  using Limits = std::numeric_limits<T>;
  if (!std::isfinite(x)) return std::abs(x);
  const T magnitude = std::abs(x);
  if (magnitude < Limits::min()) return Limits::denorm_min();
  return std::ldexp(T(1), std::ilogb(magnitude) - Limits::digits + 1);
}

/// The error of `got` against `wanted` in units in the last place of `wanted`; NaN where either is NaN,
/// 0 for equal infinities.
template <std::floating_point T>
T ulps_between(T got, T wanted) {
  if (got == wanted) return 0;
  return std::abs(got / ulp(wanted) - wanted / ulp(wanted));
}

}  // namespace assay::oracles
