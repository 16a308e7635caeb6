#include "oracles/numeric/arb_backend.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>

#include "oracles/numeric/rounding.hpp"

namespace assay::oracles {

using detail::admit_rounding;
using detail::compute_bits;

ArbBackend::ArbBackend(const boost::multiprecision::gmp_rational& value) : ArbBackend() {
  fmpq_t fraction;
  fmpq_init(fraction);
  fmpq_set_mpq(fraction, value.data());
  arb_set_fmpq(&ball_, fraction, compute_bits());
  fmpq_clear(fraction);
  admit_rounding(&ball_, 1);  // a literal such as 0.1 is rounded to the format, too
}

ArbBackend& ArbBackend::operator=(long long value) {
  arb_set_si(&ball_, value);
  return *this;
}
ArbBackend& ArbBackend::operator=(unsigned long long value) {
  arb_set_ui(&ball_, value);
  return *this;
}
ArbBackend& ArbBackend::operator=(double value) {
  arb_set_d(&ball_, value);
  return *this;
}

ArbBackend& ArbBackend::operator=(const char* text) {
  const std::string_view all = text;
  if (all == "inf" || all == "+inf" || all == "-inf")
    return *this = all == "-inf" ? -std::numeric_limits<double>::infinity()
                                 : std::numeric_limits<double>::infinity();
  if (all == "nan") return *this = std::numeric_limits<double>::quiet_NaN();
  return *this = ArbBackend(parse_rational(all).backend());
}

int ArbBackend::compare(const ArbBackend& other) const {
  if (eval_lt(*this, other)) return -1;
  if (eval_gt(*this, other)) return 1;
  if (eval_eq(*this, other)) return 0;
  throw std::domain_error("the order of two overlapping balls is undecided; ask less() for a Truth");
}

namespace {

/// Numbers of moderate exponent can be written in full; the others would fill pages with zeros.
bool is_printable_exactly(arb_srcptr ball) {
  constexpr slong moderate = 4096;
  arf_srcptr value = arb_midref(ball);
  return arb_is_exact(ball) && !arf_is_special(value) && fmpz_cmp_si(ARF_EXPREF(value), moderate) < 0 &&
         fmpz_cmp_si(ARF_EXPREF(value), -moderate) > 0 && arf_bits(value) < moderate;
}

std::string exact_text(arf_srcptr value, std::streamsize digits) {
  fmpq_t fraction;
  fmpq_init(fraction);
  arf_get_fmpq(fraction, value);
  Rational exact;
  fmpq_get_mpq(exact.backend().data(), fraction);
  fmpq_clear(fraction);
  // A number with b bits behind or before the binary point has at most b digits beyond its first.
  const long all = arf_bits(value) + std::abs(fmpz_get_si(ARF_EXPREF(value))) + 1;
  return to_decimal(exact, static_cast<int>(digits > 0 ? std::min<long>(digits, all) : all));
}

}  // namespace

std::string ArbBackend::str(std::streamsize digits, std::ios_base::fmtflags) const {
  arf_srcptr value = arb_midref(&ball_);
  if (arb_is_zero(&ball_)) return "0";
  if (arf_is_nan(value)) return "nan";
  if (arf_is_inf(value) && mag_is_finite(arb_radref(&ball_))) return arf_sgn(value) < 0 ? "-inf" : "inf";
  if (is_printable_exactly(&ball_)) return exact_text(value, digits);
  constexpr double decimals_per_bit = 0.30103;
  const slong bits =
      arb_is_exact(&ball_) ? arf_bits(value) : std::max<slong>(arb_rel_accuracy_bits(&ball_), 1);
  const slong wanted = digits > 0 ? static_cast<slong>(digits)
                                  : 1 + static_cast<slong>(decimals_per_bit * static_cast<double>(bits));
  char* const text = arb_get_str(&ball_, wanted, ARB_STR_NO_RADIUS);
  const std::string result = text;
  flint_free(text);
  return result;
}

void eval_add(ArbBackend& result, const ArbBackend& a, const ArbBackend& b) {
  const bool exact = detail::arithmetic.emulates && (arb_is_zero(a.data()) || arb_is_zero(b.data()));
  arb_add(result.data(), a.data(), b.data(), compute_bits());
  if (!exact) admit_rounding(result.data(), 1);
}

void eval_subtract(ArbBackend& result, const ArbBackend& a, const ArbBackend& b) {
  const bool exact = detail::arithmetic.emulates && (arb_is_zero(a.data()) || arb_is_zero(b.data()));
  arb_sub(result.data(), a.data(), b.data(), compute_bits());
  if (!exact) admit_rounding(result.data(), 1);
}

namespace {

/// Whether scaling by ±2^k stays exact: true but where the result falls among the subnormal numbers.
bool scales_exactly(arb_srcptr scale, arb_srcptr result) {
  if (!detail::arithmetic.emulates || !detail::is_power_of_two(scale)) return false;
  // With a radius of at most a quarter of the midpoint, |result| ≥ 2^(exponent − 2).
  arf_srcptr m = arb_midref(result);
  mag_srcptr r = arb_radref(result);
  constexpr slong near = 400;  // neither infinite nor an exponent beyond a machine word
  const bool narrow = MAG_MAN(r) == 0 ? MAG_EXP(r) == 0 : MAG_EXP(r) <= ARF_EXP(m) - 2;
  if (!arf_is_special(m) && ARF_EXP(m) >= -near && ARF_EXP(m) <= near && narrow &&
      ARF_EXP(m) - 2 >= detail::arithmetic.format.min_exponent)
    return true;
  mag_t least;
  mag_init(least);
  arb_get_mag_lower(least, result);
  const bool normal = mag_cmp_2exp_si(least, detail::arithmetic.format.min_exponent) >= 0;
  mag_clear(least);
  return normal;
}

}  // namespace

void eval_multiply(ArbBackend& result, const ArbBackend& a, const ArbBackend& b) {
  if (!detail::arithmetic.emulates) {
    arb_mul(result.data(), a.data(), b.data(), compute_bits());
    return;
  }
  ArbBackend product;  // the factors are looked at again below, and may be the result itself
  arb_mul(product.data(), a.data(), b.data(), compute_bits());
  if (!scales_exactly(a.data(), product.data()) && !scales_exactly(b.data(), product.data()))
    admit_rounding(product.data(), 1);
  result.swap(product);
}

void eval_divide(ArbBackend& result, const ArbBackend& a, const ArbBackend& b) {
  if (!detail::arithmetic.emulates) {
    arb_div(result.data(), a.data(), b.data(), compute_bits());
    return;
  }
  ArbBackend quotient;
  arb_div(quotient.data(), a.data(), b.data(), compute_bits());
  if (!scales_exactly(b.data(), quotient.data())) admit_rounding(quotient.data(), 1);
  result.swap(quotient);
}

bool eval_eq(const ArbBackend& a, const ArbBackend& b) {
  return arb_eq(a.data(), b.data()) != 0;
}
bool eval_lt(const ArbBackend& a, const ArbBackend& b) {
  return arb_lt(a.data(), b.data()) != 0;
}
bool eval_gt(const ArbBackend& a, const ArbBackend& b) {
  return arb_gt(a.data(), b.data()) != 0;
}

int eval_get_sign(const ArbBackend& a) {
  return a.compare(ArbBackend());
}

int eval_fpclassify(const ArbBackend& a) {
  if (arf_is_nan(arb_midref(a.data()))) return FP_NAN;
  if (arf_is_inf(arb_midref(a.data()))) return FP_INFINITE;
  return arb_is_zero(a.data()) ? FP_ZERO : FP_NORMAL;
}

void eval_convert_to(double* result, const ArbBackend& a) {
  *result = arf_get_d(arb_midref(a.data()), ARF_RND_NEAR);
}
void eval_convert_to(long long* result, const ArbBackend& a) {
  *result = arf_get_si(arb_midref(a.data()), ARF_RND_DOWN);
}
void eval_convert_to(unsigned long long* result, const ArbBackend& a) {
  *result = static_cast<unsigned long long>(arf_get_si(arb_midref(a.data()), ARF_RND_DOWN));
}

void eval_sqrt(ArbBackend& result, const ArbBackend& a) {
  arb_sqrt(result.data(), a.data(), compute_bits());
  admit_rounding(result.data(), 1);
}
void eval_floor(ArbBackend& result, const ArbBackend& a) {
  arb_floor(result.data(), a.data(), compute_bits());
}
void eval_ceil(ArbBackend& result, const ArbBackend& a) {
  arb_ceil(result.data(), a.data(), compute_bits());
}
void eval_ldexp(ArbBackend& result, const ArbBackend& a, long exponent) {
  arb_mul_2exp_si(result.data(), a.data(), exponent);
  admit_rounding(result.data(), 1);
}
void eval_frexp(ArbBackend& result, const ArbBackend& a, long* exponent) {
  fmpz_t power;
  fmpz_init(power);
  arf_frexp(arb_midref(result.data()), power, arb_midref(a.data()));
  *exponent = fmpz_get_si(power);
  fmpz_clear(power);
  arb_mul_2exp_si(result.data(), a.data(), -*exponent);
}

}  // namespace assay::oracles
