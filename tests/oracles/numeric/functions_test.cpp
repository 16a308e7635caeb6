#include "oracles/numeric/functions.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/oracles/numeric/random.hpp"

namespace assay::oracles {
namespace {

using testing::Random;

using Function = Ball (*)(const Ball&);

struct Case {
  const char* name;
  Function function;
  double low, high;  ///< where its arguments are drawn from
};

const Case functions[] = {
    {"exp", exp, -800, 800},
    {"log", log, 1e-9, 1e9},
    {"log1p", log1p, -0.999, 50},
    {"expm1", expm1, -40, 40},
    {"sqrt", sqrt, 0.001, 1e6},
    {"tanh", tanh, -30, 30},
    {"sigmoid", sigmoid, -800, 800},
    {"erf", erf, -7, 7},
    {"erfc", erfc, -7, 28},
    {"sin", sin, -100, 100},
    {"cos", cos, -100, 100},
    {"abs", abs, -1, 1},
    {"relu", relu, -1, 1},
    {"square", square, -3, 3},
    {"sign", sign, -1, 1},
    {"step", step, -1, 1},
    {"abs_slope", abs_slope, -1, 1},
    {"cube", [](const Ball& x) { return pow(x, 3); }, -3, 3},
    {"inverse square", [](const Ball& x) { return pow(x, -2); }, 0.1, 3},
    {"power 1.7", [](const Ball& x) { return pow(x, Ball(1.7)); }, 0.1, 30},
    {"max(x, 1/4)", [](const Ball& x) { return max(x, Ball(0.25)); }, -1, 1},
    {"min(x, 1/4)", [](const Ball& x) { return min(Ball(0.25), x); }, -1, 1},
    {"select", [](const Ball& x) { return select(less(x, Ball(0.1)), Ball(-x), square(x)); }, -1, 1},
};

/// The property of every function on balls: for a wide ball X and a point x in it, f at x with three times
/// the bits meets f(X). Returns how many cases break it.
int values_outside(const Case& c, int cases) {
  Random random(21);
  int outside = 0;
  for (int i = 0; i < cases; ++i) {
    const double low = random.uniform(c.low, c.high);
    const double reach = random.integer(0, 1) ? 0 : std::abs(random.spread(-60, -4));
    const double high = std::min(low + reach, c.high);
    const double point = std::clamp(random.uniform(low, high), low, high);
    const long bits = random.integer(10, 150);
    const PrecisionScope scope(bits);
    const Ball wide = c.function(ball_between(low, high));
    const PrecisionScope finer(3 * bits + 60);
    outside += is_nan(wide) || !overlaps(wide, c.function(Ball(point)));
  }
  return outside;
}

TEST(Functions, EncloseTheirValuesAtAHigherPrecision) {
  for (const Case& c : functions) EXPECT_EQ(values_outside(c, 1000), 0) << c.name;
}

TEST(Functions, ThePropertyCatchesAFunctionThatForgetsItsRadius) {
  const Case mutants[] = {
      {"exp of the midpoint", [](const Ball& x) { return exp(midpoint(x)); }, -10, 10},
      {"sigmoid without its rounding", [](const Ball& x) { return midpoint(sigmoid(x)); }, -10, 10},
      {"step that picks a side", [](const Ball& x) { return Ball(midpoint_double(x) > 0 ? 1 : 0); }, -0.01,
       0.01}};
  for (const Case& c : mutants) EXPECT_GT(values_outside(c, 4000), 0) << c.name;
}

TEST(Functions, SigmoidLosesNothingOnEitherSide) {
  const PrecisionScope scope(53);
  for (const double x : {-1e6, -800.0, -40.0, -1.0, 0.0, 1.0, 40.0, 800.0}) {
    const Ball value = sigmoid(Ball(x)), complement = sigmoid(Ball(-x));
    const auto relative = radius(value) / value;
    EXPECT_TRUE(relative < 0x1p-48) << x;
    EXPECT_TRUE(contains(value + complement, 1.0)) << x;
    EXPECT_TRUE(value > 0);
  }
  const Ball wide = sigmoid(ball_between(-1000, 1000));
  EXPECT_TRUE(wide > -0x1p-28 && wide < 1 + 0x1p-28) << "within [0, 1], but for the 30 bits of a radius";
}

TEST(Functions, AreUnknownOutsideTheirDomain) {
  EXPECT_TRUE(is_nan(log(Ball(-1))));
  EXPECT_TRUE(is_nan(sqrt(Ball(-1))));
  EXPECT_TRUE(is_nan(log(ball_between(0, 1))));
  EXPECT_EQ(log(Ball(0)), Ball(-INFINITY));
  EXPECT_EQ(exp(Ball(-INFINITY)), 0);
  EXPECT_EQ(exp(Ball(INFINITY)), Ball(INFINITY));
  EXPECT_EQ(sqrt(Ball(0)), 0);
  EXPECT_EQ(sigmoid(Ball(-INFINITY)), 0);
  EXPECT_EQ(sigmoid(Ball(INFINITY)), 1);
  EXPECT_EQ(tanh(Ball(INFINITY)), 1);
}

TEST(Functions, AtAKinkReturnTheHullAndNothingMore) {
  const Ball around = ball_between(-1, 2);
  EXPECT_EQ(digits(lower(relu(around))), "0");
  EXPECT_EQ(digits(upper(relu(around))), "2");
  EXPECT_EQ(digits(lower(abs(around))), "0");
  EXPECT_EQ(digits(upper(abs(around))), "2");
  EXPECT_EQ(digits(upper(max(around, Ball(1)))), "2");
  EXPECT_EQ(digits(lower(max(around, Ball(1)))), "1");
  for (const Ball& meets : {Ball(0), around, ball_between(0, 1), ball_between(-1, 0)}) {
    EXPECT_EQ(lower(step(meets)), 0);
    EXPECT_EQ(upper(step(meets)), 1);
    EXPECT_EQ(lower(abs_slope(meets)), -1);
    EXPECT_EQ(upper(abs_slope(meets)), 1);
  }
  EXPECT_EQ(step(Ball(1e-300)), 1);
  EXPECT_EQ(step(Ball(-1e-300)), 0);
  EXPECT_EQ(sign(Ball(0)), 0);
  EXPECT_EQ(lower(sign(ball_between(0, 1))), 0);
  EXPECT_EQ(lower(sign(around)), -1);
  EXPECT_EQ(select(Truth::yes, Ball(1), Ball(5)), 1);
  EXPECT_EQ(select(Truth::no, Ball(1), Ball(5)), 5);
  EXPECT_EQ(lower(select(Truth::unknown, Ball(1), Ball(5))), 1);
  EXPECT_EQ(upper(select(Truth::unknown, Ball(1), Ball(5))), 5);
}

/// One template over every number: what the operations rely on.
template <class T>
T piecewise(const T& x) {
  return relu(x) + step(x) * max(x, T(2)) - min(abs(x), T(3)) * sign(x) +
         select(less(x, T(1)), square(x), T(4)) + pow(detach(x), 2) +
         abs_slope(x) * from_rational<T>(Rational(1, 4));
}

TEST(Functions, AgreeOnAllNumbersWhereArithmeticIsExact) {
  for (int n = -20; n <= 20; ++n) {
    if (n == 0) continue;  // a kink: one number each, but for balls
    const double x = n / 4.0;
    const double value = piecewise(x);
    EXPECT_EQ(piecewise(static_cast<float>(x)), static_cast<float>(value));
    EXPECT_EQ(piecewise(Rational(n) / 4), to_rational(value));
    EXPECT_EQ(piecewise(Ball(x)), Ball(value));
  }
}

TEST(Functions, LetNaNThroughInFloatingPoint) {
  const double nan = std::nan("");
  for (const double result : {relu(nan), max(nan, 1.0), max(1.0, nan), min(nan, 1.0), min(1.0, nan),
                              step(nan), sign(nan), sigmoid(nan), select(less(nan, 1.0), 1.0, 2.0)})
    EXPECT_TRUE(std::isnan(result));
  for (const Truth answer : {less(nan, 1.0), less_equal(1.0, nan), equal(nan, nan)})
    EXPECT_EQ(answer, Truth::unknown);
  EXPECT_TRUE(is_nan(max(Ball(1), Ball(0) / 0)) && is_nan(relu(Ball(0) / 0)) && is_nan(step(Ball(0) / 0)));
}

TEST(Functions, RaiseRationalsToIntegerPowersExactly) {
  EXPECT_EQ(pow(Rational(2, 3), 3), Rational(8, 27));
  EXPECT_EQ(pow(Rational(2, 3), -3), Rational(27, 8));
  EXPECT_EQ(pow(Rational(0), 0), 1);
  EXPECT_THROW(pow(Rational(0), -1), std::domain_error);
  EXPECT_TRUE(
      contains(pi<Ball>(), parse_rational("3.14159265358979323846264338327950288419716939937510582")) ||
      overlaps(pi<Ball>(), Ball("3.14159265358979323846264338327950288419716939937510582")));
  EXPECT_EQ(pi<double>(), std::acos(-1.0));
}

}  // namespace
}  // namespace assay::oracles
