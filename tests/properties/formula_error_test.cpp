/// What is refused: where, with which words, and within which limits.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "oracles/numeric/ball.hpp"
#include "properties/formula/formula.hpp"

namespace assay::properties::formula {
namespace {

using oracles::Ball;
using oracles::Rational;

struct Refused {
  std::string text;
  std::size_t offset;
  std::string message;
};

const Vocabulary declared{{"x", "y", "weight", "labels", "n"}};

/// The error of a text that must not be understood.
Refused refusal(const std::string& text, const Vocabulary& vocabulary = declared) {
  try {
    return {text, 0, "understood as " + to_text(parse(text, vocabulary))};
  } catch (const FormulaError& error) {
    return {text, error.offset, error.what()};
  }
}

TEST(FormulaError, SaysWhereWhatAndWhatInstead) {
  const std::vector<Refused> all{
      {"", 0, "found the end, expected a number, a name or a bracket"},
      {"x + ", 4, "found the end, expected a number, a name or a bracket"},
      {"(x + 1", 6, "found the end, expected an operator or \")\""},
      {"x + 1)", 5, "found \")\", expected an operator or the end"},
      {"x 2", 2, "found \"2\", expected an operator or the end"},
      {"x # y", 2, "found \"#\", expected a character that formulas know"},
      {"x + wieght", 4, "found \"wieght\", expected a declared name; did you mean \"weight\"?"},
      {"sofmax(x)", 0, "found \"sofmax\", expected a declared name or a function; did you mean \"softmax\"?"},
      {"max_{2i} x", 5, "found \"2i\", expected the name of an index"},
      {"log_i 9", 4, "found \"i\", expected a declared name"},
      {"log x y", 6,
       "found \"y\", expected an operator, or brackets around the argument of the function before it"},
      {"x < y + (x < 1)", 11, "found a statement, expected a number; 1[...] makes one of a statement"},
      {"x and y < 1", 0, "found a number, expected a statement such as x > 0"},
      {"exp(x, y)", 0, "found 2 arguments, expected 1 argument of exp"},
      {"norm(x, 3)", 8, "found another norm, expected 1, 2 or inf"},
      {"diff(x^2, 3)", 10, "found an expression, expected a variable to differentiate by: x, x_1 or x[i]"},
      {"softmax(x, axes=1)", 11, "found \"axes\", expected an attribute or an input of softmax"},
      {"nll(x)", 0, "found 1 input, expected the input \"labels\" of nll"},
      {"\\frac{x}{y", 10, "found the end, expected an operator or \"}\""},
      {"\\phantom x", 0, "found \"\\phantom\", expected a LaTeX command that formulas know"},
      {"\\begin{align} x", 7, "found \"align\", expected cases, bmatrix, pmatrix or matrix"},
      {"\\sum_{i} y", 6, "found \"i\", expected bounds, as in _{i=1}^{n}, or a vector with this index"},
      {"\\sin^{-1} x", 4, "found \"^\", expected a power that is no inverse; write (sin(x))^-1"},
      {"x^{(n)}", 2, "found \"{\", expected an exponent without brackets, x^{i}; or an index, x_i"},
      {"1e99999", 0, "found \"1e99999\", expected a number, its exponent within 9999 of zero"},
      {"|x", 2, "found the end, expected an operator or \"|\""},
      {"x \xFF", 2, "found a byte that is no text, expected a character that formulas know"},
      {"x ☃ y", 2, "found \"☃\", expected a character that formulas know"},
      {"x \"y\"", 2, "found \"\"y\"\", expected an operator or the end"},
      {"sum(i, 1, n", 11, "found the end, expected \",\" and what is to be combined"}};
  for (const Refused& one : all) {
    const Refused got = refusal(one.text);
    EXPECT_EQ(got.message, one.message) << one.text;
    EXPECT_EQ(got.offset, one.offset) << one.text;
  }
}

TEST(FormulaError, PointsAtItsPlace) {
  EXPECT_EQ(pointed("a + ) b", 4), "a + ) b\n    ^");
  EXPECT_EQ(pointed("α·# b", 4), "α·# b\n  ^") << "columns are letters, not bytes";
  EXPECT_EQ(pointed("first\nsecond # x\nthird", 13), "second # x\n       ^");
  EXPECT_EQ(pointed("x +", 3), "x +\n   ^");
  EXPECT_EQ(pointed("x\x01\xFF", 2), "x??\n  ^");
  EXPECT_EQ(pointed("", 99), "\n^");
  EXPECT_EQ(pointed(std::string(200, 'x') + "#", 200).find("..."), 0u);
}

TEST(FormulaError, KeepsLimits) {
  EXPECT_THROW(parse(std::string(longest_text + 1, ' ')), FormulaTooLarge);
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '(') + "x" +
           std::string(static_cast<std::size_t>(depth), ')');
  };
  EXPECT_NO_THROW(parse(nested(20)));
  for (const std::string& text :
       {nested(5000), std::string(5000, '-') + "x", "x" + std::string(5000, '^'), std::string(9000, '|'),
        std::string(5000, '['), std::string(5000, '{'), "x" + [] {
          std::string tower;
          for (int i = 0; i < 5000; ++i) tower += "^x";
          return tower;
        }()})
    EXPECT_THROW(parse(text), FormulaError);
  EXPECT_THROW(parse(nested(100)), FormulaTooLarge);
  EXPECT_THROW(parse(std::string(5000, 'x'), declared), FormulaTooLarge);
  std::string chain = "x";
  for (int i = 0; i < 200; ++i) chain += "+x";
  EXPECT_NO_THROW(parse(chain));
  for (int i = 0; i < 200; ++i) chain += "+x";
  EXPECT_THROW(parse(chain), FormulaTooLarge);
}

