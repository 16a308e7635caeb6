#include "oracles/tape.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <vector>

namespace assay::oracles {
namespace {

using Fraction = Var<Rational>;
using Real = Var<Ball>;

/// All cotangents of one scalar result.
template <class T>
std::vector<T> backwards(const Tape<T>& tape, const Var<T>& result) {
  const T one = T(1);
  return tape.cotangents({&result, 1}, {&one, 1});
}

TEST(Tape, DifferentiatesAPolynomialExactly) {
  Tape<Rational> tape;
  const Fraction x = tape.variable(3);
  const Fraction y = x * x + x;
  EXPECT_EQ(backwards(tape, y)[x.node], 7);
}

TEST(Tape, AddsUpTheWaysThatLeadToOneVariable) {
  Tape<Rational> tape;
  const Fraction x = tape.variable(Rational(1) / 3), y = tape.variable(5);
  const Fraction z = x * y / (x + y) - x;
  // dz/dx = y²/(x+y)² − 1, dz/dy = x²/(x+y)²
  const auto cotangent = backwards(tape, z);
  EXPECT_EQ(cotangent[x.node], Rational(225) / 256 - 1);
  EXPECT_EQ(cotangent[y.node], Rational(1) / 256);
}

TEST(Tape, KeepsConstantsAndDetachedValuesOutOfTheGradient) {
  Tape<Rational> tape;
  const Fraction x = tape.variable(4);
  EXPECT_EQ(backwards(tape, detach(x) * x)[x.node], 4);
  EXPECT_EQ((Fraction(2) * Fraction(3)).node, Fraction::constant);
}

TEST(Tape, DifferentiatesDotAndSumAsSingleNodes) {
  Tape<Rational> tape;
  std::vector<Fraction> v;
  for (const int element : {1, 2, 3}) v.push_back(tape.variable(element));
  const std::span<const Fraction> all(v);
  const Fraction result = dot(all, all) * sum(all);  // 14 · 6
  EXPECT_EQ(result.value, 84);
  const auto cotangent = backwards(tape, result);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(cotangent[v[i].node], 2 * v[i].value * 6 + 14);
}

TEST(Tape, ChoosesASubgradientAtEachKink) {
  Tape<Rational> tape;
  const Fraction zero = tape.variable(0), one = tape.variable(1), other = tape.variable(1);
  EXPECT_EQ(backwards(tape, relu(zero))[zero.node], 0);
  EXPECT_EQ(backwards(tape, abs(zero))[zero.node], 0);
  const auto tie = backwards(tape, max(one, other));
  EXPECT_EQ(tie[one.node] + tie[other.node], 1);
}

TEST(Tape, GivesABallAtAKinkTheWholeSubdifferential) {
  Tape<Ball> tape;
  const Real x = tape.variable(0), a = tape.variable(1), b = tape.variable(1);
  const Ball slope = backwards(tape, relu(x))[x.node];
  EXPECT_TRUE(contains(slope, 0.0) && contains(slope, 1.0));
  const Ball of_tie = backwards(tape, min(a, b))[a.node];
  EXPECT_TRUE(contains(of_tie, 0.0) && contains(of_tie, 1.0));
}

TEST(Tape, GivesTheWordBackToTheOuterTape) {
  Tape<Rational> outer;
  const Fraction x = outer.variable(2);
  {
    Tape<Rational> inner;
    const Fraction y = inner.variable(10);
    EXPECT_EQ(backwards(inner, y * y)[y.node], 20);
  }
  EXPECT_EQ(backwards(outer, x * x)[x.node], 4);
}

TEST(Tape, RefusesAVariableThatOutlivedIt) {
  Fraction left;
  {
    Tape<Rational> tape;
    left = tape.variable(1);
  }
  EXPECT_THROW(left + left, std::logic_error);
}

TEST(Tape, NestsForSecondDerivatives) {
  Tape<Rational> outer;
  const Fraction x = outer.variable(2);
  Tape<Fraction> inner;
  const Var<Fraction> y = inner.variable(x);
  const Var<Fraction> cube = y * y * y;
  const Fraction slope = backwards(inner, cube)[y.node];  // 3 x², itself on the outer tape
  EXPECT_EQ(slope.value, 12);
  EXPECT_EQ(backwards(outer, slope)[x.node], 12);  // 6 x
}

/// Every function against the mean value theorem: (f(x+h) − f(x−h)) / 2h = f′(ξ), with [x−h, x+h] for ξ.
TEST(Tape, DifferentiatesEveryFunctionAsTheMeanValueTheoremDemands) {
  const PrecisionScope scope(300);
  const std::vector<std::function<Real(const Real&)>> functions = {
      [](const Real& x) { return exp(x); },
      [](const Real& x) { return log(x); },
      [](const Real& x) { return log1p(x); },
      [](const Real& x) { return expm1(x); },
      [](const Real& x) { return sqrt(x); },
      [](const Real& x) { return tanh(x); },
      [](const Real& x) { return sigmoid(x); },
      [](const Real& x) { return erf(x); },
      [](const Real& x) { return erfc(x); },
      [](const Real& x) { return sin(x); },
      [](const Real& x) { return cos(x); },
      [](const Real& x) { return square(x); },
      [](const Real& x) { return pow(x, 5); },
      [](const Real& x) { return pow(x, -2); },
      [](const Real& x) { return pow(x, x); },
      [](const Real& x) { return pow(x, Real(Rational(5) / 2)); },
      [](const Real& x) { return abs(-x); },
      [](const Real& x) { return relu(x); },
      [](const Real& x) { return max(x, x * x); },
      [](const Real& x) { return min(x, x * x); },
      [](const Real& x) { return x / (1 + x * x); },
      [](const Real& x) { return -x - sign(x) * step(x) * x; },
  };
  const Ball h = from_rational<Ball>(Rational(1) / pow(Rational(2), 60));
  for (std::size_t k = 0; k < functions.size(); ++k)
    for (const double at : {0.25, 0.75, 1.5, 3.0}) {
      Tape<Ball> tape;
      const Real x = tape.variable(ball_around(Ball(at), h));
      const Ball slope = backwards(tape, functions[k](x))[x.node];
      const Ball quotient = (functions[k](Real(at + h)).value - functions[k](Real(at - h)).value) / (2 * h);
      EXPECT_TRUE(overlaps(slope, quotient))
          << "function " << k << " at " << at << ": " << slope << " for " << quotient;
      EXPECT_LT(radius_double(slope), std::ldexp(1.0, -40)) << "function " << k << " at " << at;
    }
}

}  // namespace
}  // namespace assay::oracles
