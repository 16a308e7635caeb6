#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "stats.hpp"

TEST(Softmax, SumsToOne) {
  const auto p = softmax({1, 2, 3});
  EXPECT_NEAR(std::accumulate(p.begin(), p.end(), 0.0), 1, 1e-12);
}

TEST(Softmax, SurvivesLargeScores) {
  const auto p = softmax({1000, 0});
  EXPECT_TRUE(std::isfinite(p[0]));
}

TEST(MeanSquare, IsAMean) {
  EXPECT_DOUBLE_EQ(mean_square({1, 2}, {3, 4}), 4);
}
