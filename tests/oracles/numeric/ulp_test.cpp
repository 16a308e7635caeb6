#include "oracles/numeric/ulp.hpp"

#include <gtest/gtest.h>

#include "tests/oracles/numeric/random.hpp"

namespace assay::oracles {
namespace {

using testing::Random;

TEST(Ulp, IsTheDistanceToTheNextNumberOutward) {
  Random random(1);
  for (int i = 0; i < 2000; ++i) {
    const double x = std::abs(random.spread(-1074, 1023));
    EXPECT_EQ(ulp(x), std::nextafter(x, INFINITY) - x);
    EXPECT_EQ(ulp(-x), ulp(x));
    const auto y = static_cast<float>(std::abs(random.spread(-149, 127)));
    EXPECT_EQ(ulp(y), std::nextafter(y, std::numeric_limits<float>::infinity()) - y);
  }
  EXPECT_EQ(ulp(1.0), 0x1p-52);
  EXPECT_EQ(ulp(1.0f), 0x1p-23f);
  EXPECT_EQ(ulp(std::numeric_limits<double>::max()), 0x1p971);
}

TEST(Ulp, NearZeroIsTheSubnormalSpacing) {
  EXPECT_EQ(ulp(0.0), 0x1p-1074);
  EXPECT_EQ(ulp(0x1p-1050), 0x1p-1074);
  EXPECT_EQ(ulp(0.0f), 0x1p-149f);
}

TEST(Ulp, OfInfinityIsInfinityAndOfNaNIsNaN) {
  EXPECT_EQ(ulp(-INFINITY), INFINITY);
  EXPECT_TRUE(std::isnan(ulp(std::nan(""))));
}

TEST(Ulp, CountsTheDistanceInUnitsOfTheWantedNumber) {
  EXPECT_EQ(ulps_between(1 + 0x1p-52, 1.0), 1);
  EXPECT_EQ(ulps_between(1 - 0x1p-53, 1.0), 0.5);
  EXPECT_EQ(ulps_between(0x1p-1073, 0.0), 2);
  EXPECT_EQ(ulps_between(INFINITY, INFINITY), 0);
  EXPECT_TRUE(std::isnan(ulps_between(std::nan(""), 1.0)));
}

TEST(Ulp, UnitRoundoffIsHalfAnUlpOfOne) {
  EXPECT_EQ(unit_roundoff<double>, 0x1p-53);
  EXPECT_EQ(unit_roundoff<float>, 0x1p-24f);
}

}  // namespace
}  // namespace assay::oracles
