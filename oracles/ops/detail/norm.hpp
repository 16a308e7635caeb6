/// Euclidean lengths.
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

#include "oracles/numeric/numbers.hpp"

namespace assay::oracles::ops::detail {

/// max(‖x‖₂, floor), for floor ≥ 0. The maximum is taken of the squares: at x = 0 the square root has no
/// derivative, and with a positive floor none is asked for.
template <class T>
T norm_at_least(std::span<const T> x, const T& floor) {
  return T(sqrt(T(max(T(dot(x, x)), T(square(floor))))));
}

/// Floats are scaled by a power of two, which is exact: no square overflows, none of a short vector vanishes.
template <std::floating_point T>
T norm_at_least(std::span<const T> x, const T& floor) {
  T largest = 0;
  for (const T element : x) largest = max(largest, T(std::abs(element)));
  if (!(largest > 0) || std::isinf(largest)) return max(largest, floor);
  const int exponent = std::ilogb(largest);
  std::vector<T> scaled(x.begin(), x.end());
  for (T& element : scaled) element = std::scalbn(element, -exponent);
  const std::span<const T> all(scaled);
  return max(T(std::scalbn(std::sqrt(dot(all, all)), exponent)), floor);
}

}  // namespace assay::oracles::ops::detail
