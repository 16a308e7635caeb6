/// The two constants of the self-normalising exponential linear unit.
#pragma once

#include <concepts>
#include <tuple>

#include "oracles/numeric/numbers.hpp"

namespace assay::oracles::ops::detail {

/// λ and α in closed form at the working precision.
///
///   α = −√(2/π) / (r − 1),  λ = (1 − r) √(2π) (2 q + π r² − 2 (2 + π) r + π + 2)^(−1/2)
///
/// where r = e^(1/2) erfc(√½) and q = e² erfc(√2). (Klambauer et al. 2017, equation 14.)
std::tuple<Ball, Ball> selu_constants_on_balls();

/// The same as one T each: the nearest float; in a FormatScope whatever that format rounds them to.
template <class T>
std::tuple<T, T> selu_constants() {
  if constexpr (std::same_as<T, Ball>) {
    return selu_constants_on_balls();
  } else if constexpr (std::floating_point<T>) {
    static const std::tuple<T, T> rounded = [] {
      const PrecisionScope scope(128);
      const auto [scale, alpha] = selu_constants_on_balls();
      return std::tuple(from_rational<T>(midpoint_rational(scale)),
                        from_rational<T>(midpoint_rational(alpha)));
    }();
    return rounded;
  } else {
    const auto [scale, alpha] = selu_constants<decltype(T::value)>();
    return {T(scale), T(alpha)};
  }
}

}  // namespace assay::oracles::ops::detail
