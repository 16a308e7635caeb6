#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/oracles/ops/cases.hpp"

namespace assay::oracles::testing {
namespace {

constexpr std::uint64_t seed = 1;

bool identical(const Ball& a, const Ball& b) {
  return contains(a, b) && contains(b, a);
}
template <PlainNumber T>
bool identical(const T& a, const T& b) {
  return a == b;
}

template <class T>
void expect_identical(const Tensors<T>& got, const Tensors<T>& wanted, const std::string& what) {
  ASSERT_EQ(got.size(), wanted.size()) << what;
  for (std::size_t k = 0; k < got.size(); ++k) {
    ASSERT_EQ(got[k].shape, wanted[k].shape) << what;
    for (std::size_t i = 0; i < got[k].size(); ++i)
      EXPECT_TRUE(identical(got[k][i], wanted[k][i]))
          << what << " " << k << ", element " << i << ": " << got[k][i] << " for " << wanted[k][i];
  }
}

template <class T>
void expect_both_at_once(const Evaluator<T>& evaluator, const Case& c) {
  if (!evaluator.forward_and_vjp) return;
  const auto arguments = as<T>(c.arguments);
  const auto upstream = as<T>(c.upstream);
  const auto both = evaluator.forward_and_vjp(arguments, upstream, c.attributes);
  expect_identical(both.outputs, evaluator.forward(arguments, c.attributes), "output");
  expect_identical(both.cotangents, evaluator.vjp(arguments, upstream, c.attributes), "cotangent");
}

class JointEvaluation : public ::testing::TestWithParam<std::string> {
 protected:
  const Operation& operation = operation_named(GetParam());

  /// Calls `check` with calls of every sample.
  void for_cases(const auto& check) const {
    CaseGenerator generator(seed);
    for (std::size_t i = 0; i < 3 * operation.samples.size(); ++i) check(generator.call(operation, i));
  }
};

TEST_P(JointEvaluation, IsForwardAndVjp) {
  for_cases([&](const Case& c) {
    const PrecisionScope scope(256);
    expect_both_at_once(operation.ball, c);
    expect_both_at_once(operation.rational, c);
    expect_both_at_once(operation.float64, c);
    expect_both_at_once(operation.float32, c);
  });
}

TEST_P(JointEvaluation, IsForwardAndVjpInAFormat) {
  for (const Format& format : {binary64, binary32})
    for_cases([&](const Case& c) {
      const FormatScope scope(format);
      expect_both_at_once(operation.ball, c);
    });
}

TEST_P(JointEvaluation, RefusesWhatVjpRefuses) {
  for_cases([&](const Case& c) {
    const auto arguments = as<double>(c.arguments);
    const auto message = [&](const auto& evaluate) -> std::string {
      try {
        evaluate(arguments, Tensors<double>{}, c.attributes);
        return "nothing is refused";
      } catch (const ShapeError& error) {
        return error.what();
      }
    };
    EXPECT_EQ(message(operation.float64.forward_and_vjp), message(operation.float64.vjp));
    EXPECT_NE(message(operation.float64.vjp), "nothing is refused");
  });
}

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const Operation& operation : catalogue())
    if (operation.ball.forward_and_vjp) result.emplace_back(operation.name);
  return result;
}

INSTANTIATE_TEST_SUITE_P(Of, JointEvaluation, ::testing::ValuesIn(names()),
                         [](const auto& instance) { return instance.param; });

TEST(Evaluated, AsksForwardAndVjpWhereAnOperationDoesNotStateBothAtOnce) {
  const Operation& tanh = operation_named("tanh");
  ASSERT_EQ(tanh.float64.forward_and_vjp, nullptr);
  const Arguments<double> arguments{{Tensor<double>({2}, {-1, 2})}, {}};
  const Tensors<double> upstream = {Tensor<double>({2}, {3, 4})};
  const auto both = evaluated(tanh.float64, arguments, upstream, {});
  EXPECT_EQ(both.outputs, tanh.float64.forward(arguments, {}));
  EXPECT_EQ(both.cotangents, tanh.float64.vjp(arguments, upstream, {}));
}

TEST(Evaluated, PrefersBothAtOnce) {
  Evaluator<double> evaluator;
  evaluator.forward_and_vjp = [](const Arguments<double>&, const Tensors<double>&, const Attributes&) {
    return Evaluated<double>{{Tensor<double>::scalar(1)}, {Tensor<double>::scalar(2)}};
  };
  EXPECT_EQ(evaluated(evaluator, {}, {}, {}).cotangents[0][0], 2);
}

}  // namespace
}  // namespace assay::oracles::testing
