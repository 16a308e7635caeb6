/// The bound of a dot product in a FormatScope is surveyed in doubles where all exponents are moderate, and
/// in magnitudes of any exponent elsewhere. Both must bound the same.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "oracles/numeric/numbers.hpp"

namespace assay::oracles {
namespace {

constexpr int precise = 200;

/// A format without limits of range, so that scaling by 2^k changes nothing but the scale.
constexpr Format unlimited{53, -1'000'000, 1'000'000};

Ball scaled(const Ball& x, long exponent) {
  Ball result = x;
  arb_mul_2exp_si(arb(result), arb(result), exponent);
  return result;
}

std::vector<Ball> numbers(int first, bool with_radius) {
  const PrecisionScope scope(precise);
  std::vector<Ball> result;
  for (int i = 0; i < 30; ++i) {
    const Ball x = sin(Ball(first + i));
    result.push_back(with_radius ? ball_around(midpoint(x), Ball(1) / (i + 3)) : midpoint(x));
  }
  return result;
}

TEST(DotInAFormat, HasARadiusThatScalesWithItsFactors) {
  for (const bool with_radius : {false, true}) {
    const std::vector<Ball> a = numbers(1, with_radius), b = numbers(100, false);
    const FormatScope scope(unlimited);
    const double unscaled = midpoint_double(radius(dot(a, b)));
    EXPECT_GT(unscaled, 0);
    for (const long k :
         {-5000L, -810L, -805L, -799L, -405L, -400L, -395L, -30L, 30L, 395L, 400L, 405L, 5000L}) {
      std::vector<Ball> moved;
      for (const Ball& x : a) moved.push_back(scaled(x, k));
      const Ball y = dot(moved, b);
      const double seen = midpoint_double(scaled(radius(y), -k));
      EXPECT_LE(std::fabs(seen - unscaled), std::ldexp(unscaled, -20)) << "2^" << k << ", a mag has 30 bits";
    }
  }
}

/// A sum of products that are whole numbers is exact in every order, however it is surveyed.
TEST(DotInAFormat, IsExactForWholeNumbersAtEveryScale) {
  const FormatScope scope(unlimited);
  for (const long k : {-5000L, -400L, 0L, 400L, 5000L}) {
    std::vector<Ball> a, b;
    for (int i = 1; i <= 40; ++i) {
      a.push_back(scaled(Ball(i * (i % 2 ? 1 : -1)), k));
      b.push_back(Ball(i + 7));
    }
    EXPECT_TRUE(is_exact(dot(a, b))) << "2^" << k;
    a.back() = scaled(Ball(1), k - 60);
    EXPECT_FALSE(is_exact(dot(a, b))) << "2^" << k;
  }
}

/// Midpoint 0 with a tiny radius, infinities and NaN: no outline in doubles.
TEST(DotInAFormat, SurveysBallsWithoutAnOutline) {
  const FormatScope scope(unlimited);
  const Ball tiny = ball_around(Ball(0), scaled(Ball(1), -3000)), infinite(HUGE_VAL);
  const Ball y = dot(std::vector<Ball>{tiny, tiny}, std::vector<Ball>{tiny, Ball(3)});
  EXPECT_TRUE(contains(y, 0.0));
  EXPECT_TRUE(contains(y, Rational(3) / pow(Rational(2), 3000)));
  EXPECT_FALSE(is_finite(dot(std::vector<Ball>{infinite, Ball(1)}, std::vector<Ball>{Ball(1), Ball(1)})));
  EXPECT_TRUE(is_nan(dot(std::vector<Ball>{infinite, Ball(1)}, std::vector<Ball>{Ball(0), Ball(1)})));
}

}  // namespace
}  // namespace assay::oracles
