/// Derivatives inside formulas: against difference quotients that are exact, against the gradients that
/// operations state by hand, and at kinks.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "formula_random.hpp"
#include "oracles/catalogue.hpp"
#include "oracles/numeric/numbers.hpp"
#include "properties/formula/formula.hpp"

namespace assay::properties::formula {
namespace {

using oracles::Ball;
using oracles::Rational;
using oracles::Shape;
using oracles::Tensor;
using testing::Writer;
using testing::Written;

constexpr std::uint64_t seed = 21;

Environment<Rational> at(const Writer::Point& point) {
  Environment<Rational> result;
  for (const auto& [name, value] : point) result.real[name] = Tensor<Rational>::scalar(value);
  return result;
}

/// The derivative of a polynomial of that degree, from degree + 1 of its values: Lagrange's formula,
/// f'(x₀) = Σ_{j>0} (f(xⱼ) − f(x₀)) / (xⱼ − x₀) · Π_{k≠0,j} (x₀ − xₖ)/(xⱼ − xₖ).
Rational difference_quotient(const Formula& formula, Writer::Point point, const std::string& name,
                             int degree) {
  const Rational here = point[name];
  std::vector<Rational> steps, values;
  for (int j = 0; j <= degree; ++j) {
    steps.push_back(Rational(j, 3));
    point[name] = here + steps.back();
    values.push_back(number(formula, at(point)));
  }
  Rational slope = 0;
  for (std::size_t j = 1; j < steps.size(); ++j) {
    Rational weight = (values[j] - values[0]) / steps[j];
    for (std::size_t k = 1; k < steps.size(); ++k)
      if (k != j) weight *= -steps[k] / (steps[j] - steps[k]);
    slope += weight;
  }
  return slope;
}

TEST(FormulaDerivative, OfPolynomialsIsTheirDifferenceQuotient) {
  std::mt19937_64 random(seed);
  int tried = 0;
  for (int round = 0; round < 300; ++round) {
    Writer::Point point{{"x", Writer::fraction(random)}, {"y", Writer::fraction(random)}};
    const Written one = Writer(random(), point, true).formula(4);
    if (one.degree == 0 || one.degree > 8) continue;
    ++tried;
    for (const char* name : {"x", "y"}) {
      const std::string first = "diff(" + one.plain + ", " + name + ")";
      EXPECT_EQ(number(parse(first), at(point)),
                difference_quotient(parse(one.plain), point, name, one.degree))
          << first;
      const std::string second = "diff(" + first + ", x)";
      EXPECT_EQ(number(parse(second), at(point)), difference_quotient(parse(first), point, "x", one.degree))
          << second;
    }
  }
  EXPECT_GT(tried, 100);
}

TEST(FormulaDerivative, WouldNoticeAWrongPower) {
  const Writer::Point point{{"x", Rational(3, 2)}};
  EXPECT_NE(number(parse("diff(x^3, x)"), at(point)), difference_quotient(parse("x^2"), point, "x", 3));
  EXPECT_EQ(number(parse("diff(x^3, x)"), at(point)), Rational(27, 4));
}

Environment<Ball> vectors() {
  Environment<Ball> result;
  result.real["z"] = Tensor<Ball>(Shape{3}, {Ball(0.5), Ball(-1.25), Ball(2.0)});
  result.real["g"] = Tensor<Ball>(Shape{3}, {Ball(1.0), Ball(-3.0), Ball(0.5)});
  result.real["x"] = Tensor<Ball>::scalar(Ball(0.75));
  result.index["y"] = oracles::IndexTensor(Shape{1}, {1});
  return result;
}

Tensor<Ball> tensor(const char* text) {
  return std::get<Tensor<Ball>>(evaluate(parse(text), vectors()));
}

void expect_same(const Tensor<Ball>& a, const Tensor<Ball>& b, const std::string& what) {
  ASSERT_EQ(a.shape, b.shape) << what;
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(oracles::overlaps(a[i], b[i])) << what << " [" << i << "]";
    EXPECT_LT(oracles::radius_double(a[i]), 1e-25) << what;
    EXPECT_LT(oracles::radius_double(b[i]), 1e-25) << what;
  }
}

TEST(FormulaDerivative, OfAFormulaIsTheGradientThatTheOperationStates) {
  const std::string loss = "log(sum(i, 1, 3, exp(z_i))) - z[2]";
  const oracles::Operation& operation = oracles::operation_named("softmax_cross_entropy");
  Tensor<Ball> logits = vectors().real["z"];
  logits.shape = {1, 3};
  const oracles::Arguments<Ball> arguments{{logits, Tensor<Ball>(oracles::absent)}, {vectors().index["y"]}};
  Tensor<Ball> stated = operation.ball.vjp(arguments, {Tensor<Ball>::scalar(Ball(1))}, {})[0];
  stated.shape = {3};
  expect_same(tensor(("diff(" + loss + ", z)").c_str()), stated, "the formula");
  expect_same(tensor("diff(softmax_cross_entropy(z, y), z)"), stated, "the operation in a formula");
  EXPECT_FALSE(oracles::overlaps(tensor("diff(softmax_cross_entropy(z, [0]), z)")[0], stated[0]))
      << "another label";
}

TEST(FormulaDerivative, GoesThroughOperationsByTheChainRule) {
  expect_same(tensor("diff(dot(g, softmax(2 z)), z)"),
              tensor("diff(sum(i, 1, 3, g_i exp(2 z_i)) / sum(i, 1, 3, exp(2 z_i)), z)"), "chain rule");
  expect_same(tensor("diff(softmax(z), z)"), tensor("diff(exp(z) / sum(exp(z)), z)"), "Jacobian");
  expect_same(tensor("diff(softmax(z)[2], z[1])"), Tensor<Ball>::scalar(tensor("diff(softmax(z), z)")[3]),
              "one element of it");
}

TEST(FormulaDerivative, OfFunctionsIsTheTextbooks) {
  const std::vector<std::pair<const char*, const char*>> table{
      {"exp(x^2)", "2 x exp(x^2)"},
      {"log(x)", "1/x"},
      {"sqrt(x)", "1/(2 sqrt(x))"},
      {"tanh(x)", "1 - tanh(x)^2"},
      {"sigmoid(x)", "sigmoid(x) (1 - sigmoid(x))"},
      {"softplus(x)", "sigmoid(x)"},
      {"erf(x)", "2/sqrt(pi) exp(-x^2)"},
      {"sin(x) cos(x)", "cos(2x)"},
      {"x^x", "x^x (log(x) + 1)"},
      {"e^(2x)", "2 exp(2x)"},
      {"x^(1/3)", "x^(-2/3)/3"},
      {"log(x, 2)", "1/(x log 2)"},
      {"abs(x)^3", "3 x^2"},
      {"norm([x, 2x, 2x])", "3"},
      {"sum(k, 1, 3, x^k)", "1 + 2x + 3x^2"},
      {"prod(k, 1, 3, x + k)", "(x+1)(x+2) + (x+1)(x+3) + (x+2)(x+3)"},
      {"if(x < 1, x^2, x^3)", "2x"},
      {"max(x, 2x)", "2"},
      {"diff(erf(x), x)", "-4 x/sqrt(pi) exp(-x^2)"},
      {"diff(softplus(x), x)", "sigmoid(x) (1 - sigmoid(x))"},
      {"diff(x^x, x)", "x^x ((log(x) + 1)^2 + 1/x)"}};
  Environment<double> doubles;
  doubles.real["x"] = Tensor<double>::scalar(0.75);
  Environment<float> floats;
  floats.real["x"] = Tensor<float>::scalar(0.75F);
  for (const auto& [formula, derivative] : table) {
    const std::string text = "diff(" + std::string(formula) + ", x)";
    expect_same(tensor(text.c_str()), tensor(derivative), text);
    const double truth = number(parse(derivative), doubles);
    // Rounding only: the formulas have some dozens of operations and no cancellation to speak of.
    EXPECT_NEAR(number(parse(text), doubles), truth, 1e3 * 0x1p-53 * (1 + std::abs(truth))) << text;
    EXPECT_NEAR(number(parse(text), floats), truth, 1e3 * 0x1p-24 * (1 + std::abs(truth))) << text;
  }
}

TEST(FormulaDerivative, HasTheShapeOfValueAndVariable) {
  EXPECT_EQ(tensor("diff(sum(z), z)").shape, Shape{3});
  EXPECT_EQ(tensor("diff(x z, x)").shape, Shape{3});
  EXPECT_EQ(tensor("diff(z .* z, z)").shape, (Shape{3, 3}));
  EXPECT_EQ(tensor("diff(diff(dot(z, z), z), z)").shape, (Shape{3, 3}));
  EXPECT_EQ(tensor("diff(x^2, z)").shape, Shape{3}) << "zero, for every element";
}

struct Kink {
  const char* formula;
  double low, high;  ///< the subdifferential at x = 0
  int at_zero;       ///< what fractions answer
};

TEST(FormulaDerivative, AtAKinkIsTheWholeSubdifferentialOnBalls) {
  Environment<Ball> balls;
  balls.real["x"] = Tensor<Ball>::scalar(Ball(0));
  Environment<Rational> exact;
  exact.real["x"] = Tensor<Rational>::scalar(0);
  for (const Kink& kink : {Kink{"relu(x)", 0, 1, 0}, Kink{"abs(x)", -1, 1, 0}, Kink{"max(0, x)", 0, 1, 1},
                           Kink{"max(x, -x)", -1, 1, -1}, Kink{"2 max(0, 1 - x - 1)", -2, 0, -2}}) {
    const Formula formula = parse("diff(" + std::string(kink.formula) + ", x)");
    const Ball slope = number(formula, balls);
    EXPECT_TRUE(oracles::contains(slope, kink.low) && oracles::contains(slope, kink.high)) << kink.formula;
    EXPECT_FALSE(oracles::contains(slope, kink.low - 0.01) || oracles::contains(slope, kink.high + 0.01))
        << kink.formula;
    EXPECT_EQ(number(formula, exact), kink.at_zero) << kink.formula;
  }
}

TEST(FormulaDerivative, ThroughAnOperationIsTakenOnce) {
  EXPECT_THROW(tensor("diff(diff(sum(softmax(z)), z), z)"), NotDifferentiable);
  EXPECT_NO_THROW(tensor("diff(diff(sum(softmax(z)) + x^2, x), x)")) << "where it varies; elsewhere never";
  EXPECT_THROW(tensor("diff(accuracy(z, y), z)"), NotDifferentiable);
}

}  // namespace
}  // namespace assay::properties::formula
