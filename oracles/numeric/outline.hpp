/// A ball in machine numbers, where it is near enough to 1 for them. For the implementation of balls only.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "oracles/numeric/arb.hpp"

namespace assay::oracles::detail {

/// 2^exponent, for normal doubles: −1022 ≤ exponent ≤ 1023.
inline double power_of_two(slong exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

/// The exponent of frexp, for normal doubles: 2^(e − 1) ≤ x < 2^e.
inline slong exponent_above(double x) {
  return static_cast<slong>(std::bit_cast<std::uint64_t>(x) >> 52) - 1022;
}

/// At least `value`, a normal double > 0 or infinity that may itself be up to half an ulp too small: its
/// leading 30 bits, and one unit more. The exponent in `result` must be a machine word.
inline void set_upper(mag_t result, double value) {
  const slong exponent = exponent_above(value);
  if (exponent < -1021 || exponent > 1024) return mag_set_d(result, value);
  constexpr std::uint64_t hidden = std::uint64_t{1} << 52;
  const std::uint64_t significand = (std::bit_cast<std::uint64_t>(value) & (hidden - 1)) | hidden;
  const ulong leading = (significand >> (53 - MAG_BITS)) + 1, carry = leading >> MAG_BITS;
  MAG_MAN(result) = leading >> carry;
  MAG_EXP(result) = exponent + static_cast<slong>(carry);
}

/// The largest exponent, up and down, of a ball that has an outline. Doubles of such balls are far from
/// overflow and underflow, products of two of them included.
inline constexpr slong near = 400;

struct Outline {
  /// |x| for each x in the ball is at most this, but for the rounding of one addition: (1 + 2^−53).
  double magnitude;
  slong lowest_bit;  ///< 2^lowest_bit divides the midpoint
  bool exact;        ///< the radius is 0
};

/// False where the ball is infinite, NaN, or has an exponent far from 0.
inline bool outline(Outline& result, arb_srcptr x) {
  static_assert(FLINT_BITS == 64);
  // One comparison for a word from −low to high. Infinities, NaN and exponents that are no machine word are
  // beyond ±2^61.
  const auto within = [](slong value, slong low, slong high) {
    return static_cast<ulong>(value) + static_cast<ulong>(low) <= static_cast<ulong>(low + high);
  };
  arf_srcptr m = arb_midref(x);
  mag_srcptr r = arb_radref(x);
  const mp_size_t size = ARF_SIZE(m);
  const slong exponent = ARF_EXP(m);
  // Beside a midpoint, a tiny radius may vanish.
  if (!within(exponent, near, near) || !within(MAG_EXP(r), size ? 2 * near : near, near)) return false;
  result = {0, near, MAG_MAN(r) == 0};
  if (size) {
    mp_srcptr limbs = size <= ARF_NOPTR_LIMBS ? ARF_NOPTR_D(m) : ARF_PTR_D(m);
    // 2^(exponent − 1) ≤ |m|: the top 53 bits are the significand of a double, and its successor is above.
    const auto exponent_field = static_cast<std::uint64_t>(exponent + 1021) << 52;
    result.magnitude = std::bit_cast<double>(exponent_field + (limbs[size - 1] >> 11) + 1);
    result.lowest_bit = exponent - 64 * size + std::countr_zero(limbs[0]);
  }
  if (!result.exact)
    result.magnitude += static_cast<double>(MAG_MAN(r)) * power_of_two(MAG_EXP(r) - MAG_BITS);
  return true;
}

}  // namespace assay::oracles::detail
