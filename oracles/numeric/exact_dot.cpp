#include "oracles/numeric/exact_dot.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "oracles/numeric/outline.hpp"

namespace assay::oracles::detail {

#if FLINT_BITS == 64 && defined(__SIZEOF_INT128__)

namespace {

using Wide = unsigned __int128;
using SignedWide = __int128;

/// 0 times a ball is exactly 0, unless the ball knows no bound.
bool is_zero_product(arb_srcptr x, arb_srcptr y) {
  return (arb_is_zero(x) && arb_is_finite(y)) || (arb_is_zero(y) && arb_is_finite(x));
}

/// A product of two short numbers: ±x y · 2^(exponent − 128), where x y has 127 or 128 bits.
struct Product {
  mp_limb_t x, y;
  slong exponent;
  mp_limb_t negative;  ///< 0 or 1
};

/// False where a factor is not short: an exact ball ±d · 2^(exponent − 64) with one limb d ≥ 2^63, and the
/// sum of two such exponents fits a word. All conditions at once: one branch a term.
inline bool multiply(Product& product, arb_srcptr a, arb_srcptr b) {
  arf_srcptr x = arb_midref(a), y = arb_midref(b);
  const auto size_x = static_cast<ulong>(ARF_XSIZE(x)),
             size_y = static_cast<ulong>(ARF_XSIZE(y));  // 2 size + sign
  const ulong sizes = ((size_x | 1) ^ 3) | ((size_y | 1) ^ 3);
  const ulong radii = MAG_MAN(arb_radref(a)) | static_cast<ulong>(MAG_EXP(arb_radref(a))) |
                      MAG_MAN(arb_radref(b)) | static_cast<ulong>(MAG_EXP(arb_radref(b)));
  constexpr ulong limit = 1UL << 60;
  const ulong far = ((static_cast<ulong>(ARF_EXP(x)) + limit) | (static_cast<ulong>(ARF_EXP(y)) + limit)) &
                    ~(2 * limit - 1);
  if ((sizes | radii | far) != 0) return false;
  product = {ARF_NOPTR_D(x)[0], ARF_NOPTR_D(y)[0], ARF_EXP(x) + ARF_EXP(y), (size_x ^ size_y) & 1};
  return true;
}

/// 2^(what is returned) divides it; the largest such power.
inline slong lowest_bit_of(const Product& p) {
  return p.exponent - 128 + std::countr_zero(p.x) + std::countr_zero(p.y);
}

/// ±(limbs) · 2^exponent.
struct Whole {
  static constexpr int most = 17;
  mp_limb_t d[most];
  mp_size_t size;  ///< leading zeros may be among them
  bool negative;
  slong exponent;

  /// From two's complement.
  void complement() {
    negative = d[size - 1] >> 63;
    if (negative) mpn_neg(d, d, size);
    while (size && d[size - 1] == 0) --size;
  }

  void get(arf_t sum) const {
    if (size == 0) return arf_zero(sum);
    arf_set_mpn(sum, d, size, negative);
    arf_mul_2exp_si(sum, sum, exponent);
  }

  /// The leading 128 bits; returns at least what was cut off, where bound() is not 0 or a larger sum's is
  /// not.
  double get_leading(arf_t sum) const {
    if (size == 0) return arf_zero(sum), 0;
    mp_limb_t high = d[size - 1], middle = size > 1 ? d[size - 2] : 0, low = size > 2 ? d[size - 3] : 0;
    const int shift = std::countl_zero(high);
    high = high << shift | middle >> 1 >> (63 - shift);
    middle = middle << shift | low >> 1 >> (63 - shift);
    low <<= shift;
    const slong unit = exponent + 64 * (size - 2) - shift;
    ARF_DEMOTE(sum);
    const bool two = middle != 0;  // the lowest limb of a number is not 0
    ARF_NOPTR_D(sum)[0] = two ? middle : high;
    ARF_NOPTR_D(sum)[1] = high;
    ARF_XSIZE(sum) = ARF_MAKE_XSIZE(two ? 2 : 1, negative);
    fmpz_set_si(ARF_EXPREF(sum), unit + 128);
    const bool cut = low != 0 || std::any_of(d, d + std::max<mp_size_t>(size - 3, 0),
                                             [](mp_limb_t limb) { return limb != 0; });
    return cut ? power_of_two(std::max(unit, -1000L)) : 0;
  }

