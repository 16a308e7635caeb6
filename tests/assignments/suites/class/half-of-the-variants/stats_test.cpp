#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <numeric>

#include "stats.hpp"

TEST(Softmax, SumsToOne) {
  EXPECT_TRUE(rc::check([](const std::vector<signed char>& scores) {
    RC_PRE(!scores.empty());
    const auto p = softmax(std::vector<double>(scores.begin(), scores.end()));
    RC_ASSERT(std::abs(std::accumulate(p.begin(), p.end(), 0.0) - 1) < 1e-12);
  }));
}
