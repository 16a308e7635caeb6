#include <gtest/gtest.h>

#include <cstdint>

#include "oracles/ops/affine.hpp"
#include "oracles/ops/l2_penalty.hpp"
#include "tests/oracles/ops/cases.hpp"

namespace assay::oracles::testing {
namespace {

/// A number that counts what is done to it.
struct Counting {
  double value = 0;
  static inline std::uint64_t multiplications = 0, additions = 0;

  Counting() = default;
  Counting(int number) : value(number) {}
  explicit Counting(const Rational& number) : value(nearest_double(number)) {}

  friend Counting operator*(const Counting& a, const Counting& b) {
    ++multiplications;
    return made(a.value * b.value);
  }
  friend Counting operator+(const Counting& a, const Counting& b) {
    ++additions;
    return made(a.value + b.value);
  }
  Counting& operator+=(const Counting& b) { return *this = *this + b; }
  Counting& operator*=(const Counting& b) { return *this = *this * b; }

 private:
  static Counting made(double number) {
    Counting result;
    result.value = number;
    return result;
  }
};

std::uint64_t multiplications_of(const auto& call) {
  Counting::multiplications = Counting::additions = 0;
  call();
  return Counting::multiplications;
}

TEST(Cost, OfAffineIsWhatTheTextbookLoopMultiplies) {
  CaseGenerator generator(1);
  const Operation& operation = operation_named("affine");
  for (int i = 0; i < 20; ++i) {
    const Case c = generator.call(operation, static_cast<std::size_t>(i));
    const auto arguments = as<Counting>(c.arguments);
    const Cost cost = operation.cost(input_shapes(operation, c.arguments), {});
    EXPECT_EQ(multiplications_of([&] { ops::Affine::forward(arguments, {}); }), cost.multiply_adds);
    EXPECT_EQ(cost.parameters, arguments.real[1].size() + arguments.real[2].size());
  }
  EXPECT_EQ(operation.cost({{2, 3}, {3, 4}, {4}}, {}).multiply_adds, 2u * 3u * 4u);
}

TEST(Cost, OfL2PenaltyLeavesOutTheTwoScalings) {
  CaseGenerator generator(1);
  const Operation& operation = operation_named("l2_penalty");
  for (int i = 0; i < 20; ++i) {
    const Case c = generator.call(operation, static_cast<std::size_t>(i));
    const auto arguments = as<Counting>(c.arguments);
    EXPECT_EQ(multiplications_of([&] { ops::L2Penalty::forward(arguments, c.attributes); }),
              operation.cost(input_shapes(operation, c.arguments), c.attributes).multiply_adds + 2);
  }
}

TEST(Cost, ChecksTheShapesFirst) {
  EXPECT_THROW(operation_named("affine").cost({{2, 3}, {4, 4}, {4}}, {}), ShapeError);
}

}  // namespace
}  // namespace assay::oracles::testing
