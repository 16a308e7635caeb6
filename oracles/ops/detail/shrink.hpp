/// Soft thresholding of one number.
#pragma once

#include "oracles/numeric/numbers.hpp"

namespace assay::oracles::ops::detail {

/// sign(x) max(|x| − t, 0) for t ≥ 0. At most one of the two terms is not 0, and each is monotonic: the ball
/// of the result is as narrow as that of x.
template <class T>
T shrunk(const T& x, const T& t) {
  return relu(T(x - t)) - relu(T(-x - t));
}

/// Its derivative in x: 1 for |x| > t, 0 for |x| < t; [0, 1] where a ball meets ±t. For t = 0 both steps
/// meet at 0, and the sum of their sets is cut off at 1.
template <class T>
T shrink_slope(const T& x, const T& t) {
  return min(T(step(T(x - t)) + step(T(-x - t))), T(1));
}

}  // namespace assay::oracles::ops::detail
