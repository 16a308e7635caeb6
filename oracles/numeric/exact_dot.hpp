/// The dot product of short numbers, exact before its one rounding. For the implementation of dot and sum
/// only.
#pragma once

#include <cstddef>
#include <optional>

#include "oracles/numeric/arb.hpp"

namespace assay::oracles::detail {

/// Σ a[i·stride_a] · b[i·stride_b] for i < n, where each term is 0 or a product of two exact balls whose
/// significands have one limb (doubles, labels, most of what comes in) and the exponents of the products lie
/// close enough: within about 400 bits of the first one's.
///
/// Then `result` is the number of at most `bits` bits nearest to the sum, its radius the error of just this
/// rounding: no ball of that precision can be smaller. Elsewhere returns false and leaves `result` alone.
bool exact_dot(arb_ptr result, arb_srcptr a, slong stride_a, arb_srcptr b, slong stride_b, std::size_t n,
               slong bits);

/// What the emulation of a format needs to know of the terms of such a sum. Those that are 0 do not count.
struct ShortTerms {
  std::size_t count = 0;
  std::size_t last = 0;  ///< an index that counts
  double total = 0;  ///< ≥ the sum of all magnitudes, by a factor of at most 1 + 2^−49; 0 if none counts
  /// 2^lowest_bit divides each term, and total < 2^(lowest_bit + bits); absent where no power does both.
  std::optional<slong> lowest_bit;
  double cut_off = 0;  ///< ≥ |sum − midpoint|; 0 where lowest_bit is present
};

/// The midpoints that surveyed_dot computes have at most so many bits.
inline constexpr long surveyed_bits = 128;

/// The same sum and a survey of its terms, at little more than the cost of the sum. False, and nothing said,
/// where exact_dot refuses the rows, and where the sum of all magnitudes is not within about 2^±700.
/// bits ≤ 64.
bool surveyed_dot(arf_ptr midpoint, ShortTerms& terms, arb_srcptr a, slong stride_a, arb_srcptr b,
                  slong stride_b, std::size_t n, long bits);

}  // namespace assay::oracles::detail
