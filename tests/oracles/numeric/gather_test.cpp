#include "oracles/numeric/gather.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "oracles/numeric/numbers.hpp"

namespace assay::oracles {
namespace {

/// Numbers whose significands are longer than a ball itself: they point to memory of their own.
std::vector<Ball> long_balls(int count) {
  std::vector<Ball> result;
  for (int i = 1; i <= count; ++i) result.push_back(sqrt(Ball(i)) / 3);
  return result;
}

template <class T>
void expect_zeros(const Gathered<T>& row, std::size_t size) {
  ASSERT_EQ(row.size(), size);
  for (std::size_t i = 0; i < size; ++i) EXPECT_TRUE(row.data()[i] == T(0)) << i;
}

TEST(Gathered, StartsAsZerosAndReturnsToThem) {
  const Ball ball = 7;
  Gathered<Ball> balls(3);
  expect_zeros(balls, 3);
  balls.set(1, ball);
  balls.reset(5);
  expect_zeros(balls, 5);
  Gathered<Rational> fractions(2);
  expect_zeros(fractions, 2);
  fractions.set(0, Rational(1) / 3);
  fractions.reset(1);
  expect_zeros(fractions, 1);
  EXPECT_EQ(Gathered<double>().size(), 0u);
}

TEST(Gathered, HoldsTheSameBallsInTheOrderTheyWereSet) {
  const PrecisionScope scope(512);
  const std::vector<Ball> balls = long_balls(5);
  Gathered<Ball> row(5);
  for (std::size_t i = 0; i < 5; ++i) row.set(i, balls[4 - i]);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_TRUE(arb_equal(arb(row.data()[i]), arb(balls[4 - i]))) << i;
}

TEST(Gathered, HasTheDotProductOfTheOriginals) {
  for (const long bits : {53L, 256L, 1000L}) {
    const PrecisionScope scope(bits);
    const std::vector<Ball> a = long_balls(40), b = long_balls(40);
    Gathered<Ball> row(40);
    for (std::size_t i = 0; i < 40; ++i) row.set(i, a[i]);
    const Ball gathered = dot(row.data(), 1, b.data(), 1, 40), plain = dot(a, b);
    EXPECT_TRUE(arb_equal(arb(gathered), arb(plain))) << bits;
  }
}

/// Under the address sanitizer and valgrind a second release, or a lost one, would be reported here.
TEST(Gathered, NeitherFreesNorChangesTheOriginals) {
  const PrecisionScope scope(512);
  std::vector<Ball> balls = long_balls(20);
  const std::vector<Ball> before = balls;
  {
    Gathered<Ball> row(20);
    for (int round = 0; round < 3; ++round)
      for (std::size_t i = 0; i < 20; ++i) row.set(i, balls[(i + static_cast<std::size_t>(round)) % 20]);
    Gathered<Ball> copy = row, moved = std::move(row);
    copy.reset(100);
    moved.set(0, balls[3]);
    EXPECT_TRUE(is_finite(sum(moved.data(), 1, moved.size())));
  }
  for (std::size_t i = 0; i < 20; ++i) EXPECT_TRUE(arb_equal(arb(balls[i]), arb(before[i]))) << i;
  balls.clear();  // the one release
}

template <class T>
concept TakesTemporaries = requires(Gathered<T> row) {
  row.set(0, T(1));
};

TEST(Gathered, TakesATemporaryOnlyWhereItIsCopied) {
  EXPECT_TRUE(TakesTemporaries<double>);
  EXPECT_FALSE(TakesTemporaries<Ball>) << "the row would point to a ball that is gone";
}

}  // namespace
}  // namespace assay::oracles
