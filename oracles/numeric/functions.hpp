/// The functions that operation templates call unqualified, for Ball, Rational, double and float.
///
/// | function                                   | Ball                               | Rational | double,
/// float   |
/// |--------------------------------------------|------------------------------------|----------|-----------------|
/// | exp log log1p expm1 sqrt tanh erf erfc     | enclosure; NaN outside the domain  |          | std:: | |
/// sin cos pow(x, y)                          | enclosure                          |          | std:: | |
/// pow(x, int) square sigmoid pi<T>()         | enclosure                          | no pi, no sigmoid | yes
/// | | abs max min relu                           | hull over the ball                 | exact    | NaN
/// propagates  | | sign step abs_slope                        | hull; see each for its kink        | exact |
/// one number each | | select(Truth, a, b)                        | unknown: hull(a, b)                |
/// exact    | unknown: NaN    | | less less_equal equal                      | Truth | Truth    | NaN:
/// unknown    | | from_rational<T> detach is_nan is_finite   |                                    | | | |
/// either(f, g, ...)                          | first; hull of all in FormatScope  | first    | first |
///
/// In a FormatScope each admits the error of a good libm: 1 ulp for exp, log, sqrt, sin, cos; 2 for log1p,
/// expm1, erf, pow; 3 for tanh (glibc's passes 2); 4 for sigmoid, a short formula; 6 for erfc (glibc states
/// 5); n for pow(x, n), which may be a product of n factors.
#pragma once

#include <cmath>
#include <concepts>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "oracles/numeric/ball.hpp"

