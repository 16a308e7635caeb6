#include "oracles/numeric/ball.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>

#include "oracles/numeric/outline.hpp"
#include "oracles/numeric/rounding.hpp"

namespace assay::oracles {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// An arf_t that cleans up after itself.
struct Float {
  arf_t value;
  Float() { arf_init(value); }
  ~Float() { arf_clear(value); }
  Float(const Float&) = delete;
  Float& operator=(const Float&) = delete;
};

/// Rounded up to the 30 bits of a radius; exact where it fits. (arf_get_mag always goes one unit further, and
/// [0, 1] would not be [0, 1].)
void set_radius(mag_t result, arf_srcptr value) {
  if (arf_is_special(value) || arf_bits(value) > MAG_BITS) {
    arf_get_mag(result, value);
    return;
  }
  fmpz_t significand, exponent;
  fmpz_init(significand);
  fmpz_init(exponent);
  arf_get_fmpz_2exp(significand, exponent, value);
  mag_set_ui(result, fmpz_get_ui(significand));
  mag_mul_2exp_fmpz(result, result, exponent);
  fmpz_clear(significand);
  fmpz_clear(exponent);
}

/// [low, high] for two finite numbers (exact balls): the midpoint rounded, the radius to the farther end.
Ball interval(const Ball& low, const Ball& high) {
  Ball result;
  arf_ptr middle = arb_midref(arb(result));
  arf_add(middle, arb_midref(arb(low)), arb_midref(arb(high)), detail::compute_bits(), ARF_RND_NEAR);
  arf_mul_2exp_si(middle, middle, -1);
  Float below, above;
  arf_sub(below.value, middle, arb_midref(arb(low)), 2 * MAG_BITS, ARF_RND_UP);
  arf_sub(above.value, arb_midref(arb(high)), middle, 2 * MAG_BITS, ARF_RND_UP);
  set_radius(arb_radref(arb(result)), arf_cmp(below.value, above.value) > 0 ? below.value : above.value);
  return result;
}

/// A double of the ball's own scale, and whether any addition was rounded.
struct Sum {
  double value = 0;
  bool rounded = false;
  Sum plus(double x) const {
    const double sum = value + x, part = sum - value;
    return {sum, rounded || (value - (sum - part)) + (x - part) != 0};
  }
};

/// A number of one limb and of an exponent near 0.
std::optional<double> near_double(arf_srcptr x) {
  if (arf_is_zero(x)) return 0;
  if (ARF_SIZE(x) != 1 || COEFF_IS_MPZ(ARF_EXP(x)) || std::abs(ARF_EXP(x)) > detail::near)
    return std::nullopt;
  const double value = static_cast<double>(ARF_NOPTR_D(x)[0]) * detail::power_of_two(ARF_EXP(x) - 64);
  return ARF_SGNBIT(x) ? -value : value;
}
std::optional<double> near_double(mag_srcptr x) {
  if (MAG_MAN(x) == 0 || COEFF_IS_MPZ(MAG_EXP(x)) || std::abs(MAG_EXP(x)) > detail::near) return std::nullopt;
  return static_cast<double>(MAG_MAN(x)) * detail::power_of_two(MAG_EXP(x) - MAG_BITS);
}

/// Rounded up to the 30 bits of a radius, for normal doubles; exact where it fits.
void set_radius(mag_t result, double value) {
  int exponent;
  const double significand = std::ldexp(std::frexp(value, &exponent), MAG_BITS);
  mag_set_ui_2exp_si(result, static_cast<ulong>(std::ceil(significand)), exponent - MAG_BITS);
}

/// The hull of two finite balls of moderate radii other than 0, in doubles relative to the midpoint of a,
/// which is all the accuracy a radius has:
///
///   [low, high] = [min(−r_a, d − r_b), max(r_a, d + r_b)],    d = m_b − m_a
///
/// Each rounding adds 2^−50 of the largest number at most. Nothing where something is too large or small.
std::optional<Ball> near_hull(const Ball& a, const Ball& b) {
  const auto r_a = near_double(arb_radref(arb(a))), r_b = near_double(arb_radref(arb(b)));
  if (!r_a || !r_b) return std::nullopt;
  Float difference;
  const bool cut = arf_sub(difference.value, arb_midref(arb(b)), arb_midref(arb(a)), 53, ARF_RND_DOWN) != 0;
  const auto d = near_double(difference.value);
  if (!d) return std::nullopt;
  const double far = std::fabs(*d) * (1 + detail::power_of_two(-50));
  if (far + *r_b < *r_a * (1 - detail::power_of_two(-50))) return a;  // one lies in the other
  if (far + *r_a < *r_b * (1 - detail::power_of_two(-50))) return b;
  const Sum below = Sum{*d, cut}.plus(-*r_b), above = Sum{*d, cut}.plus(*r_b);
  const Sum low = below.value < -*r_a ? below : Sum{-*r_a}, high = above.value > *r_a ? above : Sum{*r_a};
  const Sum shift = low.plus(high.value), width = high.plus(-low.value);
  double radius = width.value / 2;
  if (cut || below.rounded || above.rounded || shift.rounded || width.rounded)
    radius += (std::fabs(*d) + *r_a + *r_b) * detail::power_of_two(-50);
  std::optional<Ball> result(std::in_place);
  arf_ptr middle = arb_midref(arb(*result));
  arf_set_d(difference.value, shift.value / 2);
  if (arf_add(middle, arb_midref(arb(a)), difference.value, detail::compute_bits(), ARF_RND_NEAR)) {
    if (COEFF_IS_MPZ(ARF_EXP(middle)) || std::abs(ARF_EXP(middle)) > detail::near) return std::nullopt;
    radius += detail::power_of_two(std::max(ARF_EXP(middle) - detail::compute_bits(), -1000L));
    radius += radius * detail::power_of_two(-52);
  }
  set_radius(arb_radref(arb(*result)), radius);
  return result;
}

}  // namespace

