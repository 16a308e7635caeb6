#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/oracles/ops/gradient_checks.hpp"
#include "tests/oracles/ops/wrong_gradients.hpp"

namespace assay::oracles::testing {
namespace {

constexpr std::uint64_t seed = 1;  // fixed: a red test must stay red until someone fixes it
constexpr int cases_per_operation = 40;

class Gradient : public ::testing::TestWithParam<std::string> {
 protected:
  const Operation& operation = operation_named(GetParam());
  CaseGenerator generator{seed};

  Case next_case() { return generator.call(operation); }
  Tensors<Rational> like(const Tensors<Rational>& tensors) {
    Tensors<Rational> result;
    for (const auto& tensor : tensors) result.push_back(generator.tensor(tensor.shape));
    return result;
  }
};

class RationalGradient : public Gradient {};

TEST_P(Gradient, OnBallsMeetsTheTape) {
  for (int i = 0; i < cases_per_operation; ++i)
    ASSERT_EQ(check_against_tape(operation.ball, operation.ball.vjp, next_case()), "");
}

TEST_P(RationalGradient, EqualsTheTape) {
  for (int i = 0; i < cases_per_operation; ++i)
    ASSERT_EQ(check_against_tape(operation.rational, operation.rational.vjp, next_case()), "");
}

TEST_P(Gradient, IsLinearInTheUpstreamGradient) {
  for (int i = 0; i < cases_per_operation; ++i) {
    const Case c = next_case();
    ASSERT_EQ(check_linearity<Ball>(operation.ball.vjp, c, like(c.upstream)), "");
    if (operation.rational.vjp) {
      ASSERT_EQ(check_linearity<Rational>(operation.rational.vjp, c, like(c.upstream)), "");
    }
  }
}

TEST_P(Gradient, ObeysTheMeanValueTheorem) {
  for (int i = 0; i < cases_per_operation; ++i) {
    const Case c = next_case();
    ASSERT_EQ(check_mean_value(operation.ball.forward, operation.ball.vjp, c, like(c.arguments.real)), "");
  }
}

TEST_P(Gradient, IsNotAcceptedWithTheSignFlipped) {
  const auto flipped = [&](const Case& c) {
    Case negative = c;
    for (auto& tensor : negative.upstream)
      for (Rational& element : tensor.data) element = -element;
    return negative;
  };
  int caught = 0;
  for (int i = 0; i < cases_per_operation; ++i) {
    const Case c = next_case();
    const auto a = as<Ball>(c.arguments);
    caught += !difference(operation.ball.vjp(a, as<Ball>(flipped(c).upstream), c.attributes),
                          operation.ball.tape_vjp(a, as<Ball>(c.upstream), c.attributes))
                   .empty();
  }
  EXPECT_GT(caught, cases_per_operation / 2) << "a softmax over one element has no gradient to flip";
}

std::vector<std::string> names(bool rational_only) {
  std::vector<std::string> result;
  for (const Operation& operation : catalogue())
    if (!rational_only || operation.rational.vjp) result.emplace_back(operation.name);
  return result;
}

const auto by_name = [](const auto& instance) { return instance.param; };
INSTANTIATE_TEST_SUITE_P(Of, Gradient, ::testing::ValuesIn(names(false)), by_name);
INSTANTIATE_TEST_SUITE_P(Of, RationalGradient, ::testing::ValuesIn(names(true)), by_name);

TEST(WrongGradient, IsCaughtByTheTapeAndByTheMeanValueTheorem) {
  for (const WrongGradient& wrong : wrong_gradients()) {
    const Operation& operation = operation_named(wrong.operation);
    CaseGenerator generator(seed);
    int by_tape = 0, by_mean_value = 0;
    for (int i = 0; i < cases_per_operation; ++i) {
      const Case c = generator.call(operation);
      Tensors<Rational> direction;
      for (const auto& tensor : c.arguments.real) direction.push_back(generator.tensor(tensor.shape));
      by_tape += !check_against_tape(operation.ball, wrong.vjp, c).empty();
      by_mean_value += !check_mean_value(operation.ball.forward, wrong.vjp, c, direction).empty();
    }
    EXPECT_GT(by_tape, 0) << wrong.operation << " " << wrong.mistake;
    EXPECT_GT(by_mean_value, 0) << wrong.operation << " " << wrong.mistake;
  }
}

TEST(WrongGradient, IsKnownForEveryOperation) {
  std::set<std::string_view> covered;
  for (const WrongGradient& wrong : wrong_gradients()) covered.insert(wrong.operation);
  for (const Operation& operation : catalogue())
    EXPECT_TRUE(covered.contains(operation.name))
        << operation.name << " needs a wrong gradient in tests/oracles/ops/wrong_gradients.hpp";
}

}  // namespace
}  // namespace assay::oracles::testing
