/// A Boost.Multiprecision backend on Arb: real balls, midpoint ± radius, that contain the exact result.
#pragma once

#include <boost/mpl/int.hpp>
#include <boost/mpl/list.hpp>
#include <boost/multiprecision/number.hpp>
#include <ios>
#include <string>

#include "oracles/numeric/arb.hpp"
#include "oracles/numeric/rational.hpp"

namespace assay::oracles {

/// One arb_t and nothing else, so that an array of balls is an arb_ptr. Every operation is computed at the
/// thread's working precision (precision.hpp); conversions from integers and doubles are exact.
class ArbBackend {
 public:
  // What Boost 1.74 asks of a backend; its type lists must be boost::mpl::list.
  using signed_types = boost::mpl::list<long long>;
  using unsigned_types = boost::mpl::list<unsigned long long>;
  using float_types = boost::mpl::list<double>;
  using exponent_type = long;

  ArbBackend() noexcept { arb_init(&ball_); }
  ArbBackend(const ArbBackend& other) : ArbBackend() { arb_set(&ball_, &other.ball_); }
  ArbBackend(ArbBackend&& other) noexcept : ball_(other.ball_) { arb_init(&other.ball_); }
  ArbBackend(long long value) : ArbBackend() { *this = value; }
  ArbBackend(unsigned long long value) : ArbBackend() { *this = value; }
  ArbBackend(double value) : ArbBackend() { *this = value; }
  /// An enclosure at the working precision; exact where the fraction is dyadic and fits.
  explicit ArbBackend(const boost::multiprecision::gmp_rational& value);
  ~ArbBackend() { arb_clear(&ball_); }

  ArbBackend& operator=(const ArbBackend& other) {
    arb_set(&ball_, &other.ball_);
    return *this;
  }
  ArbBackend& operator=(ArbBackend&& other) noexcept {
    arb_swap(&ball_, &other.ball_);
    return *this;
  }
  ArbBackend& operator=(long long value);
  ArbBackend& operator=(unsigned long long value);
  ArbBackend& operator=(double value);
  /// Text as of parse_rational, or "inf", "-inf", "nan".
  ArbBackend& operator=(const char* text);

  void swap(ArbBackend& other) noexcept { arb_swap(&ball_, &other.ball_); }
  void negate() { arb_neg(&ball_, &ball_); }
  /// −1, 0 or 1; throws std::domain_error where the balls do not decide it.
  int compare(const ArbBackend& other) const;
  /// The digits that are certain, at most `digits` of them (0: as many as there are).
  std::string str(std::streamsize digits, std::ios_base::fmtflags) const;

  arb_ptr data() { return &ball_; }
  arb_srcptr data() const { return &ball_; }

 private:
  arb_struct ball_;
};

void eval_add(ArbBackend& result, const ArbBackend& a, const ArbBackend& b);
void eval_subtract(ArbBackend& result, const ArbBackend& a, const ArbBackend& b);
void eval_multiply(ArbBackend& result, const ArbBackend& a, const ArbBackend& b);
void eval_divide(ArbBackend& result, const ArbBackend& a, const ArbBackend& b);
inline void eval_add(ArbBackend& result, const ArbBackend& b) {
  eval_add(result, result, b);
}
inline void eval_subtract(ArbBackend& result, const ArbBackend& b) {
  eval_subtract(result, result, b);
}
inline void eval_multiply(ArbBackend& result, const ArbBackend& b) {
  eval_multiply(result, result, b);
}
inline void eval_divide(ArbBackend& result, const ArbBackend& b) {
  eval_divide(result, result, b);
}

/// True iff certainly so; two overlapping balls are neither equal, less nor greater.
bool eval_eq(const ArbBackend& a, const ArbBackend& b);
bool eval_lt(const ArbBackend& a, const ArbBackend& b);
bool eval_gt(const ArbBackend& a, const ArbBackend& b);
inline bool eval_is_zero(const ArbBackend& a) {
  return arb_is_zero(a.data()) != 0;
}
int eval_get_sign(const ArbBackend& a);
int eval_fpclassify(const ArbBackend& a);

/// Of the midpoint, to nearest (integers: towards zero).
void eval_convert_to(double* result, const ArbBackend& a);
void eval_convert_to(long long* result, const ArbBackend& a);
void eval_convert_to(unsigned long long* result, const ArbBackend& a);

void eval_sqrt(ArbBackend& result, const ArbBackend& a);
void eval_floor(ArbBackend& result, const ArbBackend& a);
void eval_ceil(ArbBackend& result, const ArbBackend& a);
void eval_ldexp(ArbBackend& result, const ArbBackend& a, long exponent);
void eval_frexp(ArbBackend& result, const ArbBackend& a, long* exponent);

}  // namespace assay::oracles

template <>
struct boost::multiprecision::number_category<assay::oracles::ArbBackend>
    : boost::mpl::int_<boost::multiprecision::number_kind_floating_point> {};
