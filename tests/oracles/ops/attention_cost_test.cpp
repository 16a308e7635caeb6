#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

#include "oracles/ops/gradient_descent_quadratic.hpp"
#include "oracles/ops/gru_cell.hpp"
#include "oracles/ops/lstm_cell.hpp"
#include "oracles/ops/multi_head_attention.hpp"
#include "oracles/ops/patch_attention.hpp"
#include "oracles/ops/rnn_tanh_cell.hpp"
#include "oracles/ops/scaled_dot_product_attention.hpp"
#include "tests/oracles/ops/cases.hpp"

namespace assay::oracles::testing {
namespace {

/// A number that counts how often it is multiplied.
struct Counted {
  double value = 0;
  static inline std::uint64_t multiplications = 0;

  Counted() = default;
  explicit Counted(double number) : value(number) {}
  Counted(int number) : value(number) {}
  explicit Counted(const Rational& number) : value(nearest_double(number)) {}

  friend Counted operator*(const Counted& a, const Counted& b) {
    ++multiplications;
    return Counted(a.value * b.value);
  }
  friend Counted operator/(const Counted& a, const Counted& b) { return Counted(a.value / b.value); }
  friend Counted operator+(const Counted& a, const Counted& b) { return Counted(a.value + b.value); }
  friend Counted operator-(const Counted& a, const Counted& b) { return Counted(a.value - b.value); }
  friend Counted operator-(const Counted& a) { return Counted(-a.value); }
  Counted& operator+=(const Counted& b) { return *this = *this + b; }
  Counted& operator-=(const Counted& b) { return *this = *this - b; }
  Counted& operator*=(const Counted& b) { return *this = *this * b; }
  Counted& operator/=(const Counted& b) { return *this = *this / b; }
};

Counted exp(const Counted& x) {
  return Counted(std::exp(x.value));
}
Counted expm1(const Counted& x) {
  return Counted(std::expm1(x.value));
}
Counted log(const Counted& x) {
  return Counted(std::log(x.value));
}
Counted sqrt(const Counted& x) {
  return Counted(std::sqrt(x.value));
}
Counted tanh(const Counted& x) {
  return Counted(std::tanh(x.value));
}
Counted sigmoid(const Counted& x) {
  return Counted(1 / (1 + std::exp(-x.value)));
}
bool is_finite(const Counted& x) {
  return std::isfinite(x.value);
}
Truth equal(const Counted& a, const Counted& b) {
  return truth(a.value == b.value);
}

/// The multiplications of the textbook are those that feed the sums of the cost, and `elementwise(shapes)`
/// others: factors of the scores, gates.
template <class Op, class Elementwise>
void expect_counted(const Elementwise& elementwise) {
  CaseGenerator generator(1);
  const Operation& operation = operation_named(Op::name);
  for (std::size_t i = 0; i < operation.samples.size(); ++i) {
    const Case c = generator.call(operation, i);
    if (!c.arguments.index.empty() && c.arguments.index[0].size() != 0) continue;  // masked: fewer
    if (c.attributes.contains("is_causal") || c.attributes.contains("normalise")) continue;
    const auto arguments = as<Counted>(c.arguments);
    const Shapes shapes = input_shapes(operation, c.arguments);
    Counted::multiplications = 0;
    Op::forward(arguments, c.attributes);
    EXPECT_EQ(Counted::multiplications,
              operation.cost(shapes, c.attributes).multiply_adds + elementwise(shapes, c.attributes))
        << Op::name << ", sample " << i;
  }
}

std::uint64_t count_of(const Attributes& attributes, const char* name, std::uint64_t fallback) {
  const auto found = attributes.find(name);
  return found == attributes.end() ? fallback : std::stoull(found->second);
}

TEST(AttentionCost, IsWhatTheMatrixProductsMultiply) {
  expect_counted<ops::ScaledDotProductAttention>([](const Shapes& s, const Attributes&) {
    return element_count(s[0]) / s[0].back() * s[1][s[1].size() - 2];
  });
  expect_counted<ops::MultiHeadAttention>([](const Shapes& s, const Attributes& attributes) {
    const Shape keys = s[1] == absent ? s[0] : s[1];
    return count_of(attributes, "num_heads", 1) * s[0][0] * s[0][1] * keys[1];
  });
  expect_counted<ops::PatchAttention>([](const Shapes&, const Attributes&) { return 0u; });
}

TEST(RecurrenceCost, IsWhatTheGatesMultiply) {
  expect_counted<ops::RnnTanhCell>([](const Shapes&, const Attributes&) { return 0u; });
  expect_counted<ops::LstmCell>([](const Shapes& s, const Attributes&) { return 3 * s[0][0] * s[4][1]; });
  expect_counted<ops::GruCell>([](const Shapes& s, const Attributes&) { return 3 * s[0][0] * s[3][1]; });
}

TEST(DescentCost, IsWhatTheMatrixProductsMultiply) {
  expect_counted<ops::GradientDescentQuadratic>([](const Shapes& s, const Attributes& attributes) {
    return count_of(attributes, "steps", 10) * s[1][0];
  });
}

TEST(AttentionCost, CountsAllWeightsThatAreGiven) {
  const Shape no = absent;
  EXPECT_EQ(operation_named("multi_head_attention")
                .cost({{1, 2, 4}, no, no, {12, 4}, no, no, no, {12}, {4, 4}, {4}, no}, {})
                .parameters,
            4u * (4 * 4 + 4));
  EXPECT_EQ(operation_named("lstm_cell").cost({{1, 3}, no, no, {8, 3}, {8, 2}, {8}, no}, {}).parameters,
            4u * (2 * 3 + 2 * 2 + 2));
}

}  // namespace
}  // namespace assay::oracles::testing
