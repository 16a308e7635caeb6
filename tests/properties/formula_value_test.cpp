/// What formulas are worth: against C++ written by hand, in exact fractions, at random points.
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "formula_random.hpp"
#include "oracles/numeric/numbers.hpp"
#include "properties/formula/formula.hpp"

namespace assay::properties::formula {
namespace {

using oracles::Ball;
using oracles::Rational;
using oracles::Shape;
using oracles::Tensor;
using oracles::Truth;
using testing::Writer;
using testing::Written;

constexpr std::uint64_t seed = 20;

/// Scalars a, b, x; vectors u, v of 4; a matrix W of 3 by 4; a label y of 1 to 4; the size m.
struct Numbers {
  Rational a, b, x;
  std::vector<Rational> u, v, w;
  std::size_t y = 1, m = 4;

  explicit Numbers(std::mt19937_64& random) {
    for (Rational* one : {&a, &b, &x}) *one = Writer::fraction(random);
    if (b == 0) b = 1;
    for (int i = 0; i < 4; ++i) u.push_back(Writer::fraction(random));
    for (int i = 0; i < 4; ++i) v.push_back(Writer::fraction(random));
    for (int i = 0; i < 12; ++i) w.push_back(Writer::fraction(random));
    y = 1 + random() % 4;
  }