  /// An upper bound on the magnitude; 0 where that is 0, or too far from 1 to be said.
  ///
  /// What is below the three leading limbs is less than 2^−128 of the whole, and each of a few roundings
  /// 2^−53.
  double bound() const {
    double sum = 0;
    const slong top = exponent + 64 * (size - 1);
    if (size == 0 || top < -750 || top > 700) return 0;
    for (mp_size_t i = std::max<mp_size_t>(size - 3, 0); i < size; ++i)
      sum = sum * power_of_two(-64) + static_cast<double>(d[i]);
    return sum * power_of_two(top) * (1 + power_of_two(-50));
  }
};

/// What became of a sum.
enum class Fit { fits, too_wide, not_short };

/// What a sum of products is made of: two rows.
struct Rows {
  arb_srcptr a;
  slong stride_a;
  arb_srcptr b;
  slong stride_b;
  std::size_t n;
};

/// Which terms are not 0.
struct Seen {
  std::size_t count = 0, last = 0;
};

/// Calls add(product) for each term that is not 0, until it returns false.
template <class Add>
Fit for_each_product(const Rows& rows, Seen& seen, const Add& add) {
  arb_srcptr a = rows.a, b = rows.b;
  std::size_t zeros = 0, last = 0;
  for (std::size_t i = 0; i < rows.n; ++i, a += rows.stride_a, b += rows.stride_b) {
    Product product;
    if (multiply(product, a, b)) [[likely]] {
      if (!add(product)) return Fit::too_wide;
      last = i;
    } else if (is_zero_product(a, b)) {
      ++zeros;
    } else {
      return Fit::not_short;
    }
  }
  seen = {rows.n - zeros, last};
  return Fit::fits;
}

/// 128 bits that limbs are added to. (GCC 12 makes of this an addition and a carry; of Wide, ten
/// instructions.)
struct Lane {
  mp_limb_t low = 0, high = 0;
  void add(mp_limb_t limb) {
    low += limb;
    high += low < limb;
  }
  Wide get() const { return Wide{high} << 64 | low; }
};

/// A sum of products whose exponents lie within 32 of the first one's: the usual case.
///
/// A product of two limbs, shifted by less than a limb, is three limbs; each has a lane of 128 bits, positive
/// and negative products apart, and with n < 2^62 terms nothing is carried before the end.
class Narrow {
 public:
  Seen seen;
  slong first_bit = 0;  ///< of the first product

  Fit add(const Rows& rows) {
    bool empty = true;
    return for_each_product(rows, seen, [&](const Product& p) {
      if (empty) lowest_ = p.exponent - 128 - 32, first_bit = lowest_bit_of(p), empty = false;
      const auto shift = static_cast<ulong>(p.exponent - 128 - lowest_);
      if (shift >= 64) return false;
      const Wide product = Wide{p.x} * p.y;
      const auto low = static_cast<mp_limb_t>(product), high = static_cast<mp_limb_t>(product >> 64);
      Lane* lane = lanes_[p.negative];
      lane[0].add(low << shift);
      lane[1].add(high << shift | low >> 1 >> (63 - shift));
      lane[2].add(high >> 1 >> (63 - shift));
      return true;
    });
  }

