/// The dot product of short numbers, exact before its one rounding. For the implementation of dot and sum
/// only.
#pragma once

#include <cstddef>

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

}  // namespace assay::oracles::detail