  Environment<Rational> environment() const {
    Environment<Rational> result;
    result.real = {{"a", Tensor<Rational>::scalar(a)},   {"b", Tensor<Rational>::scalar(b)},
                   {"x", Tensor<Rational>::scalar(x)},   {"u", Tensor<Rational>(Shape{4}, u)},
                   {"v", Tensor<Rational>(Shape{4}, v)}, {"W", Tensor<Rational>(Shape{3, 4}, w)}};
    result.index = {{"y", oracles::IndexTensor::scalar(static_cast<std::int64_t>(y))},
                    {"m", oracles::IndexTensor::scalar(static_cast<std::int64_t>(m))}};
    return result;
  }
};

struct Example {
  std::vector<std::string> spellings;
  std::function<Rational(const Numbers&)> value;
};

Rational larger(const Rational& a, const Rational& b) {
  return a < b ? b : a;
}

const std::vector<Example> examples{
    {{"sum(i, 1, m, u_i v_i)/m", R"(\frac{1}{m}\sum_{i=1}^{m} u_i v_i)", "1/m Σ_{i=1}^m uᵢ vᵢ", "u^T v / m",
      R"(\frac{u^\top v}{m})", "dot(u, v)/length(u)"},
     [](const Numbers& n) {
       Rational sum = 0;
       for (std::size_t i = 0; i < 4; ++i) sum += n.u[i] * n.v[i];
       return Rational(sum / 4);
     }},
    {{"norm(u - v)^2 / 2", R"(\frac{1}{2}\lVert u - v \rVert_2^2)", "1/2 ‖u − v‖²", "sum((u - v)^2)/2",
      "1/2 sum(i = 1..4, (u[i] - v[i])^2)"},
     [](const Numbers& n) {
       Rational sum = 0;
       for (std::size_t i = 0; i < 4; ++i) sum += (n.u[i] - n.v[i]) * (n.u[i] - n.v[i]);
       return Rational(sum / 2);
     }},
    {{R"(\sum_{j \ne y} \max(0, u_j - u_y + 1))", "sum(j, 1, 4, 1[j != y] max(0, u[j] - u[y] + 1))",
      "Σ_{j≠y} max(0, u_j − u_y + 1)", "sum(j = 1..length(u), if(j = y, 0, relu(u_j - u_y + 1)))"},
     [](const Numbers& n) {
       Rational sum = 0;
       for (std::size_t j = 0; j < 4; ++j)
         if (j + 1 != n.y) sum += larger(0, n.u[j] - n.u[n.y - 1] + 1);
       return sum;
     }},
    {{"(W u)[2]", "(Wu)_2", R"(\sum_{k=1}^4 W_{2,k} u_k)", "sum(k, 1, 4, W[2][k] u[k])", "Σ_k W_{2,k} u_k"},
     [](const Numbers& n) {
       Rational sum = 0;
       for (std::size_t k = 0; k < 4; ++k) sum += n.w[4 + k] * n.u[k];
       return sum;
     }},
    {{"norm(u, 1)", R"(\|u\|_1)", "‖u‖₁", "sum(abs(u))", R"(\sum_i |u_i|)"},
     [](const Numbers& n) {
       Rational sum = 0;
       for (const Rational& one : n.u) sum += one < 0 ? Rational(-one) : one;
       return sum;
     }},
    {{"max(u) - min(u)", R"(\max_i u_i - \min_i u_i)", "max(i = 1..4, u_i) − min(j = 1..4, uⱼ)"},
     [](const Numbers& n) {
       const auto [low, high] = std::ranges::minmax(n.u);
       return Rational(high - low);
     }},
    {{"prod(i, 1, 4, u_i - x)", R"(\prod_{i=1}^{4} (u_i - x))", "Π_{i=1}^4 (uᵢ − x)", "prod(u - x)"},
     [](const Numbers& n) {
       Rational product = 1;
       for (const Rational& one : n.u) product *= one - n.x;
       return product;
     }},
    {{"if(x < 0, -x, 2x)", R"(\begin{cases} -x & x < 0 \\ 2x & x \ge 0 \end{cases})", "cases(x < 0, −x, 2x)",
      "1[x < 0] (-x) + 1[x ≥ 0] (2x)", "max(-x, 2x)", "3/2|x| + 1/2 x"},
     [](const Numbers& n) { return n.x < 0 ? Rational(-n.x) : Rational(2 * n.x); }},
    {{"a/b - (a + b)^3 x^-0 + 0.1", R"(\frac{a}{b} - (a + b)^{3} + \frac{1}{10})", "a÷b − (a + b)³ + 1e-1"},
     [](const Numbers& n) {
       const Rational sum = n.a + n.b;
       return Rational(n.a / n.b - sum * sum * sum + Rational(1, 10));
     }},
    {{"sum(i, 1, 3, sum(j, 1, 4, W_{ij}^2))", R"(\sum_{i=1}^{3}\sum_{j=1}^{4} W_{ij}^2)", "‖W‖²",
      "sum(W .* W)", R"(\sum_i \sum_j W_{ij}^2)"},
     [](const Numbers& n) {
       Rational sum = 0;
       for (const Rational& one : n.w) sum += one * one;
       return sum;
     }},
    {{"floor(a/b) + ceil(x)", R"(\lfloor \frac{a}{b} \rfloor + \lceil x \rceil)", "⌊a/b⌋ + ⌈x⌉"},
     [](const Numbers& n) {
       const auto below = [](const Rational& r) {  // by search: a floor of its own
         int whole = -2000;
         while (Rational(whole + 1) <= r) ++whole;
         return Rational(whole);
       };
       return Rational(below(n.a / n.b) - below(-n.x));
     }},
    {{"u^T (v v^T) u", "dot(u, v)^2", R"((u^{T} v)^2)"},
     [](const Numbers& n) {
       Rational sum = 0;
       for (std::size_t i = 0; i < 4; ++i) sum += n.u[i] * n.v[i];
       return Rational(sum * sum);
     }},
    {{"(W^T [a, b, x])[2]", R"((W^\top \begin{bmatrix} a \\ b \\ x \end{bmatrix})_2)", "(Wᵀ [a, b, x])₂",
      "([a, b, x]^T W)[2]", "sum(i, 1, 3, transpose(W)[2, i] * [a, b, x][i])",
      "a W_{1,2} + b W[2][2] + x W[3, 2]"},
     [](const Numbers& n) { return Rational(n.a * n.w[1] + n.b * n.w[5] + n.x * n.w[9]); }},
    {{"mean(u)", R"(\frac{\sum_i u_i}{m})", "sum(u)/m"},
     [](const Numbers& n) { return Rational((n.u[0] + n.u[1] + n.u[2] + n.u[3]) / 4); }},
    {{"sum(relu(W u))", R"(\sum_{i=1}^3 \max(0, (W u)_i))", "Σ_{i=1}^3 relu((W u)[i])"},
     [](const Numbers& n) {
       Rational sum = 0;
       for (std::size_t i = 0; i < 3; ++i) {
         Rational row = 0;
         for (std::size_t k = 0; k < 4; ++k) row += n.w[4 * i + k] * n.u[k];
         sum += larger(0, row);
       }
       return sum;
     }}};

TEST(FormulaExample, HasTheValueOfTheSameInCpp) {
  std::mt19937_64 random(seed);
  const Vocabulary vocabulary{{"a", "b", "x", "u", "v", "W", "y", "m"}};
  for (int round = 0; round < 30; ++round) {
    const Numbers numbers(random);
    const Environment<Rational> environment = numbers.environment();
    for (const Example& example : examples)
      for (const std::string& text : example.spellings)
        EXPECT_EQ(number(parse(text, vocabulary), environment), example.value(numbers)) << text;
  }
}

Writer::Point point(std::mt19937_64& random) {
  Writer::Point result;
  for (const char* name : {"x", "y", "alpha", "w_1"}) result[name] = Writer::fraction(random);
  return result;
}

template <class T>
Environment<T> environment(const Writer::Point& at) {
  Environment<T> result;
  for (const auto& [name, value] : at)
    result.real[name] = Tensor<T>::scalar(oracles::from_rational<T>(value));
  return result;
}

TEST(RandomFormula, HasItsValueInThreeSpellingsAndAfterPrinting) {
  std::mt19937_64 random(seed);
  std::size_t longest = 0;
  for (int round = 0; round < 2000; ++round) {
    const Writer::Point at = point(random);
    const Written one = Writer(random(), at).formula(round % 6);
    const Environment<Rational> exact = environment<Rational>(at);
    const Formula plain = parse(one.plain);
    longest = std::max(longest, one.plain.size());
    EXPECT_EQ(number(plain, exact), one.value) << one.plain;
    EXPECT_EQ(number(parse(one.latex), exact), one.value) << one.latex;
    EXPECT_EQ(number(parse(one.unicode), exact), one.value) << one.unicode;
    const std::string printed = to_text(plain);
    EXPECT_TRUE(parse(printed) == plain) << one.plain << " is printed as " << printed;
    EXPECT_LE(printed.size(), 2 * one.plain.size()) << "brackets only where they are needed";
    EXPECT_TRUE(oracles::contains(number(plain, environment<Ball>(at)), one.value)) << one.plain;
  }
  EXPECT_GT(longest, 300u) << "the formulas were all tiny";
}

TEST(FormulaValue, OfStatementsHasThreeValues) {
  Environment<Ball> balls;
  balls.real["x"] = Tensor<Ball>::scalar(oracles::ball_between(Ball(-1), Ball(1)));
  const auto answer = [&](const char* text) { return holds(parse(text), balls); };
  EXPECT_EQ(answer("x < 2"), Truth::yes);
  EXPECT_EQ(answer("x > 2"), Truth::no);
  EXPECT_EQ(answer("x > 0"), Truth::unknown);
  EXPECT_EQ(answer("x > 0 or x < 2"), Truth::yes);
  EXPECT_EQ(answer("x > 0 and x > 2"), Truth::no);
  EXPECT_EQ(answer("x > 0 implies x > 2"), Truth::unknown);
  EXPECT_EQ(answer("x > 2 implies x > 0"), Truth::yes);
  EXPECT_EQ(answer("not x > 0"), Truth::unknown);
  EXPECT_EQ(answer("-2 < x < 2 <= 3"), Truth::yes);
  EXPECT_EQ(answer("-2 < x < 0.5"), Truth::unknown);
  EXPECT_EQ(answer("if(x > 0, x < 2, x > -2)"), Truth::yes) << "both cases say yes";
  EXPECT_EQ(answer("[x, 1] < 2"), Truth::yes) << "of every element";
  EXPECT_EQ(answer("[x, 1] != [x, 2]"), Truth::yes);
}

TEST(FormulaValue, OfOpenCasesIsTheHull) {
  Environment<Ball> balls;
  balls.real["x"] = Tensor<Ball>::scalar(oracles::ball_between(Ball(-1), Ball(1)));
  const Ball either = number(parse("if(x > 0, 3, 5)"), balls);
  EXPECT_TRUE(oracles::contains(either, 3.0) && oracles::contains(either, 5.0));
  EXPECT_FALSE(oracles::contains(either, 5.5));
  const Ball counted = number(parse("1[x > 0]"), balls);
  EXPECT_TRUE(oracles::contains(counted, 0.0) && oracles::contains(counted, 1.0));
  const Ball whole = number(parse("floor(x + 1/2)"), balls);
  EXPECT_TRUE(oracles::contains(whole, -1.0) && oracles::contains(whole, 1.0));
  EXPECT_FALSE(oracles::contains(whole, 1.1));
}

TEST(FormulaValue, DoesNotEvaluateWhatIsDecided) {
  const Environment<Rational> exact = environment<Rational>({{"x", Rational(0)}});
  EXPECT_EQ(number(parse("if(x = 0, 7, 1/x)"), exact), 7);
  EXPECT_EQ(holds(parse("x != 0 and 1/x > 2"), exact), Truth::no);
  EXPECT_EQ(holds(parse("x = 0 or 1/x > 2"), exact), Truth::yes);
}

TEST(FormulaValue, InFloatsIsTheTextbooks) {
  const Environment<double> doubles = environment<double>({{"x", Rational(1, 3)}});
  EXPECT_EQ(number(parse("x + 0.1"), doubles), 1.0 / 3 + 0.1);
  EXPECT_EQ(number(parse("exp(x) tanh(x)"), doubles), std::exp(1.0 / 3) * std::tanh(1.0 / 3));
  EXPECT_TRUE(std::isnan(number(parse("0/(x - x)"), doubles)));
  const Environment<float> floats = environment<float>({{"x", Rational(1, 3)}});
  EXPECT_EQ(number(parse("x + 0.1"), floats), 1.0F / 3 + 0.1F);
}

TEST(FormulaValue, OfASumAdmitsEveryOrderInAFloatFormat) {
  const oracles::FormatScope scope(oracles::binary64);
  Environment<Ball> balls;
  balls.real["v"] = Tensor<Ball>(Shape{3}, {Ball(1e16), Ball(1.0), Ball(-1e16)});
  const Ball sum = number(parse("sum(i, 1, 3, v_i)"), balls);
  EXPECT_TRUE(oracles::contains(sum, (1e16 + 1.0) - 1e16));
  EXPECT_TRUE(oracles::contains(sum, (1e16 - 1e16) + 1.0));
}

TEST(FormulaValue, AsksTheSubjectForOperations) {
  Environment<Ball> right;
  right.real["X"] = Tensor<Ball>(Shape{2, 2}, {Ball(-1), Ball(0), Ball(2), Ball(3)});
  EXPECT_EQ(holds(parse("relu(X, output=\"Y\") = [[0, 0], [2, 3]]"), right), Truth::yes);
  EXPECT_EQ(holds(parse("leaky_relu(X, alpha=1/4) = [[-1/4, 0], [2, 3]]"), right), Truth::yes);
  EXPECT_EQ(holds(parse("leaky_relu(X, alpha=0.5) = [[-1/4, 0], [2, 3]]"), right), Truth::no);
  const auto planted =
      std::ranges::find(oracles::misconceptions(), "softmax.over_all_elements", &oracles::Misconception::id);
  Environment<Ball> wrong = right;
  wrong.subject = Subject<Ball>(*planted);
  const Formula formula = parse("softmax(X)[1, 1]");
  EXPECT_FALSE(oracles::overlaps(number(formula, right), number(formula, wrong)));
}

}  // namespace
}  // namespace assay::properties::formula
