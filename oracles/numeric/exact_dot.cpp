#include "oracles/numeric/exact_dot.hpp"

#include <limits>

namespace assay::oracles::detail {

#if FLINT_BITS == 64 && defined(__SIZEOF_INT128__)

namespace {

using Wide = unsigned __int128;
using SignedWide = __int128;

/// An exact ball ±d · 2^(exponent − 64) with one limb d ≥ 2^63; the sum of two such exponents fits a word.
bool is_short(arb_srcptr x) {
  arf_srcptr m = arb_midref(x);
  return ARF_SIZE(m) == 1 && mag_is_zero(arb_radref(x)) && ARF_IS_LAGOM(m);
}

/// 0 times a ball is exactly 0, unless the ball knows no bound.
bool is_zero_product(arb_srcptr x, arb_srcptr y) {
  return (arb_is_zero(x) && arb_is_finite(y)) || (arb_is_zero(y) && arb_is_finite(x));
}

/// A sum of products, in fixed point: Σ (slot[0][k] − slot[1][k]) · 2^(64 k + lowest), k < slots.
///
/// A product of two limbs, shifted by less than a limb, is three limbs; each goes to the slot of its place,
/// positive and negative products apart. A slot has 128 bits and takes at most one limb per term, so with
/// n < 2^63 terms
///
///   slot ≤ n (2^64 − 1) < 2^127 − 2^64
///
/// and nothing is ever carried before the end.
class Window {
 public:
  /// Adds x · y, both short. False, and nothing added, where it lies outside the window.
  bool add(arf_srcptr x, arf_srcptr y) {
    const slong exponent = ARF_EXP(x) + ARF_EXP(y);  // of the product: its 128 bits end at exponent − 128
    if (empty()) lowest_ = exponent - 128 - middle;
    const auto place = static_cast<ulong>(exponent - 128 - lowest_);  // huge where below the window
    if (place >= 64 * (slots - 2)) return false;
    const Wide product = Wide{ARF_NOPTR_D(x)[0]} * ARF_NOPTR_D(y)[0];
    const auto shift = static_cast<unsigned>(place % 64);
    const Wide low = product << shift;
    Wide* slot = slot_[ARF_SGNBIT(x) ^ ARF_SGNBIT(y)] + place / 64;
    slot[0] += static_cast<mp_limb_t>(low);
    slot[1] += static_cast<mp_limb_t>(low >> 64);
    slot[2] += static_cast<mp_limb_t>(product >> 64) >> 1 >> (63 - shift);
    return true;
  }

  /// The sum, exactly.
  void get(arf_t sum) const {
    mp_limb_t limbs[slots + 1];  // two's complement
    SignedWide carry = 0;        // |carry| ≤ 2^63, hence |slot difference + carry| < 2^127
    for (int k = 0; k < slots; ++k) {
      carry += static_cast<SignedWide>(slot_[0][k]) - static_cast<SignedWide>(slot_[1][k]);
      limbs[k] = static_cast<mp_limb_t>(carry);
      carry >>= 64;
    }
    limbs[slots] = static_cast<mp_limb_t>(carry);
    const bool negative = carry < 0;
    if (negative) mpn_neg(limbs, limbs, slots + 1);
    mp_size_t size = slots + 1;
    while (size && limbs[size - 1] == 0) --size;
    if (size == 0) return arf_zero(sum);
    arf_set_mpn(sum, limbs, size, negative);
    arf_mul_2exp_si(sum, sum, lowest_);
  }

 private:
  static constexpr int slots = 16;
  static constexpr slong middle = 64 * (slots - 2) / 2;  ///< where the first product is put
  static constexpr slong nowhere = std::numeric_limits<slong>::min();

  bool empty() const { return lowest_ == nowhere; }

  Wide slot_[2][slots] = {};
  slong lowest_ = nowhere;
};

/// The ball of `bits` bits around the sum; its radius is the error made, not a bound of all such errors.
void set_round(arb_ptr result, arf_t sum, slong bits) {
  mag_zero(arb_radref(result));
  if (arf_set_round(arb_midref(result), sum, bits, ARF_RND_NEAR) == ARF_RESULT_EXACT) return;
  arf_sub(sum, sum, arb_midref(result), ARF_PREC_EXACT, ARF_RND_DOWN);
  arf_get_mag(arb_radref(result), sum);
}

}  // namespace

bool exact_dot(arb_ptr result, arb_srcptr a, slong stride_a, arb_srcptr b, slong stride_b, std::size_t n,
               slong bits) {
  Window window;
  for (; n; --n, a += stride_a, b += stride_b) {
    if (is_short(a) && is_short(b)) {
      if (!window.add(arb_midref(a), arb_midref(b))) return false;
    } else if (!is_zero_product(a, b)) {
      return false;
    }
  }
  arf_t sum;
  arf_init(sum);
  window.get(sum);
  set_round(result, sum, bits);
  arf_clear(sum);
  return true;
}

#else  // no product of two limbs: all is left to Arb

bool exact_dot(arb_ptr, arb_srcptr, slong, arb_srcptr, slong, std::size_t, slong) {
  return false;
}

#endif

}  // namespace assay::oracles::detail
