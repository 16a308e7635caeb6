/// The sequential paired design.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "properties/statistics/paired.hpp"
#include "properties/statistics/random.hpp"

namespace assay::properties {
namespace {

Difference normal(double centre, double spread = 1) {
  return [=](std::uint64_t seed) { return centre + spread * Random(seed).normal(); };
}

TEST(Paired, StopsEarlyWhenTheEffectIsPlainAndGoesOnWhenItIsNot) {
  const PairedDesign design{.negligible = 0.1};
  const auto plain = run_paired(normal(10), design, 1);
  EXPECT_EQ(plain.decision, Decision::above);
  EXPECT_EQ(plain.pairs, 8u);
  EXPECT_EQ(run_paired(normal(-10), design, 1).decision, Decision::below);
  const auto weak = run_paired(normal(1), design, 1);
  EXPECT_EQ(weak.decision, Decision::above);
  EXPECT_GT(weak.pairs, 8u);
  const auto nothing = run_paired(normal(0), design, 1);
  EXPECT_EQ(nothing.decision, Decision::undecided);
  EXPECT_EQ(nothing.pairs, 64u);
  EXPECT_EQ(nothing.looks, 4u);
}

TEST(Paired, CallsASmallOrAbsentEffectNegligible) {
  EXPECT_EQ(run_paired(normal(0, 0.01), {.negligible = 0.1}, 1).decision, Decision::negligible);
  const auto ties = run_paired([](std::uint64_t) { return 0.0; }, {}, 1);
  EXPECT_EQ(ties.decision, Decision::negligible) << "exactly 0 in each pair, nothing declared irrelevant";
  EXPECT_TRUE(ties.is_not_above() && ties.is_not_below());
}

TEST(Paired, ExcludesOneSideWithoutDecidingOnTheOther) {
  const auto result = run_paired(normal(-0.1, 0.02), {.looks = {8}, .negligible = 0.1}, 1);
  EXPECT_EQ(result.decision, Decision::undecided);
  EXPECT_TRUE(result.is_not_above());
  EXPECT_FALSE(result.is_not_below());
}

TEST(Paired, StopsWhenTheQuestionIsAnswered) {
  const auto difference = normal(-0.1, 0.02);
  EXPECT_EQ(run_paired(difference, {.negligible = 0.1}, 1).pairs, 64u);
  const PairedDesign design{.negligible = 0.1, .enough = &PairedResult::is_not_above};
  EXPECT_EQ(run_paired(difference, design, 1).pairs, 8u);
}

/// With no effect and four looks, a side is chosen wrongly in at most 5 % of designs.
TEST(Paired, SpendsNoMoreErrorThanPlannedOverAllLooks) {
  int wrong = 0;
  constexpr int designs = 1000;
  for (std::uint64_t seed = 0; seed < designs; ++seed) {
    const auto result = run_paired(normal(0), {}, seed);
    EXPECT_LE(result.spent, 0.05);
    wrong += result.decision != Decision::undecided;
  }
  EXPECT_LE(wrong, 0.05 * designs + 3 * std::sqrt(0.05 * 0.95 * designs));
  EXPECT_GT(wrong, 0) << "a rule that never errs never decides";
}

TEST(Paired, RepeatsItselfAndShowsItsPairs) {
  const auto first = run_paired(normal(0.5), {}, 4), second = run_paired(normal(0.5), {}, 4);
  EXPECT_EQ(first.differences, second.differences);
  EXPECT_EQ(first.differences[3], normal(0.5)(pair_seed(4, 3)));
  EXPECT_NE(first.differences, run_paired(normal(0.5), {}, 5).differences);
}

TEST(Paired, TakesWhatIsNoNumberAsEvidenceForNothing) {
  int calls = 0;
  const auto result = run_paired(
      [&](std::uint64_t) { return calls++ % 2 ? 1.0 : std::numeric_limits<double>::quiet_NaN(); }, {}, 1);
  EXPECT_EQ(result.decision, Decision::undecided);
  EXPECT_EQ(result.estimate, 1);
}

TEST(Paired, RefusesLooksThatDoNotIncrease) {
  EXPECT_THROW(run_paired(normal(0), {.looks = {8, 8}}, 1), std::invalid_argument);
  EXPECT_THROW(run_paired(normal(0), {.looks = {}}, 1), std::invalid_argument);
  EXPECT_THROW(run_paired(normal(0), {.looks = {0, 8}}, 1), std::invalid_argument);
}

TEST(Paired, SaysTheEffectInWords) {
  PairedResult result;
  result.estimate = 0.0834;
  result.interval = {0.0712, 0.1};
  result.pairs = result.positive = 16;
  result.negligible = 0.01;
  EXPECT_EQ(in_words(result, 0.95, "training accuracy"),
            "+0.083 training accuracy (95 % interval +0.071 to +0.1), clear, above 0 in all 16 pairs");
  result.estimate = -0.001;
  result.interval = {-0.02, 0.01};
  result.positive = 6, result.negative = 10;
  EXPECT_EQ(in_words(result, 0.95, "loss"),
            "-0.001 loss (95 % interval -0.02 to +0.01), negligible, below 0 in 10 of 16 pairs");
}

}  // namespace
}  // namespace assay::properties
