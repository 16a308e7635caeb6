#include "oracles/numeric/allowance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "oracles/numeric/decide.hpp"
#include "oracles/numeric/dot.hpp"
#include "oracles/numeric/functions.hpp"
#include "oracles/numeric/ulp.hpp"
#include "tests/oracles/numeric/random.hpp"

namespace assay::oracles {
namespace {

using testing::Random;

constexpr double infinity = std::numeric_limits<double>::infinity();
const Rational slack = 2;

/// Runs one algorithm as the truth (256 bits) and in the format of T, and judges a result.
template <class T, class Algorithm>
Judgement judge_by(Algorithm algorithm, const std::vector<T>& data, T result) {
  const std::vector<Ball> balls(data.begin(), data.end());
  Ball truth, evaluation;
  {
    const PrecisionScope scope(256);
    truth = algorithm(balls);
  }
  {
    const FormatScope scope(format_of<T>);
    evaluation = algorithm(balls);
  }
  const Allowance allowed = allowance(evaluation, truth, slack, format_of<T>);
  EXPECT_FALSE(allowed.vacuous);
  return judge(static_cast<double>(result), truth, allowed);
}

constexpr auto variance = [](const auto& x) {
  using T = std::decay_t<decltype(x[0])>;
  const T n = T(static_cast<int>(x.size()));
  const T mean = sum(x) / n;
  std::vector<T> deviation(x.size());
  std::transform(x.begin(), x.end(), deviation.begin(), [&](const T& value) { return T(value - mean); });
  return T(dot(deviation, deviation) / n);
};

/// Cancels: E x² − (E x)².
template <class T>
T one_pass_variance(const std::vector<T>& x) {
  const T n = static_cast<T>(x.size()), mean = sum(x) / n;
  return dot(x, x) / n - mean * mean;
}

/// Honest, in another order: backwards, with a fused accumulation and a reciprocal.
template <class T>
T another_variance(const std::vector<T>& x) {
  const T share = 1 / static_cast<T>(x.size());
  T total = 0, squares = 0;
  for (std::size_t i = x.size(); i-- > 0;) total += x[i];
  const T mean = total * share;
  for (std::size_t i = x.size(); i-- > 0;) squares = std::fma(x[i] - mean, x[i] - mean, squares);
  return squares * share;
}

TEST(Allowance, TellsTheOnePassVarianceFromTheHonestOnes) {
  Random random(51);
  int caught = 0;
  constexpr int cases = 300;
  for (int i = 0; i < cases; ++i) {
    std::vector<double> x(64);
    for (double& value : x) value = 1000 + random.uniform(-1, 1) + random.uniform(-1, 1);
    for (const double honest : {variance(x), another_variance(x)})
      ASSERT_EQ(judge_by<double>(variance, x, honest).accepted, Truth::yes);
    const Judgement judgement = judge_by<double>(variance, x, one_pass_variance(x));
    EXPECT_EQ(judgement.accepted == Truth::no, judgement.ratio > 1);
    caught += judgement.accepted == Truth::no;
  }
  EXPECT_GT(caught, cases * 3 / 4) << "now and then the errors of the unstable form cancel by chance";
}

TEST(Allowance, AcceptsEveryHonestSum) {
  Random random(52);
  for (int i = 0; i < 2000; ++i) {
    std::vector<double> x(static_cast<std::size_t>(random.integer(1, 50)));
    for (double& value : x) value = random.spread(-20, 20);
    const auto total = [](const auto& values) { return sum(values); };
    EXPECT_EQ(judge_by<double>(total, x, sum(x)).accepted, Truth::yes);
    std::ranges::reverse(x);
    EXPECT_EQ(judge_by<double>(total, x, sum(x)).accepted, Truth::yes);
    std::ranges::sort(x);
    EXPECT_EQ(judge_by<double>(total, x, sum(x)).accepted, Truth::yes);
  }
}

/// An allowance from numbers: the evaluation's midpoint and radius, and the truth.
Allowance allow(double midpoint, double radius, const Ball& truth, const Format& format = binary64) {
  return allowance(ball_around(Ball(midpoint), Ball(radius)), truth, slack, format);
}

TEST(Allowance, DemandsEqualityWhereTheOperationIsExact) {
  const Allowance exact = allow(4, 0, Ball(4));
  EXPECT_EQ(exact.bound, 0);
  EXPECT_FALSE(exact.vacuous);
  EXPECT_EQ(judge(4, Ball(4), exact).accepted, Truth::yes);
  EXPECT_EQ(judge(4, Ball(4), exact).ratio, 0);
  EXPECT_EQ(judge(std::nextafter(4, 0), Ball(4), exact).accepted, Truth::no)
      << "half an ulp below a power of two";
  EXPECT_EQ(judge(std::nextafter(4, 0), Ball(4), exact).ratio, infinity);
  const Allowance zero = allow(0, 0, Ball(0));
  EXPECT_EQ(judge(-0.0, Ball(0), zero).accepted, Truth::yes);
  EXPECT_EQ(judge(0x1p-1074, Ball(0), zero).accepted, Truth::no);
  EXPECT_FALSE(zero.vacuous);
}

TEST(Allowance, IsSlackTimesTheRadiusAndHalfAnUlp) {
  const Allowance allowed = allow(1.5, 0x1p-40, Ball(1.5));
  EXPECT_EQ(allowed.bound, 2 * 0x1p-40 + 0x1p-53);
  const Ball third = Ball(1) / 3;
  const double nearest = 1.0 / 3;
  EXPECT_EQ(judge(nearest, third, allowance(third, third, slack, binary64)).accepted, Truth::yes);
  EXPECT_EQ(judge(std::nextafter(nearest, 1), third, allowance(third, third, slack, binary64)).accepted,
            Truth::no)
      << "two thirds of an ulp";
  EXPECT_EQ(judge(1.0f / 3.0f, third, allowance(third, third, slack, binary32)).accepted, Truth::yes);
  EXPECT_EQ(judge(1.0f / 3.0f, third, allowance(third, third, slack, binary64)).accepted, Truth::no)
      << "float arithmetic inside a double function";
}

TEST(Allowance, AcceptsEachResultInTheEvaluationsBall) {
  Random random(53);
  for (int i = 0; i < 3000; ++i) {
    const double middle = random.uniform(1, 2), reach = std::abs(random.spread(-50, -12));
    const Ball evaluation = ball_around(Ball(middle), Ball(reach));
    const double result = std::clamp(middle + reach * random.uniform(-1, 1), lower_double(evaluation),
                                     upper_double(evaluation));
    const Ball truth = Ball(middle + reach * random.uniform(-1, 1) * 0.999);
    EXPECT_EQ(judge(result, truth, allowance(evaluation, truth, slack, binary64)).accepted, Truth::yes);
  }
}

TEST(Allowance, NaNAlwaysLoses) {
  const double nan = std::nan("");
  EXPECT_EQ(judge(nan, Ball(1), allow(1, 0.5, Ball(1))).accepted, Truth::no);
  EXPECT_EQ(judge(nan, Ball(0) / 0, allow(1, 0.5, Ball(0) / 0)).accepted, Truth::no);
  EXPECT_EQ(judge(nan, Ball(infinity), allow(infinity, 0, Ball(infinity))).accepted, Truth::no);
  EXPECT_EQ(judge_set(nan, step(Ball(0)), allow(0.5, 0.5, step(Ball(0)))).accepted, Truth::no);
  EXPECT_EQ(judge(nan, Ball(1), allow(1, infinity, Ball(1))).accepted, Truth::no)
      << "a vacuous allowance, too";
}

TEST(Allowance, ATruthBeyondTheLargestNumberIsMetByInfinity) {
  const Ball huge = Ball("1e309");
  const Allowance allowed = allowance(huge, huge, slack, binary64);
  EXPECT_EQ(judge(infinity, huge, allowed).accepted, Truth::yes);
  EXPECT_EQ(judge(-infinity, huge, allowed).accepted, Truth::no);
  EXPECT_EQ(judge(std::numeric_limits<double>::max(), huge, allowed).accepted, Truth::no);
  EXPECT_EQ(judge(-infinity, -huge, allowed).accepted, Truth::yes);
  const Ball large = Ball(1e300);
  EXPECT_EQ(judge(infinity, large, allowance(large, large, slack, binary64)).accepted, Truth::no);
  EXPECT_EQ(judge(infinity, Ball(1e39), allowance(Ball("1e39"), Ball(1e39), slack, binary32)).accepted,
            Truth::yes);
  const double largest = std::numeric_limits<double>::max();
  EXPECT_EQ(judge(infinity, Ball(largest), allow(largest, 0x1p971, Ball(largest))).accepted, Truth::yes)
      << "an honest error can carry it over the edge";
  EXPECT_EQ(judge(infinity, Ball(largest), allow(largest, 0, Ball(largest))).accepted, Truth::no);
}

TEST(Allowance, AnInfiniteTruthIsMetByThatInfinityAlone) {
  const Ball truth = log(Ball(0));
  const Allowance allowed = allowance(truth, truth, slack, binary64);
  EXPECT_FALSE(allowed.vacuous);
  EXPECT_EQ(judge(-infinity, truth, allowed).accepted, Truth::yes);
  EXPECT_EQ(judge(infinity, truth, allowed).accepted, Truth::no);
  EXPECT_EQ(judge(-1e308, truth, allowed).accepted, Truth::no);
}

TEST(Allowance, NearZeroTheSpacingOfTheSubnormalNumbersRules) {
  const PrecisionScope scope(128);
  const Ball truth = Ball("1e-348");
  Ball evaluation;
  {
    const FormatScope format(binary64);
    evaluation = exp(log(Ball(10)) * -348);
  }
  const Allowance allowed = allowance(evaluation, truth, slack, binary64);
  EXPECT_FALSE(allowed.vacuous) << "the format's own spacing makes nothing vacuous";
  EXPECT_EQ(judge(0, truth, allowed).accepted, Truth::yes);
  EXPECT_EQ(judge(0x1p-1074, truth, allowed).accepted, Truth::yes);
  EXPECT_EQ(judge(1e-320, truth, allowed).accepted, Truth::no);
}

TEST(Allowance, WiderThanAThousandthIsVacuous) {
  EXPECT_FALSE(allow(1, vacuous_width / 2.001, Ball(1)).vacuous);
  EXPECT_TRUE(allow(1, vacuous_width / 1.999, Ball(1)).vacuous);
  EXPECT_TRUE(allow(0, 1e-16, Ball(0)).vacuous) << "nothing is small beside 0 ...";
  EXPECT_FALSE(allowance(ball_around(Ball(0), Ball(1e-16)), Ball(0), slack, binary64, 1).vacuous)
      << "... but beside the rest of the tensor";
  EXPECT_TRUE(allowance(Ball(0) / 0, Ball(1), slack, binary64).vacuous);
  EXPECT_TRUE(allow(0, 1, Ball("1e-348")).vacuous) << "a wide ball is no matter of spacing";
}

TEST(Judge, AsksForMoreBitsUntilTheTruthIsKnown) {
  const Allowance allowed = allow(1.0 / 3, 0x1p-53, Ball(1) / 3);
  EXPECT_EQ(judge(1.0 / 3, ball_between(0, 1), allowed).accepted, Truth::unknown);
  const double edge = 1.0 / 3 + 0x1p-52;
  const Decision decision = decide([&] { return judge(edge, Ball(1) / 3, allowed).accepted; });
  EXPECT_NE(decision.answer, Truth::unknown);
}

TEST(Judge, ReportsTheErrorInUlpsOfTheTruth) {
  const Allowance allowed = allow(1.5, 0x1p-51, Ball(1.5));
  const Judgement judgement = judge(1.5 + 0x1p-51, Ball(1.5), allowed);
  EXPECT_EQ(judgement.error_ulps, 2);
  EXPECT_EQ(judgement.ratio, 0x1p-51 / (2 * 0x1p-51 + 0x1p-53));
  EXPECT_EQ(judge(std::nan(""), Ball(1.5), allowed).error_ulps, infinity);
  EXPECT_EQ(judge(infinity, Ball(1.5), allowed).ratio, infinity);
}

TEST(JudgeSet, AcceptsEachChoiceAtAKinkAndNothingElse) {
  const auto gradient = [] { return step(Ball(0)) * Ball(0.1); };  // of relu at 0
  const Ball truth = gradient();
  Ball evaluation;
  {
    const FormatScope scope(binary64);
    evaluation = gradient();
  }
  const Allowance allowed = allowance(evaluation, truth, slack, binary64);
  EXPECT_FALSE(allowed.vacuous) << "the width of the set is not an error";
  EXPECT_TRUE(allowed.bound < 0x1p-30) << "a radius has 30 bits";
  for (const double choice : {0.0, 0.05, 0.1})
    EXPECT_EQ(judge_set(choice, truth, allowed).accepted, Truth::yes) << choice;
  for (const double wrong : {-1e-8, 0.1 + 1e-8, 0.2, -0.1, infinity})
    EXPECT_EQ(judge_set(wrong, truth, allowed).accepted, Truth::no) << wrong;
  EXPECT_EQ(judge(0.05, truth, allowed).accepted, Truth::unknown) << "as one number it stays open";
}

TEST(UlpBound, IsTheSpacingOfTheFormat) {
  Random random(54);
  for (int i = 0; i < 1000; ++i) {
    const double x = random.spread(-1074, 1023);
    const Ball bound = ulp_bound(Ball(x), binary64);
    EXPECT_TRUE(bound >= ulp(x) && bound <= 2 * ulp(x));
  }
  EXPECT_EQ(ulp_bound(Ball(1), binary64), 0x1p-52);
  EXPECT_EQ(ulp_bound(Ball(0), binary32), 0x1p-149);
}

}  // namespace
}  // namespace assay::oracles
