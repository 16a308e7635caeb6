#include "oracles/numeric/dot.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "oracles/numeric/functions.hpp"
#include "tests/oracles/numeric/random.hpp"

namespace assay::oracles {
namespace {

using testing::Random;

template <class T>
std::vector<Ball> balls(const std::vector<T>& values) {
  return {values.begin(), values.end()};
}

template <class T>
std::vector<Rational> rationals(const std::vector<T>& values) {
  std::vector<Rational> result;
  for (const T value : values) result.push_back(to_rational(static_cast<double>(value)));
  return result;
}

// ---- Honest ways to sum, each in T ---------------------------------------------------------------------

template <class T>
T forwards(std::span<const T> x) {
  T total = 0;
  for (const T value : x) total += value;
  return total;
}

template <class T>
T backwards(std::span<const T> x) {
  T total = 0;
  for (std::size_t i = x.size(); i-- > 0;) total += x[i];
  return total;
}

template <class T>
T pairwise(std::span<const T> x) {
  if (x.size() < 2) return x.empty() ? T(0) : x[0];
  return pairwise(x.first(x.size() / 2)) + pairwise(x.subspan(x.size() / 2));
}

/// Four accumulators, as a vectorising compiler has them.
template <class T>
T blocked(std::span<const T> x) {
  T lanes[4] = {};
  for (std::size_t i = 0; i < x.size(); ++i) lanes[i % 4] += x[i];
  return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

template <class T>
T sorted(std::span<const T> x, bool ascending) {
  std::vector<T> copy(x.begin(), x.end());
  std::ranges::sort(
      copy, [=](T a, T b) { return ascending ? std::abs(a) < std::abs(b) : std::abs(a) > std::abs(b); });
  return forwards<T>(copy);
}

template <class T>
T compensated(std::span<const T> x) {
  T total = 0, lost = 0;
  for (const T value : x) {
    const T term = value - lost, next = total + term;
    lost = (next - total) - term;
    total = next;
  }
  return total;
}

template <class T>
std::vector<T> all_orders(std::span<const T> x) {
  return {forwards(x),     backwards(x),     pairwise(x),   blocked(x),
          sorted(x, true), sorted(x, false), compensated(x)};
}

/// Every order on rounded products, and the fused forms, which never round them.
template <class T>
std::vector<T> all_dots(std::span<const T> a, std::span<const T> b) {
  std::vector<T> products(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) products[i] = a[i] * b[i];
  std::vector<T> results = all_orders<T>(products);
  T up = 0, down = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    up = std::fma(a[i], b[i], up);
    down = std::fma(a[a.size() - 1 - i], b[a.size() - 1 - i], down);
  }
  results.insert(results.end(), {up, down});
  return results;
}

/// Numbers that are hard to sum: some cancel, some are tiny, some are subnormal, some are whole.
template <class T>
std::vector<T> hard_numbers(Random& random, std::size_t n) {
  constexpr Format format = format_of<T>;
  const int kind = random.integer(0, 4);
  std::vector<T> x(n);
  for (T& value : x) {
    if (kind == 0) value = static_cast<T>(random.uniform(-1, 1));
    if (kind == 1) value = static_cast<T>(random.spread(-format.bits, format.bits));
    if (kind == 2) value = static_cast<T>(random.integer(-1000, 1000));
    if (kind == 3)
      value = static_cast<T>(random.spread(format.subnormal_exponent(), format.min_exponent + 4));
    if (kind == 4)
      value = static_cast<T>(random.spread(format.min_exponent / 2 - 20, format.min_exponent / 2 + 20));
  }
  if (random.integer(0, 1)) {  // {1e16, 1, −1e16} and its kin
    for (std::size_t i = 0; i + 1 < n; i += 2) x[i + 1] = -x[i];
    if (n > 2) x[n / 2] = static_cast<T>(random.uniform(-1, 1));
    random.shuffle(x);
  }
  return x;
}

template <class T>
void expect_every_order_inside() {
  Random random(41);
  for (int i = 0; i < 4000; ++i) {
    const auto n = static_cast<std::size_t>(random.integer(0, 40));
    const std::vector<T> a = hard_numbers<T>(random, n), b = hard_numbers<T>(random, n);
    const FormatScope scope(format_of<T>);
    const Ball total = sum(balls(a)), product = dot(balls(a), balls(b));
    for (const T result : all_orders<T>(a)) ASSERT_TRUE(contains(total, static_cast<double>(result))) << n;
    for (const T result : all_dots<T>(a, b)) ASSERT_TRUE(contains(product, static_cast<double>(result))) << n;
    ASSERT_TRUE(contains(total, sum(rationals(a))));
    ASSERT_TRUE(contains(product, dot(rationals(a), rationals(b))));
  }
}

TEST(Dot, HoldsEveryOrderOfSummationInDouble) {
  expect_every_order_inside<double>();
}
TEST(Dot, HoldsEveryOrderOfSummationInFloat) {
  expect_every_order_inside<float>();
}

TEST(Dot, HoldsBothResultsOfTheClassicalCancellation) {
  const FormatScope scope(binary64);
  const Ball total = sum(std::vector<Ball>{1e16, 1, -1e16});
  EXPECT_TRUE(contains(total, 0.0) && contains(total, 1.0) && contains(total, 2.0));
  EXPECT_LT(radius_double(total), 4 * 2e16 * 0x1p-53 * (1 + 0x1p-20)) << "γ₄ · Σ|pᵢ|, and no more";
}

TEST(Dot, HasRadiusZeroWhereNoOrderRounds) {
  Random random(42);
  const FormatScope scope(binary64);
  for (int i = 0; i < 500; ++i) {
    std::vector<double> a, b;
    const double unit = std::ldexp(1, random.integer(-400, 400));
    for (int k = random.integer(1, 30); k > 0; --k) {
      a.push_back(random.integer(-1 << 20, 1 << 20) * unit);
      b.push_back(random.integer(-1 << 20, 1 << 20));
    }
    const Ball product = dot(balls(a), balls(b));
    ASSERT_TRUE(is_exact(product));
    for (const double result : all_dots<double>(a, b)) ASSERT_EQ(product, result);
  }
  EXPECT_TRUE(is_exact(sum(std::vector<Ball>{0x1p52, 0x1p51, 1})));
  EXPECT_FALSE(is_exact(sum(std::vector<Ball>{0x1p53, 1, -0x1p53}))) << "a partial sum needs 54 bits";
  EXPECT_FALSE(is_exact(dot(std::vector<Ball>{0x1p-600, 0x1p-600}, std::vector<Ball>{0x1p-600, 1})))
      << "one product is below every double";
  EXPECT_TRUE(is_exact(dot(std::vector<Ball>{0, 0.1, 0}, std::vector<Ball>{Ball(1) / 3, 1, 0.3})))
      << "terms that are exactly 0 do not count";
}

/// The property of a dot product in a format: its ball holds every order. Returns how many results lie
/// outside.
template <class Dot>
int results_outside(Dot dot_of) {
  Random random(43);
  int outside = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto n = static_cast<std::size_t>(random.integer(1, 200));
    std::vector<double> a(n), b(n);
    for (std::size_t k = 0; k < n; ++k) a[k] = random.uniform(1, 2), b[k] = random.uniform(1, 2);
    if (n % 2) a.resize(1), b.resize(1);  // nothing but the rounding of one product
    const FormatScope scope(binary64);
    const Ball product = dot_of(balls(a), balls(b));
    for (const double result : all_dots<double>(a, b)) outside += !contains(product, result);
  }
  return outside;
}

TEST(Dot, ThePropertyCatchesABoundThatLacksOneOfItsParts) {
  EXPECT_EQ(results_outside([](const auto& a, const auto& b) { return dot(a, b); }), 0);
  const auto one_rounding_in_all = [](const auto& a, const auto& b) {
    const PrecisionScope scope(53);
    return dot(a, b);
  };
  EXPECT_GT(results_outside(one_rounding_in_all), 0);
  const auto exact_products = [](const auto& a, const auto& b) {
    std::vector<Ball> products;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const PrecisionScope scope(128);
      products.push_back(a[i] * b[i]);
    }
    return sum(products);
  };
  EXPECT_GT(results_outside(exact_products), 0);
}

