#include <gtest/gtest.h>

#include "stats.hpp"

TEST(Softmax, HasALogarithm) {
  EXPECT_EQ(log_softmax({1, 2}).size(), 2u);
}
