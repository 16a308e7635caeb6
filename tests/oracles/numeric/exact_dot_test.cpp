#include "oracles/numeric/exact_dot.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cfloat>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "oracles/numeric/dot.hpp"
#include "oracles/numeric/functions.hpp"
#include "tests/oracles/numeric/random.hpp"

namespace assay::oracles {
namespace {

using testing::Random;
using Integer = boost::multiprecision::number<boost::multiprecision::gmp_int, boost::multiprecision::et_off>;

using Doubles = std::vector<double>;

std::vector<Ball> balls(const Doubles& values) {
  return {values.begin(), values.end()};
}

std::vector<Rational> rationals(const Doubles& values) {
  std::vector<Rational> result;
  for (const double value : values) result.push_back(to_rational(value));
  return result;
}

/// What exact_dot makes of two rows, if it takes them.
std::optional<Ball> exact(const std::vector<Ball>& a, const std::vector<Ball>& b, long bits) {
  const Ball before = ball_around(7, 1);
  Ball result = before;
  const bool taken = detail::exact_dot(arb(result), as_arb(a.data()), 1, as_arb(b.data()), 1, a.size(), bits);
  if (taken) return result;
  EXPECT_TRUE(arb_equal(arb(result), arb(before))) << "rows that are not taken leave the result alone";
  return std::nullopt;
}

Ball arbs_dot(const std::vector<Ball>& a, const std::vector<Ball>& b, long bits) {
  Ball result;
  arb_dot(arb(result), nullptr, 0, as_arb(a.data()), 1, as_arb(b.data()), 1, static_cast<slong>(a.size()),
          bits);
  return result;
}

/// What exact_dot promises, up to the size of its window: the true sum lies within, no ball of Arb's is
/// smaller, and the midpoint has no more bits than asked for.
bool keeps_its_promise(const Ball& result, const Doubles& a, const Doubles& b, long bits) {
  return contains(result, dot(rationals(a), rationals(b))) && arf_bits(arb_midref(arb(result))) <= bits &&
         mag_cmp(arb_radref(arb(result)), arb_radref(arb(arbs_dot(balls(a), balls(b), bits)))) <= 0;
}

/// Zeros and both signs; whole numbers, one binade, many binades, the ends of the format.
Doubles row(Random& random, std::size_t n) {
  const int kind = random.integer(0, 5), far = random.integer(1, 250);
  Doubles values(n);
  for (double& value : values) {
    if (kind == 0) value = random.integer(-3, 3);
    if (kind == 1) value = random.uniform(-1, 1);
    if (kind == 2) value = random.spread(-far, far);
    if (kind == 3) value = random.integer(-9, 9) * DBL_TRUE_MIN;
    if (kind == 4) value = random.integer(0, 1) ? DBL_MAX : -DBL_MAX;
    if (kind == 5) value = random.integer(0, 1) ? random.spread(-1, 1) : 0;
  }
  return values;
}

/// Two rows; in some every product is cancelled by another one.
std::pair<Doubles, Doubles> rows(Random& random, std::size_t n) {
  Doubles a = row(random, n), b = row(random, n);
  if (random.integer(0, 2) == 0)
    for (std::size_t i = 0; i + 1 < n; i += 2) a[i + 1] = -a[i], b[i + 1] = b[i];
  return {a, b};
}

/// How many results break the promise, and how many rows were not taken. Every length to 600, and many short
/// rows.
template <class Dot>
std::pair<int, int> broken_and_left(Dot dot_of) {
  Random random(61);
  int broken = 0, left = 0;
  for (int i = 0; i < 4000; ++i) {
    const auto n = static_cast<std::size_t>(i <= 600 ? i : random.integer(0, 20));
    const auto [a, b] = rows(random, n);
    const long bits = i % 2 ? 256 : random.integer(2, 300);
    if (const std::optional<Ball> result = dot_of(a, b, bits))
      broken += !keeps_its_promise(*result, a, b, bits);
    else
      ++left;
  }
  return {broken, left};
}

TEST(ExactDot, KeepsItsPromiseOnEveryRowItTakes) {
  const auto [broken, left] = broken_and_left(
      [](const auto& a, const auto& b, long bits) { return exact(balls(a), balls(b), bits); });
  EXPECT_EQ(broken, 0);
  EXPECT_GT(left, 0) << "no row was too wide";
  EXPECT_LT(left, 1000) << "most rows must be taken";
}

/// Sums the products limb by limb as exact_dot does, in units of 2^−2300, but loses what one kind of mistake
/// would lose. Nothing lost: the true sum, rounded.
enum class Mistake { none, dropped_carry, ignored_sign, lost_radius };

Ball mistaken_dot(const Doubles& a, const Doubles& b, long bits, Mistake mistake) {
  std::array<std::vector<Integer>, 2> slots;
  slots.fill(std::vector<Integer>(75));
  const Rational unit = parse_rational("0x1p-2300");
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Rational term = to_rational(a[i]) * to_rational(b[i]) / unit;
    const Integer whole = boost::multiprecision::numerator(term);
    auto& sums = slots[term < 0 && mistake != Mistake::ignored_sign];
    for (std::size_t k = 0; k < sums.size(); ++k) {
      sums[k] += mpz_getlimbn(whole.backend().data(), static_cast<mp_size_t>(k));
      if (mistake == Mistake::dropped_carry) sums[k] &= std::numeric_limits<mp_limb_t>::max();
    }
  }
  Integer total = 0;
  for (std::size_t k = slots[0].size(); k-- > 0;) total = (total << 64) + slots[0][k] - slots[1][k];
  const PrecisionScope scope(bits);
  const Ball result = to_ball(Rational(total) * unit);
  return mistake == Mistake::lost_radius ? midpoint(result) : result;
}

TEST(ExactDot, ThePromiseCatchesADroppedCarryAnIgnoredSignAndALostRadius) {
  for (const Mistake mistake : {Mistake::dropped_carry, Mistake::ignored_sign, Mistake::lost_radius}) {
    Random random(62);
    int caught = 0;
    for (std::size_t n = 0; n < 200; ++n) {
      const auto [a, b] = rows(random, n);
      EXPECT_TRUE(contains(mistaken_dot(a, b, 128, Mistake::none), dot(rationals(a), rationals(b))));
      caught += !keeps_its_promise(mistaken_dot(a, b, 128, mistake), a, b, 128);
    }
    EXPECT_GT(caught, 10) << static_cast<int>(mistake);
  }
}

TEST(ExactDot, TakesAllExponentsNearTheFirstAndNoneFarFromIt) {
  Random random(63);
  int border_below = 0, border_above = 0;
  for (int distance = -700; distance <= 700; ++distance) {
    const Doubles a{random.spread(0, 1), std::ldexp(random.spread(0, 1), distance), -random.spread(0, 1)};
    const Doubles b{random.spread(0, 1), random.spread(0, 1), random.spread(0, 1)};
    const auto result = exact(balls(a), balls(b), 256);
    if (result) {
      ASSERT_TRUE(keeps_its_promise(*result, a, b, 256)) << distance;
      border_above = distance;
      if (border_below == 0) border_below = distance;
    }
    ASSERT_TRUE(result || std::abs(distance) > 400) << distance;
    ASSERT_TRUE(!result || std::abs(distance) < 500) << distance;
  }
  EXPECT_LT(border_below, -400);
  EXPECT_GT(border_above, 400);
}

/// ±(2^64 − 1) · 2^exponent.
Ball full_limb(bool negative, long exponent) {
  Ball result = std::numeric_limits<unsigned long long>::max();
  arb_mul_2exp_si(arb(result), arb(result), exponent);
  return negative ? Ball(-result) : result;
}

TEST(ExactDot, CarriesThroughEveryLimbAtEveryShift) {
  const Rational square = Rational((Integer(1) << 64) - 1) * Rational((Integer(1) << 64) - 1);
  const PrecisionScope scope(2000);
  for (long shift = -500; shift <= 300; ++shift) {
    const Ball x = full_limb(shift % 2, shift), y = full_limb(false, 0);
    // The first product fixes the window; cancelled by the second, it leaves only the others.
    const auto result = exact({1, 1, x, x, x}, {1, -1, y, y, y}, 2000);
    ASSERT_TRUE(result) << shift;
    Ball expected = to_ball(square * (shift % 2 ? -3 : 3));
    arb_mul_2exp_si(arb(expected), arb(expected), shift);
    EXPECT_EQ(*result, expected) << shift;
  }
  for (const bool negative : {false, true}) {
    constexpr int n = 1 << 20;
    const Ball a = full_limb(negative, 5), b = full_limb(false, -5);
    Ball result;
    ASSERT_TRUE(detail::exact_dot(arb(result), arb(a), 0, arb(b), 0, n, 256));
    EXPECT_EQ(result, to_ball(square * (negative ? -n : n)));
  }
}

TEST(ExactDot, CancelsToExactlyZeroAndToTheLastBit) {
  const Doubles a{1e200, 1, -1e200}, b{1, 1, 1};
  const auto [inside, ends] =
      std::pair{Doubles{1e100, -1e100}, Doubles{DBL_MAX, -DBL_MAX, DBL_MAX, -DBL_MAX}};
  EXPECT_EQ(exact(balls(inside), balls({3, 3}), 64), Ball(0));
  EXPECT_EQ(exact(balls(ends), balls(ends), 128), to_ball(4 * to_rational(DBL_MAX) * to_rational(DBL_MAX)));
  EXPECT_EQ(exact(balls(ends), balls({1, 1, 1, 1}), 2), Ball(0));
  EXPECT_FALSE(exact(balls(a), balls(b), 64)) << "1 is too far below 1e200 for the window";
  EXPECT_EQ(exact(balls({1e100, 0x1p-20, -1e100}), balls(b), 2), Ball(0x1p-20));
}

TEST(ExactDot, HasTheRadiusOfTheErrorItMade) {
  const auto result = exact(balls({1, 0x1p-300}), balls({1, 1}), 64);
  ASSERT_TRUE(result);
  EXPECT_EQ(midpoint(*result), 1);
  EXPECT_LE(radius_double(*result), 0x1p-300 * (1 + 0x1p-28)) << "not the 2^−64 of any rounding to 64 bits";
  EXPECT_TRUE(contains(*result, 1 + parse_rational("0x1p-300")));
}

TEST(ExactDot, LeavesToArbWhatIsInexactLongHugeOrInfinite) {
  Ball huge = 2;  // at last 2^(2^70): an exponent of more than one word
  for (int i = 0; i < 70; ++i) huge *= huge;
  const Ball far = full_limb(false, 1L << 61), wide = full_limb(false, 64) + 1,
             vague = ball_around(1, 0x1p-9);
  const Ball third = Ball(1) / 3, infinity = INFINITY, nan = infinity - infinity;
  for (const Ball& odd : {huge, far, wide, vague, third, infinity, nan}) {
    EXPECT_FALSE(exact({odd}, {1}, 256));
    EXPECT_FALSE(exact({1, odd}, {1, 1}, 256));
    EXPECT_FALSE(exact({1, 1}, {1, odd}, 256));
  }
  for (const Ball& finite : {huge, far, wide, vague, third})
    EXPECT_EQ(exact({2, 0, finite}, {3, finite, 0}, 256), Ball(6)) << "0 times a finite ball is 0";
  for (const Ball& unbounded : {infinity, nan, ball_around(0, INFINITY)}) {
    EXPECT_FALSE(exact({2, 0}, {3, unbounded}, 256));
    EXPECT_FALSE(exact({2, unbounded}, {3, 0}, 256));
  }
}

TEST(ExactDot, ReadsRowsByTheirStridesAndNothingOfEmptyOnes) {
  EXPECT_EQ(exact({}, {}, 2), Ball(0));
  const Doubles x{1, 2, 3, 4, 5, 6}, y{7, -8, 9, 10, 11, 12};
  const auto a = balls(x), b = balls(y);
  const auto strided = [&](std::size_t first_a, slong stride_a, std::size_t first_b, slong stride_b) {
    Ball result;
    EXPECT_TRUE(detail::exact_dot(arb(result), arb(a[first_a]), stride_a, arb(b[first_b]), stride_b, 3, 64));
    const auto* from_a = x.data() + first_a;
    const auto* from_b = y.data() + first_b;
    EXPECT_EQ(result, dot(from_a, stride_a, from_b, stride_b, 3));
  };
  strided(0, 1, 0, 1);
  strided(5, -1, 0, 2);
  strided(1, 0, 5, -2);
  strided(2, 0, 3, 0);
}

TEST(ExactDot, IsWhatDotAndSumGiveForLongRowsOfDoubles) {
  Random random(64);
  for (int i = 0; i < 200; ++i) {
    const auto n = static_cast<std::size_t>(random.integer(0, 60));
    const auto [a, b] = rows(random, n);
    const PrecisionScope scope(random.integer(2, 300));
    const Ball product = dot(balls(a), balls(b)), total = sum(balls(a));
    EXPECT_TRUE(keeps_its_promise(product, a, b, working_precision()));
    EXPECT_TRUE(keeps_its_promise(total, a, Doubles(n, 1.0), working_precision()));
  }
}

}  // namespace
}  // namespace assay::oracles
