#include "oracles/numeric/allowance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "oracles/numeric/functions.hpp"
#include "oracles/numeric/rounding.hpp"

namespace assay::oracles {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr long judging_bits =
    128;  // differences round relative to themselves: nothing is lost by cancellation

Ball power_of_two(long exponent) {
  Ball result = 1;
  arb_mul_2exp_si(arb(result), arb(result), exponent);
  return result;
}

/// What the evaluation's ball adds to the truth's (see allowance.hpp).
Ball added_radius(const Ball& evaluation, const Ball& truth) {
  const Ball excess = radius(evaluation) - radius(truth);
  const Ball shift = abs(midpoint(evaluation) - midpoint(truth));
  return max(Ball(0), max(excess, Ball((shift + excess) / 2)));
}

bool is_format_number(const Ball& ball, const Format& format) {
  return is_exact(ball) && detail::is_representable(arb_midref(arb(ball)), format);
}

/// The smallest magnitude that rounds to infinity: half an ulp beyond the largest finite number.
Ball overflow_threshold(const Format& format) {
  return power_of_two(format.max_exponent) - power_of_two(format.max_exponent - format.bits - 1);
}

/// a / b for a, b ≥ 0, as a double for people; 0/0 is 0.
double quotient(const Ball& a, const Ball& b) {
  if (is_exact(a) && a == Ball(0)) return 0;
  if (b == Ball(0)) return infinity;
  const Ball result = midpoint(a) / b;
  return is_nan(result) ? infinity : midpoint_double(result);
}

Judgement judged(Truth accepted, const Ball& distance, const Ball& truth, const Allowance& allowance) {
  return {accepted, quotient(distance, ulp_bound(midpoint(truth), allowance.format)),
          quotient(distance, allowance.bound)};
}

Judgement judge_infinity(double result, const Ball& truth, const Allowance& allowance) {
  const Ball outward = result > 0 ? truth : Ball(-truth);
  const Truth accepted = less_equal(overflow_threshold(allowance.format), outward + allowance.bound);
  const double error = accepted == Truth::yes ? 0 : infinity;
  return {accepted, error, error};
}

/// The judgements that need no distance.
bool is_special(double result, const Ball& truth) {
  return std::isnan(result) || is_nan(truth) || arf_is_inf(arb_midref(arb(truth)));
}

Judgement judge_special(double result, const Ball& truth) {
  if (std::isnan(result)) return {Truth::no, infinity, infinity};
  if (is_nan(truth) || !is_exact(truth)) return {Truth::unknown, infinity, infinity};
  const bool same = arf_cmp_d(arb_midref(arb(truth)), result) == 0;
  return {same ? Truth::yes : Truth::no, same ? 0 : infinity, same ? 0 : infinity};
}

}  // namespace

Ball ulp_bound(const Ball& value, const Format& format) {
  if (!is_finite(value)) return Ball(infinity);
  if (value == Ball(0)) return power_of_two(format.subnormal_exponent());
  fmpz_t exponent;
  fmpz_init(exponent);
  detail::exponent_bound(exponent, arb(value));
  fmpz_sub_si(exponent, exponent, format.bits);
  if (fmpz_cmp_si(exponent, format.subnormal_exponent()) < 0)
    fmpz_set_si(exponent, format.subnormal_exponent());
  Ball result = 1;
  arb_mul_2exp_fmpz(arb(result), arb(result), exponent);
  fmpz_clear(exponent);
  return result;
}

Allowance allowance(const Ball& evaluation, const Ball& truth, const Rational& slack, const Format& format,
                    double scale) {
  const PrecisionScope scope(judging_bits);
  if (is_nan(truth) || !is_finite(evaluation)) {
    // An exactly infinite truth (log 0) is met by that infinity, whatever the bound.
    const bool infinite = is_exact(truth) && arb_eq(arb(evaluation), arb(truth));
    return {Ball(infinite ? 0 : infinity), !infinite, format};
  }
  Ball bound = to_ball(slack) * added_radius(evaluation, truth);
  if (!is_format_number(evaluation, format)) bound += ulp_bound(abs(truth) + bound, format) / 2;
  bound = upper(bound);
  const Ball reference = max(max(upper(abs(truth)), Ball(scale)), power_of_two(format.min_exponent));
  const bool vacuous = less_equal(bound, Ball(vacuous_width) * reference) != Truth::yes;
  return {bound, vacuous, format};
}

Judgement judge(double result, const Ball& truth, const Allowance& allowance) {
  const PrecisionScope scope(judging_bits);
  if (is_special(result, truth)) return judge_special(result, truth);
  if (std::isinf(result)) return judge_infinity(result, truth, allowance);
  const Ball distance = abs(Ball(result) - truth);
  return judged(less_equal(distance, allowance.bound), distance, truth, allowance);
}

Judgement judge_set(double result, const Ball& truth, const Allowance& allowance) {
  const PrecisionScope scope(judging_bits);
  if (is_special(result, truth)) return judge_special(result, truth);
  if (std::isinf(result)) return judge_infinity(result, result > 0 ? upper(truth) : lower(truth), allowance);
  const Ball distance = max(Ball(0), Ball(abs(Ball(result) - midpoint(truth)) - radius(truth)));
  return judged(less_equal(distance, allowance.bound), distance, truth, allowance);
}

}  // namespace assay::oracles
