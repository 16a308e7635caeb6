/// Ball: a real number known to lie within a radius of a midpoint; and questions about balls.
#pragma once

#include <string>

#include "oracles/numeric/arb_backend.hpp"
#include "oracles/numeric/precision.hpp"
#include "oracles/numeric/truth.hpp"

namespace assay::oracles {

/// An enclosure: the exact result of the operation lies in [midpoint − radius, midpoint + radius].
/// A NaN midpoint means that nothing is known (0/0, log of a ball that meets a negative number, 1/0).
///
/// The operators < <= > >= == != are true iff *certainly* so; for overlapping balls all of them are false,
/// `!=` and `==` at once included. Never branch on them in an operation: use less(), equal() and select().
using Ball = boost::multiprecision::number<ArbBackend, boost::multiprecision::et_off>;

static_assert(sizeof(Ball) == sizeof(arb_struct), "a contiguous array of balls must be an arb_ptr");

/// The same memory, for Arb's functions.
inline arb_ptr arb(Ball& ball) {
  return ball.backend().data();
}
inline arb_srcptr arb(const Ball& ball) {
  return ball.backend().data();
}
inline arb_ptr as_arb(Ball* first) {
  return reinterpret_cast<arb_ptr>(first);
}
inline arb_srcptr as_arb(const Ball* first) {
  return reinterpret_cast<arb_srcptr>(first);
}

/// A ball around a fraction at the working precision; exact where it is dyadic and fits.
Ball to_ball(const Rational& value);
/// [low, high], rounded outward. Throws std::invalid_argument if low > high is certain.
Ball ball_between(const Ball& low, const Ball& high);
/// [midpoint − radius, midpoint + radius], of the midpoint of the first and the upper bound of the second.
Ball ball_around(const Ball& midpoint, const Ball& radius);

/// The midpoint and the radius, each as an exact ball.
Ball midpoint(const Ball& ball);
Ball radius(const Ball& ball);
/// The ends of the interval (a ball of radius 0 each): exact where 65536 bits suffice, else rounded outward.
Ball lower(const Ball& ball);
Ball upper(const Ball& ball);
/// The midpoint, to nearest.
double midpoint_double(const Ball& ball);
/// The radius, rounded up; infinity where nothing is known.
double radius_double(const Ball& ball);
/// The ends, rounded outward; -inf and inf where nothing is known.
double lower_double(const Ball& ball);
double upper_double(const Ball& ball);
/// The exact value of the midpoint. Throws std::domain_error for infinities and NaN.
Rational midpoint_rational(const Ball& ball);

/// Radius 0 and no NaN: one number (an infinity counts).
bool is_exact(const Ball& ball);
bool is_finite(const Ball& ball);
bool is_nan(const Ball& ball);
/// Set membership: decided, never unknown. A NaN ball contains everything.
bool contains(const Ball& ball, const Rational& value);
bool contains(const Ball& ball, double value);
bool contains(const Ball& outer, const Ball& inner);
bool contains_zero(const Ball& ball);
bool overlaps(const Ball& a, const Ball& b);
/// The smallest ball (up to outward rounding) that contains both.
Ball hull(const Ball& a, const Ball& b);

/// Decimal digits that are certain (the last within one unit), at most `most` of them (0: as many as the ball
/// determines, and an exact number in full). "nan", "inf" and "-inf" for those.
std::string digits(const Ball& ball, int most = 0);
/// The radius in three decimal digits, rounded up: "1.21e-39"; "0" for exact balls.
std::string radius_text(const Ball& ball);

Truth less(const Ball& a, const Ball& b);
Truth less_equal(const Ball& a, const Ball& b);
Truth equal(const Ball& a, const Ball& b);

// Boost would derive these three from < and > by negation, which is wrong where the order is undecided.
inline bool operator<=(const Ball& a, const Ball& b) {
  return less_equal(a, b) == Truth::yes;
}
inline bool operator>=(const Ball& a, const Ball& b) {
  return less_equal(b, a) == Truth::yes;
}
inline bool operator!=(const Ball& a, const Ball& b) {
  return equal(a, b) == Truth::no;
}
inline bool operator==(const Ball& a, const Ball& b) {
  return equal(a, b) == Truth::yes;
}

template <class T>
requires std::is_arithmetic_v<T>
bool operator<=(const Ball& a, const T& b) {
  return a <= Ball(b);
}
template <class T>
requires std::is_arithmetic_v<T>
bool operator<=(const T& a, const Ball& b) {
  return Ball(a) <= b;
}
template <class T>
requires std::is_arithmetic_v<T>
bool operator>=(const Ball& a, const T& b) {
  return a >= Ball(b);
}
template <class T>
requires std::is_arithmetic_v<T>
bool operator>=(const T& a, const Ball& b) {
  return Ball(a) >= b;
}
template <class T>
requires std::is_arithmetic_v<T>
bool operator!=(const Ball& a, const T& b) {
  return a != Ball(b);
}
template <class T>
requires std::is_arithmetic_v<T>
bool operator!=(const T& a, const Ball& b) {
  return Ball(a) != b;
}
template <class T>
requires std::is_arithmetic_v<T>
bool operator==(const Ball& a, const T& b) {
  return a == Ball(b);
}
template <class T>
requires std::is_arithmetic_v<T>
bool operator==(const T& a, const Ball& b) {
  return Ball(a) == b;
}

}  // namespace assay::oracles
