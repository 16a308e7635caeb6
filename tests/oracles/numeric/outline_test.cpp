/// Radii made of machine numbers.
#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>
#include <limits>
#include <random>

#include "oracles/numeric/numbers.hpp"
#include "oracles/numeric/outline.hpp"

namespace assay::oracles {
namespace {

/// The ball 0 ± set_upper(value).
Ball upper_bound(double value) {
  Ball result;
  detail::set_upper(arb_radref(arb(result)), value);
  return result;
}

/// Above the value by an ulp of double at least, and by 2^−28 of it at most.
void expect_just_above(double value) {
  const Rational bound = midpoint_rational(radius(upper_bound(value))), exact = Rational(value);
  EXPECT_GE(bound, exact * (1 + Rational(1) / pow(Rational(2), 53))) << value;
  EXPECT_LE(bound, exact * (1 + Rational(1) / pow(Rational(2), 28))) << value;
}

TEST(SetUpper, IsJustAboveEveryNormalDouble) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i)
    expect_just_above(std::ldexp(std::uniform_real_distribution<>(1, 2)(random),
                                 std::uniform_int_distribution<>(-1022, 1023)(random)));
}

TEST(SetUpper, CarriesIntoTheNextPowerOfTwo) {
  for (const int exponent : {-1000, -1, 0, 1, 60, 1000}) {
    const double power = std::ldexp(1, exponent);
    for (const double value : {power, std::nextafter(power, 0), std::nextafter(power, 2 * power),
                               power * (1 - std::ldexp(1, -31)), power * (1 - std::ldexp(1, -29))})
      expect_just_above(value);
  }
  expect_just_above(DBL_MAX);
  expect_just_above(DBL_MIN);
}

TEST(SetUpper, OfInfinityKnowsNoBound) {
  EXPECT_FALSE(is_finite(upper_bound(std::numeric_limits<double>::infinity())));
}

/// z ± r with a rounding of one ulp of the largest number admitted: at least that, and little more.
TEST(AdmittedRounding, IsAnUlpOfTheLargestNumberOfTheBall) {
  std::mt19937_64 random(1);
  const auto draw = [&](int exponent) {
    return Rational(std::ldexp(std::uniform_real_distribution<>(1, 2)(random), exponent));
  };
  for (int i = 0; i < 5000; ++i) {
    const int exponent = std::uniform_int_distribution<>(-390, 390)(random);
    const Ball z = ball_around(to_ball(draw(exponent)),
                               to_ball(draw(exponent - std::uniform_int_distribution<>(1, 60)(random))));
    const FormatScope scope(binary64);
    const Ball sum = z + Ball(std::ldexp(1, exponent - 20));
    const Rational before = midpoint_rational(radius(z)), after = midpoint_rational(radius(sum));
    const Rational ulp = pow(Rational(2), exponent - 52);
    EXPECT_GE(after, before + ulp);
    EXPECT_LE(after, (before + 2 * ulp) * (1 + Rational(1) / (1 << 20)));
  }
}

/// Multiplying by a power of two rounds nothing while the result is normal, and may round below that.
TEST(AdmittedRounding, IsNoneOfAPowerOfTwoUnlessTheResultMayBeSubnormal) {
  const FormatScope scope(binary64);
  const Ball third = Ball(1) / 3;
  const auto relative = [](const Ball& x) {
    return Rational(midpoint_rational(radius(x)) / midpoint_rational(midpoint(x)));
  };
  for (const int exponent : {-1000, -400, -6, 0, 6, 400, 900})
    EXPECT_LE(relative(third * Ball(std::ldexp(1, exponent))),
              relative(third) * (1 + Rational(1) / (1 << 20)))
        << exponent;
  EXPECT_GT(relative(third * Ball(std::ldexp(1, -1030))), 2 * relative(third));
  // Numbers around 0 may all be subnormal.
  const Ball wide = ball_around(Ball(1), Ball(2));
  EXPECT_GT(midpoint_rational(radius(wide * Ball(0.5))), Rational(1));
}

}  // namespace
}  // namespace assay::oracles
