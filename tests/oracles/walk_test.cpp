#include "oracles/walk.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace assay::oracles {
namespace {

using Outcome = ResultJudgement::Outcome;

/// w goes to w - (w - 1) / 4 from 3: the loss (w - 1)^2 is 4 (9/16)^t.
class WalkDown : public testing::Test {
 protected:
  static Program program() {
    const std::vector<std::string> statements{"loss = mse(w, 1)", "dw = gradient(loss, [w])",
                                              "next = sgd(w, dw, lr=1/8)"};
    const std::vector<std::string> inputs{"w"};
    return Program::parse(statements, inputs);
  }
  static Walk walk(std::size_t steps, FloatFormat format = FloatFormat::binary64) {
    return {program(), {{"w", Tensor<double>::scalar(3)}}, {{"w", "next"}}, "loss", steps, format, "2"};
  }
  static double loss(std::size_t step) { return 4 * std::pow(9.0 / 16, static_cast<double>(step)); }
};

TEST_F(WalkDown, FollowsTheClosedForm) {
  const Walk down = walk(20);
  ASSERT_EQ(down.meaningful(), 20u);
  for (std::size_t step = 0; step < 20; ++step) {
    EXPECT_NEAR(down.nearest(step), loss(step), 1e-15 * loss(step)) << step;
    EXPECT_EQ(down.judge(step, loss(step)), Outcome::accepted) << step;
    EXPECT_EQ(down.judge(step, loss(step) * (1 + 1e-9)), Outcome::wrong) << step;
    EXPECT_EQ(down.judge(step, NAN), Outcome::not_finite) << step;
  }
}

TEST_F(WalkDown, AllowsForTheRoundingOfAllStepsBefore) {
  const Walk down = walk(20);
  double w = 3.1, exact = 3.1;
  const Program step = program();
  const Walk rough(step, {{"w", Tensor<double>::scalar(w)}}, {{"w", "next"}}, "loss", 20,
                   FloatFormat::binary64, "2");
  for (std::size_t i = 0; i < 20; ++i) {
    exact = (w - 1) * (w - 1);
    EXPECT_EQ(rough.judge(i, exact), Outcome::accepted) << i;
    w = w - (w - 1) / 4;
  }
}

TEST_F(WalkDown, EndsWhereRoundingCouldExplainAnything) {
  const Walk down = walk(200, FloatFormat::binary32);
  EXPECT_GT(down.meaningful(), 5u);
  EXPECT_LT(down.meaningful(), 200u) << "w - 1 is lost in single precision long before";
}

TEST_F(WalkDown, RefusesWhatIsNoNumberAndWhatDoesNotFit) {
  const Tensor<double> two(Shape{2});
  EXPECT_THROW(Walk(program(), {{"w", two}}, {{"w", "next"}}, "next", 3, FloatFormat::binary64, "2"),
               ShapeError);
  EXPECT_THROW(Walk(program(), {{"w", two}}, {{"w", "loss"}}, "loss", 3, FloatFormat::binary64, "2"),
               ShapeError);
}

}  // namespace
}  // namespace assay::oracles
