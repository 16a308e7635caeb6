#include "graders/criteria/slope.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

namespace assay::graders {
namespace {

using oracles::FloatFormat;

struct Known {
  const char* name;
  std::function<double(double)> value, derivative;
};

const std::vector<Known> smooth{
    {"square", [](double x) { return x * x; }, [](double x) { return 2 * x; }},
    {"exp", [](double x) { return std::exp(x); }, [](double x) { return std::exp(x); }},
    {"sine of 30 x", [](double x) { return std::sin(30 * x); },
     [](double x) { return 30 * std::cos(30 * x); }},
    {"logistic", [](double x) { return 1 / (1 + std::exp(-x)); },
     [](double x) { return std::exp(-x) / std::pow(1 + std::exp(-x), 2); }},
    {"plus a large constant", [](double x) { return 1e6 + std::tanh(x); },
     [](double x) { return 1 - std::tanh(x) * std::tanh(x); }},
    {"cancels", [](double x) { return (1 + x * 1e-3) - 1; }, [](double) { return 1e-3; }},
};

TEST(Slope, HoldsTheDerivativeOfSmoothFunctionsWithinItsBound) {
  for (const Known& known : smooth)
    for (double x = -3; x <= 3; x += 0.17) {
      const Line line = [&](double t) { return std::optional(known.value(t)); };
      const auto noise = noise_of(line, x, FloatFormat::binary64);
      ASSERT_TRUE(noise);
      const auto slope = slope_of(line, x, *noise, FloatFormat::binary64);
      ASSERT_TRUE(slope);
      EXPECT_LE(std::abs(slope->value - known.derivative(x)),
                slope->bound + 1e-11 * std::abs(known.derivative(x)))
          << known.name << " at " << x;
      EXPECT_LE(slope->bound, 1e-3 * std::max(1e-3, std::abs(known.derivative(x))))
          << known.name << " at " << x;
    }
}

TEST(Slope, HoldsItInFloat) {
  for (double at = -2; at <= 2; at += 0.125) {
    const Line line = [](double t) {
      const float x = static_cast<float>(t);
      EXPECT_EQ(static_cast<double>(x), t) << "a float program is asked at floats only";
      return std::optional(static_cast<double>(std::tanh(x) * x));
    };
    const auto noise = noise_of(line, at, FloatFormat::binary32);
    const auto slope = slope_of(line, at, *noise, FloatFormat::binary32);
    ASSERT_TRUE(slope);
    const double truth = std::tanh(at) + at * (1 - std::tanh(at) * std::tanh(at));
    EXPECT_LE(std::abs(slope->value - truth), slope->bound + 1e-7) << at;
    EXPECT_LE(slope->bound, 0.02) << at;
  }
}

TEST(Slope, LeavesRoomForEverySubgradientAtAKink) {
  const std::vector<std::function<double(double)>> kinked{[](double x) { return std::max(x, 0.0); },
                                                          [](double x) { return std::abs(x); },
                                                          [](double x) { return std::max(3 * x, x); }};
  const std::vector<std::pair<double, double>> subgradients{{0, 1}, {-1, 1}, {1, 3}};
  for (std::size_t i = 0; i < kinked.size(); ++i)
    for (const double beside : {0.0, 1e-9, -1e-9, 1e-4, -1e-4}) {
      const Line line = [&](double t) { return std::optional(kinked[i](t)); };
      const auto noise = noise_of(line, beside, FloatFormat::binary64);
      const auto slope = slope_of(line, beside, noise.value_or(0), FloatFormat::binary64);
      ASSERT_TRUE(slope);
      // At the kink both ends; beside it the derivative of that side.
      const auto [low, high] = subgradients[i];
      if (beside <= 0) {
        EXPECT_LE(std::abs(slope->value - low), slope->bound + 1e-6) << i << " " << beside;
      }
      if (beside >= 0) {
        EXPECT_LE(std::abs(slope->value - high), slope->bound + 1e-6) << i << " " << beside;
      }
    }
}

TEST(Slope, KnowsTheNoiseOfAnUnstableForm) {
  // (1 - cos x)/x^2 near 0 has lost most of its digits.
  const Line line = [](double x) { return std::optional((1 - std::cos(x)) / (x * x)); };
  const double x = 1e-5;
  const auto noise = noise_of(line, x, FloatFormat::binary64);
  ASSERT_TRUE(noise);
  EXPECT_GT(*noise, 1e-8);
  const auto slope = slope_of(line, x, *noise, FloatFormat::binary64);
  if (slope) {
    EXPECT_LE(std::abs(slope->value + x / 12), slope->bound);
  }
}

TEST(Slope, SaysNothingWhereThereAreNoValues) {
  const Line none = [](double) { return std::optional<double>(); };
  EXPECT_FALSE(noise_of(none, 1, FloatFormat::binary64));
  EXPECT_FALSE(slope_of(none, 1, 0, FloatFormat::binary64));
  // A logarithm beside its pole: only small steps stay inside.
  const Line log = [](double x) { return x > 0 ? std::optional(std::log(x)) : std::nullopt; };
  const auto slope = slope_of(log, 1e-3, 1e-15, FloatFormat::binary64);
  ASSERT_TRUE(slope);
  EXPECT_LE(std::abs(slope->value - 1000), slope->bound);
}

}  // namespace
}  // namespace assay::graders
