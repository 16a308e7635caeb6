#include "oracles/numeric/precision.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <thread>

#include "oracles/numeric/flint_thread.hpp"
#include "oracles/numeric/functions.hpp"
#include "tests/oracles/numeric/random.hpp"

namespace assay::oracles {
namespace {

using testing::Random;

TEST(PrecisionScope, IsRestoredEvenByAnException) {
  const long before = working_precision();
  {
    const PrecisionScope outer(300);
    try {
      const PrecisionScope inner(17);
      EXPECT_EQ(working_precision(), 17);
      throw std::runtime_error("leaves the scope");
    } catch (const std::runtime_error&) {
    }
    EXPECT_EQ(working_precision(), 300);
  }
  EXPECT_EQ(working_precision(), before);
  EXPECT_THROW(PrecisionScope(1), std::invalid_argument);
}

TEST(PrecisionScope, SetsTheBitsOfEachOperation) {
  for (const long bits : {2L, 53L, 64L, 100L, 1000L}) {
    const PrecisionScope scope(bits);
    const Ball third = Ball(1) / 3;
    EXPECT_LE(arf_bits(arb_midref(arb(third))), bits);
    EXPECT_TRUE(radius(third) <= ldexp(Ball(1), -bits)) << "1/3 < 2^−1, so an ulp is 2^(−1 − bits)";
  }
}

TEST(PrecisionScope, BelongsToItsThread) {
  const PrecisionScope scope(200);
  long there = 0;
  bool emulated = true;
  std::thread([&] {
    const FlintThread cleanup;
    const PrecisionScope other(99);
    there = working_precision();
    emulated = emulated_format() != nullptr;
    EXPECT_TRUE(contains(exp(Ball(1)) * exp(Ball(-1)), 1.0));
  }).join();
  EXPECT_EQ(there, 99);
  EXPECT_FALSE(emulated);
  EXPECT_EQ(working_precision(), 200);
}

TEST(FormatScope, HasTheBitsOfItsFormatAndIsSuspendedByAPrecisionScope) {
  const FormatScope scope(binary32);
  EXPECT_EQ(working_precision(), 24);
  ASSERT_NE(emulated_format(), nullptr);
  EXPECT_EQ(*emulated_format(), format_of<float>);
  {
    const PrecisionScope exact(128);
    EXPECT_EQ(emulated_format(), nullptr);
    EXPECT_TRUE(is_exact(Ball(1) + 0x1p-40));
  }
  EXPECT_FALSE(is_exact(Ball(1) + 0x1p-40)) << "a float cannot hold the sum";
}

TEST(FormatScope, KeepsRadiusZeroWhereTheFormatIsExact) {
  for (const Format& format : {binary64, binary32}) {
    const FormatScope scope(format);
    EXPECT_TRUE(is_exact(Ball(1.5) * 3 + 0.25 - 7));
    EXPECT_TRUE(is_exact(Ball(7) / 8));
    EXPECT_TRUE(is_exact(max(Ball(0.1), Ball(0.2)) + 0)) << "adding 0 rounds nothing";
    EXPECT_TRUE(is_exact(relu(Ball(-3)) * Ball(1e300)));
    EXPECT_FALSE(is_exact(Ball(1) / 3));
    const Ball third = Ball(1) / 3;
    const double ulps = radius_double(third);  // a rounding of third · 4 would make it 8 of these
    EXPECT_LT(radius_double(third * 4), 5 * ulps) << "nor does scaling by a power of two";
    EXPECT_LT(radius_double(third / 4), 5 * ulps / 16);
    EXPECT_GT(radius_double(third * 3), 5 * ulps);
    const Ball smallest = ldexp(Ball(1), format.subnormal_exponent());
    EXPECT_TRUE(is_exact(smallest * 3));
    EXPECT_GE(radius_double(smallest / 2), 0.5 * midpoint_double(smallest))
        << "0 and the smallest number itself";
  }
}

/// Draws a number of the format T in the given binades, and of its own range.
template <class T>
T draw(Random& random, int low, int high) {
  constexpr Format format = format_of<T>;
  return static_cast<T>(
      random.spread(std::max(low, format.subnormal_exponent()), std::min(high, format.max_exponent)));
}

/// A ball of the given radius that contains x, anywhere in it.
Ball somewhere_around(double x, double reach, Random& random) {
  const PrecisionScope exact(5000);
  return ball_around(Ball(x) + Ball(reach) * random.uniform(-1, 1), Ball(reach));
}

/// The property of an emulated operation: its ball holds what the processor or the C library returns for
/// numbers in the input balls. `scope_of` opens the scope the balls are computed in. Returns how many cases
/// break it.
template <class T, class Operation, class Scope>
int results_outside(Operation operation, int low, int high, bool positive, Scope scope_of, int cases = 3000) {
  Random random(31);
  int outside = 0;
  for (int i = 0; i < cases; ++i) {
    T x = draw<T>(random, low, high), y = draw<T>(random, low, high);
    if (positive) x = std::abs(x), y = std::abs(y);
    const T result = operation(x, y);
    if (!std::isfinite(result)) continue;
    const double reach = random.integer(0, 1) ? 0 : std::abs(x) * random.unit() * 0x1p-10;
    const Ball ball_x = somewhere_around(x, reach, random);
    const auto scope = scope_of();
    outside += !contains(operation(ball_x, Ball(y)), static_cast<double>(result));
  }
  return outside;
}

constexpr auto add = [](const auto& x, const auto& y) { return x + y; };
constexpr auto subtract = [](const auto& x, const auto& y) { return x - y; };
constexpr auto multiply = [](const auto& x, const auto& y) { return x * y; };
constexpr auto divide = [](const auto& x, const auto& y) { return x / y; };
constexpr auto root = [](const auto& x, const auto&) { return sqrt(x); };
constexpr auto exponential = [](const auto& x, const auto&) { return exp(x); };
constexpr auto logarithm = [](const auto& x, const auto&) { return log(x); };
constexpr auto log_of_one_plus = [](const auto& x, const auto&) { return log1p(x); };
constexpr auto exp_minus_one = [](const auto& x, const auto&) { return expm1(x); };
constexpr auto hyperbolic = [](const auto& x, const auto&) { return tanh(x); };
constexpr auto error_function = [](const auto& x, const auto&) { return erf(x); };
constexpr auto complement = [](const auto& x, const auto&) { return erfc(x); };
constexpr auto logistic = [](const auto& x, const auto&) { return sigmoid(x); };
constexpr auto sine = [](const auto& x, const auto&) { return sin(x); };
constexpr auto power = [](const auto& x, const auto& y) { return pow(x, y); };
constexpr auto fifth_power = [](const auto& x, const auto&) { return pow(x, 5); };
constexpr auto fifth_product = [](const auto& x, const auto&) { return x * x * x * x * x; };

template <class T>
void expect_every_honest_result() {
  const auto in_format = [] { return FormatScope(format_of<T>); };
  const auto outside = [&](auto operation, int low, int high, bool positive = false) {
    return results_outside<T>(operation, low, high, positive, in_format);
  };
  for (const int reach : {8, 60, 540, 1074}) {  // the last ones under- and overflow
    EXPECT_EQ(outside(add, -reach, reach), 0);
    EXPECT_EQ(outside(subtract, -reach, reach), 0);
    EXPECT_EQ(outside(multiply, -reach, reach), 0);
    EXPECT_EQ(outside(divide, -reach, reach), 0);
    EXPECT_EQ(outside(root, -reach, reach, true), 0);
    EXPECT_EQ(outside(logarithm, -reach, reach, true), 0);
    EXPECT_EQ(outside(log_of_one_plus, -reach, reach, true), 0);
    EXPECT_EQ(outside(hyperbolic, -reach, reach), 0);
    EXPECT_EQ(outside(error_function, -reach, reach), 0);
  }
  EXPECT_EQ(outside(exponential, -10, 11), 0);
  EXPECT_EQ(outside(exp_minus_one, -40, 11), 0);
  EXPECT_EQ(outside(complement, -10, 6), 0);
  EXPECT_EQ(outside(logistic, -10, 12), 0);
  EXPECT_EQ(outside(sine, -20, 8), 0);
  EXPECT_EQ(outside(power, -6, 6, true), 0);
  EXPECT_EQ(outside(fifth_power, -250, 200), 0);
  EXPECT_EQ(outside(fifth_product, -250, 200), 0);
}

TEST(FormatScope, ContainsWhatDoubleReturns) {
  expect_every_honest_result<double>();
}
TEST(FormatScope, ContainsWhatFloatReturns) {
  expect_every_honest_result<float>();
}

/// A power may be taken by pow or by repeated multiplication: one ball holds both.
TEST(FormatScope, PowerHoldsTheRepeatedProduct) {
  Random random(32);
  for (int i = 0; i < 3000; ++i) {
    const double x = random.spread(-8, 8);
    const FormatScope scope(binary64);
    EXPECT_TRUE(contains(pow(Ball(x), 5), x * x * x * x * x));
  }
}

TEST(FormatScope, ThePropertyCatchesAnEmulationThatForgetsTheRounding) {
  const auto plain = [] { return PrecisionScope(128); };
  EXPECT_GT((results_outside<double>(add, -60, 60, false, plain)), 0);
  EXPECT_GT((results_outside<double>(multiply, -60, 60, false, plain)), 0);
  EXPECT_GT((results_outside<double>(exponential, -10, 11, false, plain)), 0);
  // Mutant: rounds relative to the result even where it is subnormal.
  const auto without_subnormals = [] { return FormatScope(Format{53, -100000, 1024}); };
  EXPECT_GT((results_outside<double>(multiply, -1074, 0, false, without_subnormals)), 0);
}

TEST(Either, IsTheHullOfAllWaysInAFormatScopeOnly) {
  const auto evaluate = [] { return either([] { return Ball(1) / 3 * 3; }, [] { return Ball(5); }); };
  EXPECT_TRUE(evaluate() < 2);
  const FormatScope scope(binary64);
  EXPECT_TRUE(contains(evaluate(), 1.0) && contains(evaluate(), 5.0));
  EXPECT_EQ(either([] { return 1.0; }, [] { return 5.0; }), 1.0);
  int calls = 0;
  EXPECT_EQ(either([] { return Rational(1); }, [&] { return Rational(++calls); }), 1);
  EXPECT_EQ(calls, 0) << "the other ways are not even evaluated";
}

}  // namespace
}  // namespace assay::oracles
