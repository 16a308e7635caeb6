#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/oracles/ops/cases.hpp"

namespace assay::oracles::testing {
namespace {

/// The derivative of an elementwise operation at one number.
template <class T>
T slope(std::string_view operation, const Evaluator<T>& evaluator, const T& x,
        const Attributes& attributes = {}) {
  const Arguments<T> arguments{{Tensor<T>::scalar(x)}, {}};
  EXPECT_TRUE(evaluator.vjp) << operation;
  return evaluator.vjp(arguments, {Tensor<T>::scalar(T(1))}, attributes)[0][0];
}

/// [low, high], up to the 30 bits that the radius of a ball has; two operations round it up.
void expect_interval(const Ball& set, double low, double high) {
  EXPECT_TRUE(contains(set, low) && contains(set, high)) << set;
  const double granule = std::ldexp(high - low, -28);
  EXPECT_GE(lower_double(set), low - granule);
  EXPECT_LE(upper_double(set), high + granule);
}

TEST(Kink, OfReluIsTheWholeSubdifferentialOnBalls) {
  const Operation& relu = operation_named("relu");
  for (const Ball& kink : {Ball(0), ball_between(Ball(-1), Ball(1)), ball_between(Ball(0), Ball(1))}) {
    expect_interval(slope("relu", relu.ball, kink), 0, 1);
  }
  EXPECT_TRUE(is_exact(slope("relu", relu.ball, Ball(1))));
}

TEST(Kink, OfReluIsZeroOnSingleNumbers) {
  const Operation& relu = operation_named("relu");
  EXPECT_EQ(slope("relu", relu.rational, Rational(0)), 0);
  EXPECT_EQ(slope("relu", relu.float64, 0.0), 0);
  EXPECT_EQ(slope("relu", relu.float64, -0.0), 0);
  EXPECT_EQ(slope("relu", relu.float32, 0.0f), 0);
}

TEST(Kink, OfLeakyReluIsTheHullOfBothSlopesOnBalls) {
  const Operation& leaky = operation_named("leaky_relu");
  const Attributes quarter = {{"alpha", "0.25"}};
  for (const Ball& kink : {Ball(0), ball_between(Ball(-1), Ball(1))}) {
    expect_interval(slope("leaky_relu", leaky.ball, kink, quarter), 0.25, 1);
  }
}

TEST(Kink, OfLeakyReluIsTheLowerSlopeOnSingleNumbersByHandAndOnTheTape) {
  const Operation& leaky = operation_named("leaky_relu");
  const Arguments<Rational> at_zero{{Tensor<Rational>::scalar(0)}, {}};
  const Tensors<Rational> one = {Tensor<Rational>::scalar(1)};
  EXPECT_EQ(leaky.rational.vjp(at_zero, one, {})[0][0], Rational(1) / 100);
  EXPECT_EQ(leaky.rational.tape_vjp(at_zero, one, {})[0][0], Rational(1) / 100);
  EXPECT_EQ(slope("leaky_relu", leaky.float64, 0.0), 0.01);
}

TEST(Kink, IsExactInAFormatScopeAwayFromZero) {
  const FormatScope scope(binary64);
  const auto value_and_slope = [](std::string_view name, double x) {
    const Operation& operation = operation_named(name);
    const Arguments<Ball> arguments{{Tensor<Ball>::scalar(Ball(x))}, {}};
    return std::pair(operation.ball.forward(arguments, {})[0][0], slope(name, operation.ball, Ball(x)));
  };
  for (const double x : {-3.5, 0.1, 1e300}) {
    const auto [value, derivative] = value_and_slope("relu", x);
    EXPECT_TRUE(is_exact(value) && is_exact(derivative)) << x;
  }
  const auto [value, derivative] = value_and_slope("leaky_relu", 0.1);
  EXPECT_TRUE(is_exact(value) && is_exact(derivative));
}

TEST(NotANumber, ComesOutOfEveryOperationItGoesInto) {
  CaseGenerator generator(1);
  for (const Operation& operation : catalogue()) {
    const Case c = generator.call(operation, std::size_t{0});
    if (c.arguments.real.empty()) continue;
    Arguments<double> arguments = as<double>(c.arguments);
    for (double& element : arguments.real[0].data) element = std::numeric_limits<double>::quiet_NaN();
    bool any = false;
    const auto outputs = operation.float64.forward(arguments, c.attributes);
    for (const double y : outputs[0].data) any = any || std::isnan(y);
    EXPECT_TRUE(any) << operation.name;
  }
}

}  // namespace
}  // namespace assay::oracles::testing
