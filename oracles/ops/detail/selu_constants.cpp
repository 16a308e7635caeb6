#include "oracles/ops/detail/selu_constants.hpp"

namespace assay::oracles::ops::detail {

namespace {

/// The closed form cancels two or three digits; the caller asks for more than it needs.
std::tuple<Ball, Ball> closed_form() {
  const Ball half = Ball(1) / 2, circle = pi<Ball>();
  const Ball r = exp(half) * erfc(sqrt(half)), q = exp(Ball(2)) * erfc(sqrt(Ball(2)));
  const Ball alpha = sqrt(2 / circle) / (1 - r);
  const Ball second_moment = 2 * q + circle * r * r - 2 * (2 + circle) * r + circle + 2;
  return {Ball((1 - r) * sqrt(2 * circle) / sqrt(second_moment)), alpha};
}

}  // namespace

std::tuple<Ball, Ball> selu_constants_on_balls() {
  const Format* const format = emulated_format();
  std::tuple<Ball, Ball> constants;
  {
    const PrecisionScope scope((format ? 4 * format->bits : working_precision()) + 64);
    constants = closed_form();
  }
  if (!format) return constants;
  // A program has rounded constants. Their distance from the enclosed ones is one rounding, hundreds of bits
  // above the radius that is dropped here.
  const auto& [scale, alpha] = constants;
  return {from_rational<Ball>(midpoint_rational(scale)), from_rational<Ball>(midpoint_rational(alpha))};
}

}  // namespace assay::oracles::ops::detail
