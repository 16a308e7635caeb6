#include "oracles/numeric/numbers.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <sstream>

#include "tests/oracles/numeric/random.hpp"

namespace assay::oracles {
namespace {

using testing::Random;

/// A ball with random ends, from needles to boulders, and a point in it.
struct Pick {
  Ball ball;
  Rational point;
};

Pick pick(Random& random) {
  const Rational middle = to_rational(random.spread(-8, 8));
  Rational reach = to_rational(std::abs(random.spread(-70, 2)));
  if (random.integer(0, 3) == 0) reach = 0;
  Pick result{ball_between(to_ball(middle - reach), to_ball(middle + reach)), 0};
  result.point = middle + reach * random.integer(-8, 8) / 8;
  return result;
}

/// The property of every operation on balls: for all x in X and y in Y, x ∘ y lies in X ∘ Y. Returns how many
/// of the cases break it.
template <class Operation>
int points_outside(Operation operation, int cases) {
  Random random(11);
  int outside = 0;
  for (int i = 0; i < cases; ++i) {
    const PrecisionScope scope(random.integer(2, 200));
    const Pick x = pick(random), y = pick(random);
    if (y.point == 0) continue;
    outside += !contains(operation(x.ball, y.ball), Rational(operation(x.point, y.point)));
  }
  return outside;
}

constexpr int cases = 4000;
constexpr auto add = [](const auto& x, const auto& y) { return x + y; };
constexpr auto subtract = [](const auto& x, const auto& y) { return x - y; };
constexpr auto multiply = [](const auto& x, const auto& y) { return x * y; };
constexpr auto divide = [](const auto& x, const auto& y) { return x / y; };

TEST(Ball, ContainsTheExactResultOfEachOperation) {
  EXPECT_EQ(points_outside(add, cases), 0);
  EXPECT_EQ(points_outside(subtract, cases), 0);
  EXPECT_EQ(points_outside(multiply, cases), 0);
  EXPECT_EQ(points_outside(divide, cases), 0);
  EXPECT_EQ(points_outside(
                [](auto x, auto y) {
                  x += y, x -= 3, x *= y, x /= 7;
                  return x;
                },
                cases),
            0);
  EXPECT_EQ(points_outside([](const auto& x, const auto& y) { return (1 - x) * (2 / y) + 5 * -x; }, cases),
            0);
}

/// Mutant: rounds the midpoint, and does not say so.
struct ForgetsTheRoundingOfAdd {
  Ball operator()(const Ball& x, const Ball& y) const {
    Ball sum = x + y;
    arb_add(arb(sum), arb(x), arb(y), ARF_PREC_EXACT);
    arf_set_round(arb_midref(arb(sum)), arb_midref(arb(sum)), working_precision(), ARF_RND_DOWN);
    return sum;
  }
  Rational operator()(const Rational& x, const Rational& y) const { return x + y; }
};

/// Mutant: multiplies midpoints and adds radii.
struct AddsRadiiInProducts {
  Ball operator()(const Ball& x, const Ball& y) const {
    Ball product = midpoint(x) * midpoint(y);
    mag_add(arb_radref(arb(product)), arb_radref(arb(x)), arb_radref(arb(y)));
    return product;
  }
  Rational operator()(const Rational& x, const Rational& y) const { return x * y; }
};

TEST(Ball, ThePropertyCatchesWrongArithmetic) {
  EXPECT_GT(points_outside(ForgetsTheRoundingOfAdd{}, cases), 0);
  EXPECT_GT(points_outside(AddsRadiiInProducts{}, cases), 0);
}

TEST(Ball, TakesDoublesAndIntegersExactlyAtAnyPrecision) {
  const PrecisionScope scope(8);
  Random random(12);
  for (int i = 0; i < 5000; ++i) {
    const auto x = std::bit_cast<double>(random.bits());
    if (std::isnan(x)) continue;
    const Ball ball = x;
    EXPECT_TRUE(is_exact(ball));
    EXPECT_EQ(static_cast<double>(ball), x);
    EXPECT_EQ(midpoint_double(Ball(static_cast<float>(x))), static_cast<double>(static_cast<float>(x)));
    const auto n = static_cast<std::int64_t>(random.bits());
    EXPECT_EQ(midpoint_rational(Ball(n)), Rational(n));
    const std::uint64_t natural = random.bits();
    EXPECT_EQ(midpoint_rational(Ball(natural)), Rational(natural));
  }
}

TEST(Ball, EnclosesFractionsAndIsExactOnDyadicOnes) {
  for (const long bits : {2L, 24L, 53L, 128L, 1000L}) {
    const PrecisionScope scope(bits);
    for (const char* text : {"1/3", "0.1", "-22/7", "1e-400", "1234567890123456789/1000000007"}) {
      const Ball ball = to_ball(parse_rational(text));
      EXPECT_TRUE(contains(ball, parse_rational(text)));
      EXPECT_FALSE(is_exact(ball));
      EXPECT_TRUE(contains(Ball(text), parse_rational(text)));
    }
    EXPECT_TRUE(is_exact(to_ball(Rational(3, 4))));
  }
}

TEST(Ball, EndsAndRadiusAreRoundedOutward) {
  Random random(13);
  for (int i = 0; i < 2000; ++i) {
    const Ball ball = pick(random).ball;
    EXPECT_EQ(less_equal(Ball(lower_double(ball)), lower(ball)), Truth::yes);
    EXPECT_EQ(less_equal(upper(ball), Ball(upper_double(ball))), Truth::yes);
    EXPECT_EQ(less_equal(radius(ball), Ball(radius_double(ball))), Truth::yes);
    EXPECT_TRUE(contains(ball_around(ball, radius(ball)), ball));
  }
  const Ball tiny = Ball("1e-400");
  EXPECT_EQ(lower_double(tiny), 0);
  EXPECT_GT(upper_double(tiny), 0);
  EXPECT_GT(radius_double(tiny), 0);
}

TEST(Ball, RefusesAnIntervalInTheWrongOrder) {
  EXPECT_THROW(ball_between(2, 1), std::invalid_argument);
  EXPECT_THROW(ball_around(2, -1), std::invalid_argument);
}

TEST(Ball, ComparesCertainlyOrNotAtAll) {
  const Ball low = ball_between(0, 2), high = ball_between(1, 3), above = ball_between(4, 5);
  EXPECT_EQ(less(low, above), Truth::yes);
  EXPECT_EQ(less(above, low), Truth::no);
  EXPECT_EQ(less(low, high), Truth::unknown);
  EXPECT_EQ(less_equal(Ball(2), Ball(2)), Truth::yes);
  EXPECT_EQ(less(Ball(2), Ball(2)), Truth::no);
  EXPECT_EQ(equal(low, above), Truth::no);
  EXPECT_EQ(equal(low, low), Truth::unknown) << "two numbers of one interval need not be the same";
  EXPECT_FALSE(low < high || low <= high || low > high || low >= high || low == high || low != high);
  EXPECT_TRUE(low < 4 && 4 > low && low <= 2 && 2 >= low && low >= 0 && 0 <= low && low != -1 && -1 != low);
  EXPECT_FALSE(low <= 1 || low >= 1 || low == 1 || low != 1 || 1 == low || 1 != low);
  EXPECT_THROW(static_cast<void>(low.compare(high)), std::domain_error);
}

TEST(Ball, NaNAnswersNoQuestionWithYes) {
  const Ball nan = Ball(0) / 0, one = 1;
  ASSERT_TRUE(is_nan(nan));
  for (const Truth answer :
       {less(nan, one), less(one, nan), less_equal(nan, nan), equal(nan, nan), equal(nan, one)})
    EXPECT_EQ(answer, Truth::unknown);
  EXPECT_FALSE(nan < one || nan <= one || nan > one || nan >= one || nan == nan || nan != nan);
  EXPECT_TRUE(contains(nan, Rational(7)) && contains_zero(nan) && overlaps(nan, one) && contains(nan, one));
  EXPECT_EQ(radius_double(nan), INFINITY);
  EXPECT_EQ(lower_double(nan), -INFINITY);
  EXPECT_EQ(upper_double(nan), INFINITY);
  EXPECT_FALSE(is_exact(nan));
}

TEST(Ball, InfinitiesBehaveLikeTheExtendedReals) {
  const Ball infinity = INFINITY;
  EXPECT_TRUE(is_exact(infinity) && !is_finite(infinity));
  EXPECT_EQ(infinity + 1, infinity);
  EXPECT_EQ(-infinity, Ball("-inf"));
  EXPECT_TRUE(infinity > 1e308 && -infinity < 0);
  EXPECT_TRUE(is_nan(infinity - infinity) && is_nan(infinity * 0));
}

TEST(Ball, HullContainsBothAndNothingMuchElse) {
  const Ball both = hull(ball_between(0, 1), ball_between(3, 4));
  EXPECT_TRUE(contains(both, 0.0) && contains(both, 4.0));
  EXPECT_FALSE(contains(both, -0x1p-1000) || contains(both, 4 + 0x1p-50)) << "short ends are met exactly";
  Random random(15);
  for (int i = 0; i < 2000; ++i) {
    const PrecisionScope scope(random.integer(2, 100));
    const Ball a = pick(random).ball, b = pick(random).ball, c = hull(a, b);
    EXPECT_TRUE(contains(c, a) && contains(c, b));
  }
  EXPECT_TRUE(is_exact(hull(Ball(2), Ball(2)))) << "no width appears from nowhere";
  EXPECT_TRUE(is_nan(hull(Ball(1), Ball(0) / 0)));
}

TEST(Ball, PrintsOnlyDigitsThatAreCertain) {
  const PrecisionScope scope(64);
  EXPECT_EQ(digits(Ball(1) / 3, 6), "0.333333");
  EXPECT_EQ(digits(Ball(1) / 3).substr(0, 20), "0.333333333333333333");
  EXPECT_EQ(digits(Ball(0.1)), "0.1000000000000000055511151231257827021181583404541015625");
  EXPECT_EQ(digits(Ball(-0.375), 2), "-0.38");
  EXPECT_EQ(digits(Ball(0)), "0");
  EXPECT_EQ(digits(Ball(0) / 0), "nan");
  EXPECT_EQ(digits(Ball(-INFINITY)), "-inf");
  EXPECT_EQ(digits(ball_around(Ball(1.25), Ball(0.01)), 10), "1.3") << "the last digit, within one unit";
  EXPECT_EQ(radius_text(Ball(1)), "0");
  std::ostringstream stream;
  stream << Ball(0.5);
  EXPECT_EQ(stream.str(), "0.5");
}

TEST(Ball, TheRadiusIsPrintedRoundedUp) {
  Random random(14);
  for (int i = 0; i < 500; ++i) {
    const Ball ball = ball_around(Ball(0), Ball(std::abs(random.spread(-1000, 1000))));
    EXPECT_GE(parse_rational(radius_text(ball)), midpoint_rational(radius(ball)));
  }
}

static_assert(!std::is_convertible_v<Ball, double>, "leaving the balls must be visible");
static_assert(!std::is_convertible_v<Rational, Ball>, "a fraction may need rounding: to_ball");
static_assert(std::is_convertible_v<double, Ball> && std::is_convertible_v<int, Ball>);

TEST(Ball, LeavesItsValueBehindWhenMoved) {
  Ball from = 3, to = std::move(from);
  EXPECT_EQ(to, 3);
  from = 4;
  std::swap(from, to);
  EXPECT_EQ(from, 3);
  EXPECT_EQ(to, 4);
}

/// 1/2 +- 2^(10^18): the exact ends would take 10^18 bits.
TEST(Ball, HasEndsWhereMidpointAndRadiusAreFarApart) {
  Ball huge(1);
  arb_mul_2exp_si(arb(huge), arb(huge), 1'000'000'000'000'000'000);
  const Ball wide = ball_around(Ball(0.5), huge);
  EXPECT_TRUE(lower(wide) <= -huge + 1);
  EXPECT_TRUE(upper(wide) >= huge);
  EXPECT_TRUE(contains(relu(wide), Rational(0)));
  const Ball narrow = ball_around(Ball(0.5), Ball(1) / 3);
  EXPECT_TRUE(contains(narrow, lower(narrow)) && contains(narrow, upper(narrow)));
  EXPECT_EQ(Rational(midpoint_rational(upper(narrow)) + midpoint_rational(lower(narrow))), 1)
      << "exact where short";
}

}  // namespace
}  // namespace assay::oracles
