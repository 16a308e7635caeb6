#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/oracles/ops/calls.hpp"
#include "tests/oracles/ops/survey.hpp"

namespace assay::oracles::testing {
namespace {

// ---- Kinks --------------------------------------------------------------------------------------------

/// Where a derivative jumps: from `left` to `right` at x, and what frameworks return exactly there.
struct Jump {
  const char* operation;
  Attributes attributes;
  double x, left, right;
  double convention;                ///< PyTorch's, and that of float64 and Rational here
  std::vector<double> others = {};  ///< of other frameworks or versions
};

std::vector<Jump> jumps() {
  return {
      {"elu", {{"alpha", "2"}}, 0, 2, 1, 2},
      {"hardsigmoid", {{"alpha", "1/4"}}, -2, 0, 0.25, 0, {0.25}},
      {"hardsigmoid", {{"alpha", "1/4"}}, 2, 0.25, 0, 0, {0.25}},
      {"hardswish", {}, -3, 0, -0.5, -0.5, {0}},
      {"hardswish", {}, 3, 1.5, 1, 1.5, {1}},
      {"hardtanh", {}, -1, 0, 1, 0, {1}},
      {"hardtanh", {}, 1, 1, 0, 0, {1}},
      {"leaky_relu", {{"alpha", "1/4"}}, 0, 0.25, 1, 0.25, {1}},
      {"relu6", {}, 0, 0, 1, 0, {0.5, 1}},
      {"relu6", {}, 6, 1, 0, 0, {1}},
      {"softshrink", {}, -0.5, 1, 0, 0, {1}},
      {"softshrink", {}, 0.5, 0, 1, 0, {1}},
  };
}

TEST(ActivationKink, HasTheHullOfBothSlopesOnBallsAndEachConventionInIt) {
  for (const Jump& jump : jumps()) {
    SCOPED_TRACE(std::string(jump.operation) + " at " + std::to_string(jump.x));
    const double low = std::min(jump.left, jump.right), high = std::max(jump.left, jump.right);
    const Ball width = Ball(1) / 1024 / 1024 / 1024 / 1024 / 1024;
    expect_interval(slope_at(jump.operation, Ball(jump.x), jump.attributes), low, high);
    const Ball around = slope_at(jump.operation, ball_around(Ball(jump.x), width), jump.attributes);
    EXPECT_TRUE(contains(around, low) && contains(around, high));
    EXPECT_TRUE(contains(around, jump.convention));
    for (const double other : jump.others) EXPECT_TRUE(contains(around, other)) << other;
    EXPECT_FALSE(contains(around, low - (high - low) / 8));
    EXPECT_FALSE(contains(around, high + (high - low) / 8));
  }
}

TEST(ActivationKink, OfOneNumberFollowsPyTorch) {
  for (const Jump& jump : jumps()) {
    EXPECT_EQ(slope_at(jump.operation, jump.x, jump.attributes), jump.convention) << jump.operation;
    EXPECT_EQ(slope_at(jump.operation, static_cast<float>(jump.x), jump.attributes),
              static_cast<float>(jump.convention));
    if (operation_named(jump.operation).rational.vjp) {
      EXPECT_EQ(slope_at(jump.operation, to_rational(jump.x), jump.attributes), to_rational(jump.convention));
    }
  }
}

/// Away from the kink both sides are the slopes that the table says.
TEST(ActivationKink, JumpsBetweenTheSlopesOfItsTwoSides) {
  const double h = std::ldexp(1, -40);
  for (const Jump& jump : jumps()) {
    const Ball left = slope_at(jump.operation, Ball(jump.x - h), jump.attributes);
    const Ball right = slope_at(jump.operation, Ball(jump.x + h), jump.attributes);
    EXPECT_LE(std::fabs(midpoint_double(left) - jump.left), 2 * h) << jump.operation;
    EXPECT_LE(std::fabs(midpoint_double(right) - jump.right), 2 * h) << jump.operation;
    EXPECT_TRUE(radius_double(left) < h && radius_double(right) < h) << jump.operation;
  }
}

TEST(ActivationKink, OfSeluIsBetweenItsTwoConstants) {
  const double scale = midpoint_double(value_at("selu", Ball(1)));
  const double steeper = midpoint_double(Ball(slope_at("selu", Ball(-1)) * exp(Ball(1))));
  expect_interval(slope_at("selu", Ball(0)), scale, steeper);
  EXPECT_DOUBLE_EQ(slope_at("selu", 0.0), steeper);
}

TEST(ActivationKink, IsNoneWhereBothSidesMeet) {
  for (const char* const name : {"celu", "elu", "softsign"}) {
    EXPECT_TRUE(agree(slope_at(name, Ball(0)), Ball(1))) << name;
    EXPECT_EQ(slope_at(name, 0.0), 1) << name;
  }
  const Ball slope = slope_at("softshrink", Ball(0), {{"lambd", "0"}});
  EXPECT_TRUE(contains(slope, 1.0));
  EXPECT_FALSE(contains(slope, 1.25)) << "the two steps must not add up";
}

TEST(ActivationKink, OfPReluIsTheHullOfItsWeightAndOne) {
  const Tensors<Ball> inputs = {vector_of<Ball>({Ball(0)}), vector_of<Ball>({Ball(0.25)})};
  const auto cotangents = cotangents_of<Ball>("prelu", inputs, {vector_of<Ball>({Ball(1)})});
  expect_interval(cotangents[0][0], 0.25, 1);
  EXPECT_TRUE(contains(cotangents[1][0], 0.0) && is_exact(cotangents[1][0])) << "0 times either side";
}

TEST(Heaviside, OnABallThatMeetsZeroIsTheHullOfAllItsValues) {
  const Attributes two = {{"at_zero", "2"}};
  expect_interval(value_at("heaviside", ball_between(Ball(-1), Ball(1)), two), 0, 2);
  expect_interval(value_at("heaviside", ball_between(Ball(0), Ball(1)), two), 1, 2);
  EXPECT_TRUE(is_exact(value_at("heaviside", Ball(0), two)));
  EXPECT_EQ(value_at("heaviside", -0.0, two), 2);
}

TEST(Heaviside, HasNoGradientBecauseNoneExistsAtTheJump) {
  EXPECT_EQ(operation_named("heaviside").ball.vjp, nullptr);
}

// ---- Extremes -----------------------------------------------------------------------------------------

struct Limit {
  const char* operation;
  Attributes attributes;
  double below, slope_below;  ///< at −1e308
  double above, slope_above;  ///< at 1e308
};

std::vector<Limit> limits() {
  const double huge = 1e308;
  std::vector<Limit> all = {
      {"celu", {{"alpha", "2"}}, -2, 0, huge, 1},
      {"elu", {{"alpha", "2"}}, -2, 0, huge, 1},
      {"gelu", {}, 0, 0, huge, 1},
      {"gelu", {{"approximate", "tanh"}}, 0, 0, huge, 1},
      {"hardsigmoid", {}, 0, 0, 1, 0},
      {"hardswish", {}, 0, 0, huge, 1},
      {"hardtanh", {}, -1, 0, 1, 0},
      {"log_sigmoid", {}, -huge, 1, 0, 0},
      {"mish", {}, 0, 0, huge, 1},
      {"relu6", {}, 0, 0, 6, 0},
      {"silu", {}, 0, 0, huge, 1},
      {"softplus", {{"beta", "2"}}, 0, 0, huge, 1},
      {"softsign", {}, -1, 0, 1, 0},
      {"tanhshrink", {}, -huge, 1, huge, 1},
  };
  return all;
}

TEST(ActivationExtremes, TheLargestNumbersMeetTheirLimitsInDouble) {
  for (const Limit& limit : limits()) {
    SCOPED_TRACE(limit.operation);
    EXPECT_EQ(value_at(limit.operation, -1e308, limit.attributes), limit.below);
    EXPECT_EQ(value_at(limit.operation, 1e308, limit.attributes), limit.above);
    EXPECT_EQ(slope_at(limit.operation, -1e308, limit.attributes), limit.slope_below);
    EXPECT_EQ(slope_at(limit.operation, 1e308, limit.attributes), limit.slope_above);
  }
}

TEST(ActivationExtremes, TheLargestNumbersMeetTheirLimitsOnBalls) {
  for (const Limit& limit : limits()) {
    SCOPED_TRACE(limit.operation);
    const auto close = [](const Ball& got, double wanted) {
      EXPECT_TRUE(is_finite(got)) << got;
      EXPECT_EQ(midpoint_double(got), wanted);
      EXPECT_LE(radius_double(got), std::fabs(wanted) * std::ldexp(1, -100) + std::ldexp(1, -1000));
    };
    close(value_at(limit.operation, Ball(-1e308), limit.attributes), limit.below);
    close(value_at(limit.operation, Ball(1e308), limit.attributes), limit.above);
    close(slope_at(limit.operation, Ball(-1e308), limit.attributes), limit.slope_below);
    close(slope_at(limit.operation, Ball(1e308), limit.attributes), limit.slope_above);
  }
}

/// At the edge of underflow, in the tails and next to zero the formula in double is admitted: no NaN, no
/// infinity, no digits lost beyond what the textbook loses.
TEST(ActivationExtremes, HardNumbersAreAdmittedInDouble) {
  for (const Limit& limit : limits())
    for (const double x :
         {-745.0, -710.0, -40.0, -9.0, -1e-5, -5e-324, 0.0, 5e-324, 1e-5, 9.0, 40.0, 710.0, 745.0}) {
      SCOPED_TRACE(std::string(limit.operation) + " at " + std::to_string(x));
      const double value = value_at(limit.operation, x, limit.attributes);
      const double slope = slope_at(limit.operation, x, limit.attributes);
      EXPECT_TRUE(std::isfinite(value) && std::isfinite(slope)) << value << ' ' << slope;
      Usage usage;
      const auto ball_value = [&] {
        return Tensors<Ball>{Tensor<Ball>::scalar(value_at(limit.operation, Ball(x), limit.attributes))};
      };
      EXPECT_LE(Judge(ball_value, binary64).add(Tensors<double>{Tensor<double>::scalar(value)}, "", usage),
                1);
    }
}

/// The left tail of gelu has digits: 1 + erf has none from x = −9 on.
TEST(ActivationExtremes, GeluKeepsTheDigitsOfItsLeftTail) {
  for (const double x : {-9.0, -20.0, -37.0}) {
    const double got = value_at("gelu", x), wanted = midpoint_double(value_at("gelu", Ball(x)));
    EXPECT_LT(wanted, 0);
    EXPECT_LE(std::fabs(got / wanted - 1), x * x * std::ldexp(1, -50)) << "erfc has condition number x^2";
  }
}

}  // namespace
}  // namespace assay::oracles::testing
