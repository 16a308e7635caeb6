/// Exact rationals: from floating point, from text, back to text and to the nearest float.
#pragma once

#include <boost/multiprecision/gmp.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace assay::oracles {

/// A fraction of two integers of any size, always in lowest terms.
using Rational =
    boost::multiprecision::number<boost::multiprecision::gmp_rational, boost::multiprecision::et_off>;

/// Raised where text is no number; says what was read and what would be one.
struct NumberTextError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// The value of a double (or float), exactly. Throws std::domain_error for infinities and NaN.
Rational to_rational(double value);

/// The value of exact text: an integer "42", a decimal "-0.1e-3", a hexadecimal float "0x1.8p+1", or a
/// fraction "1/3" of any two of these. Throws NumberTextError otherwise, and for exponents beyond ±100000.
Rational parse_rational(std::string_view text);

/// Lowest terms: "1/3", "-5". parse_rational reads it back.
std::string to_text(const Rational& value);

/// Rounded to `digits` significant decimal digits, halves to even: "0.333333", "-1.25e-30".
/// Trailing zeros are dropped.
std::string to_decimal(const Rational& value, int digits);

/// The nearest double (float), ties to even, subnormals and overflow to infinity included: one rounding.
double nearest_double(const Rational& value);
float nearest_float(const Rational& value);

}  // namespace assay::oracles
