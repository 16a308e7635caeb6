/// The Euclidean length of a vector.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <vector>

#include "oracles/numeric/numbers.hpp"

namespace assay::oracles::ops::detail {

/// √(Σ xᵢ²). Balls do not overflow.
template <class T>
T length(const std::vector<T>& x) {
  return sqrt(T(dot(x, x)));
}

/// In floats the squares of numbers beyond 1e154 would overflow, and of those below 1e-162 vanish: all are
/// scaled by the power of two of the largest, which rounds nothing.
template <std::floating_point T>
T length(const std::vector<T>& x) {
  T peak = 0;
  for (const T element : x) peak = max(peak, T(std::abs(element)));
  if (peak == 0 || !std::isfinite(peak)) return peak;
  const int exponent = std::ilogb(peak);
  std::vector<T> small;
  for (const T element : x) small.push_back(std::scalbn(element, -exponent));
  return std::scalbn(std::sqrt(dot(small, small)), exponent);
}

}  // namespace assay::oracles::ops::detail
