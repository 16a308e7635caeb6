#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/oracles/ops/gradient_checks.hpp"

namespace assay::oracles::testing {
namespace {

class Clipped : public ::testing::Test {
 protected:
  PrecisionScope scope{exact_bits};
  CaseGenerator generator{5};
};

Tensors<Ball> clipped_by_norm(const Tensor<Ball>& g, const Attributes& attributes) {
  return operation_named("clip_grad_norm").ball.forward({{g}, {}}, attributes);
}

/// Five roundings of a double: the norm's squares, sum and root, the quotient and the product.
void expect_near(double got, const Ball& truth) {
  const double wanted = midpoint_double(truth);
  if (std::isinf(wanted)) {
    EXPECT_EQ(got, wanted);
    return;
  }
  const double unit = std::ldexp(1.0, std::max(std::ilogb(std::fabs(wanted) + 5e-324), -1022) - 52);
  EXPECT_LE(std::fabs(got - wanted), 5 * unit) << wanted;
}

TEST_F(Clipped, ByNormHasTheLargestNormAndItsDirection) {
  const auto g = as<Ball>(generator.tensor({2, 3}));
  const auto clipped = clipped_by_norm(g, {{"max_norm", "0.5"}, {"eps", "0"}});
  Ball squares = 0;
  for (const Ball& element : clipped[0].data) squares += element * element;
  EXPECT_TRUE(agree(squares, Ball(1) / 4));
  for (std::size_t i = 0; i < 6; ++i) EXPECT_TRUE(agree(clipped[0][i], Ball(g[i] / (2 * clipped[1][0]))));
}

TEST_F(Clipped, ByNormLeavesASmallGradientAsItIs) {
  const auto g = as<Ball>(generator.tensor({5}));
  for (const char* norm : {"1", "2", "inf"}) {
    const auto clipped = clipped_by_norm(g, {{"max_norm", "1000"}, {"norm_type", norm}});
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_TRUE(contains(clipped[0][i], g[i]) && is_exact(clipped[0][i])) << norm;
    }
  }
}

/// The squares of 1e308 are no doubles, nor is the norm of two elements near the largest one; the clipped
/// gradient is.
TEST_F(Clipped, ByNormSurvivesLargeAndZeroGradients) {
  const Operation& clip = operation_named("clip_grad_norm");
  for (const char* const norm : {"1", "2", "inf"})
    for (const char* const limit : {"1e-320", "1", "1e300"})
      for (const double scale : {1.7e308, 1e308, 1e200, 1.0, 1e-200, 5e-324}) {
        const Tensor<double> g({2}, {0.75 * scale, scale});
        const Attributes attributes = {{"max_norm", limit}, {"eps", "0"}, {"norm_type", norm}};
        const auto got = clip.float64.forward({{g}, {}}, attributes);
        const auto truth = clip.ball.forward({{Tensor<Ball>({2}, {Ball(g[0]), Ball(g[1])})}, {}}, attributes);
        for (std::size_t i = 0; i < 2; ++i) expect_near(got[0][i], truth[0][i]);
        expect_near(got[1][0], truth[1][0]);
      }
  const Tensor<double> nothing({2});
  EXPECT_EQ(clip.float64.forward({{nothing}, {}}, {{"eps", "0"}})[0], nothing);
}

/// The plain formula may lose its squares below 1e-162, and no more than that.
TEST_F(Clipped, ByNormAdmitsThePlainSquaresOfOrdinaryAndOfSmallGradients) {
  const Operation& clip = operation_named("clip_grad_norm");
  for (const double scale : {1.0, 1e-158, 1e-200}) {
    const Tensor<Ball> g({2}, {Ball(0.75 * scale), Ball(scale)});
    const FormatScope format(binary64);
    const auto clipped = clip.ball.forward({{g}, {}}, {});
    const double plain = std::sqrt(0.75 * scale * 0.75 * scale + scale * scale);
    EXPECT_EQ(contains(clipped[1][0], plain), plain > 0) << scale;
    EXPECT_TRUE(is_finite(clipped[0][0]) && is_finite(clipped[1][0])) << scale;
  }
}

TEST_F(Clipped, ByValueLiesBetweenTheLimits) {
  const Tensor<Rational> g({4}, {-3, Rational(-1) / 2, 2, Rational(7) / 3});
  const auto clipped = operation_named("clip_grad_value").rational.forward({{g}, {}}, {{"clip_value", "2"}});
  EXPECT_EQ(clipped[0], (Tensor<Rational>({4}, {-2, Rational(-1) / 2, 2, 2})));
}

}  // namespace
}  // namespace assay::oracles::testing
