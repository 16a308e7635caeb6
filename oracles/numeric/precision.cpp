#include "oracles/numeric/precision.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "oracles/numeric/arb.hpp"
#include "oracles/numeric/flint_thread.hpp"

namespace assay::oracles {

namespace detail {
constinit thread_local Arithmetic arithmetic;
}

long working_precision() {
  return detail::arithmetic.emulates ? detail::arithmetic.format.bits : detail::arithmetic.bits;
}

const Format* emulated_format() {
  return detail::arithmetic.emulates ? &detail::arithmetic.format : nullptr;
}

PrecisionScope::PrecisionScope(long bits) : outer_(detail::arithmetic) {
  if (bits < 2) throw std::invalid_argument("a precision needs at least 2 bits, got " + std::to_string(bits));
  detail::arithmetic = {bits, false, {}};
}

FormatScope::FormatScope(const Format& format) : outer_(detail::arithmetic) {
  // One machine word where that is possible: our own rounding is then 2^−11 of one of the format's.
  detail::arithmetic = {std::max(64L, format.bits + 11L), true, format};
}

FlintThread::~FlintThread() {
  flint_cleanup();
}

}  // namespace assay::oracles