TEST(Dot, EnclosesTheExactProductAtEveryPrecisionAndStride) {
  Random random(44);
  for (int i = 0; i < 1000; ++i) {
    const PrecisionScope scope(random.integer(2, 300));
    const auto n = static_cast<std::size_t>(random.integer(0, 12));
    const int stride_a = random.integer(0, 3), stride_b = random.integer(1, 3);
    const std::vector<double> a = hard_numbers<double>(random, 40), b = hard_numbers<double>(random, 40);
    const auto exact_a = rationals(a), exact_b = rationals(b);
    const Rational product = dot(exact_a.data(), stride_a, exact_b.data(), stride_b, n);
    const auto ball_a = balls(a), ball_b = balls(b);
    EXPECT_TRUE(contains(dot(ball_a.data(), stride_a, ball_b.data(), stride_b, n), product));
    EXPECT_TRUE(contains(dot(ball_a.data() + 39, -1, ball_b.data(), 1, n),
                         dot(exact_a.data() + 39, -1, exact_b.data(), 1, n)));
    EXPECT_TRUE(contains(sum(ball_a.data(), stride_a, n), sum(exact_a.data(), stride_a, n)));
  }
}

TEST(Dot, PropagatesTheRadiiOfItsInputs) {
  Random random(45);
  for (int i = 0; i < 500; ++i) {
    std::vector<Ball> a(8), b(8);
    std::vector<Rational> x(8), y(8);
    for (std::size_t k = 0; k < 8; ++k) {
      x[k] = to_rational(random.uniform(-1, 1)), y[k] = to_rational(random.uniform(-1, 1));
      a[k] = ball_around(to_ball(x[k] + Rational(1, 1024)), Ball(0x1p-10));
      b[k] = ball_around(to_ball(y[k] - Rational(1, 2048)), Ball(0x1p-11));
    }
    EXPECT_TRUE(contains(dot(a, b), dot(x, y)));
    const FormatScope scope(binary64);
    EXPECT_TRUE(contains(dot(a, b), dot(x, y)));
  }
}

