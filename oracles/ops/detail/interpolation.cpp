#include "oracles/ops/detail/interpolation.hpp"

namespace assay::oracles::ops::detail {

Rational source_position(std::size_t i, std::size_t input, std::size_t output, bool align_corners) {
  if (align_corners)
    return output == 1 ? Rational(0) : Rational(i) * Rational(input - 1) / Rational(output - 1);
  const Rational centre = (Rational(i) + Rational(1) / 2) * Rational(input) / Rational(output);
  return min(relu(Rational(centre - Rational(1) / 2)), Rational(input - 1));
}

}  // namespace assay::oracles::ops::detail
