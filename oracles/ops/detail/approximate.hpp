/// A double near a number, for choices that need no proof: which index to shift by, which algorithm applies.
#pragma once

#include "oracles/numeric/numbers.hpp"

namespace assay::oracles::ops::detail {

template <std::floating_point T>
double approximate(T x) {
  return static_cast<double>(x);
}
inline double approximate(const Ball& x) {
  return midpoint_double(x);
}

/// Variables of the tape, and other number types that wrap one.
template <class T>
requires requires(const T& x) {
  x.value;
}
double approximate(const T& x) {
  return approximate(x.value);
}

}  // namespace assay::oracles::ops::detail
