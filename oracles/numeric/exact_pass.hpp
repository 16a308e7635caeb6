/// Whether a computation is to enclose the exact result and nothing else.
#pragma once

#include <concepts>

#include "oracles/numeric/ball.hpp"

namespace assay::oracles {

/// True for balls outside a FormatScope: of all forms that are equal in the reals, the fastest will do. In a
/// FormatScope the enclosure is to hold what honest implementations return (see either()), and a double is to
/// be what the textbook's form returns.
template <class T>
bool encloses_the_exact() {
  return std::same_as<T, Ball> && !emulated_format();
}

}  // namespace assay::oracles
