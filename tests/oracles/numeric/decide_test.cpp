#include "oracles/numeric/decide.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "oracles/numeric/functions.hpp"

namespace assay::oracles {
namespace {

TEST(Decide, RaisesThePrecisionUntilTheOrderIsCertain) {
  // e^π√163 is 640320³ + 744 − 7.5e-13: eighteen digits before the point and twelve after it agree.
  const Decision decision = decide([] {
    const Ball ramanujan = exp(pi<Ball>() * sqrt(Ball(163)));
    return less(ramanujan, pow(Ball(640320), 3) + 744);
  });
  EXPECT_EQ(decision.answer, Truth::yes);
  EXPECT_EQ(decision.bits, 128) << "64 bits must not suffice, nor seem to";
}

TEST(Decide, GivesUpAtTheCeilingOnAnEquality) {
  std::vector<long> tried;
  const Decision decision = decide(
      [&] {
        tried.push_back(working_precision());
        return equal(sqrt(Ball(2)) * sqrt(Ball(2)), Ball(2));
      },
      300);
  EXPECT_EQ(decision.answer, Truth::unknown);
  EXPECT_EQ(decision.bits, 300);
  EXPECT_EQ(tried, (std::vector<long>{64, 128, 256, 300}));
}

TEST(Decide, AnswersNoAtOnceAndRestoresThePrecision) {
  const PrecisionScope scope(77);
  EXPECT_EQ(decide([] { return less(Ball(2), Ball(1)); }).bits, 64);
  EXPECT_EQ(working_precision(), 77);
}

}  // namespace
}  // namespace assay::oracles
