#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/oracles/ops/calls.hpp"

namespace assay::oracles::testing {
namespace {

/// Identities between activations: each side is another formula. On balls at 256 bits, or exactly.
class Activation : public ::testing::Test {
 protected:
  PrecisionScope scope{256};
  CaseGenerator generator{3};

  std::vector<Ball> numbers() {
    std::vector<Ball> result;
    for (int i = 0; i < 40; ++i) result.push_back(from_rational<Ball>(generator.number({-8, 8})));
    return result;
  }
  std::vector<Rational> fractions() {
    std::vector<Rational> result = {0, 3, -3, 6, 1, -1, Rational(1) / 2, Rational(-1) / 2};
    for (int i = 0; i < 40; ++i) result.push_back(generator.number({-8, 8}) / 3);
    return result;
  }
};

TEST_F(Activation, GeluAndItsMirrorImageDifferByTheIdentity) {
  for (const Attributes& attributes : {Attributes{}, Attributes{{"approximate", "tanh"}}})
    for (const Ball& x : numbers()) {
      const Ball difference = value_at("gelu", x, attributes) - value_at("gelu", Ball(-x), attributes);
      EXPECT_TRUE(agree(difference, x)) << x;
      const Ball slopes = slope_at("gelu", x, attributes) + slope_at("gelu", Ball(-x), attributes);
      EXPECT_TRUE(agree(slopes, Ball(1))) << x;
    }
}

TEST_F(Activation, TheTwoGelusAreCloseAndNotTheSame) {
  for (const Ball& x : numbers()) {
    const Ball gap = abs(Ball(value_at("gelu", x) - value_at("gelu", x, {{"approximate", "tanh"}})));
    EXPECT_TRUE(gap < Ball(1) / 1000) << x;
    EXPECT_FALSE(contains_zero(gap)) << x;
  }
}

TEST_F(Activation, SoftplusAndItsMirrorImageDifferByTheIdentity) {
  for (const Attributes& attributes : {Attributes{}, Attributes{{"beta", "3"}}})
    for (const Ball& x : numbers())
      EXPECT_TRUE(
          agree(Ball(value_at("softplus", x, attributes) - value_at("softplus", Ball(-x), attributes)), x));
}

TEST_F(Activation, SoftplusScalesWithItsSharpness) {
  for (const Ball& x : numbers())
    EXPECT_TRUE(agree(value_at("softplus", x, {{"beta", "4"}}), Ball(value_at("softplus", Ball(4 * x)) / 4)));
}

TEST_F(Activation, LogSigmoidIsTheLogarithmAndTheMirroredSoftplus) {
  for (const Ball& x : numbers()) {
    EXPECT_TRUE(agree(value_at("log_sigmoid", x), Ball(log(value_at("sigmoid", x)))));
    EXPECT_TRUE(agree(value_at("log_sigmoid", x), Ball(-value_at("softplus", Ball(-x)))));
  }
}

TEST_F(Activation, SiluIsXTimesItsSigmoid) {
  for (const Ball& x : numbers()) EXPECT_TRUE(agree(value_at("silu", x), Ball(x / (1 + exp(Ball(-x))))));
}

TEST_F(Activation, MishIsXTimesTheTanhOfItsSoftplus) {
  for (const Ball& x : numbers())
    EXPECT_TRUE(agree(value_at("mish", x), Ball(x * value_at("tanh", value_at("softplus", x)))));
}

TEST_F(Activation, TanhshrinkIsWhatTanhTakesAway) {
  for (const Ball& x : numbers()) {
    EXPECT_TRUE(agree(Ball(value_at("tanhshrink", x) + value_at("tanh", x)), x));
    EXPECT_TRUE(agree(slope_at("tanhshrink", x), Ball(1 - slope_at("tanh", x))));
  }
}

TEST_F(Activation, CeluIsAStretchedElu) {
  for (const Ball& x : numbers()) {
    EXPECT_TRUE(agree(value_at("celu", x), value_at("elu", x)));
    EXPECT_TRUE(agree(value_at("celu", x, {{"alpha", "3"}}), Ball(3 * value_at("elu", Ball(x / 3)))));
    EXPECT_TRUE(agree(slope_at("celu", x, {{"alpha", "3"}}), slope_at("elu", Ball(x / 3))));
  }
}

/// The two conditions that define the constants, for z standard normal:
///
///   E selu(z)  = λ (1/√(2π) + α (e^(1/2) Φ(−1) − 1/2)) = 0
///   E selu(z)² = λ² (1/2 + α² (e² Φ(−2) − 2 e^(1/2) Φ(−1) + 1/2)) = 1
TEST_F(Activation, SeluKeepsMeanZeroAndVarianceOneOfANormalInput) {
  const Ball scale = value_at("selu", Ball(1)), half = Ball(1) / 2;
  const Ball alpha = slope_at("selu", Ball(-1)) * exp(Ball(1)) / scale;
  const auto below = [&](int x) { return Ball(erfc(Ball(x / sqrt(Ball(2)))) / 2); };
  const Ball once = exp(half) * below(1), twice = exp(Ball(2)) * below(2);
  const Ball mean = scale * (1 / sqrt(Ball(2 * pi<Ball>())) + alpha * (once - half));
  const Ball square_mean = scale * scale * (half + alpha * alpha * (twice - 2 * once + half));
  EXPECT_TRUE(agree(mean, Ball(0))) << mean;
  EXPECT_TRUE(agree(square_mean, Ball(1))) << square_mean;
}

TEST_F(Activation, SeluIsAScaledElu) {
  const Ball scale = value_at("selu", Ball(1));
  for (const Ball& x : numbers()) {
    const Ball elu = value_at("elu", x), alpha = slope_at("selu", Ball(-1)) * exp(Ball(1)) / scale;
    EXPECT_TRUE(agree(value_at("selu", x), x < 0 ? Ball(scale * alpha * elu) : Ball(scale * elu)));
  }
}

/// The floats hold the constants rounded once, whatever the working precision is.
TEST_F(Activation, SeluInFloatsHasTheNearestConstants) {
  const Ball exact = value_at("selu", Ball(1));
  const PrecisionScope poor(24);
  EXPECT_EQ(value_at("selu", 1.0), midpoint_double(exact));
  EXPECT_EQ(value_at("selu", 1.0f), static_cast<float>(midpoint_double(exact)));
}

TEST_F(Activation, PiecewiseRationalOnesAreMadeOfEachOther) {
  for (const Rational& x : fractions()) {
    const Rational gate = value_at<Rational>("hardsigmoid", x);
    EXPECT_EQ(value_at<Rational>("hardswish", x), x * gate);
    EXPECT_EQ(gate, value_at<Rational>("relu6", x + 3) / 6);
    EXPECT_EQ(value_at<Rational>("hardtanh", x),
              2 * value_at<Rational>("hardsigmoid", x, {{"alpha", "1/2"}}) - 1);
    EXPECT_EQ(value_at<Rational>("relu6", x),
              value_at<Rational>("relu", x) - value_at<Rational>("relu", x - 6));
    EXPECT_EQ(value_at<Rational>("relu6", x),
              value_at<Rational>("hardtanh", x, {{"min_val", "0"}, {"max_val", "6"}}));
    EXPECT_EQ(value_at<Rational>("softshrink", x),
              x - value_at<Rational>("hardtanh", x, {{"min_val", "-0.5"}, {"max_val", "0.5"}}));
  }
}

TEST_F(Activation, SoftsignApproachesItsLimitsLikeOneOverX) {
  for (const Rational& x : fractions()) {
    const Rational side = x < 0 ? -1 : 1, gap = 1 - side * value_at<Rational>("softsign", x);
    EXPECT_EQ(gap * (1 + side * x), 1);
    EXPECT_EQ(slope_at<Rational>("softsign", x), gap * gap);
  }
}

TEST_F(Activation, HeavisideWithOneHalfIsSymmetric) {
  const Attributes half = {{"at_zero", "1/2"}};
  for (const Rational& x : fractions()) {
    EXPECT_EQ(value_at<Rational>("heaviside", x, half) + value_at<Rational>("heaviside", Rational(-x), half),
              1);
    if (x != 0) {
      EXPECT_EQ(value_at<Rational>("heaviside", x), slope_at<Rational>("relu", x));
    }
  }
  EXPECT_EQ(value_at<Rational>("heaviside", 0), 1);
}

TEST_F(Activation, PReluWithOneWeightIsALeakyRelu) {
  for (const Rational& x : fractions()) {
    const Tensors<Rational> inputs = {vector_of<Rational>({x}), vector_of<Rational>({Rational(1) / 4})};
    EXPECT_EQ(output_of<Rational>("prelu", inputs)[0],
              value_at<Rational>("leaky_relu", x, {{"alpha", "1/4"}}));
  }
}

/// Channel c of (N, C, L) has weight c, and its gradient gathers all its negative elements.
TEST_F(Activation, PReluFindsTheChannelOfEachElement) {
  const Tensor<Rational> x({2, 2, 2}, {-1, 2, -3, 4, 5, -6, -7, -8}), w = vector_of<Rational>({10, 100});
  const Tensor<Rational> one(x.shape, std::vector<Rational>(8, 1));
  EXPECT_EQ(output_of<Rational>("prelu", {x, w}).data,
            (std::vector<Rational>{-10, 2, -300, 4, 5, -60, -700, -800}));
  const auto cotangents = cotangents_of<Rational>("prelu", {x, w}, {one});
  EXPECT_EQ(cotangents[0].data, (std::vector<Rational>{10, 1, 100, 1, 1, 10, 100, 100}));
  EXPECT_EQ(cotangents[1].data, (std::vector<Rational>{-1 - 6, -3 - 7 - 8}));
}

TEST(ActivationShape, ErrorsSayWhatIsNeeded) {
  EXPECT_EQ(complaint("prelu", {{2, 3}, {2}}),
            "prelu: input \"weight\" has shape (2); it needs (1) or (3), because input \"X\" is (2, 3)");
  EXPECT_EQ(complaint("prelu", {{3}, {3}}),
            "prelu: input \"weight\" has shape (3); it needs (1), because input \"X\" has no channels");
  EXPECT_EQ(complaint("hardtanh", {{2}}, {{"min_val", "1"}}),
            "attribute \"max_val\" is \"1\"; it needs a number greater than min_val, 1 (the largest value)");
  EXPECT_EQ(complaint("celu", {{2}}, {{"alpha", "0"}}),
            "attribute \"alpha\" is \"0\"; it needs a number greater than 0 (-alpha is the limit for very "
            "negative x)");
  EXPECT_NE(complaint("softplus", {{2}}, {{"beta", "-1"}}), "");
  EXPECT_NE(complaint("softshrink", {{2}}, {{"lambd", "-1/2"}}), "");
  EXPECT_NE(complaint("hardsigmoid", {{2}}, {{"alpha", "0"}}), "");
  EXPECT_EQ(complaint("gelu", {{2}}, {{"approximate", "erf"}}),
            "gelu: attribute \"approximate\" is \"erf\"; it needs none or tanh");
}

TEST(ActivationShape, AnEmptyTensorStaysEmpty) {
  for (const Operation& operation : catalogue())
    if (operation.family == "activations" && operation.inputs.size() == 1) {
      const Tensor<double> nothing(Shape{2, 0});
      EXPECT_EQ(output_of<double>(operation.name, {nothing}).shape, (Shape{2, 0})) << operation.name;
    }
}

}  // namespace
}  // namespace assay::oracles::testing
