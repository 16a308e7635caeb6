/// The Euclidean norm of a vector, without overflow.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "oracles/operation.hpp"
#include "oracles/ops/detail/approximate.hpp"

namespace assay::oracles::ops::detail {

/// The exponent e of the largest |xᵢ|: it is less than 2^e. 0 where there is none.
template <class T>
int exponent_of_largest(std::span<const T> x) {
  double largest = 0;
  for (const T& element : x) largest = std::fmax(largest, std::fabs(approximate(element)));
  int exponent = 0;
  if (largest != 0 && std::isfinite(largest)) std::frexp(largest, &exponent);
  return exponent;
}

/// 2^exponent; the exponent is one that T has.
template <class T>
T power_of_two(int exponent) {
  return from_rational<T>(pow(Rational(2), exponent));
}

/// √(Σ xᵢ²) = m √(Σ (xᵢ/m)²), where m is any power of two: it is taken near the largest |xᵢ|, so that no
/// float overflows, and multiplying by it rounds nothing. Honest too: the squares as they are, unless so much
/// of them vanishes that their sum may be below 0.
template <class T>
T euclidean_norm(std::span<const T> x) {
  const int exponent = exponent_of_largest(x);
  const T down = power_of_two<T>(-exponent / 2), down_again = power_of_two<T>(exponent / 2 - exponent);
  std::vector<T> scaled(x.begin(), x.end());
  for (T& element : scaled) element = element * down * down_again;
  const std::span<const T> all(scaled);
  const T norm = sqrt(dot(all, all)) / down / down_again;
  return either([&] { return norm; },
                [&] {
                  const T plain = sqrt(dot(x, x));
                  return is_finite(plain) ? plain : norm;
                });
}

}  // namespace assay::oracles::ops::detail
