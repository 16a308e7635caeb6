#include "oracles/numeric/rounding.hpp"

#include <algorithm>

#include "oracles/numeric/outline.hpp"

namespace assay::oracles::detail {

bool is_representable(arf_srcptr value, const Format& format) {
  if (arf_is_special(value)) return true;
  if (arf_bits(value) > format.bits) return false;
  // |value| = odd · 2^(exponent − bits); that power must not be below the spacing near zero.
  const fmpz* exponent = ARF_EXPREF(value);
  return fmpz_cmp_si(exponent, format.subnormal_exponent() + arf_bits(value)) >= 0;
}

void exponent_bound(fmpz_t exponent, arb_srcptr ball) {
  mag_t largest;
  mag_init(largest);
  arb_get_mag(largest, ball);
  fmpz_set(exponent, MAG_EXPREF(largest));  // a mag is m · 2^e with m < 1
  mag_clear(largest);
}

bool is_power_of_two(arb_srcptr ball) {
  return arb_is_exact(ball) && !arf_is_special(arb_midref(ball)) && arf_bits(arb_midref(ball)) == 1;
}

void admit_rounding(arb_ptr ball, unsigned long ulps) {
  if (!arithmetic.emulates) return;
  const Format& format = arithmetic.format;
  if (!arb_is_finite(ball) || (arb_is_exact(ball) && is_representable(arb_midref(ball), format))) return;
  if (Outline seen; outline(seen, ball) && format.bits <= 200 && format.subnormal_exponent() <= near) {
    // The same in machine numbers.
    const slong above = exponent_above(seen.magnitude * (1 + power_of_two(-51)));
    const slong spacing = std::max<slong>(above - format.bits, format.subnormal_exponent());
    mag_ptr radius = arb_radref(ball);
    double error = static_cast<double>(ulps) * power_of_two(spacing);
    if (!seen.exact) error += static_cast<double>(MAG_MAN(radius)) * power_of_two(MAG_EXP(radius) - MAG_BITS);
    return set_upper(radius, error);
  }
  fmpz_t exponent;
  fmpz_init(exponent);
  exponent_bound(exponent, ball);
  // |z| < 2^E: the spacing at z is at most 2^(E − bits), and near zero the subnormal spacing.
  fmpz_sub_si(exponent, exponent, format.bits);
  if (fmpz_cmp_si(exponent, format.subnormal_exponent()) < 0)
    fmpz_set_si(exponent, format.subnormal_exponent());
  mag_t error;
  mag_init(error);
  mag_set_ui(error, ulps);
  mag_mul_2exp_fmpz(error, error, exponent);
  arb_add_error_mag(ball, error);
  mag_clear(error);
  fmpz_clear(exponent);
}

}  // namespace assay::oracles::detail
