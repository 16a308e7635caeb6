#include "oracles/numeric/dot.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "oracles/numeric/exact_dot.hpp"
#include "oracles/numeric/outline.hpp"
#include "oracles/numeric/rounding.hpp"

namespace assay::oracles {

namespace {

using detail::outline, detail::Outline, detail::power_of_two;

/// A strided row of balls; stride 0 repeats one ball.
struct Row {
  arb_srcptr first;
  slong stride;
  arb_srcptr operator[](std::size_t i) const { return first + static_cast<slong>(i) * stride; }
};

/// A mag_t that cleans up after itself.
struct Magnitude {
  mag_t value;
  Magnitude() { mag_init(value); }
  ~Magnitude() { mag_clear(value); }
  Magnitude(const Magnitude&) = delete;
  Magnitude& operator=(const Magnitude&) = delete;
};

/// What the bound of a sum needs to know of its terms pᵢ = aᵢ bᵢ. Terms with a factor of exactly 0 do not
/// count: adding 0 rounds nothing.
struct Terms {
  std::size_t count = 0;
  std::size_t last = 0;  ///< an index that counts
  double total = 0;      ///< ≥ Σ |pᵢ|, over everything the balls contain; 0: see far_total
  Magnitude far_total;   ///< the same where it is too large or too small for doubles
  std::optional<slong>
      lowest_bit{};  ///< 2^lowest_bit divides each pᵢ; absent where a factor is no one number
};

/// The exponent of the lowest set bit, if the ball is one number (other than 0, inf) of moderate exponent.
std::optional<slong> lowest_bit(arb_srcptr x) {
  arf_srcptr m = arb_midref(x);
  if (!arb_is_exact(x) || arf_is_special(m) || !fmpz_fits_si(ARF_EXPREF(m))) return std::nullopt;
  const slong exponent = fmpz_get_si(ARF_EXPREF(m));
  constexpr slong moderate = 1L << 40;  // sums of two such exponents cannot overflow
  if (exponent > moderate || exponent < -moderate) return std::nullopt;
  return exponent - arf_bits(m);
}

void survey_any(Terms& terms, Row a, Row b, std::size_t n) {
  Magnitude x, y;
  bool exact = true;
  slong lowest = std::numeric_limits<slong>::max();
  for (std::size_t i = 0; i < n; ++i) {
    const bool nothing =
        (arb_is_zero(a[i]) && arb_is_finite(b[i])) || (arb_is_zero(b[i]) && arb_is_finite(a[i]));
    if (nothing) continue;
    ++terms.count;
    terms.last = i;
    arb_get_mag(x.value, a[i]);
    arb_get_mag(y.value, b[i]);
    mag_addmul(terms.far_total.value, x.value, y.value);
    const auto bit_a = lowest_bit(a[i]), bit_b = lowest_bit(b[i]);
    exact = exact && bit_a && bit_b;
    if (exact) lowest = std::min(lowest, *bit_a + *bit_b);
  }
  if (exact && terms.count) terms.lowest_bit = lowest;
}

/// The same survey in doubles, several times faster. False, and nothing said, where some ball has no outline.
///
///   Σ |pᵢ| ≤ (computed sum) · (1 + (n + 4) 2^−52)        for n < 2^50: each term meets n + 3 roundings at
///   most
bool survey_near(Terms& terms, Row a, Row b, std::size_t n) {
  bool exact = true;
  slong lowest = std::numeric_limits<slong>::max();
  double total = 0;
  std::size_t count = 0, last = 0;
  Outline x, y;
  for (std::size_t i = 0; i < n; ++i) {
    if (!outline(x, a[i]) || !outline(y, b[i])) return false;
    if (x.magnitude == 0 || y.magnitude == 0) continue;
    ++count;
    last = i;
    total += x.magnitude * y.magnitude;
    exact = exact && x.exact && y.exact;
    lowest = std::min(lowest, x.lowest_bit + y.lowest_bit);
  }
  terms.count = count;
  terms.last = last;
  terms.total = total * (1 + static_cast<double>(n + 4) * power_of_two(-52));
  if (exact && count) terms.lowest_bit = lowest;
  return true;
}

void survey(Terms& terms, Row a, Row b, std::size_t n) {
  if (!survey_near(terms, a, b, n)) survey_any(terms, a, b, n);
}

/// Each pᵢ is a multiple of 2^e, hence so is each partial sum in any order; with Σ |pᵢ| < 2^(e + bits) and
/// 2^e no finer than the spacing near zero, all of them are numbers of the format: nothing is ever rounded.
bool exact_in_every_order(const Terms& terms, const Format& format) {
  if (!terms.lowest_bit || *terms.lowest_bit < format.subnormal_exponent()) return false;
  const slong end = *terms.lowest_bit + format.bits;
  if (terms.total == 0) return mag_cmp_2exp_si(terms.far_total.value, end) < 0;
  return end > 1000 || (end > -1000 && terms.total < power_of_two(end));
}

/// For every order of summation, fused or not, compensated or not (u = 2^−bits, η the subnormal spacing):
///
///   |computed − Σ pᵢ| ≤ γ_k Σ |pᵢ| + n η,    γ_k = k u / (1 − k u) ≤ k u (1 + 2 k u)  for k u ≤ 1/2
///
/// k counts the roundings one term can meet: n − 1 additions and the product; Kahan's sum needs
/// 2 u + O(n u²) beside the product instead, so k = n + 2 (n + 1 without products) covers both from n = 3 on.
std::size_t roundings_of(std::size_t n, bool products) {
  return n - (n <= 2) + (n > 2) + products;
}

/// k u > 1/2: nothing can be promised.
bool too_many(std::size_t roundings, const Format& format) {
  return format.bits <= 64 && roundings >> (format.bits - 1);
}

/// That bound in doubles, for Σ |pᵢ| ≤ total, 2^−810 ≤ total. There n η below 2^−970 is less than 2^−60 of
/// the rest (n < 2^50): it and a few roundings of doubles are covered by the last factor. (Subnormal doubles
/// would take longer than all the rest.)
double order_error(std::size_t n, double total, bool products, const Format& format) {
  const std::size_t roundings = roundings_of(n, products);
  if (too_many(roundings, format)) return std::numeric_limits<double>::infinity();
  const double ku =
      static_cast<double>(static_cast<slong>(roundings)) * power_of_two(-std::min(format.bits, 200));
  double error = ku * (1 + 2 * ku) * total;
  if (format.subnormal_exponent() >= -1020)
    error += static_cast<double>(n) * power_of_two(format.subnormal_exponent());
  return error * (1 + power_of_two(-48));
}

/// And in magnitudes.
void order_error(mag_t error, const Terms& terms, bool products, const Format& format) {
  const std::size_t roundings = roundings_of(terms.count, products);
  if (terms.total != 0) return mag_set_d(error, order_error(terms.count, terms.total, products, format));
  if (too_many(roundings, format)) return mag_inf(error);
  Magnitude growth;
  mag_set_ui(error, roundings);
  mag_mul_2exp_si(error, error, -format.bits);
  mag_mul_2exp_si(growth.value, error, 1);
  mag_add_ui(growth.value, growth.value, 1);
  mag_mul(error, error, growth.value);
  mag_mul(error, error, terms.far_total.value);
  mag_set_ui(growth.value, terms.count);
  mag_mul_2exp_si(growth.value, growth.value, format.subnormal_exponent());
  mag_add(error, error, growth.value);
}

/// An enclosure of the real sum: exact but for one rounding where all factors are short, else Arb's.
Ball dot_of_reals(Row a, Row b, std::size_t n) {
  constexpr std::size_t few = 16;  // for fewer terms Arb is as fast: its accumulator is smaller
  Ball result;
  const slong bits = detail::compute_bits();
  if (n < few || !detail::exact_dot(arb(result), a.first, a.stride, b.first, b.stride, n, bits))
    arb_dot(arb(result), nullptr, 0, a.first, a.stride, b.first, b.stride, static_cast<slong>(n), bits);
  return result;
}

void accumulate_exactly(Ball& ball, Row a, Row b, std::size_t n) {
  arb_zero(arb(ball));
  for (std::size_t i = 0; i < n; ++i) arb_addmul(arb(ball), a[i], b[i], ARF_PREC_EXACT);
}

/// The one term that counts: a product, with its own rounding, or a number as it is.
Ball single(arb_srcptr a, arb_srcptr b, bool product) {
  const Ball &x = *reinterpret_cast<const Ball*>(a), &y = *reinterpret_cast<const Ball*>(b);
  return product ? Ball(x * y) : x;
}

/// Where all factors are short; false, and nothing done, elsewhere.
bool short_dot_in_format(Ball& result, Row a, Row b, std::size_t n, bool products, const Format& format) {
  if (detail::compute_bits() > detail::surveyed_bits || format.bits > 64) return false;
  detail::ShortTerms terms;
  if (!detail::surveyed_dot(arb_midref(arb(result)), terms, a.first, a.stride, b.first, b.stride, n,
                            format.bits))
    return false;
  const bool exact = terms.lowest_bit && *terms.lowest_bit >= format.subnormal_exponent();
  if (terms.count == 1)
    result = single(a[terms.last], b[terms.last], products);
  else if (terms.count != 0 && !exact)
    detail::set_upper(arb_radref(arb(result)),
                      order_error(terms.count, terms.total, products, format) + terms.cut_off);
  return true;
}

/// `products` is false where b is all ones, so that no product is rounded. (Every return names the result: it
/// is never moved.)
Ball dot_in_format(Row a, Row b, std::size_t n, bool products, const Format& format) {
  Ball result;
  if (n == 1) {
    result = single(a[0], b[0], products);
    return result;
  }
  if (short_dot_in_format(result, a, b, n, products, format)) return result;
  Terms terms;
  survey(terms, a, b, n);
  if (terms.count == 0) {
    result = Ball();
  } else if (terms.count == 1) {
    result = single(a[terms.last], b[terms.last], products);
  } else if (exact_in_every_order(terms, format)) {
    accumulate_exactly(result, a, b, n);
  } else {
    result = dot_of_reals(a, b, n);
    if (!is_finite(result)) return result;
    Magnitude error;
    order_error(error.value, terms, products, format);
    arb_add_error_mag(arb(result), error.value);
  }
  return result;
}

}  // namespace

Ball dot(const Ball* a, std::ptrdiff_t stride_a, const Ball* b, std::ptrdiff_t stride_b, std::size_t n) {
  if (const Format* format = emulated_format())
    return dot_in_format({as_arb(a), stride_a}, {as_arb(b), stride_b}, n, true, *format);
  return dot_of_reals({as_arb(a), stride_a}, {as_arb(b), stride_b}, n);
}

Ball sum(const Ball* a, std::ptrdiff_t stride, std::size_t n) {
  const Ball one = 1;
  if (const Format* format = emulated_format())
    return dot_in_format({as_arb(a), stride}, {arb(one), 0}, n, false, *format);
  return dot_of_reals({as_arb(a), stride}, {arb(one), 0}, n);
}

}  // namespace assay::oracles
