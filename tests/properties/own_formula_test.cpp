/// Formulas as functions of an assignment's own: values and gradients on balls, and what is refused.
#include "properties/own_formula.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "oracles/expected.hpp"
#include "oracles/own_function.hpp"
#include "properties/formula/formula.hpp"

namespace assay::properties {
namespace {

using oracles::Bindings;
using oracles::Expected;
using oracles::FloatFormat;
using oracles::IndexTensor;
using oracles::Tensor;
using Outcome = oracles::ResultJudgement::Outcome;

const std::string log_cosh = "mean(log((exp(p - t) + exp(t - p)) / 2))";

Expected truth(const std::vector<std::string>& statements, const std::vector<std::string>& results,
               const oracles::OwnFunctions& own, const Bindings& inputs) {
  std::vector<std::string> names;
  for (const auto& [name, value] : inputs) names.push_back(name);
  return {std::make_shared<const oracles::Program>(oracles::Program::parse(statements, names, own)), results,
          inputs, FloatFormat::binary64, "2"};
}

TEST(OwnFormula, HasAValueAndAGradientBesideTheCatalogue) {
  const oracles::OwnFunctions own{own_formula("log_cosh", {"p", "t"}, log_cosh)};
  const Bindings inputs{{"p", Tensor<double>({2}, {1, -0.5})}, {"t", Tensor<double>({2}, {0.25, 1})}};
  const Expected expected = truth({"loss = log_cosh(p, t)", "all = log_cosh(p, t) + l2_penalty(p, 0.5)",
                                   "dp, dt = gradient(all, [p, t])"},
                                  {"loss", "dp", "dt"}, own, inputs);
  const double a = 0.75, b = -1.5;
  const double loss = (std::log(std::cosh(a)) + std::log(std::cosh(b))) / 2;
  const std::vector<double> dt{-std::tanh(a) / 2, -std::tanh(b) / 2};
  EXPECT_EQ(expected.judge("loss", Tensor<double>::scalar(loss)).outcome, Outcome::accepted);
  EXPECT_EQ(expected.judge("loss", Tensor<double>::scalar(2 * loss)).outcome, Outcome::wrong) << "the sum";
  EXPECT_EQ(expected.judge("dt", Tensor<double>({2}, dt)).outcome, Outcome::accepted);
  // d(0.5 sum p^2)/dp = p.
  EXPECT_EQ(expected.judge("dp", Tensor<double>({2}, {1 - dt[0], -0.5 - dt[1]})).outcome, Outcome::accepted);
  EXPECT_EQ(expected.judge("dp", Tensor<double>({2}, {-dt[0], -dt[1]})).outcome, Outcome::wrong)
      << "without the penalty";
}

TEST(OwnFormula, WeighsTheGradientOfAVectorByTheUpstreamGradient) {
  const oracles::OwnFunctions own{own_formula("cube", {"x"}, "x^3")};
  const Bindings inputs{{"g", Tensor<double>({2}, {10, 100})}, {"x", Tensor<double>({2}, {2, -1})}};
  const Expected expected = truth({"y = cube(x)", "dx = gradient(y, [x], g)"}, {"dx"}, own, inputs);
  EXPECT_EQ(expected.judge("dx", Tensor<double>({2}, {120, 300})).outcome, Outcome::accepted);
  EXPECT_EQ(expected.judge("dx", Tensor<double>({2}, {12, 3})).outcome, Outcome::wrong);
}

TEST(OwnFormula, TakesLabelsAndCallsTheCatalogue) {
  const oracles::OwnFunctions own{
      own_formula("picked", {"z", "y"}, "-sum(n = 1..length(y), log_softmax(z, axis=1)[n, y[n] + 1])")};
  const Bindings inputs{{"y", IndexTensor({1}, {1})}, {"z", Tensor<double>({1, 2}, {0, 0})}};
  const Expected expected =
      truth({"loss = picked(z, y)", "dz = gradient(loss, [z])"}, {"loss", "dz"}, own, inputs);
  EXPECT_EQ(expected.judge("loss", Tensor<double>::scalar(std::log(2))).outcome, Outcome::accepted);
  EXPECT_EQ(expected.judge("dz", Tensor<double>({1, 2}, {0.5, -0.5})).outcome, Outcome::accepted);
  EXPECT_EQ(expected.judge("dz", Tensor<double>({1, 2}, {-0.5, 0.5})).outcome, Outcome::wrong);
}

TEST(OwnFormula, GivesListsOfNumbersAsAttributes) {
  const formula::Vocabulary x{{"x"}};
  const auto listed = formula::parse("max_pool2d(x, kernel_size=[2, 1], stride=1)", x);
  EXPECT_TRUE(listed == formula::parse("max_pool2d(x, kernel_size=\"2,1\", stride=1)", x));
  EXPECT_TRUE(formula::parse(formula::to_text(listed), x) == listed);
  EXPECT_FALSE(listed == formula::parse("max_pool2d(x, kernel_size=[1, 2], stride=1)", x));
  EXPECT_THROW(formula::parse("max_pool2d(x, kernel_size=[2, 1, stride=1)", x), formula::FormulaError);
}

TEST(OwnFormula, RefusesWhatIsNoFormulaOfItsInputs) {
  EXPECT_THROW(own_formula("f", {"x"}, "x + targt"), formula::FormulaError);
  EXPECT_THROW(own_formula("f", {"x"}, "x > 0"), std::invalid_argument);
}

TEST(OwnFormula, SaysInItsTextWhereItDoesNotFit) {
  const oracles::OwnFunctions own{own_formula("f", {"x"}, "x[3] + 1")};
  try {
    (void)truth({"y = f(x)"}, {"y"}, own, {{"x", Tensor<double>({2}, {1, 2})}});
    ADD_FAILURE() << "x[3] of two";
  } catch (const oracles::OwnFunctionError& error) {
    EXPECT_STREQ(error.what(),
                 "f: index 3 of \"x\" is out of range: indices count from 1 to 2\nx[3] + 1\n ^");
  }
}

TEST(OwnFormula, KnowsNothingWhereItLeavesItsDomain) {
  const oracles::OwnFunctions own{own_formula("f", {"x"}, "log(x)")};
  const Expected expected = truth({"y = f(x)"}, {"y"}, own, {{"x", Tensor<double>({2}, {1, -1})}});
  EXPECT_EQ(expected.unknown_element("y"), 1u);
  EXPECT_EQ(expected.judge("y", Tensor<double>({2}, {0, std::nan("")})).outcome, Outcome::wrong);
}

}  // namespace
}  // namespace assay::properties
