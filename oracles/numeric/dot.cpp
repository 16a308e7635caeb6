#include "oracles/numeric/dot.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>

#include "oracles/numeric/exact_dot.hpp"
#include "oracles/numeric/rounding.hpp"

namespace assay::oracles {

namespace {

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
  Magnitude total;       ///< ≥ Σ |pᵢ|, over everything the balls contain
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
    mag_addmul(terms.total.value, x.value, y.value);
    const auto bit_a = lowest_bit(a[i]), bit_b = lowest_bit(b[i]);
    exact = exact && bit_a && bit_b;
    if (exact) lowest = std::min(lowest, *bit_a + *bit_b);
  }
  if (exact && terms.count) terms.lowest_bit = lowest;
}

/// A ball that is surveyed in machine numbers: 2^exponent for its parts, as a double, is far from overflow
/// and underflow, products of two of them included.
struct Outline {
  double magnitude;  ///< ≥ |x| for each x in the ball
  slong lowest_bit;  ///< 2^lowest_bit divides the midpoint
  bool exact;
};

constexpr slong near = 400;

/// 2^exponent.
double power_of_two(slong exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

/// False where the ball is infinite, NaN, or has an exponent far from 0.
bool outline(Outline& result, arb_srcptr x) {
  static_assert(FLINT_BITS == 64);
  arf_srcptr m = arb_midref(x);
  result = {0, near, mag_is_zero(arb_radref(x)) != 0};
  if (!arf_is_zero(m)) {
    // COEFF_IS_MPZ: the exponent is no machine word.
    if (arf_is_special(m) || COEFF_IS_MPZ(ARF_EXP(m)) || std::abs(ARF_EXP(m)) > near) return false;
    mp_srcptr limbs;
    mp_size_t size;
    ARF_GET_MPN_READONLY(limbs, size, m);
    // 2^(exponent − 1) ≤ |m|: the top 53 bits are the significand of a double, and its successor is above.
    const auto exponent_field = static_cast<std::uint64_t>(ARF_EXP(m) + 1021) << 52;
    result.magnitude = std::bit_cast<double>(exponent_field + (limbs[size - 1] >> 11) + 1);
    result.lowest_bit = ARF_EXP(m) - 64 * size + std::countr_zero(limbs[0]);
  }
  if (!result.exact) {
    mag_srcptr r = arb_radref(x);
    const slong lowest = arf_is_zero(m) ? -near : -2 * near;  // beside a midpoint, a tiny radius may vanish
    if (COEFF_IS_MPZ(MAG_EXP(r)) || MAG_EXP(r) > near || MAG_EXP(r) < lowest) return false;
    result.magnitude += static_cast<double>(MAG_MAN(r)) * power_of_two(MAG_EXP(r) - MAG_BITS);
  }
  return true;
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
  mag_set_d(terms.total.value, total * (1 + static_cast<double>(n + 4) * power_of_two(-52)));
  if (exact && count) terms.lowest_bit = lowest;
  return true;
}

void survey(Terms& terms, Row a, Row b, std::size_t n) {
  if (!survey_near(terms, a, b, n)) survey_any(terms, a, b, n);
}

/// Each pᵢ is a multiple of 2^e, hence so is each partial sum in any order; with Σ |pᵢ| < 2^(e + bits) and
/// 2^e no finer than the spacing near zero, all of them are numbers of the format: nothing is ever rounded.
bool exact_in_every_order(const Terms& terms, const Format& format) {
  return terms.lowest_bit && *terms.lowest_bit >= format.subnormal_exponent() &&
         mag_cmp_2exp_si(terms.total.value, *terms.lowest_bit + format.bits) < 0;
}

/// For every order of summation, fused or not, compensated or not (u = 2^−bits, η the subnormal spacing):
///
///   |computed − Σ pᵢ| ≤ γ_k Σ |pᵢ| + n η,    γ_k = k u / (1 − k u) ≤ k u (1 + 2 k u)  for k u ≤ 1/2
///
/// k counts the roundings one term can meet: n − 1 additions and the product; Kahan's sum needs
/// 2 u + O(n u²) beside the product instead, so k = n + 2 (n + 1 without products) covers both from n = 3 on.
void admit_every_order(Ball& ball, const Terms& terms, bool products, const Format& format) {
  const std::size_t n = terms.count;
  const std::size_t roundings = n - (n <= 2) + (n > 2) + products;
  Magnitude error, growth;
  if (roundings >> (format.bits - 1)) {  // k u > 1/2: nothing can be promised
    mag_inf(error.value);
  } else {
    mag_set_ui(error.value, roundings);
    mag_mul_2exp_si(error.value, error.value, -format.bits);
    mag_mul_2exp_si(growth.value, error.value, 1);
    mag_add_ui(growth.value, growth.value, 1);
    mag_mul(error.value, error.value, growth.value);
    mag_mul(error.value, error.value, terms.total.value);
    mag_set_ui(growth.value, n);
    mag_mul_2exp_si(growth.value, growth.value, format.subnormal_exponent());
    mag_add(error.value, error.value, growth.value);
  }
  arb_add_error_mag(arb(ball), error.value);
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

/// `products` is false where b is all ones, so that no product is rounded.
Ball dot_in_format(Row a, Row b, std::size_t n, bool products, const Format& format) {
  Terms terms;
  survey(terms, a, b, n);
  Ball result;
  if (terms.count == 0) return result;
  if (terms.count == 1) {
    Ball x, y;
    arb_set(arb(x), a[terms.last]);
    arb_set(arb(y), b[terms.last]);
    return products ? Ball(x * y) : x;
  }
  if (exact_in_every_order(terms, format)) {
    accumulate_exactly(result, a, b, n);
    return result;
  }
  result = dot_of_reals(a, b, n);
  if (is_finite(result)) admit_every_order(result, terms, products, format);
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
