/// Balls whose ends take no gigabytes to write down. Internal.
#pragma once

#include "oracles/numeric/ball.hpp"
#include "oracles/tape.hpp"

namespace assay::properties::formula {

/// The ends of a ball are computed exactly, in as many bits as there are between its midpoint and its radius:
/// 1/2 with a radius of 2^(10^12) would take all memory there is. Where more than 2^20 bits lie between them
/// the ball grows a little; where an exponent does not fit 62 bits nothing is known any more.
void tame(oracles::Ball& x);
template <class T>
void tame(T&) {}
template <class U>
void tame(oracles::Var<U>& x) {
  tame(x.value);
}

/// Whether the magnitude is so large or so small that an operation of the catalogue, which tames nothing,
/// should not meet it.
bool is_extreme(const oracles::Ball& x);
template <class T>
bool is_extreme(const T&) {
  return false;
}

}  // namespace assay::properties::formula
