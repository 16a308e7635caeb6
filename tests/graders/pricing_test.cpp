/// Mistakes that are charged once: every sum here is worked out by hand.
#include "graders/pricing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "fixtures/load.hpp"

namespace assay::graders {
namespace {

Diagnosis looks_like(const std::string& id, std::vector<Explanation> alternatives = {}) {
  Diagnosis diagnosis;
  diagnosis.id = id;
  diagnosis.sentence = "does " + id;
  diagnosis.results = {"r"};
  diagnosis.looked_at = diagnosis.consistent_cases = 16;
  diagnosis.telling_cases = 9;
  diagnosis.alternatives = std::move(alternatives);
  return diagnosis;
}

/// Criteria worth 3, 5/2 and 1, of which the last has partial credit; all three fail by the mistake "sum".
class Prices : public testing::Test {
 protected:
  void SetUp() override {
    specs_.resize(3);
    const char* const ids[] = {"loss", "grad-W", "grad-b"};
    const char* const worth[] = {"3", "5/2", "1"};
    const char* const earned[] = {"0", "0", "1/3"};
    for (std::size_t i = 0; i < 3; ++i) {
      specs_[i].id = ids[i];
      prepared_.criteria.push_back({&specs_[i], parse_points(worth[i]), 0});
      CriterionResult criterion;
      criterion.verdict = Verdict::wrong;
      criterion.points = parse_points(earned[i]);
      result_.criteria.push_back(criterion);
    }
    result_.criteria[0].diagnoses = {looks_like("sum")};
    result_.criteria[1].diagnoses = {looks_like("sum", {{"no_mean", "no mean"}, {"times_N", "times N"}})};
    result_.criteria[2].diagnoses = {looks_like("no_mean", {{"sum", "does sum"}})};
  }

  void price(const std::string& id, const std::string& penalty) {
    prepared_.assignment.prices.push_back({id, penalty, {}});
  }
  /// The points of the three criteria.
  std::vector<std::string> points() {
    price_mistakes(prepared_, result_);
    std::vector<std::string> all;
    for (const CriterionResult& criterion : result_.criteria)
      all.push_back(criterion.points ? exact_text(*criterion.points) : "none");
    return all;
  }

