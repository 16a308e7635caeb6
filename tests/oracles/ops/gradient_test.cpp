#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "oracles/misconceptions.hpp"
#include "tests/oracles/ops/gradient_checks.hpp"

namespace assay::oracles::testing {
namespace {

constexpr std::uint64_t seed = 1;  // fixed: a red test must stay red until someone fixes it
constexpr int cases_per_operation = 40;

class Gradient : public ::testing::TestWithParam<std::string> {
 protected:
  const Operation& operation = operation_named(GetParam());
  CaseGenerator generator{seed};

  Case next_case() { return generator.call(operation, static_cast<std::size_t>(next_++)); }
  Tensors<Rational> like(const Tensors<Rational>& tensors) {
    Tensors<Rational> result;
    for (const auto& tensor : tensors) result.push_back(generator.tensor(tensor.shape));
    return result;
  }

 private:
  int next_ = 0;
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
    ASSERT_EQ(
        check_mean_value(operation, operation.ball.forward, operation.ball.vjp, c, like(c.arguments.real)),
        "");
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
  EXPECT_GT(caught, cases_per_operation / 4) << "a softmax over one element has no gradient to flip";
}

std::vector<std::string> names(bool rational_only) {
  std::vector<std::string> result;
  for (const Operation& operation : catalogue())
    if (rational_only ? operation.rational.vjp != nullptr : operation.ball.vjp != nullptr)
      result.emplace_back(operation.name);
  return result;
}

const auto by_name = [](const auto& instance) { return instance.param; };
INSTANTIATE_TEST_SUITE_P(Of, Gradient, ::testing::ValuesIn(names(false)), by_name);
INSTANTIATE_TEST_SUITE_P(Of, RationalGradient, ::testing::ValuesIn(names(true)), by_name);

/// Whether the calls of a misconception are told apart from those of the right operation, and by what.
struct Caught {
  int by_result = 0, by_tape = 0, by_mean_value = 0;
};

Caught checks_that_catch(const Misconception& wrong) {
  const Operation& operation = operation_named(wrong.operation);
  const auto forward = wrong.forward ? wrong.forward : operation.ball.forward;
  const auto vjp = wrong.vjp ? wrong.vjp : operation.ball.vjp;
  CaseGenerator generator(seed);
  Caught caught;
  for (std::size_t i = 0; i < cases_per_operation; ++i) {
    const Case c = generator.call(operation, i);
    const PrecisionScope scope(exact_bits);
    const auto arguments = as<Ball>(c.arguments);
    caught.by_result +=
        certainly_differ(forward(arguments, c.attributes), operation.ball.forward(arguments, c.attributes));
    if (!vjp) continue;
    Tensors<Rational> direction;
    for (const auto& tensor : c.arguments.real) direction.push_back(generator.tensor(tensor.shape));
    caught.by_tape +=
        certainly_differ(vjp(arguments, as<Ball>(c.upstream), c.attributes),
                         operation.ball.tape_vjp(arguments, as<Ball>(c.upstream), c.attributes));
    caught.by_mean_value += !check_mean_value(operation, operation.ball.forward, vjp, c, direction).empty();
  }
  return caught;
}

class EachMisconception : public ::testing::TestWithParam<std::string> {
 protected:
  const Misconception& wrong =
      *std::ranges::find(misconceptions(), std::string_view(GetParam()), &Misconception::id);
};

TEST_P(EachMisconception, IsToldApartFromTheRightOperation) {
  const Caught caught = checks_that_catch(wrong);
  EXPECT_GT(caught.by_result + caught.by_tape, 0);
  if (wrong.forward) {
    EXPECT_GT(caught.by_result, 0) << "a mistaken result that never differs";
  }
  if (!wrong.forward) {
    EXPECT_GT(caught.by_tape, 0);
    EXPECT_GT(caught.by_mean_value, 0);
  }
}

std::vector<std::string> ids() {
  std::vector<std::string> result;
  for (const Misconception& wrong : misconceptions()) result.emplace_back(wrong.id);
  return result;
}

INSTANTIATE_TEST_SUITE_P(Of, EachMisconception, ::testing::ValuesIn(ids()), [](const auto& instance) {
  std::string name = instance.param;
  std::ranges::replace(name, '.', '_');
  return name;
});

/// One that the gradient checks catch wherever there is a gradient, one that differs in the result elsewhere.
TEST(Misconceptions, AreKnownForEveryOperation) {
  std::set<std::string_view> gradients, results;
  for (const Misconception& wrong : misconceptions()) {
    if (wrong.vjp) gradients.insert(wrong.operation);
    if (wrong.forward) results.insert(wrong.operation);
  }
  for (const Operation& operation : catalogue())
    EXPECT_TRUE((operation.ball.vjp ? gradients : results).contains(operation.name))
        << operation.name << " needs a misconception in oracles/misconceptions/";
}

/// One alone is what every wrong submission would be compared with.
TEST(Misconceptions, AreAtLeastTwoForEveryOperation) {
  for (const Operation& operation : catalogue())
    EXPECT_GE(std::ranges::count(misconceptions(), operation.name, &Misconception::operation), 2)
        << operation.name;
}

/// What one misconception makes of the cases of its operation: results and, where there are any, gradients.
std::vector<Tensors<Ball>> everything(const Misconception& wrong) {
  const Operation& operation = operation_named(wrong.operation);
  const auto forward = wrong.forward ? wrong.forward : operation.ball.forward;
  const auto vjp = wrong.vjp ? wrong.vjp : operation.ball.vjp;
  CaseGenerator generator(seed);
  std::vector<Tensors<Ball>> all;
  for (std::size_t i = 0; i < 2 * operation.samples.size(); ++i) {
    const Case c = generator.call(operation, i);
    const PrecisionScope scope(exact_bits);
    all.push_back(forward(as<Ball>(c.arguments), c.attributes));
    if (vjp) all.push_back(vjp(as<Ball>(c.arguments), as<Ball>(c.upstream), c.attributes));
  }
  return all;
}

/// Two names for one mistake would leave it to chance which of them a student is told.
TEST(Misconceptions, AreToldApartFromEachOther) {
  std::map<std::string_view, std::vector<std::pair<std::string_view, std::vector<Tensors<Ball>>>>> known;
  for (const Misconception& wrong : misconceptions())
    known[wrong.operation].emplace_back(wrong.id, everything(wrong));
  for (const auto& [operation, mistakes] : known)
    for (std::size_t a = 0; a < mistakes.size(); ++a)
      for (std::size_t b = 0; b < a; ++b)
        EXPECT_FALSE(
            std::ranges::equal(mistakes[a].second, mistakes[b].second, std::not_fn(certainly_differ)))
            << mistakes[a].first << " is never told apart from " << mistakes[b].first;
}

TEST(Misconceptions, AreSortedNamedAfterTheirOperationAndSayWhatIsWrong) {
  EXPECT_TRUE(std::ranges::is_sorted(misconceptions(), {}, &Misconception::id));
  std::set<std::string_view> seen;
  for (const Misconception& wrong : misconceptions()) {
    EXPECT_TRUE(seen.insert(wrong.id).second) << wrong.id << " is there twice";
    EXPECT_TRUE(wrong.id.starts_with(std::string(wrong.operation) + ".")) << wrong.id;
    EXPECT_NE(find_operation(wrong.operation), nullptr) << wrong.id;
    EXPECT_GT(wrong.mistake.size(), 10u) << wrong.id;
    EXPECT_TRUE(std::islower(static_cast<unsigned char>(wrong.mistake[0])) && wrong.mistake.back() != '.')
        << wrong.id << ": the sentence continues \"the submission ...\"";
    EXPECT_TRUE(wrong.forward || wrong.vjp) << wrong.id;
  }
}

}  // namespace
}  // namespace assay::oracles::testing
