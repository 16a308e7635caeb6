#include "oracles/numeric/rational.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

namespace assay::oracles {

namespace mp = boost::multiprecision;
using Integer = mp::number<mp::gmp_int, mp::et_off>;

namespace {

constexpr long largest_exponent = 100000;  // beyond it a few characters of text would ask for megabytes

[[noreturn]] void reject(std::string_view text, const char* reason) {
  throw NumberTextError("\"" + std::string(text) + "\" is not a number: " + reason +
                        "; write an integer, a decimal such as -0.1e-3, a hexadecimal float such as "
                        "0x1.8p+1, or a fraction such as 1/3");
}

Rational computed_power(unsigned base, long exponent) {
  const Integer magnitude = mp::pow(Integer(base), static_cast<unsigned>(std::abs(exponent)));
  return exponent < 0 ? Rational(Integer(1), magnitude) : Rational(magnitude);
}

/// The small powers of ten, which nearly every decimal needs, are kept.
Rational power(unsigned base, long exponent) {
  constexpr long most = 40;
  if (base != 10 || std::abs(exponent) > most) return computed_power(base, exponent);
  static const std::vector<Rational> kept = [] {
    std::vector<Rational> powers;
    for (long e = -most; e <= most; ++e) powers.push_back(computed_power(10, e));
    return powers;
  }();
  return kept[static_cast<std::size_t>(exponent + most)];
}

constexpr std::size_t word_digits = 18;  // every number of so many decimal digits fits into 64 bits

/// 10^exponent; 0 ≤ exponent ≤ word_digits.
unsigned long long tens(long exponent) {
  unsigned long long power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

/// Consumes [+-]digits; at least one digit.
long take_exponent(std::string_view& rest, std::string_view all) {
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest.empty()) reject(all, "its exponent has no digits");
  long value = 0;
  for (; !rest.empty() && digit_value(rest.front()) < 10; rest.remove_prefix(1)) {
    value = 10 * value + digit_value(rest.front());
    if (value > largest_exponent) reject(all, "its exponent is beyond 100000");
  }
  if (!rest.empty()) reject(all, "its exponent has a character that is no digit");
  return negative ? -value : value;
}

/// One number without a slash: [+-] ( digits[.digits][e exponent] | 0x hexdigits[.hexdigits][p exponent] ).
Rational parse_plain(std::string_view text, std::string_view all) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  const bool hexadecimal = rest.starts_with("0x") || rest.starts_with("0X");
  if (hexadecimal) rest.remove_prefix(2);
  const unsigned base = hexadecimal ? 16 : 10;