TEST(Dot, IsExactOnRationalsAndALoopOnDoubles) {
  const std::vector<Rational> thirds{Rational(1, 3), Rational(1, 3)};
  EXPECT_EQ(dot(thirds, thirds), Rational(2, 9));
  EXPECT_EQ(sum(thirds), Rational(2, 3));
  const std::vector<double> x{1e16, 1, -1e16};
  EXPECT_EQ(sum(x), 0) << "from first to last, in double";
  EXPECT_EQ(sum(std::vector<float>{}), 0.0f);
  EXPECT_EQ(sum(std::vector<Ball>{}), 0);
  EXPECT_THROW(dot(x, std::vector<double>{1}), std::invalid_argument);
}

TEST(Dot, KnowsNothingOfInfinityMinusInfinity) {
  for (const bool emulate : {false, true}) {
    const auto total = [] { return sum(std::vector<Ball>{INFINITY, 1, -INFINITY}); };
    if (emulate) {
      const FormatScope scope(binary64);
      EXPECT_TRUE(is_nan(total()));
      EXPECT_EQ(sum(std::vector<Ball>{INFINITY, 1, 2}), Ball(INFINITY));
    } else {
      EXPECT_TRUE(is_nan(total()));
    }
  }
}

}  // namespace
}  // namespace assay::oracles