namespace assay::oracles {

using std::abs, std::cos, std::erf, std::erfc, std::exp, std::expm1, std::log, std::log1p, std::pow, std::sin,
    std::sqrt, std::tanh;

/// The numbers that are one value each: float, double, Rational.
template <class T>
concept PlainNumber = std::floating_point<T> || std::same_as<T, Rational>;

// ---- Ball ---------------------------------------------------------------------------------------------

Ball exp(const Ball& x);
/// log(0) is −infinity; NaN for any other ball that meets the numbers ≤ 0.
Ball log(const Ball& x);
Ball log1p(const Ball& x);
Ball expm1(const Ball& x);
Ball sqrt(const Ball& x);
Ball tanh(const Ball& x);
/// 1/(1 + e^−x): no cancellation on either side; for wide balls the hull of the values at both ends.
Ball sigmoid(const Ball& x);
Ball erf(const Ball& x);
Ball erfc(const Ball& x);
Ball sin(const Ball& x);
Ball cos(const Ball& x);
/// x^y; negative x only for integers y. 0^0 is 1.
Ball pow(const Ball& x, const Ball& y);
Ball pow(const Ball& x, int n);
Ball square(const Ball& x);

Ball abs(const Ball& x);
Ball max(const Ball& a, const Ball& b);
Ball min(const Ball& a, const Ball& b);
/// max(x, 0).
Ball relu(const Ball& x);
/// −1, 0 or 1, or the hull of those that occur in the ball: sign(0) is 0.
Ball sign(const Ball& x);
/// The derivative of relu: 0, 1, or its subdifferential [0, 1] where the ball meets 0.
Ball step(const Ball& x);
/// The derivative of |x|: −1, 1, or its subdifferential [−1, 1] where the ball meets 0.
Ball abs_slope(const Ball& x);
/// a where the condition holds, b where it does not, the hull of both where it is unknown.
Ball select(Truth condition, const Ball& a, const Ball& b);

/// The value without its history; the tape overloads it for its variables.
inline const Ball& detach(const Ball& x) {
  return x;
}

// ---- Rational, double, float --------------------------------------------------------------------------

inline Rational abs(const Rational& x) {
  return x < 0 ? Rational(-x) : x;
}

template <PlainNumber T>
T max(const T& a, const T& b) {
  return a < b || b != b ? b : a;  // a NaN on either side comes out
}
template <PlainNumber T>
T min(const T& a, const T& b) {
  return b < a || b != b ? b : a;
}
template <PlainNumber T>
T relu(const T& x) {
  return x < 0 ? T(0) : x;
}
template <PlainNumber T>
T sign(const T& x) {
  return x < 0 ? T(-1) : x > 0 ? T(1) : T(x - x);  // a NaN stays one
}
/// 0 at the kink, as most frameworks have it.
template <PlainNumber T>
T step(const T& x) {
  return x > 0 ? T(1) : x <= 0 ? T(0) : x;
}
template <PlainNumber T>
T abs_slope(const T& x) {
  return sign(x);
}
template <PlainNumber T>
T square(const T& x) {
  return x * x;
}
template <std::floating_point T>
T sigmoid(T x) {
  const T small = std::exp(-std::abs(x));  // at most 1: no overflow
  return x < 0 ? small / (1 + small) : 1 / (1 + small);
}
/// In T itself: std::pow(float, int) would answer in double.
template <std::floating_point T>
T pow(T x, int n) {
  return std::pow(x, static_cast<T>(n));
}
/// Exact; throws std::domain_error for 0 to a negative power.
Rational pow(const Rational& x, int n);

template <PlainNumber T>
T select(Truth condition, const T& a, const T& b) {
  if (condition == Truth::unknown) {
    if constexpr (std::floating_point<T>) return std::numeric_limits<T>::quiet_NaN();
    throw std::logic_error("a comparison of rationals is always decided");
  }
  return condition == Truth::yes ? a : b;
}
template <PlainNumber T>
const T& detach(const T& x) {
  return x;
}

template <PlainNumber T>
Truth less(const T& a, const T& b) {
  return a != a || b != b ? Truth::unknown : truth(a < b);
}
template <PlainNumber T>
Truth less_equal(const T& a, const T& b) {
  return a != a || b != b ? Truth::unknown : truth(a <= b);
}
template <PlainNumber T>
Truth equal(const T& a, const T& b) {
  return a != a || b != b ? Truth::unknown : truth(a == b);
}
template <PlainNumber T>
bool contains_zero(const T& x) {
  return !(x != 0) || x != x;
}
template <PlainNumber T>
bool is_nan(const T& x) {
  return x != x;
}
template <PlainNumber T>
bool is_finite(const T& x) {
  if constexpr (std::floating_point<T>) return std::isfinite(x);
  return true;
}

// ---- All numbers --------------------------------------------------------------------------------------

/// A fraction as T: itself, the nearest float, or an enclosure.
template <class T>
T from_rational(const Rational& value) {
  if constexpr (std::same_as<T, float>) {
    return nearest_float(value);
  } else if constexpr (std::same_as<T, double>) {
    return nearest_double(value);
  } else {
    return T(value);
  }
}

namespace detail {
Ball ball_pi();
}

/// The ratio of a circle's circumference to its diameter, as T.
template <class T>
T pi() {
  if constexpr (std::floating_point<T>) {
    return T(3.14159265358979323846L);
  } else {
    return T(detail::ball_pi());
  }
}

/// Several honest ways to compute one real number, the plainest first: `either([&] { return a * b / c; },
/// [&] { return a / c * b; })`. Balls in a FormatScope return the hull of all of them, so that an
/// implementation may take any; every other number and mode evaluates and returns the first alone.
/// A number type takes part by having a `hull(a, b)` of its own.
template <class First, class... Others>
auto either(const First& first, const Others&... others) {
  using Result = std::invoke_result_t<const First&>;
  Result result = first();
  // Of the same type: a double would convert to a ball.
  if constexpr (requires {
                  { hull(result, result) } -> std::same_as<Result>;
                }) {
    if (emulated_format()) ((result = hull(result, others())), ...);
  }
  return result;
}

}  // namespace assay::oracles