template <class T>
Environment<T> simple() {
  Environment<T> result;
  result.real["x"] = oracles::Tensor<T>::scalar(T(2));
  result.real["v"] = oracles::Tensor<T>({3}, {T(1), T(2), T(3)});
  result.real["A"] = oracles::Tensor<T>({2, 3}, {T(1), T(2), T(3), T(4), T(5), T(6)});
  result.index["n"] = oracles::IndexTensor::scalar(3);
  return result;
}

template <class Error>
std::string raised(const char* text) {
  try {
    evaluate(parse(text), simple<Rational>());
    return "nothing";
  } catch (const Error& error) {
    return error.what();
  } catch (const std::exception& error) {
    return std::string("another: ") + error.what();
  }
}

TEST(FormulaValue, IsRefusedByName) {
  EXPECT_EQ(raised<NotRational>("exp(x)"), "exp has no exact value in fractions");
  EXPECT_EQ(raised<NotRational>("x^(1/2)"), "a power that is not whole has no exact value in fractions");
  EXPECT_EQ(raised<NotRational>("pi"), "pi has no exact value in fractions");
  EXPECT_EQ(raised<NotRational>("softmax(v)"), "softmax has no exact value in fractions");
  EXPECT_EQ(raised<DivisionByZero>("1/(x - 2)"), "division by zero");
  EXPECT_EQ(raised<DivisionByZero>("(x - 2)^-1"), "zero to a negative power");
  EXPECT_EQ(raised<UnboundName>("x + q"), "\"q\" has no value");
  EXPECT_EQ(raised<ShapeMismatch>("v[4]"), "index 4 of \"v\" is out of range: indices count from 1 to 3");
  EXPECT_EQ(raised<ShapeMismatch>("v[0]"), "index 0 of \"v\" is out of range: indices count from 1 to 3");
  EXPECT_EQ(raised<ShapeMismatch>("x[1]"), "\"x\" has shape (): it takes 0 indices, not 1");
  EXPECT_EQ(raised<ShapeMismatch>("v[1/2]"), "a whole number is needed here");
  EXPECT_EQ(
      raised<ShapeMismatch>("v v"),
      "shape (3) times shape (3); write a^T b for a number, a b^T for a matrix, a .* b for elementwise");
  EXPECT_EQ(raised<ShapeMismatch>("v + [1, 2]"), "shape (3) meets shape (2)");
  EXPECT_EQ(raised<ShapeMismatch>("1/v"), "division by shape (3); only numbers divide");
  EXPECT_EQ(raised<ShapeMismatch>("max(i = 1..0, i)"), "an empty range has no maximum and no minimum");
  EXPECT_EQ(raised<EvaluationError>("inf"),
            "infinity is no number of a formula; it can only say which norm is meant");
  EXPECT_EQ(raised<EvaluationError>("if(x < 0, 1)"), "none of the cases applies");
  EXPECT_EQ(raised<NotDifferentiable>("diff(diff(diff(x^3, x), x), x)"),
            "derivatives of the third order are not taken");
  EXPECT_EQ(raised<UnboundName>("diff(x, q)"), "\"q\" has no value");
}

