/// Euclidean lengths.
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

#include "oracles/numeric/numbers.hpp"

namespace assay::oracles::ops::detail {

/// √(Σ xᵢ²). Balls do not overflow.
template <class T>
T length(std::span<const T> x) {
  return sqrt(T(dot(x, x)));
}

/// In floats the squares of numbers beyond 1e154 would overflow, and of those below 1e-162 vanish: all are
/// scaled by the power of two of the largest, which rounds nothing.
template <std::floating_point T>
T length(std::span<const T> x) {
  T largest = 0;
  for (const T element : x) largest = max(largest, T(std::abs(element)));
  if (!(largest > 0) || std::isinf(largest)) return largest;
  const int exponent = std::ilogb(largest);
  std::vector<T> scaled(x.begin(), x.end());
  for (T& element : scaled) element = std::scalbn(element, -exponent);
  const std::span<const T> all(scaled);
  return std::scalbn(std::sqrt(dot(all, all)), exponent);
}

/// max(‖x‖₂, floor), for floor ≥ 0. The maximum is taken of the squares: at x = 0 the square root has no
/// derivative, and with a positive floor none is asked for.
template <class T>
T norm_at_least(std::span<const T> x, const T& floor) {
  if constexpr (std::floating_point<T>)
    return max(length(x), floor);
  else
    return T(sqrt(T(max(T(dot(x, x)), T(square(floor))))));
}

}  // namespace assay::oracles::ops::detail
