#include "oracles/numeric/rational.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "tests/oracles/numeric/random.hpp"

namespace assay::oracles {
namespace {

using testing::Random;

TEST(Rational, TakesEachFiniteDoubleExactly) {
  Random random(1);
  for (int i = 0; i < 2000; ++i) {
    const auto x = std::bit_cast<double>(random.bits());
    if (!std::isfinite(x)) continue;
    EXPECT_EQ(nearest_double(to_rational(x)), x);
  }
  EXPECT_EQ(to_rational(0.1), parse_rational("3602879701896397/36028797018963968"));
  EXPECT_EQ(nearest_double(to_rational(std::numeric_limits<double>::denorm_min())),
            std::numeric_limits<double>::denorm_min());
}

TEST(Rational, RefusesInfinityAndNaN) {
  EXPECT_THROW(to_rational(INFINITY), std::domain_error);
  EXPECT_THROW(to_rational(NAN), std::domain_error);
}

TEST(Rational, ReadsExactText) {
  EXPECT_EQ(parse_rational("42"), 42);
  EXPECT_EQ(parse_rational("-007"), -7);
  EXPECT_EQ(parse_rational("+0.1e-3"), Rational(1, 10000));
  EXPECT_EQ(parse_rational(".5"), Rational(1, 2));
  EXPECT_EQ(parse_rational("5."), 5);
  EXPECT_EQ(parse_rational("1E2"), 100);
  EXPECT_EQ(parse_rational("0x1.8p+1"), 3);
  EXPECT_EQ(parse_rational("-0x1p-1074"), -to_rational(std::numeric_limits<double>::denorm_min()));
  EXPECT_EQ(parse_rational("0x.8"), Rational(1, 2));
  EXPECT_EQ(parse_rational("1/3"), Rational(1, 3));
  EXPECT_EQ(parse_rational("-0.5/1e2"), Rational(-1, 200));
  EXPECT_EQ(parse_rational("0"), 0);
  EXPECT_EQ(parse_rational("0.000"), 0);
}

TEST(Rational, ReadsDecimalsOfEachLengthAlike) {
  Random random(5);
  const std::string zeros(20, '0');  // one more digit than two words hold, and the value is the same
  for (int i = 0; i < 4000; ++i) {
    std::string text = std::to_string(random.bits()).substr(0, 1 + random.bits() % 20);
    text.insert(random.bits() % (text.size() + 1), ".");
    if (i % 3 == 0) text += "e" + std::to_string(static_cast<int>(random.bits() % 50) - 25);
    const Rational value = parse_rational(text);
    EXPECT_EQ(value, parse_rational(zeros + text)) << text;
    EXPECT_EQ(-value, parse_rational("-" + text)) << text;
    EXPECT_EQ(nearest_double(value), std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(Rational, RejectsTextThatIsNoNumberAndQuotesIt) {
  for (const char* text : {"",
                           "-",
                           ".",
                           "1e",
                           "1e+",
                           "0x",
                           "1.2.3",
                           "1,5",
                           "1 2",
                           " 1",
                           "nan",
                           "inf",
                           "1/0",
                           "1/",
                           "/2",
                           "1/2/3",
                           "0x1e5p",
                           "12a",
                           "1e999999999999999999999",
                           "1e-100001",
                           "--1"}) {
    try {
      parse_rational(text);
      ADD_FAILURE() << "accepted \"" << text << "\"";
    } catch (const NumberTextError& error) {
      EXPECT_NE(std::string(error.what()).find('"' + std::string(text) + '"'), std::string::npos);
    }
  }
}

TEST(Rational, TextRoundTrips) {
  Random random(2);
  for (int i = 0; i < 1000; ++i) {
    const Rational x = to_rational(random.spread(-200, 200)) / random.integer(1, 1000000);
    EXPECT_EQ(parse_rational(to_text(x)), x);
  }
}

/// The nearest double by the processor: a correctly rounded quotient of two doubles.
TEST(Rational, RoundsLikeTheProcessorDivides) {
  Random random(3);
  for (int i = 0; i < 5000; ++i) {
    const double a = random.spread(-540, 540), b = random.spread(-540, 540);  // the quotient may be subnormal
    EXPECT_EQ(nearest_double(to_rational(a) / to_rational(b)), a / b);
    const auto c = static_cast<float>(random.spread(-75, 70)), d = static_cast<float>(random.spread(-75, 70));
    EXPECT_EQ(nearest_float(to_rational(c) / to_rational(d)), c / d);
  }
}

TEST(Rational, RoundsTiesToEvenOverflowsAndUnderflowsOnce) {
  const Rational one = 1, half_ulp = to_rational(0x1p-53);
  EXPECT_EQ(nearest_double(one + half_ulp), 1.0);
  EXPECT_EQ(nearest_double(one + 3 * half_ulp), 1 + 0x1p-51);
  EXPECT_EQ(nearest_double(one + half_ulp + parse_rational("1e-400")), 1 + 0x1p-52);
  const Rational largest = to_rational(std::numeric_limits<double>::max());
  EXPECT_EQ(nearest_double(-2 * largest), -INFINITY);
  EXPECT_EQ(nearest_double(largest + to_rational(0x1p969)), std::numeric_limits<double>::max());
  EXPECT_EQ(nearest_double(largest + to_rational(0x1p970)), INFINITY) << "the tie rounds to even: beyond";
  EXPECT_EQ(nearest_double(parse_rational("0x1p-1075")), 0.0);
  EXPECT_EQ(nearest_double(parse_rational("0x1.0001p-1075")), 0x1p-1074);
  EXPECT_EQ(nearest_double(parse_rational("1e-5000")), 0.0);
}

TEST(Rational, PrintsRoundedDecimals) {
  EXPECT_EQ(to_decimal(Rational(1, 3), 6), "0.333333");
  EXPECT_EQ(to_decimal(Rational(-2, 3), 3), "-0.667");
  EXPECT_EQ(to_decimal(Rational(1, 2), 10), "0.5");
  EXPECT_EQ(to_decimal(parse_rational("9.996"), 3), "10");
  EXPECT_EQ(to_decimal(parse_rational("1.25"), 2), "1.2");
  EXPECT_EQ(to_decimal(parse_rational("1.35"), 2), "1.4");
  EXPECT_EQ(to_decimal(parse_rational("1234567"), 3), "1.23e6");
  EXPECT_EQ(to_decimal(parse_rational("-1.25e-30"), 5), "-1.25e-30");
  EXPECT_EQ(to_decimal(parse_rational("120000"), 3), "120000");
  EXPECT_EQ(to_decimal(parse_rational("0.0001"), 3), "0.0001");
  EXPECT_EQ(to_decimal(0, 3), "0");
}

}  // namespace
}  // namespace assay::oracles
