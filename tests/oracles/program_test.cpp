#include "oracles/program.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "oracles/expected.hpp"
#include "oracles/own_function.hpp"

namespace assay::oracles {
namespace {

using Outcome = ResultJudgement::Outcome;

std::shared_ptr<const Program> parse(std::vector<std::string> statements, std::vector<std::string> inputs) {
  return std::make_shared<const Program>(Program::parse(statements, inputs));
}

/// The message of the ProgramError, with its place in front.
std::string complaint(std::vector<std::string> statements) {
  try {
    (void)parse(std::move(statements), {"X", "W", "b", "y"});
  } catch (const ProgramError& error) {
    return std::to_string(error.statement) + ":" + std::to_string(error.column) + " " + error.what();
  }
  return "no error";
}

TEST(Program, SaysWhereAndWhatAStatementLacks) {
  EXPECT_EQ(complaint({"s = affine(X, W, b)", "t = sofmax(s)"}),
            "1:5 there is no operation 'sofmax'; did you mean 'softmax'?");
  EXPECT_EQ(complaint({"s = affine(X, W)"}), "0:5 affine takes 3 inputs (X, W, b), not 2");
  EXPECT_EQ(complaint({"s = softmax(X, axes=0)"}),
            "0:16 softmax has no attribute 'axes'; did you mean 'axis'?");
  EXPECT_EQ(complaint({"s = softmax(Q)"}), "0:13 'Q' is not defined");
  EXPECT_EQ(complaint({"s = softmax(X"}), "0:14 expected ')' before the end");
  EXPECT_EQ(complaint({"s = softmax(X) extra"}), "0:16 unexpected 'e'; a statement is NAME = OPERATION(...)");
  EXPECT_EQ(complaint({"a, b2 = softmax(X)"}), "0:9 this gives 1 value(s) for 2 name(s)");
  EXPECT_EQ(complaint({"X = softmax(W)"}), "0:1 'X' is defined twice");
  EXPECT_EQ(complaint({"7 = softmax(W)"}), "0:1 expected a result's name");
}

Bindings classifier() {
  return {{"X", Tensor<double>({2, 2}, {1, 2, -1, 0.5})},
          {"W", Tensor<double>({2, 2}, {1, 0, -1, 2})},
          {"b", Tensor<double>({2}, {0.5, -0.5})},
          {"y", IndexTensor({2}, {0, 1})},
          {"G", Tensor<double>({2, 2}, {1, 2, 3, 4})}};
}

TEST(Program, ComposesOperationsAndTheirGradients) {
  const auto program =
      parse({"s = affine(X, W, b)", "dX, dW, db = gradient(s, [X, W, b], G)"}, {"X", "W", "b", "G"});
  const Expected expected(program, {"s", "dX", "dW", "db"}, classifier(), FloatFormat::binary64, "2");
  // By hand: s = X W + b; dX = G W^T; dW = X^T G; db = column sums of G.
  EXPECT_EQ(expected.judge("s", Tensor<double>({2, 2}, {-0.5, 3.5, -1, 0.5})).outcome, Outcome::accepted);
  EXPECT_EQ(expected.judge("dX", Tensor<double>({2, 2}, {1, 3, 3, 5})).outcome, Outcome::accepted);
  EXPECT_EQ(expected.judge("dW", Tensor<double>({2, 2}, {-2, -2, 3.5, 6})).outcome, Outcome::accepted);
  EXPECT_EQ(expected.judge("db", Tensor<double>({2}, {4, 6})).outcome, Outcome::accepted);
  EXPECT_EQ(expected.judge("dW", Tensor<double>({2, 2}, {-2, 3.5, -2, 6})).outcome, Outcome::wrong)
      << "transposed";
  EXPECT_EQ(expected.judge("db", Tensor<double>({2}, {3, 4})).outcome, Outcome::wrong) << "last row only";
}

TEST(Program, AddsGradientsThatArriveOnTwoPaths) {
  const auto program = parse({"s = add(X, X)", "d = gradient(s, [X], G)"}, {"X", "G"});
  const Expected expected(program, {"d"}, classifier(), FloatFormat::binary64, "2");
  EXPECT_EQ(expected.judge("d", Tensor<double>({2, 2}, {2, 4, 6, 8})).outcome, Outcome::accepted);
  EXPECT_EQ(expected.judge("d", Tensor<double>({2, 2}, {1, 2, 3, 4})).outcome, Outcome::wrong);
}

TEST(Program, GoesOnAfterAGradient) {
  const auto program = parse({"s = add(X, X)", "d = gradient(s, [X], G)", "t = add(d, d)"}, {"X", "G"});
  const Expected expected(program, {"d", "t"}, classifier(), FloatFormat::binary64, "2");
  EXPECT_EQ(expected.judge("t", Tensor<double>({2, 2}, {4, 8, 12, 16})).outcome, Outcome::accepted);
  EXPECT_EQ(expected.judge("t", Tensor<double>({2, 2}, {2, 4, 6, 8})).outcome, Outcome::wrong);
}

/// sgd has no gradient, and needs none: X1 is where the second gradient is taken.
TEST(Program, TakesAGradientWhereAStepHasLed) {
  const auto program = parse(
      {"d = gradient(sum(add(X, X)), [X])", "X1 = sgd(X, d, lr=1)", "e = gradient(l2_penalty(X1, 1), [X1])"},
      {"X", "G"});
  const Expected expected(program, {"e"}, classifier(), FloatFormat::binary64, "2");
  const auto e = expected.nearest("e");
  const auto x = std::get<Tensor<double>>(classifier().at("X"));
  ASSERT_EQ(e.size(), x.size());
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_EQ(e[i], 2 * (x[i] - 2));
}

TEST(Program, RefusesTheGradientOfAGradient) {
  EXPECT_EQ(
      complaint({"d = gradient(l2_penalty(X, 1), [X])", "X1 = sgd(X, d)", "e = gradient(sum(X1), [X])"}),
      "2:5 a gradient of a gradient is not supported");
}

TEST(Program, GivesZeroGradientToAnInputThatPlaysNoPart) {
  const auto program = parse({"s = relu(X)", "d = gradient(s, [W], G)"}, {"X", "W", "G"});
  const Expected expected(program, {"d"}, classifier(), FloatFormat::binary64, "2");
  EXPECT_EQ(expected.judge("d", Tensor<double>({2, 2}, {0, 0, 0, 0})).outcome, Outcome::accepted);
}

TEST(Program, RefusesAGradientOfAMatrixWithoutAnUpstreamGradient) {
  const auto program = parse({"s = relu(X)", "d = gradient(s, [X])"}, {"X"});
  EXPECT_THROW(Expected(program, {"d"}, classifier(), FloatFormat::binary64, "2"), ShapeError);
}

TEST(Expected, RejectsNaNAndWrongShapesAndTellsTheWorstElement) {
  const auto program = parse({"s = relu(X)"}, {"X"});
  const Expected expected(program, {"s"}, classifier(), FloatFormat::binary64, "2");
  EXPECT_EQ(expected.judge("s", Tensor<double>({2, 2}, {1, 2, 0, 0.5})).outcome, Outcome::accepted);
  EXPECT_EQ(expected.judge("s", Tensor<double>({4}, {1, 2, 0, 0.5})).outcome, Outcome::wrong_shape);
  const auto nan = expected.judge("s", Tensor<double>({2, 2}, {1, std::nan(""), 0, 0.5}));
  EXPECT_EQ(nan.outcome, Outcome::not_finite);
  EXPECT_EQ(nan.element, 1u);
  EXPECT_FALSE(nan.ratio);
  // ReLU is exact, so the allowance is nothing at all: one ulp is one too many.
  const auto off = expected.judge("s", Tensor<double>({2, 2}, {1, std::nextafter(2.0, 3.0), 0, 0.5}));
  EXPECT_EQ(off.outcome, Outcome::wrong);
  EXPECT_EQ(off.error_ulps, 1.0);
}

/// One running total over all rows and classes, and slopes that are scaled before they are added: honest, and
/// rounded where sums row by row happen to be exact.
struct RunningTotal {
  double loss = 0;
  Tensor<double> gradient;
};

RunningTotal running_total(const Tensor<double>& scores, const IndexTensor& labels, bool huber) {
  const std::size_t rows = scores.shape[0], classes = scores.shape[1];
  const double share = 1.0 / static_cast<double>(rows);
  RunningTotal out{0, Tensor<double>(scores.shape)};
  for (std::size_t n = 0; n < rows; ++n) {
    const auto label = static_cast<std::size_t>(labels[n]);
    for (std::size_t j = 0; j < classes; ++j) {
      const double d = scores(n, j) - scores(n, label), inside = d + 1;
      if (j == label || inside <= 0) continue;
      const bool square = huber && d <= 0;
      out.loss += square ? 0.5 * inside * inside : huber ? d + 0.5 : inside;
      const double slope = (square ? inside : 1) * share;
      out.gradient(n, j) += slope;
      out.gradient(n, label) -= slope;
    }
  }
  out.loss /= static_cast<double>(rows);
  return out;
}

TEST(Expected, AdmitsOneRunningTotalOverRowsAndClasses) {
  std::mt19937_64 random(1);
  // Quarters, and in each row long fractions that add up to nothing: each row's sum is exact.
  std::uniform_int_distribution<int> quarters(0, 3), class_of(0, 3);
  for (const std::string operation : {"hinge", "huber_hinge"}) {
    const auto program = parse({"L = " + operation + "(s, y)", "ds = gradient(L, [s])"}, {"s", "y"});
    for (int draw = 0; draw < 400; ++draw) {
      Tensor<double> scores({draw % 2 == 0 ? 8u : 11u, 4});
      for (double& score : scores.data) score = quarters(random) / 4.0;
      IndexTensor labels({scores.shape[0]}, std::vector<std::int64_t>(scores.shape[0]));
      for (std::size_t n = 0; n < labels.size(); ++n) {
        labels[n] = class_of(random);
        for (const int step : {1, 2, 3})
          scores(n, static_cast<std::size_t>(labels[n] + step) % 4) += std::ldexp(step == 3 ? -12 : 6, -50);
      }
      const Expected expected(program, {"L", "ds"}, {{"s", scores}, {"y", labels}}, FloatFormat::binary64,
                              "2");
      const RunningTotal got = running_total(scores, labels, operation == "huber_hinge");
      ASSERT_EQ(expected.judge("L", Tensor<double>::scalar(got.loss)).outcome, Outcome::accepted)
          << operation << draw;
      ASSERT_EQ(expected.judge("ds", got.gradient).outcome, Outcome::accepted) << operation << draw;
      ASSERT_EQ(expected.judge("L", Tensor<double>::scalar(got.loss * 1.000001 + 1e-9)).outcome,
                Outcome::wrong);
    }
  }
}

TEST(Expected, TakesEverySubgradientAtAKinkAndNothingElse) {
  const auto program = parse({"s = relu(X)", "d = gradient(s, [X], G)"}, {"X", "G"});
  const Bindings at_zero{{"X", Tensor<double>({1}, {0})}, {"G", Tensor<double>({1}, {3})}};
  const Expected expected(program, {"d"}, at_zero, FloatFormat::binary64, "2");
  for (const double choice : {0.0, 1.5, 3.0})
    EXPECT_EQ(expected.judge("d", Tensor<double>({1}, {choice})).outcome, Outcome::accepted) << choice;
  for (const double outside : {-0.25, 3.25})
    EXPECT_EQ(expected.judge("d", Tensor<double>({1}, {outside})).outcome, Outcome::wrong) << outside;
}

TEST(Program, TakesListsAsAttributes) {
  const Bindings inputs{{"X", Tensor<double>({1, 1, 3, 2}, {1, 2, 3, 4, 5, 6})}};
  const auto shape = [&](const std::string& attributes) {
    const auto program = parse({"y = max_pool2d(X, " + attributes + ")"}, {"X"});
    return Expected(program, {"y"}, inputs, FloatFormat::binary64, "2").shape("y");
  };
  EXPECT_EQ(shape("kernel_size=[2,1], stride=1"), (Shape{1, 1, 2, 2}));
  EXPECT_EQ(shape("kernel_size=[ 1 , 2 ], stride=1"), (Shape{1, 1, 3, 1}));
  EXPECT_EQ(complaint({"y = max_pool2d(X, kernel_size=2,1)"}),
            "0:34 a list of numbers needs brackets: kernel_size=[2,1]");
  EXPECT_EQ(complaint({"y = max_pool2d(X, kernel_size=[2,1)"}), "0:35 expected ']', got ')'");
  EXPECT_EQ(complaint({"y = max_pool2d(X, kernel_size=[])"}), "0:32 expected an attribute's value");
}

/// Twice its argument, off by `error`, as a function of doubles.
OwnFunctions twice(double error, Tolerance tolerance = {"0.5", "0"}) {
  return {own_doubles("twice", 1, 1, std::move(tolerance), [error](const std::vector<Value>& values) {
    auto result = std::get<Tensor<double>>(values.at(0));
    for (double& x : result.data) x = 2 * x + error;
    return std::vector<Tensor<double>>{result};
  })};
}

std::string own_complaint(const std::string& statement) {
  try {
    (void)Program::parse(std::vector<std::string>{statement}, std::vector<std::string>{"X"}, twice(0));
  } catch (const ProgramError& error) {
    return std::to_string(error.column) + " " + error.what();
  }
  return "no error";
}

TEST(OwnFunctions, AreCalledByNameAndCountTheirArguments) {
  EXPECT_EQ(own_complaint("s = twice(X)"), "no error");
  EXPECT_EQ(own_complaint("s = twice(X, X)"), "5 twice takes 1 arguments, not 2");
  EXPECT_EQ(own_complaint("s = twcie(X)"), "5 there is no operation 'twcie'; did you mean 'twice'?");
  EXPECT_EQ(own_complaint("a, c = twice(X)"), "8 this gives 1 value(s) for 2 name(s)");
}

TEST(OwnFunctions, OfDoublesAreJudgedByTheirTolerance) {
  const std::vector<std::string> statements{"s = twice(X)"}, inputs{"X"};
  const Bindings one{{"X", Tensor<double>({2}, {1, -100})}};
  const auto outcome = [&](Tolerance tolerance, std::vector<double> got, double error = 0) {
    const auto program = std::make_shared<const Program>(
        Program::parse(statements, inputs, twice(error, std::move(tolerance))));
    const Expected expected(program, {"s"}, one, FloatFormat::binary64, "2");
    return expected.judge("s", Tensor<double>({2}, std::move(got))).outcome;
  };
  EXPECT_EQ(outcome({"0.5", "0"}, {2.5, -200.5}), Outcome::accepted);
  EXPECT_EQ(outcome({"0.5", "0"}, {2, -200.75}), Outcome::wrong);
  EXPECT_EQ(outcome({"0", "0.01"}, {2, -202}), Outcome::accepted);
  EXPECT_EQ(outcome({"0", "0.01"}, {2.5, -200}), Outcome::wrong) << "the tolerance is each element's own";
  EXPECT_EQ(outcome({"0.5", "0"}, {2, std::nan("")}), Outcome::not_finite);
  const double nan = std::nan("");
  EXPECT_EQ(outcome({"0.5", "0"}, {nan, nan}, nan), Outcome::wrong) << "NaN never passes, not even for NaN";
}

TEST(OwnFunctions, OfDoublesHaveNoGradient) {
  const auto program = std::make_shared<const Program>(
      Program::parse(std::vector<std::string>{"s = twice(x)", "d = gradient(s, [x])"},
                     std::vector<std::string>{"x"}, twice(0)));
  EXPECT_THROW(Expected(program, {"d"}, {{"x", Tensor<double>::scalar(1)}}, FloatFormat::binary64, "2"),
               OwnFunctionError);
}

TEST(OwnFunctions, TellOfWhatNothingIsKnown) {
  const auto unknown = [](double error) {
    const auto program = std::make_shared<const Program>(Program::parse(
        std::vector<std::string>{"s = twice(X)"}, std::vector<std::string>{"X"}, twice(error)));
    return Expected(program, {"s"}, {{"X", Tensor<double>({2}, {1, 2})}}, FloatFormat::binary64, "2")
        .unknown_element("s");
  };
  EXPECT_EQ(unknown(std::nan("")), 0u);
  EXPECT_EQ(unknown(1), std::nullopt);
}

TEST(Instability, IsNamedByTheExceptionThatTheUnstableFormRaises) {
  const auto program = parse({"l = logsumexp(z)"}, {"z"});
  const auto kind = [&](std::vector<double> z) {
    const Shape shape{z.size()};
    return instability(*program, {{"z", Tensor<double>(shape, std::move(z))}}, "l");
  };
  EXPECT_EQ(kind({1000, 1}), Instability::overflow);
  EXPECT_EQ(kind({-1000, -1000}), Instability::underflow);
  EXPECT_EQ(kind({1, 2}), Instability::none);
}

}  // namespace
}  // namespace assay::oracles