  std::string digits;
  long behind_the_point = 0;
  bool point = false;
  for (; !rest.empty(); rest.remove_prefix(1)) {
    if (rest.front() == '.' && !point) {
      point = true;
    } else if (digit_value(rest.front()) < static_cast<int>(base)) {
      digits += rest.front();
      behind_the_point += point;
    } else {
      break;
    }
  }
  if (digits.empty()) reject(all, "it has no digits");
  long exponent = 0;
  if (!rest.empty()) {
    const char mark = static_cast<char>(std::tolower(static_cast<unsigned char>(rest.front())));
    if (mark != (hexadecimal ? 'p' : 'e')) reject(all, "it has a character that does not belong there");
    rest.remove_prefix(1);
    exponent = take_exponent(rest, all);
  }
  const long shift = exponent - behind_the_point;
  if (!hexadecimal && digits.size() <= word_digits && shift <= 0 && -shift <= long{word_digits}) {
    // Most attributes are such: one fraction of two machine words.
    const Rational value(std::stoull(digits), tens(-shift));
    return negative ? Rational(-value) : value;
  }
  // Leading zeros would make the integer's text octal.
  const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  Rational value(Integer((hexadecimal ? "0x" : "") + digits.substr(first)));
  value *= hexadecimal ? power(2, exponent - 4 * behind_the_point) : power(10, exponent - behind_the_point);
  return negative ? Rational(-value) : value;
}

/// Rounds n/d to the nearest integer, ties to even; n ≥ 0, d > 0.
Integer round_half_even(const Integer& n, const Integer& d) {
  Integer quotient, remainder;
  mp::divide_qr(n, d, quotient, remainder);
  const int half = Integer(2 * remainder).compare(d);
  return half > 0 || (half == 0 && mp::bit_test(quotient, 0)) ? Integer(quotient + 1) : quotient;
}

/// The exponent E with 2^(E−1) ≤ |value| < 2^E; value ≠ 0.
long binary_exponent(const Rational& value) {
  const Integer n = abs(numerator(value)), d = denominator(value);
  const long guess =
      static_cast<long>(mp::msb(n)) - static_cast<long>(mp::msb(d));  // 2^(guess−1) < |value| < 2^(guess+1)
  return Rational(abs(value)) < power(2, guess) ? guess : guess + 1;
}

template <class T>
T nearest(const Rational& value) {
  using Limits = std::numeric_limits<T>;
  if (value == 0) return 0;
  const long exponent = binary_exponent(value);
  if (exponent > Limits::max_exponent) return value < 0 ? -Limits::infinity() : Limits::infinity();
  // The last bit that the result can hold; never below the spacing of the subnormal numbers.
  const long last = std::max<long>(exponent, Limits::min_exponent) - Limits::digits;
  const Rational scaled = Rational(abs(value)) * power(2, -last);
  const Integer significand = round_half_even(numerator(scaled), denominator(scaled));
  const T magnitude = std::ldexp(static_cast<T>(static_cast<unsigned long long>(significand)),
                                 static_cast<int>(last));  // at most 2^digits: exact, or infinite
  return value < 0 ? -magnitude : magnitude;
}

}  // namespace

Rational to_rational(double value) {
  if (!std::isfinite(value)) throw std::domain_error("infinities and NaN are no rational numbers");
  return Rational(value);  // mpq_set_d is exact
}

Rational parse_rational(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return parse_plain(text, text);
  const Rational divisor = parse_plain(text.substr(slash + 1), text);
  if (divisor == 0) reject(text, "it divides by zero");
  return parse_plain(text.substr(0, slash), text) / divisor;
}

std::string to_text(const Rational& value) {
  return value.str();
}

std::string to_decimal(const Rational& value, int digits) {
  if (value == 0) return "0";
  digits = std::max(digits, 1);
  const Rational magnitude = abs(value);
  // 10^exponent ≤ |value| < 10^(exponent+1); the estimate by bits is off by one at most.
  long exponent =
      static_cast<long>(std::floor(static_cast<double>(binary_exponent(value) - 1) * std::log10(2.0)));
  while (magnitude >= power(10, exponent + 1)) ++exponent;
  while (magnitude < power(10, exponent)) --exponent;
  const Rational scaled = magnitude * power(10, digits - 1 - exponent);
  std::string all = round_half_even(numerator(scaled), denominator(scaled)).str();
  if (all.size() > static_cast<std::size_t>(digits)) ++exponent;  // 9.99 became 10.0
  all.erase(all.find_last_not_of('0') + 1);
  const auto length = static_cast<long>(all.size());
  std::string body;
  if (exponent < -5 || exponent >= std::max(digits, 6)) {
    body = all.substr(0, 1) + (length > 1 ? "." + all.substr(1) : "") + "e" + std::to_string(exponent);
  } else if (exponent < 0) {
    body = "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + all;
  } else if (length <= exponent + 1) {
    body = all + std::string(static_cast<std::size_t>(exponent + 1 - length), '0');
  } else {
    body = all.substr(0, static_cast<std::size_t>(exponent + 1)) + "." +
           all.substr(static_cast<std::size_t>(exponent + 1));
  }
  return (value < 0 ? "-" : "") + body;
}

double nearest_double(const Rational& value) {
  return nearest<double>(value);
}
float nearest_float(const Rational& value) {
  return nearest<float>(value);
}

}  // namespace assay::oracles
