#include <gtest/gtest.h>

#include "stats.hpp"

TEST(Softmax, HasRoundValues) {
  EXPECT_EQ(softmax({1, 2})[0], 0.27);
}