  Whole sum() const {
    return whole([&](int k) { return static_cast<SignedWide>(lanes_[0][k].get() - lanes_[1][k].get()); });
  }
  /// As Whole::bound: a few roundings of 2^−53, and the lowest limb rounded up.
  double total() const {
    if (lowest_ < -900 || lowest_ > 500 || seen.count == 0) return 0;
    const auto both = [&](int k) { return lanes_[0][k].get() + lanes_[1][k].get(); };  // each below 2^126
    const Wide middle = both(1) + (both(0) >> 64), high = both(2) + (middle >> 64);
    // (high 2^64 + middle limb) / 4, rounded up, as two signed words: of others the conversion to double has
    // a branch that goes either way.
    const auto limb = static_cast<mp_limb_t>(middle);
    const auto odd = static_cast<mp_limb_t>(high) & 1;
    const auto above = static_cast<slong>(high >> 1), below = static_cast<slong>((odd << 62 | limb >> 2) + 1);
    if (high >> 64 != 0) return 0;
    const double sum = static_cast<double>(above) * power_of_two(63) + static_cast<double>(below);
    return sum * power_of_two(lowest_ + 66) * (1 + power_of_two(-50));
  }

 private:
  /// |lane| < 2^127.
  template <class Lanes>
  Whole whole(const Lanes& lane) const {
    const SignedWide c0 = lane(0), c1 = lane(1) + (c0 >> 64), c2 = lane(2) + (c1 >> 64);
    Whole all;
    all.d[0] = static_cast<mp_limb_t>(c0);
    all.d[1] = static_cast<mp_limb_t>(c1);
    all.d[2] = static_cast<mp_limb_t>(c2);
    all.d[3] = static_cast<mp_limb_t>(c2 >> 64);
    all.size = 4;
    all.exponent = lowest_;
    all.complement();
    return all;
  }

  slong lowest_ = 0;
  Lane lanes_[2][3];
};

/// A sum of products of any exponents within some 400 of the first one's: Σ (slot[0][k] − slot[1][k]) ·
/// 2^(64 k + lowest), k < slots.
///
/// Each limb of a product goes to the slot of its place, positive and negative products apart. A slot has 128
/// bits and takes at most one limb per term, so with n < 2^62 terms
///
///   slot ≤ n (2^64 − 1) < 2^126 − 2^62
///
/// and nothing is ever carried before the end.
class Window {
 public:
  Seen seen;
  slong first_bit = 0;

  Fit add(const Rows& rows) {
    return for_each_product(rows, seen, [&](const Product& p) { return add(p); });
  }

  Whole sum() const {
    return whole(
        [&](int k) { return static_cast<SignedWide>(slot_[0][k]) - static_cast<SignedWide>(slot_[1][k]); });
  }
  double total() const {
    return whole([&](int k) { return static_cast<SignedWide>(slot_[0][k] + slot_[1][k]); }).bound();
  }

 private:
  static constexpr int slots = 16;
  static constexpr slong middle = 64 * (slots - 2) / 2;  ///< where the first product is put
  static constexpr slong nowhere = std::numeric_limits<slong>::min();

  bool add(const Product& p) {
    if (lowest_ == nowhere) lowest_ = p.exponent - 128 - middle, first_bit = lowest_bit_of(p);
    const auto place = static_cast<ulong>(p.exponent - 128 - lowest_);  // huge where below the window
    if (place >= 64 * (slots - 2)) return false;
    const Wide product = Wide{p.x} * p.y;
    const auto shift = static_cast<unsigned>(place % 64);
    const Wide low = product << shift;
    Wide* slot = slot_[p.negative] + place / 64;
    slot[0] += static_cast<mp_limb_t>(low);
    slot[1] += static_cast<mp_limb_t>(low >> 64);
    slot[2] += static_cast<mp_limb_t>(product >> 64) >> 1 >> (63 - shift);
    return true;
  }

