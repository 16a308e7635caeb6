#include "graders/criteria/ratio.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace assay::graders {
namespace {

std::vector<double> numbers(std::size_t n) {
  std::vector<double> samples(n);
  for (std::size_t i = 0; i < n; ++i) samples[i] = static_cast<double>((i * 7) % n + 1);
  return samples;
}

TEST(MedianInterval, IsTheTwoOrderStatisticsOfTheSignTest) {
  // Twice P(Bin(20, 1/2) <= 3) = 0.0026, and with 4 it is 0.0118.
  const auto twenty = median_interval(numbers(20), 0.99);
  ASSERT_TRUE(twenty.has_value());
  EXPECT_EQ(twenty->low, 4);
  EXPECT_EQ(twenty->middle, 10.5);
  EXPECT_EQ(twenty->high, 17);
  const auto eight = median_interval(numbers(8), 0.99);
  ASSERT_TRUE(eight.has_value());
  EXPECT_EQ(eight->low, 1);
  EXPECT_EQ(eight->high, 8);
}

TEST(MedianInterval, IsNotThereForTooFewOrForWhatIsNoRatio) {
  EXPECT_FALSE(median_interval(numbers(7), 0.99).has_value());
  EXPECT_FALSE(median_interval({}, 0.5).has_value());
  auto broken = numbers(20);
  broken[3] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(median_interval(broken, 0.99).has_value());
  broken[3] = 0;
  EXPECT_FALSE(median_interval(broken, 0.99).has_value());
}

TEST(MedianInterval, HoldsTheMedianAsOftenAsItSays) {
  std::mt19937_64 random(5);
  std::exponential_distribution<double> skewed(1);
  int missed = 0;
  for (int round = 0; round < 5000; ++round) {
    std::vector<double> samples(15);
    for (double& x : samples) x = skewed(random);
    const auto interval = median_interval(samples, 0.99);
    missed += interval->low > std::log(2.0) || interval->high < std::log(2.0);
  }
  EXPECT_LE(missed, 75);  // 50 are allowed on average, and 37 expected: the exact probability is 0.9926
  EXPECT_GE(missed, 10);
}

TEST(Comparison, IsUndecidedWhereTheLimitLiesInside) {
  EXPECT_EQ(compare({1, 2, 3}, 2.5), Comparison::undecided);
  EXPECT_EQ(compare({1, 2, 3}, 3), Comparison::within);
  EXPECT_EQ(compare({1, 2, 3}, 0.5), Comparison::beyond);
  EXPECT_EQ(compare(widened({1, 2, 3}, 1.1), 3.1), Comparison::undecided);
  EXPECT_EQ(compare(widened({1, 2, 3}, 1.1), 0.95), Comparison::undecided);
}

TEST(Comparison, IsToldInSteps) {
  EXPECT_EQ(more_than(3, 3.5), "more than 3 times");
  EXPECT_EQ(more_than(3, 6.5), "more than 6 times");
  EXPECT_EQ(more_than(2.5, 100), "more than 80 times");
}

}  // namespace
}  // namespace assay::graders
