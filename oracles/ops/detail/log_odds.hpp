/// Logarithms of probabilities that are given as logits or as themselves, without overflow or cancellation.
#pragma once

#include "oracles/ops/detail/approximate.hpp"

namespace assay::oracles::ops::detail {

/// log(1 + e^x) = x + log(1 + e^−x). Both forms hold for every x; the one whose exponential is at most 1 is
/// taken, so the choice needs no proof and makes no kink.
template <class T>
T softplus(const T& x) {
  if (approximate(x) > 0) return T(x + log1p(exp(T(-x))));
  return T(log1p(exp(x)));
}

/// log(1 − p). Honest: log1p, and the logarithm of a difference.
template <class T>
T log_of_rest(const T& p) {
  return either([&] { return T(log1p(T(-p))); }, [&] { return T(log(T(T(1) - p))); });
}

}  // namespace assay::oracles::ops::detail