TEST(FormulaValue, OfBallsIsNaNWhereFractionsRefuse) {
  EXPECT_TRUE(oracles::is_nan(number(parse("1/(x - 2)"), simple<Ball>())));
  EXPECT_TRUE(oracles::is_nan(number(parse("log(x - 3)"), simple<Ball>())));
}

/// The ends of 1/2 with a radius of 2^(10^59) would take more memory than there is.
TEST(FormulaValue, OfBallsStaysSmallHoweverFarTheExponentsGo) {
  const auto ball = [](const char* text) { return number(parse(text), simple<Ball>()); };
  EXPECT_FALSE(oracles::is_finite(ball("relu(3^(2^200) - 3^(2^200) - 1/2)")));
  EXPECT_TRUE(oracles::contains(ball("relu(3^(2^40 + 1/2) - 3^(2^40 + 1/2) + 1/2)"), 0.5));
  EXPECT_TRUE(oracles::contains(ball("relu(1 + 3^-(2^40))"), 1.0));
  EXPECT_EQ(holds(parse("0 < exp(-10^9) < 1"), simple<Ball>()), oracles::Truth::yes) << "small, and known";
  EXPECT_THROW(ball("softplus([exp(-10^9), 1], beta=2)[1]"), TooMuchWork);
}

TEST(FormulaValue, StopsWithinItsBudget) {
  for (const char* text : {"sum(i, 1, 10^15, i)", "sum(i, 1, 1000000, i)", "sum(i,1,9999, sum(j,1,9999, x))",
                           "prod(i = 1..100000, x)", "((((x+1/3)^99)^99)^99)^99", "x^99999999", "x^(10^17)",
                           "sum(i=1..100000, 1/i)", "diff(prod(i=1..100000, if(i < 50000, x/3, 3x)), x)",
                           "max(i = 0..10^18, i)", "sum(i = -9223372036854775807..9223372036854775807, 1)"})
    EXPECT_THROW(evaluate(parse(text), simple<Rational>()), TooMuchWork)
        << text << ": " << raised<TooMuchWork>(text);
  EXPECT_EQ(raised<TooMuchWork>("prod(i = 1..2, (x + 1/3)^9999)"), "a fraction grows beyond 65536 bits");
  EXPECT_EQ(raised<TooMuchWork>("((x + 1/3)^9999)^9"), "a fraction grows beyond 65536 bits");
  EXPECT_EQ(raised<TooMuchWork>("sum(i, 1, 10^15, i)"), "the formula needs more than 1000000 steps");
  Environment<Rational> thrifty = simple<Rational>();
  thrifty.steps = 10;
  EXPECT_NO_THROW(evaluate(parse("x + 1 + x"), thrifty));
  EXPECT_THROW(evaluate(parse("x + 1 + x + 1 + x + 1"), thrifty), TooMuchWork);
}

}  // namespace
}  // namespace assay::properties::formula
