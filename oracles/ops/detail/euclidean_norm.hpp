/// The Euclidean norm of a vector, without overflow.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "oracles/operation.hpp"
#include "oracles/ops/detail/approximate.hpp"

namespace assay::oracles::ops::detail {

/// √(Σ xᵢ²) = m √(Σ (xᵢ/m)²), where m is any power of two: it is taken near the largest |xᵢ|, so that no
/// float overflows, and multiplying by it rounds nothing.
template <class T>
T euclidean_norm(std::span<const T> x) {
  double largest = 0;
  for (const T& element : x) largest = std::fmax(largest, std::fabs(approximate(element)));
  int exponent = 0;
  if (largest != 0 && std::isfinite(largest)) std::frexp(largest, &exponent);
  const auto power_of_two = [](int e) { return from_rational<T>(pow(Rational(2), e)); };
  const T down = power_of_two(-exponent / 2), down_again = power_of_two(exponent / 2 - exponent);
  std::vector<T> scaled(x.begin(), x.end());
  for (T& element : scaled) element = element * down * down_again;
  const std::span<const T> all(scaled);
  return sqrt(dot(all, all)) / down / down_again;
}

}  // namespace assay::oracles::ops::detail