Ball to_ball(const Rational& value) {
  return Ball(value);
}

Ball ball_between(const Ball& low, const Ball& high) {
  if (high < low) throw std::invalid_argument("an interval's ends are in the wrong order");
  return hull(low, high);
}

Ball ball_around(const Ball& midpoint_ball, const Ball& radius_ball) {
  if (radius_ball < 0) throw std::invalid_argument("a radius is not negative");
  Ball result = midpoint(midpoint_ball);
  set_radius(arb_radref(arb(result)), arb_midref(arb(upper(radius_ball))));
  return result;
}

Ball midpoint(const Ball& ball) {
  Ball result;
  arf_set(arb_midref(arb(result)), arb_midref(arb(ball)));
  return result;
}

Ball radius(const Ball& ball) {
  Ball result;
  arf_set_mag(arb_midref(arb(result)), arb_radref(arb(ball)));
  return result;
}

/// Bits of an end. A midpoint and a radius whose exponents are further apart than that have an end that would
/// take as many bits to write down: 1/2 and 2^(10^60), say, more than there is memory.
constexpr slong longest_end = 65536;

Ball lower(const Ball& ball) {
  if (is_nan(ball)) return Ball(-infinity);
  Ball result;
  Float r;
  arf_set_mag(r.value, arb_radref(arb(ball)));
  arf_sub(arb_midref(arb(result)), arb_midref(arb(ball)), r.value, longest_end, ARF_RND_FLOOR);
  return result;
}

Ball upper(const Ball& ball) {
  return -lower(-ball);
}

double midpoint_double(const Ball& ball) {
  return arf_get_d(arb_midref(arb(ball)), ARF_RND_NEAR);
}

double radius_double(const Ball& ball) {
  if (is_nan(ball)) return infinity;
  Float r;
  arf_set_mag(r.value, arb_radref(arb(ball)));
  return arf_get_d(r.value, ARF_RND_UP);
}

