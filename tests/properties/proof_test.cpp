/// Proofs prove what is true and nothing else.
#include <gtest/gtest.h>

#include "properties/claims/words.hpp"
#include "properties/proof/prove.hpp"

namespace assay::properties {
namespace {

using topics::less, topics::less_equal;

template <class F>
ProofOutcome covered(F holds, double low, double high, std::size_t most = 20'000) {
  return cover(Predicate::Holds<Ball>(holds), {{"x", low, high}}, most);
}

TEST(Cover, ProvesAnInequalityOnABox) {
  const auto below_one = []<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
    return less(T(oracles::tanh(at("x"))), T(1));
  };
  const ProofOutcome outcome = covered(below_one, -4, 4);
  EXPECT_EQ(outcome.proved, Truth::yes);
  EXPECT_NE(outcome.method.find("boxes"), std::string::npos);
}

TEST(Cover, NeverProvesWhatFailsSomewhere) {
  // x^2 < 2 fails from 1.4143 on: a whole box says no.
  const auto below_two = []<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
    return less(T(at("x") * at("x")), T(2));
  };
  EXPECT_EQ(covered(below_two, 0, 1.5).proved, Truth::no);
  EXPECT_EQ(covered(below_two, 0, 1.25).proved, Truth::yes);
}

/// Equality at one point: no box around it is ever decided, and that is said.
TEST(Cover, StaysOpenAtATouchingBound) {
  const auto touching = []<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
    return less_equal(T(2 * at("x")), T(1 + at("x") * at("x")));
  };
  EXPECT_EQ(covered(touching, 0, 2.5, 500).proved, Truth::unknown);
}

TEST(Exhaust, TriesEveryCombination) {
  std::size_t calls = 0;
  const auto all = [&](const std::vector<std::int64_t>&) { return ++calls > 0; };
  EXPECT_EQ(exhaust({{"a", 1, 3}, {"b", -1, 1}, {"c", 5, 5}}, all).proved, Truth::yes);
  EXPECT_EQ(calls, 9u);
  EXPECT_EQ(
      exhaust({{"a", 1, 3}, {"b", -1, 1}}, [](const auto& n) { return !(n[0] == 3 && n[1] == 1); }).proved,
      Truth::no)
      << "the last combination counts";
}

TEST(Identity, HoldsForTheSameRationalFunctionInTwoForms) {
  const auto left = []<class T>(const std::vector<T>& v) {
    return T(T(1) / (v[0] - v[1]) + T(1) / (v[0] + v[1]));
  };
  const auto right = []<class T>(const std::vector<T>& v) {
    return T(T(2) * v[0] / (v[0] * v[0] - v[1] * v[1]));
  };
  // The grid meets v0 = v1, where a denominator vanishes: nothing may be claimed.
  EXPECT_EQ(identity(2, left, right).proved, Truth::unknown);
  const auto expanded = []<class T>(const std::vector<T>& v) { return T((v[0] + v[1]) * (v[0] + v[1])); };
  const auto terms = []<class T>(const std::vector<T>& v) {
    return T(v[0] * v[0] + T(2) * v[0] * v[1] + v[1] * v[1]);
  };
  EXPECT_EQ(identity(2, expanded, terms).proved, Truth::yes);
}

/// A polynomial that vanishes on all points of a smaller grid is caught by the degree bound.
TEST(Identity, IsNotFooledByFunctionsThatAgreeOnManyPoints) {
  const auto zero = []<class T>(const std::vector<T>&) { return T(0); };
  const auto vanishing = []<class T>(const std::vector<T>& v) {
    T product(1);
    for (int k = 2; k < 8; ++k) product = product * (v[0] - T(k));  // 0 at 2 .. 7
    return product;
  };
  EXPECT_EQ(identity(1, zero, vanishing).proved, Truth::no);
}

TEST(Degree, BoundsNumeratorAndDenominator) {
  const Degree x = Degree::variable(0), y = Degree::variable(1);
  const Degree quotient = (x * x + y) / (x - Degree(1)) + y * y;
  EXPECT_EQ(quotient.above(0), 2u);
  EXPECT_EQ(quotient.above(1), 2u);
  EXPECT_EQ(quotient.below(0), 1u);
  EXPECT_EQ(quotient.below(1), 0u);
}

}  // namespace
}  // namespace assay::properties
