/// What the emulation of a format adds to a ball (see FormatScope). For the implementation of balls only.
#pragma once

#include "oracles/numeric/arb.hpp"
#include "oracles/numeric/precision.hpp"

namespace assay::oracles::detail {

/// The precision midpoints are computed at; in a FormatScope that is more than working_precision().
inline long compute_bits() {
  return arithmetic.bits;
}

/// Whether the midpoint is a number of the format, or below its spacing by nothing (its largest is ignored).
bool is_representable(arf_srcptr value, const Format& format);

/// In a FormatScope: admits an error of `ulps` units in the last place of the largest number of the ball,
/// unless the ball is one number of the format. Nothing elsewhere.
void admit_rounding(arb_ptr ball, unsigned long ulps);

/// |ball| < 2^exponent, for finite balls other than zero.
void exponent_bound(fmpz_t exponent, arb_srcptr ball);

/// Whether the ball is exactly ±2^k: multiplying and dividing by it rounds nothing.
bool is_power_of_two(arb_srcptr ball);

}  // namespace assay::oracles::detail