  /// |slot| < 2^127 and |carry| ≤ 2^63 throughout.
  template <class Slot>
  Whole whole(const Slot& slot) const {
    static_assert(slots + 1 <= Whole::most);
    Whole all;
    SignedWide carry = 0;
    for (int k = 0; k < slots; ++k) {
      carry += slot(k);
      all.d[k] = static_cast<mp_limb_t>(carry);
      carry >>= 64;
    }
    all.d[slots] = static_cast<mp_limb_t>(carry);
    all.size = slots + 1;
    all.exponent = lowest_ == nowhere ? 0 : lowest_;
    all.complement();
    return all;
  }

  Wide slot_[2][slots] = {};
  slong lowest_ = nowhere;
};

/// The ball of `bits` bits around the sum; its radius is the error made, not a bound of all such errors.
void set_round(arb_ptr result, const Whole& whole, slong bits) {
  arf_t sum;
  arf_init(sum);
  whole.get(sum);
  mag_zero(arb_radref(result));
  if (arf_set_round(arb_midref(result), sum, bits, ARF_RND_NEAR) != ARF_RESULT_EXACT) {
    arf_sub(sum, sum, arb_midref(result), ARF_PREC_EXACT, ARF_RND_DOWN);
    arf_get_mag(arb_radref(result), sum);
  }
  arf_clear(sum);
}

/// total < 2^(bit + bits).
bool is_below(double total, slong bit, long bits) {
  const slong end = bit + bits;
  return end > 1000 || (end > -1000 && total < power_of_two(end));
}

/// See ShortTerms.
std::optional<slong> lowest_bit(const Rows& rows, double total, long bits) {
  slong lowest = std::numeric_limits<slong>::max();
  Seen seen;
  const Fit fit = for_each_product(rows, seen, [&](const Product& p) {
    lowest = std::min(lowest, lowest_bit_of(p));
    return is_below(total, lowest, bits);
  });
  return fit == Fit::fits ? std::optional(lowest) : std::nullopt;
}

template <class Sum>
bool survey(arf_ptr midpoint, ShortTerms& terms, const Sum& sum, const Rows& rows, long bits) {
  terms = {sum.seen.count, sum.seen.last, sum.total(), std::nullopt, 0};
  if (terms.count != 0 && terms.total == 0) return false;
  if (is_below(terms.total, sum.first_bit, bits)) terms.lowest_bit = lowest_bit(rows, terms.total, bits);
  terms.cut_off = sum.sum().get_leading(midpoint);
  return true;
}

}  // namespace

bool exact_dot(arb_ptr result, arb_srcptr a, slong stride_a, arb_srcptr b, slong stride_b, std::size_t n,
               slong bits) {
  const Rows rows{a, stride_a, b, stride_b, n};
  Narrow narrow;
  const Fit fit = narrow.add(rows);
  if (fit == Fit::fits) {
    set_round(result, narrow.sum(), bits);
    return true;
  }
  if (fit == Fit::not_short) return false;
  Window window;
  if (window.add(rows) != Fit::fits) return false;
  set_round(result, window.sum(), bits);
  return true;
}

bool surveyed_dot(arf_ptr midpoint, ShortTerms& terms, arb_srcptr a, slong stride_a, arb_srcptr b,
                  slong stride_b, std::size_t n, long bits) {
  const Rows rows{a, stride_a, b, stride_b, n};
  Narrow narrow;
  const Fit fit = narrow.add(rows);
  if (fit == Fit::fits) return survey(midpoint, terms, narrow, rows, bits);
  if (fit == Fit::not_short) return false;
  Window window;
  return window.add(rows) == Fit::fits && survey(midpoint, terms, window, rows, bits);
}

#else  // no product of two limbs: all is left to Arb

bool exact_dot(arb_ptr, arb_srcptr, slong, arb_srcptr, slong, std::size_t, slong) {
  return false;
}

bool surveyed_dot(arf_ptr, ShortTerms&, arb_srcptr, slong, arb_srcptr, slong, std::size_t, long) {
  return false;
}

#endif

}  // namespace assay::oracles::detail