  using Texts = std::vector<std::string>;
  std::vector<fixtures::Criterion> specs_;
  Prepared prepared_;
  SubmissionResult result_;
};

TEST_F(Prices, ChangeNothingWhereThereAreNone) {
  EXPECT_EQ(points(), (Texts{"0", "0", "1/3"}));
  EXPECT_TRUE(result_.charges.empty());
}

TEST_F(Prices, AreChargedOnceThoughThreeCriteriaShowTheMistake) {
  price("sum", "1/2");  // 3 - 1/2, then nothing more: 5/2, 5/2, 1
  EXPECT_EQ(points(), (Texts{"5/2", "5/2", "1"}));
  ASSERT_EQ(result_.charges.size(), 1u);
  const Charge& charge = result_.charges[0];
  EXPECT_EQ(charge.sentence, "does sum");
  ASSERT_EQ(charge.shares.size(), 3u);
  EXPECT_EQ(exact_text(charge.shares[0].charged), "1/2");
  EXPECT_EQ(exact_text(charge.shares[1].charged), "0");
  EXPECT_EQ(exact_text(charge.shares[2].lost), "2/3");
}

TEST_F(Prices, GoOnWithTheNextCriterionWhereOneCannotBearThem) {
  price("sum", "4");  // 3 of it from the first: 0; 1 from the second: 3/2; 0 from the third: 1
  EXPECT_EQ(points(), (Texts{"0", "3/2", "1"}));
}

TEST_F(Prices, NeverTakeMoreThanTheCriteriaWould) {
  price("sum", "100");  // 3 + 5/2 + 2/3 is all there is to lose
  EXPECT_EQ(points(), (Texts{"0", "0", "1/3"}));
}

TEST_F(Prices, MayBeNothing) {
  price("sum", "0");
  EXPECT_EQ(points(), (Texts{"3", "5/2", "1"}));
}

TEST_F(Prices, AreExact) {
  price("sum", "1/3");  // 3 - 1/3
  EXPECT_EQ(points(), (Texts{"8/3", "5/2", "1"}));
}

TEST_F(Prices, DoNotCountWhereTheMistakeIsNowhereTheOnlyExplanation) {
  result_.criteria[0].diagnoses = {looks_like("sum", {{"halved", "halves"}})};
  price("sum", "1/2");
  EXPECT_EQ(points(), (Texts{"0", "0", "1/3"}));
  EXPECT_TRUE(result_.charges.empty());
  ASSERT_EQ(result_.uncharged.size(), 3u);
  EXPECT_EQ(result_.uncharged[2].criterion, "grad-b");
  EXPECT_EQ(result_.uncharged[0].reason, "nowhere is it the only explanation");
}

TEST_F(Prices, CountWhereOnlyARelationDescribesTheSameAnswers) {
  result_.criteria[0].diagnoses = {looks_like("sum", {{"relation.times_N", "returns the value times N"}})};
  price("sum", "1/2");
  EXPECT_EQ(points(), (Texts{"5/2", "5/2", "1"}));
}

TEST_F(Prices, DoNotCountWhereSomeCasesCannotBeTold) {
  result_.criteria[0].diagnoses[0].consistent_cases = 15;
  price("sum", "1/2");
  EXPECT_EQ(points(), (Texts{"0", "0", "1/3"}));
}

TEST_F(Prices, DoNotCountForACriterionThatFailsForAnotherReasonToo) {
  result_.criteria[1].diagnoses.push_back(looks_like("sign"));
  result_.criteria[2].unexplained = true;
  price("sum", "1/2");  // the first alone: 3 - 1/2; the others lose all that they did
  EXPECT_EQ(points(), (Texts{"5/2", "0", "1/3"}));
  ASSERT_EQ(result_.uncharged.size(), 2u);
  EXPECT_EQ(result_.uncharged[0].reason, "it looks like sign too");
  EXPECT_EQ(result_.uncharged[1].reason, "another of its results is wrong for a reason that has no name");
}

TEST_F(Prices, LeaveOtherMistakesAlone) {
  result_.criteria[1].diagnoses = {looks_like("sign")};
  price("sum", "1/2");  // 3 - 1/2; 0; all of the third
  EXPECT_EQ(points(), (Texts{"5/2", "0", "1"}));
}

TEST_F(Prices, OfTwoThatFitTheFirstCounts) {
  result_.criteria[2].diagnoses = {looks_like("no_mean")};
  result_.criteria[1].diagnoses = {looks_like("no_mean", {{"sum", "does sum"}})};
  price("sum", "1");      // loss and grad-W: 3 - 1, 5/2
  price("no_mean", "1");  // grad-b alone, which can lose 2/3 at most
  EXPECT_EQ(points(), (Texts{"2", "5/2", "1/3"}));
  ASSERT_EQ(result_.charges.size(), 2u);
  EXPECT_EQ(result_.charges[1].shares.size(), 1u);
}

TEST_F(Prices, GivePointsToNobodyOnWhomAPersonMustLook) {
  result_.criteria[1].points.reset();
  price("sum", "1/2");
  EXPECT_EQ(points(), (Texts{"5/2", "none", "1"}));
}

TEST_F(Prices, StayBetweenTheOldPointsAndAllPointsWhateverTheyAre) {
  for (const char* const penalty : {"0", "1/7", "2", "3", "11/2", "37/6", "7"}) {
    SubmissionResult result = result_;
    prepared_.assignment.prices = {{"sum", penalty, {}}};
    price_mistakes(prepared_, result);
    Points lost;
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_GE(*result.criteria[i].points, *result_.criteria[i].points) << penalty;
      EXPECT_LE(*result.criteria[i].points, prepared_.criteria[i].points) << penalty;
      lost += prepared_.criteria[i].points - *result.criteria[i].points;
    }
    EXPECT_EQ(lost, std::min(parse_points(penalty), parse_points("37/6"))) << penalty;
  }
}

/// Of affine-layer, with a price on `id`; what is wrong with it.
std::string problem_with(const std::string& id) {
  static const Prepared prepared =
      prepare(fixtures::load_assignment(ASSAY_SOURCE_DIR "/fixtures/assignments/affine-layer"));
  Prepared priced;
  priced.assignment = prepared.assignment;
  for (const auto& function : prepared.functions)
    priced.functions.push_back(std::make_unique<PreparedFunction>(*function));
  priced.assignment.prices = {{id, "1", {4, 6}}};
  try {
    check_prices(priced);
    return "";
  } catch (const fixtures::LoadError& error) {
    return error.what();
  }
}

TEST(PricedMistakes, MustBeWhatADiagnosisCanName) {
  EXPECT_EQ(problem_with("affine.gradient.bias_of_last_row"), "");
  EXPECT_EQ(problem_with("relation.transposed"), "");
  EXPECT_EQ(problem_with("relation.times_N"), "");
  const auto says = [](const std::string& id, const std::string& words) {
    const std::string problem = problem_with(id);
    EXPECT_NE(problem.find("assignment.toml:4:6: "), std::string::npos) << problem;
    EXPECT_NE(problem.find(words), std::string::npos) << problem;
  };
  says("affine.gradient.bias_of_lastrow", "did you mean \"affine.gradient.bias_of_last_row\"?");
  says("mse.halved", "a mistake that no oracle of this assignment can show");
  says("relation.zeros", "does not say what was computed");
  says("forgetting", "see assay list misconceptions");
}

}  // namespace
}  // namespace assay::graders
