#include <gtest/gtest.h>

#include "stats.hpp"

TEST(Softmax, GivesAsManyAsItTakes) {
  EXPECT_EQ(softmax({1, 2, 3}).size(), 3u);
}

TEST(MeanSquare, OfOneIsASquare) {
  EXPECT_DOUBLE_EQ(mean_square({1}, {4}), 9);
}
