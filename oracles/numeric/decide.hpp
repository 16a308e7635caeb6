/// Ziv's loop: ask again with more bits until the answer is certain.
#pragma once

#include <algorithm>
#include <concepts>
#include <type_traits>

#include "oracles/numeric/precision.hpp"
#include "oracles/numeric/truth.hpp"

namespace assay::oracles {

struct Decision {
  Truth answer;
  long bits;  ///< the precision that gave the answer, or the ceiling where it stayed unknown
};

/// Where decide gives up if nothing else is said. Two different doubles of one expression differ far above
/// it; what is open there is an equality (0 in a ball at every precision) or a kink.
inline constexpr long default_ceiling_bits = 4096;

/// Runs `predicate` under PrecisionScope 64, 128, 256 ... bits until its answer is not unknown, and at last
/// with `ceiling_bits`. The predicate must compute its balls anew on every call.
template <class Predicate>
requires std::same_as<std::invoke_result_t<Predicate&>, Truth> Decision
decide(Predicate&& predicate, long ceiling_bits = default_ceiling_bits) {
  for (long bits = std::min(64L, ceiling_bits);; bits = std::min(2 * bits, ceiling_bits)) {
    const PrecisionScope scope(bits);
    const Truth answer = predicate();
    if (answer != Truth::unknown || bits == ceiling_bits) return {answer, bits};
  }
}

}  // namespace assay::oracles
