#include "oracles/numeric/functions.hpp"

#include <cstdlib>

#include "oracles/numeric/rounding.hpp"

namespace assay::oracles {

using detail::admit_rounding;
using detail::compute_bits;

namespace {

using Function = void (*)(arb_ptr result, arb_srcptr x, slong bits);

Ball apply(Function function, const Ball& x, unsigned long ulps) {
  Ball result;
  function(arb(result), arb(x), compute_bits());
  admit_rounding(arb(result), ulps);
  return result;
}

Ball unknown() {
  Ball result;
  arb_indeterminate(arb(result));
  return result;
}

Ball unit_interval() {
  Ball result = 1;
  arb_mul_2exp_si(arb(result), arb(result), -1);
  arb_add_error_2exp_si(arb(result), -1);
  return result;
}

}  // namespace

Ball exp(const Ball& x) {
  return apply(arb_exp, x, 1);
}
Ball log(const Ball& x) {
  if (arb_is_zero(arb(x))) return Ball(-std::numeric_limits<double>::infinity());
  return apply(arb_log, x, 1);
}
Ball log1p(const Ball& x) {
  return apply(arb_log1p, x, 2);
}
Ball expm1(const Ball& x) {
  return apply(arb_expm1, x, 2);
}
Ball sqrt(const Ball& x) {
  return apply(arb_sqrt, x, 1);
}
Ball tanh(const Ball& x) {
  return apply(arb_tanh, x, 3);
}
Ball erf(const Ball& x) {
  return apply(arb_hypgeom_erf, x, 2);
}
Ball erfc(const Ball& x) {
  return apply(arb_hypgeom_erfc, x, 6);
}
Ball sin(const Ball& x) {
  return apply(arb_sin, x, 1);
}
Ball cos(const Ball& x) {
  return apply(arb_cos, x, 1);
}

namespace {

/// At one number: with t = e^−|x| ≤ 1, 1/(1 + t) where x ≥ 0 and t/(1 + t) elsewhere.
void sigmoid_at(arb_ptr result, arb_srcptr x, slong bits) {
  Ball small, partition;
  const bool negative = arb_is_negative(x);
  if (negative) {
    arb_set(arb(small), x);
  } else {
    arb_neg(arb(small), x);
  }
  arb_exp(arb(small), arb(small), bits);
  arb_add_ui(arb(partition), arb(small), 1, bits);
  if (negative) {
    arb_div(result, arb(small), arb(partition), bits);
  } else {
    arb_inv(result, arb(partition), bits);
  }
}

}  // namespace

Ball sigmoid(const Ball& x) {
  if (is_nan(x)) return x;
  Ball result;
  if (is_exact(x)) {
    sigmoid_at(arb(result), arb(x), compute_bits());
  } else {  // increasing: the ends of the ball give the ends of the result
    Ball low = lower(x), high = upper(x);
    sigmoid_at(arb(low), arb(low), compute_bits() + 8);
    sigmoid_at(arb(high), arb(high), compute_bits() + 8);
    result = hull(low, high);
  }
  admit_rounding(arb(result), 4);
  return result;
}

Ball pow(const Ball& x, const Ball& y) {
  Ball result;
  arb_pow(arb(result), arb(x), arb(y), compute_bits());
  admit_rounding(arb(result), 2);
  return result;
}

Ball pow(const Ball& x, int n) {
  const auto exponent = static_cast<unsigned long>(std::abs(static_cast<long>(n)));
  Ball result;
  arb_pow_ui(arb(result), arb(x), exponent, compute_bits());
  if (n < 0) arb_inv(arb(result), arb(result), compute_bits());
  // Repeated multiplication rounds n − 1 times, each relative to the whole; a good pow only once or twice.
  admit_rounding(arb(result), std::max(exponent, 2UL));
  return result;
}

Ball square(const Ball& x) {
  Ball result;
  arb_sqr(arb(result), arb(x), compute_bits());
  if (arb_contains_zero(arb(x)) && !arb_is_zero(arb(x))) {  // [0, max²] is what a square can be
    arb_nonnegative_part(arb(result), arb(result));
  }
  admit_rounding(arb(result), 1);
  return result;
}

Ball abs(const Ball& x) {
  if (is_nan(x) || !arb_contains_negative(arb(x))) return x;
  if (!arb_contains_positive(arb(x))) return -x;
  return hull(Ball(0), max(upper(x), Ball(-lower(x))));
}

Ball max(const Ball& a, const Ball& b) {
  if (is_nan(a) || is_nan(b)) return unknown();
  if (less_equal(b, a) == Truth::yes) return a;
  if (less_equal(a, b) == Truth::yes) return b;
  return hull(max(lower(a), lower(b)), max(upper(a), upper(b)));  // of exact numbers: decided
}

Ball min(const Ball& a, const Ball& b) {
  return -max(-a, -b);
}

Ball relu(const Ball& x) {
  return max(x, Ball(0));
}

Ball sign(const Ball& x) {
  if (is_nan(x)) return unknown();
  const bool negative = arb_contains_negative(arb(x)), positive = arb_contains_positive(arb(x));
  if (negative && positive) return hull(Ball(-1), Ball(1));
  const Ball side = negative ? -1 : positive ? 1 : 0;
  return arb_contains_zero(arb(x)) ? hull(Ball(0), side) : side;
}

Ball step(const Ball& x) {
  if (is_nan(x)) return unknown();
  if (arb_contains_zero(arb(x))) return unit_interval();
  return Ball(arb_is_positive(arb(x)) ? 1 : 0);
}

Ball abs_slope(const Ball& x) {
  if (is_nan(x)) return unknown();
  if (arb_contains_zero(arb(x))) return hull(Ball(-1), Ball(1));
  return Ball(arb_is_positive(arb(x)) ? 1 : -1);
}

Ball select(Truth condition, const Ball& a, const Ball& b) {
  if (condition == Truth::unknown) return hull(a, b);
  return condition == Truth::yes ? a : b;
}

Rational pow(const Rational& x, int n) {
  if (n < 0 && x == 0) throw std::domain_error("0 has no negative power");
  Rational base = n < 0 ? Rational(1 / x) : x, result = 1;
  for (auto left = static_cast<unsigned long>(std::abs(static_cast<long>(n))); left; left /= 2) {
    if (left % 2) result *= base;
    base *= base;
  }
  return result;
}

namespace detail {

Ball ball_pi() {
  Ball result;
  arb_const_pi(arb(result), compute_bits());
  admit_rounding(arb(result), 1);
  return result;
}

}  // namespace detail

}  // namespace assay::oracles
