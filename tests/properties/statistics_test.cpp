/// Exact statistics, against fractions, balls and simulated coverage.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "oracles/numeric/numbers.hpp"
#include "properties/statistics/binomial.hpp"
#include "properties/statistics/elementary.hpp"
#include "properties/statistics/intervals.hpp"
#include "properties/statistics/random.hpp"

namespace assay::properties {
namespace {

using oracles::Ball;
using oracles::Rational;

constexpr double unit_roundoff = 0x1p-53;

/// P(X ≤ k) in fractions: Σ C(n, i) pⁱ qⁿ⁻ⁱ.
Rational exact_at_most(int k, int n, const Rational& p) {
  Rational sum = 0, mass = 1;
  const Rational q = 1 - p;
  for (int i = 0; i < n; ++i) mass *= q;
  for (int i = 0; i <= k; ++i) {
    sum += mass;
    mass *= Rational(n - i, i + 1) * p / q;
  }
  return sum;
}

double error_of(double got, const Rational& truth) {
  return std::abs(oracles::nearest_double(Rational(got) - truth));
}

TEST(Binomial, TailsAgreeWithFractionsWithinTheStatedError) {
  for (const int n : {1, 2, 5, 12, 30})
    for (const double share : {0.5, 1.0 / 64, 61.0 / 64, 0.375})
      for (int k = 0; k < n; ++k) {
        const auto size = static_cast<std::size_t>(n), count = static_cast<std::size_t>(k);
        const Rational truth = exact_at_most(k, n, Rational(share));
        // Summed itself, a tail is relatively exact; as the rest of the other one, absolutely.
        const double scale = k <= n * share ? oracles::nearest_double(truth) : 1;
        EXPECT_LE(error_of(at_most(count, size, share), truth), tail_error(size) * scale) << k << " of " << n;
        EXPECT_LE(error_of(at_least(count + 1, size, share), 1 - truth), tail_error(size))
            << k << " of " << n;
      }
}

TEST(Binomial, SurvivesManyTrialsAndRareTails) {
  EXPECT_EQ(at_most(100000, 100000, 0.3), 1);
  EXPECT_GT(at_most(29000, 100000, 0.3), 0);
  EXPECT_LT(at_most(29000, 100000, 0.3), 1e-10);
  EXPECT_EQ(at_most(0, 100000, 0.9), 0) << "0.1^100000 is below every double";
  EXPECT_NEAR(at_most(50000, 100001, 0.5), 0.5, tail_error(100001)) << "by symmetry";
}

/// The defining property: at each end, the observed tail is as rare as agreed, judged in fractions.
TEST(ShareInterval, EndsWhereTheTailIsAsRareAsAgreed) {
  const Rational rare = (1 - Rational(0.95)) / 2, nudge(1, 1000000000);
  for (const int n : {1, 4, 9, 20})
    for (int k = 0; k <= n; ++k) {
      const auto [low, high] = share_interval(static_cast<std::size_t>(k), static_cast<std::size_t>(n), 0.95);
      EXPECT_EQ(low == 0, k == 0);
      EXPECT_EQ(high == 1, k == n);
      if (k > 0) {
        EXPECT_LE(1 - exact_at_most(k - 1, n, Rational(low)), rare) << k << " of " << n;
        EXPECT_GT(1 - exact_at_most(k - 1, n, Rational(low) + nudge), rare) << k << " of " << n;
      }
      if (k < n) {
        EXPECT_LE(exact_at_most(k, n, Rational(high)), rare) << k << " of " << n;
        EXPECT_GT(exact_at_most(k, n, Rational(high) - nudge), rare) << k << " of " << n;
      }
    }
}

TEST(ShareInterval, SaysNothingWithoutTrials) {
  EXPECT_EQ(share_interval(0, 0, 0.95), (Interval{0, 1}));
  EXPECT_EQ(failure_rate_bound(0, 0.95), 1);
}

TEST(FailureRateBound, IsTheShareAtWhichSoManyPassesAreRare) {
  const Rational rare = 1 - Rational(0.95), nudge(1, 1000000000);
  for (const int n : {1, 10, 60}) {
    const Rational bound(failure_rate_bound(static_cast<std::size_t>(n), 0.95));
    EXPECT_LE(exact_at_most(0, n, bound), rare) << n;
    EXPECT_GT(exact_at_most(0, n, bound - nudge), rare) << n;
  }
  EXPECT_LT(failure_rate_bound(1000, 0.95), 0.003) << "the rule of three";
}

/// The error of a portable function in units in the last place of the truth.
double error_in_ulps(double got, const Ball& truth) {
  const double ulp = std::max(std::abs(oracles::midpoint_double(truth)) * 2 * unit_roundoff, 0x1p-1074);
  return std::abs(oracles::midpoint_double(Ball(got) - truth)) / ulp;
}

TEST(Elementary, IsGoodToAFewUlps) {
  const oracles::PrecisionScope precision(200);
  Random random(1);
  double exp_error = 0, log_error = 0, tanh_error = 0;
  for (int i = 0; i < 4000; ++i) {
    const double x = random.uniform(-1, 1) * std::ldexp(1.0, static_cast<int>(random.below(20)) - 10);
    if (std::abs(x) < 700) exp_error = std::max(exp_error, error_in_ulps(portable_exp(x), exp(Ball(x))));
    tanh_error = std::max(tanh_error, error_in_ulps(portable_tanh(x), tanh(Ball(x))));
    const double y = std::ldexp(1 + random.unit(), static_cast<int>(random.below(100)) - 50);
    log_error = std::max(log_error, error_in_ulps(portable_log(y), log(Ball(y))));
  }
  // Horner's last steps cost 2 to 3 roundings; in the quotients of tanh and next to 1 in log they add up.
  EXPECT_LE(exp_error, 2);
  EXPECT_LE(log_error, 3);
  EXPECT_LE(tanh_error, 5);
}

TEST(Elementary, KeepsTheEdges) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(portable_exp(0), 1);
  EXPECT_EQ(portable_exp(-infinity), 0);
  EXPECT_EQ(portable_exp(infinity), infinity);
  EXPECT_EQ(portable_exp(709.8), infinity);
  EXPECT_LT(portable_exp(709.7), infinity);
  EXPECT_GT(portable_exp(-745), 0);
  EXPECT_EQ(portable_log(1), 0);
  EXPECT_EQ(portable_log(0), -infinity);
  EXPECT_TRUE(std::isnan(portable_log(-1)));
  EXPECT_EQ(portable_tanh(400), 1);
  EXPECT_EQ(portable_tanh(-400), -1);
  EXPECT_EQ(portable_sigmoid(-800), 0);
  for (double (*function)(double) : {portable_exp, portable_log, portable_tanh, portable_sigmoid})
    EXPECT_TRUE(std::isnan(function(std::numeric_limits<double>::quiet_NaN())));
}

/// Means of powers of 40000 normal numbers, each within five of its own standard errors.
TEST(Random, DrawsNormalNumbers) {
  Random random(3);
  constexpr int count = 40000;
  double sum = 0, squares = 0, cubes = 0, beyond = 0;
  for (int i = 0; i < count; ++i) {
    const double x = random.normal();
    sum += x, squares += x * x, cubes += x * x * x, beyond += std::abs(x) > 2;
  }
  const double error = 5 / std::sqrt(count), outside = std::erfc(std::sqrt(2.0));
  EXPECT_LE(std::abs(sum / count), error);
  EXPECT_LE(std::abs(squares / count - 1), error * std::sqrt(2));
  EXPECT_LE(std::abs(cubes / count), error * std::sqrt(15));
  EXPECT_LE(std::abs(beyond / count - outside), error * std::sqrt(outside));
}

TEST(Random, RepeatsItselfAndSeparatesPurposes) {
  EXPECT_EQ(Random(5).bits(), Random(5).bits());
  EXPECT_EQ(Random(0).bits(), 0xe220a8397b1dcdafu) << "the published first number of splitmix64 from 0";
  EXPECT_NE(derived_seed(5, 1), derived_seed(5, 2));
  EXPECT_NE(derived_seed(5, 1), derived_seed(6, 1));
}

TEST(SignInterval, TakesTheOrderStatisticsThatFairCoinsAllow) {
  std::vector<double> values(10);
  std::iota(values.begin(), values.end(), 1);
  const SignInterval found = sign_interval(values, 0.05);
  // 2 (1 + 10) / 1024 may be spent, 2 (1 + 10 + 45) / 1024 not.
  EXPECT_EQ(found.interval, (Interval{2, 9}));
  EXPECT_NEAR(found.error, 22.0 / 1024, tail_error(10));
  EXPECT_EQ(sign_interval(std::vector{1.0, 2.0, 3.0}, 0.05).error, 1) << "three values prove nothing at 5 %";
}

TEST(TInterval, KnowsStudentsDistribution) {
  EXPECT_NEAR(t_within(1, 1), 0.5, 8 * unit_roundoff) << "the quartile of Cauchy's distribution";
  EXPECT_NEAR(t_within(std::sqrt(2), 2), std::sqrt(0.5), 8 * unit_roundoff) << "t / sqrt(2 + t^2)";
  EXPECT_NEAR(t_within(1.96, 100000), std::erf(1.96 / std::sqrt(2)), 1e-5) << "nearly normal";
  // Its derivative is twice the density.
  for (const std::size_t degrees : {3u, 4u, 7u, 8u}) {
    const double v = static_cast<double>(degrees), h = 1e-4;
    const double peak = std::tgamma((v + 1) / 2) / (std::sqrt(v * std::acos(-1)) * std::tgamma(v / 2));
    for (const double t : {0.3, 1.0, 2.5}) {
      const double density = 2 * peak * std::pow(1 + t * t / v, -(v + 1) / 2);
      EXPECT_NEAR((t_within(t + h, degrees) - t_within(t - h, degrees)) / (2 * h), density, 1e-7);
    }
  }
}

/// The share of intervals from 20 normal numbers that miss their centre.
template <class Make>
double missed(int runs, Make make) {
  int misses = 0;
  for (int run = 0; run < runs; ++run) {
    Random random(static_cast<std::uint64_t>(run));
    std::vector<double> values(20);
    for (double& value : values) value = random.normal();
    misses += !make(values).contains(0);
  }
  return static_cast<double>(misses) / runs;
}

TEST(Intervals, CoverAsOftenAsTheySay) {
  // 2000 runs: one standard error of a share of 5 % is 0.5 %.
  EXPECT_LE(missed(2000, [](const auto& v) { return sign_interval(v, 0.05).interval; }), 0.065);
  EXPECT_LE(missed(2000, [](const auto& v) { return t_interval(v, 0.95); }), 0.065);
  EXPECT_GE(missed(2000, [](const auto& v) { return t_interval(v, 0.95); }), 0.035) << "not by being wide";
  const double bootstrap = missed(500, [](const auto& v) { return bootstrap_interval(v, 0.95, 400, 1); });
  EXPECT_LE(bootstrap, 0.12) << "of 20 values: too narrow, but not by much";
}

TEST(Bootstrap, RepeatsItself) {
  const std::vector<double> values{1, 4, 2, 8, 5, 7};
  EXPECT_EQ(bootstrap_interval(values, 0.9, 500, 7), bootstrap_interval(values, 0.9, 500, 7));
  EXPECT_EQ(bootstrap_interval({values.data(), 1}, 0.9, 50, 7), (Interval{1, 1}));
}

}  // namespace
}  // namespace assay::properties
