/// The dot product of short numbers in the emulation of a format: sum and survey in one pass.
#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>
#include <vector>

#include "oracles/numeric/exact_dot.hpp"
#include "oracles/numeric/numbers.hpp"
#include "tests/oracles/numeric/random.hpp"

namespace assay::oracles {
namespace {

using testing::Random;
using Doubles = std::vector<double>;

constexpr long bits = 53;

std::vector<Ball> balls(const Doubles& values) {
  return {values.begin(), values.end()};
}

/// What every term and their sum is, in fractions.
struct Truth {
  Rational sum = 0, magnitudes = 0;
  std::size_t count = 0, last = 0;

  Truth(const Doubles& a, const Doubles& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      const Rational term = to_rational(a[i]) * to_rational(b[i]);
      if (term == 0) continue;
      sum += term;
      magnitudes += abs(term);
      ++count;
      last = i;
    }
  }
};

bool is_whole(const Rational& x) {
  return boost::multiprecision::denominator(x) == 1;
}

/// Each term a multiple of 2^e, one of them an odd one, and all magnitudes together below 2^(e + bits).
bool divides_all(slong e, const Doubles& a, const Doubles& b) {
  bool odd = false;
  const Rational unit = pow(Rational(2), static_cast<int>(e));
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Rational whole = to_rational(a[i]) * to_rational(b[i]) / unit;
    if (!is_whole(whole)) return false;
    odd = odd || !is_whole(whole / 2);
  }
  return odd && Truth(a, b).magnitudes < unit * pow(Rational(2), static_cast<int>(bits));
}

/// Whole numbers, one binade, some binades, many, and zeros among all of them.
Doubles row(Random& random, std::size_t n) {
  const int kind = random.integer(0, 3), far = random.integer(1, 120);
  Doubles values(n);
  for (double& value : values) {
    if (kind == 0) value = random.integer(-3, 3);
    if (kind == 1) value = random.uniform(-1, 1);
    if (kind == 2) value = random.spread(-12, 12);
    if (kind == 3) value = random.integer(0, 3) ? random.spread(-far, far) : 0;
  }
  return values;
}

TEST(SurveyedDot, BoundsWhatItSays) {
  Random random(7);
  int taken = 0, exact = 0, cut = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto n = static_cast<std::size_t>(random.integer(0, 40));
    Doubles a = row(random, n), b = row(random, n);
    if (i % 3 == 0)  // cancels
      for (std::size_t k = 0; k + 1 < n; k += 2) a[k + 1] = -a[k], b[k + 1] = b[k];
    const std::vector<Ball> x = balls(a), y = balls(b);
    Ball midpoint;
    detail::ShortTerms terms;
    if (!detail::surveyed_dot(arb_midref(arb(midpoint)), terms, as_arb(x.data()), 1, as_arb(y.data()), 1, n,
                              bits))
      continue;
    ++taken;
    const Truth truth(a, b);
    ASSERT_LE(abs(Rational(midpoint_rational(midpoint) - truth.sum)), to_rational(terms.cut_off));
    ASSERT_LE(arf_bits(arb_midref(arb(midpoint))), detail::surveyed_bits);
    ASSERT_EQ(terms.count, truth.count);
    ASSERT_EQ(terms.last, truth.last);
    ASSERT_GE(to_rational(terms.total), truth.magnitudes);
    ASSERT_LE(to_rational(terms.total), truth.magnitudes * (1 + pow(Rational(2), -49)));
    if (terms.lowest_bit && terms.count) {
      ASSERT_TRUE(divides_all(*terms.lowest_bit, a, b));
      ASSERT_EQ(terms.cut_off, 0) << "exact";
    }
    exact += terms.lowest_bit && terms.count > 1;
    cut += terms.cut_off > 0;
  }
  EXPECT_GT(taken, 2000);
  EXPECT_GT(exact, 100);
  EXPECT_GT(cut, 100);
}

/// What is exact in every order must be said to be: sums of whole numbers below 2^53.
TEST(SurveyedDot, SeesThatWholeNumbersAreExact) {
  for (const double largest : {0x1p26, 0x1p27}) {
    const std::vector<Ball> x = balls({largest, 1, -3}), y = balls({0x1p26, 1, 5});
    Ball midpoint;
    detail::ShortTerms terms;
    ASSERT_TRUE(detail::surveyed_dot(arb_midref(arb(midpoint)), terms, as_arb(x.data()), 1, as_arb(y.data()),
                                     1, 3, bits));
    EXPECT_EQ(terms.lowest_bit.has_value(), largest < 0x1p27) << "2^53 + 16 is not below 2^53";
  }
}

/// Beyond the range of doubles nothing is said.
TEST(SurveyedDot, RefusesWhatDoublesCannotBound) {
  const std::vector<Ball> large = balls({DBL_MAX, 1}), small = balls({DBL_TRUE_MIN, 1});
  Ball midpoint;
  detail::ShortTerms terms;
  for (const auto& x : {large, small})
    EXPECT_FALSE(detail::surveyed_dot(arb_midref(arb(midpoint)), terms, as_arb(x.data()), 1, as_arb(x.data()),
                                      1, 1, bits));
}

/// The hull of two balls near each other contains both, and is no larger than it must be.
TEST(Hull, OfBallsWithRadiiIsTheSmallestOne) {
  Random random(11);
  for (int i = 0; i < 20000; ++i) {
    const double middle = random.spread(-30, 30), scale = std::ldexp(middle, -random.integer(0, 60));
    const auto ball = [&] {
      const double radius = std::fabs(scale) * random.uniform(0.1, 4);
      return ball_around(Ball(middle) + Ball(scale) * Ball(random.uniform(-2, 2)), Ball(radius));
    };
    const Ball a = ball(), b = ball(), both = hull(a, b);
    ASSERT_TRUE(contains(both, a) && contains(both, b));
    const Ball low = lower(a) < lower(b) ? lower(a) : lower(b),
               high = upper(a) > upper(b) ? upper(a) : upper(b);
    const Ball width = high - low;
    ASSERT_TRUE(2 * radius(both) <= width * (1 + Ball(0x1p-28)));
  }
}

TEST(Hull, OfSimpleBallsIsExact) {
  const Ball a = ball_around(Ball(0), Ball(1)), b = ball_around(Ball(2), Ball(1));
  const Ball both = hull(a, b);
  EXPECT_TRUE(lower(both) == Ball(-1) && upper(both) == Ball(3));
}

}  // namespace
}  // namespace assay::oracles
