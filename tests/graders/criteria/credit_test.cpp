#include "graders/criteria/credit.hpp"

#include <gtest/gtest.h>

namespace assay::graders {
namespace {

PreparedCriterion criterion(const fixtures::Criterion& spec) {
  PreparedCriterion prepared;
  prepared.spec = &spec;
  prepared.points = parse_points("3");
  return prepared;
}

TEST(Credit, IsAllOrNothingUnlessTheAuthorSaysOtherwise) {
  const fixtures::Criterion spec;
  EXPECT_EQ(credit(criterion(spec), 10, 10), Points(3));
  EXPECT_EQ(credit(criterion(spec), 9, 10), Points(0));
  EXPECT_FALSE(has_partial_credit(criterion(spec)));
}

TEST(Credit, IsTheExactShareOfTheCases) {
  fixtures::Criterion spec;
  spec.credit.rule = fixtures::Credit::Rule::share;
  EXPECT_EQ(credit(criterion(spec), 7, 9), Points(7, 3));
  EXPECT_EQ(credit(criterion(spec), 9, 9), Points(3));
  EXPECT_EQ(credit(criterion(spec), 0, 9), Points(0));
  EXPECT_EQ(credit(criterion(spec), 0, 0), Points(0)) << "no evidence earns nothing";
}

TEST(Credit, GoesUpInTiers) {
  fixtures::Criterion spec;
  spec.credit.rule = fixtures::Credit::Rule::tiers;
  spec.credit.tiers = {{"1/2", "1"}, {"0.9", "2"}};
  EXPECT_EQ(credit(criterion(spec), 4, 10), Points(0));
  EXPECT_EQ(credit(criterion(spec), 5, 10), Points(1));
  EXPECT_EQ(credit(criterion(spec), 8, 10), Points(1));
  EXPECT_EQ(credit(criterion(spec), 9, 10), Points(2)) << "a tier includes its own share, exactly";
  EXPECT_EQ(credit(criterion(spec), 10, 10), Points(3));
}

}  // namespace
}  // namespace assay::graders