double lower_double(const Ball& ball) {
  return arf_get_d(arb_midref(arb(lower(ball))), ARF_RND_FLOOR);
}

double upper_double(const Ball& ball) {
  return arf_get_d(arb_midref(arb(upper(ball))), ARF_RND_CEIL);
}

Rational midpoint_rational(const Ball& ball) {
  if (!arf_is_finite(arb_midref(arb(ball))))
    throw std::domain_error("infinities and NaN are no rational numbers");
  fmpq_t fraction;
  fmpq_init(fraction);
  arf_get_fmpq(fraction, arb_midref(arb(ball)));
  Rational result;
  fmpq_get_mpq(result.backend().data(), fraction);
  fmpq_clear(fraction);
  return result;
}

bool is_exact(const Ball& ball) {
  return arb_is_exact(arb(ball)) && !is_nan(ball);
}
bool is_finite(const Ball& ball) {
  return arb_is_finite(arb(ball)) != 0;
}
bool is_nan(const Ball& ball) {
  return arf_is_nan(arb_midref(arb(ball))) != 0;
}

bool contains(const Ball& ball, const Rational& value) {
  if (is_nan(ball)) return true;
  fmpq_t fraction;
  fmpq_init(fraction);
  fmpq_set_mpq(fraction, value.backend().data());
  const bool inside = arb_contains_fmpq(arb(ball), fraction) != 0;
  fmpq_clear(fraction);
  return inside;
}

bool contains(const Ball& ball, double value) {
  return contains(ball, Ball(value));
}
bool contains(const Ball& outer, const Ball& inner) {
  return is_nan(outer) || arb_contains(arb(outer), arb(inner));
}
bool contains_zero(const Ball& ball) {
  return is_nan(ball) || arb_contains_zero(arb(ball));
}
bool overlaps(const Ball& a, const Ball& b) {
  return is_nan(a) || is_nan(b) || arb_overlaps(arb(a), arb(b));
}

Ball hull(const Ball& a, const Ball& b) {
  if (is_nan(a) || (is_exact(a) && is_exact(b) && a == b)) return a;
  if (is_nan(b)) return b;
  if (!is_finite(a) || !is_finite(b)) {
    Ball result;
    arb_union(arb(result), arb(a), arb(b), detail::compute_bits());
    return result;
  }
  if (auto result = near_hull(a, b)) return *std::move(result);
  const Ball low_a = lower(a), low_b = lower(b), high_a = upper(a), high_b = upper(b);
  return interval(low_a < low_b ? low_a : low_b, high_a > high_b ? high_a : high_b);
}

std::string digits(const Ball& ball, int most) {
  return ball.backend().str(most, {});
}

std::string radius_text(const Ball& ball) {
  Ball r = radius(ball);
  if (arb_is_zero(arb(r))) return "0";
  // Three digits lie within 1 % of what is printed, and r (1 + 2^−6) (1 − 0.01) ≥ r.
  Ball inflated;
  arb_mul_2exp_si(arb(inflated), arb(r), -6);
  arf_add(arb_midref(arb(r)), arb_midref(arb(r)), arb_midref(arb(inflated)), ARF_PREC_EXACT, ARF_RND_UP);
  return digits(r, 3);
}

Truth less(const Ball& a, const Ball& b) {
  if (arb_lt(arb(a), arb(b))) return Truth::yes;
  return arb_ge(arb(a), arb(b)) ? Truth::no : Truth::unknown;
}

Truth less_equal(const Ball& a, const Ball& b) {
  if (arb_le(arb(a), arb(b))) return Truth::yes;
  return arb_gt(arb(a), arb(b)) ? Truth::no : Truth::unknown;
}

Truth equal(const Ball& a, const Ball& b) {
  if (arb_eq(arb(a), arb(b))) return Truth::yes;
  return arb_ne(arb(a), arb(b)) ? Truth::no : Truth::unknown;
}

}  // namespace assay::oracles
