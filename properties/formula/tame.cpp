#include "properties/formula/tame.hpp"

#include <algorithm>

namespace assay::properties::formula {

namespace {

constexpr slong widest = slong{1} << 20;
constexpr slong largest = slong{1} << 62;

/// E with |x| < 2^E, within ±2^62; x is not zero.
slong exponent_of(arf_srcptr x) {
  return std::clamp(arf_abs_bound_lt_2exp_si(x), -largest, largest);
}
slong exponent_of(mag_srcptr x) {
  const fmpz* exponent = MAG_EXPREF(x);
  if (fmpz_cmp_si(exponent, largest) > 0) return largest;
  return fmpz_cmp_si(exponent, -largest) < 0 ? -largest : fmpz_get_si(exponent);
}

}  // namespace

void tame(oracles::Ball& x) {
  const arb_ptr ball = oracles::arb(x);
  const arf_ptr midpoint = arb_midref(ball);
  const mag_ptr radius = arb_radref(ball);
  if (arf_is_inf(midpoint) || arf_is_nan(midpoint) || mag_is_inf(radius)) return;
  const slong above = arf_is_zero(midpoint) ? 0 : exponent_of(midpoint);
  const slong around = mag_is_zero(radius) ? 0 : exponent_of(radius);
  if (std::abs(above) == largest || std::abs(around) == largest) {
    arb_indeterminate(ball);
  } else if (!arf_is_zero(midpoint) && !mag_is_zero(radius)) {
    if (around - above > widest) {
      arb_get_mag(radius, ball);
      arf_zero(midpoint);
    } else if (above - around > widest) {
      arb_add_error_2exp_si(ball, above - widest);
    }
  }
}

bool is_extreme(const oracles::Ball& x) {
  const arb_srcptr ball = oracles::arb(x);
  const bool midpoint = !arf_is_special(arb_midref(ball)) && std::abs(exponent_of(arb_midref(ball))) > widest;
  const mag_srcptr radius = arb_radref(ball);
  return midpoint || (!mag_is_special(radius) && std::abs(exponent_of(radius)) > widest);
}

}  // namespace assay::properties::formula
