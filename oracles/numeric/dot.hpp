/// dot and sum: the two primitives that every linear operation goes through.
///
///   dot(a, b) = Σ aᵢ bᵢ,   sum(a) = Σ aᵢ
///
/// Rational: exact. double and float: one loop, from first to last, in the type itself. Ball: Arb's dot
/// product, several times faster than one operation at a time and with one rounding in all.
///
/// In a FormatScope the ball contains the result of *every* order of summation: forwards, backwards,
/// pairwise, blocked, sorted, Kahan's, with or without fused multiply-add. See dot.cpp for the inequality.
#pragma once

#include <cstddef>
#include <iterator>
#include <stdexcept>

#include "oracles/numeric/ball.hpp"

namespace assay::oracles {

/// Σ a[i·stride_a] · b[i·stride_b] for i < n. Strides may be 0 or negative.
template <class T>
T dot(const T* a, std::ptrdiff_t stride_a, const T* b, std::ptrdiff_t stride_b, std::size_t n) {
  T total = T(0);
  for (std::size_t i = 0; i < n; ++i, a += stride_a, b += stride_b) total += *a * *b;
  return total;
}
Ball dot(const Ball* a, std::ptrdiff_t stride_a, const Ball* b, std::ptrdiff_t stride_b, std::size_t n);

/// Σ a[i] · b[i] of two spans, vectors or arrays. Throws std::invalid_argument where the lengths differ.
template <class A, class B>
requires requires(const A& a, const B& b) {
  std::data(a) == std::data(b);
}
auto dot(const A& a, const B& b) {
  if (std::size(a) != std::size(b))
    throw std::invalid_argument("a dot product needs two vectors of one length");
  return dot(std::data(a), 1, std::data(b), 1, std::size(a));
}

/// Σ a[i·stride] for i < n.
template <class T>
T sum(const T* a, std::ptrdiff_t stride, std::size_t n) {
  T total = T(0);
  for (std::size_t i = 0; i < n; ++i, a += stride) total += *a;
  return total;
}
Ball sum(const Ball* a, std::ptrdiff_t stride, std::size_t n);

/// Σ a[i] of a span, a vector or an array.
template <class A>
requires requires(const A& a) {
  *std::data(a);
}
auto sum(const A& a) {
  return sum(std::data(a), 1, std::size(a));
}

}  // namespace assay::oracles
