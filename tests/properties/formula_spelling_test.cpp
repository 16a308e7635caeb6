/// What is read: precedence, the three spellings, names, and the canonical text.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "oracles/numeric/rational.hpp"
#include "properties/formula/formula.hpp"

namespace assay::properties::formula {
namespace {

using oracles::Rational;

/// Some point at which no two of the readings below agree by chance.
Environment<Rational> point() {
  Environment<Rational> result;
  const auto set = [&](const char* name, const char* value) {
    result.real[name] = oracles::Tensor<Rational>::scalar(oracles::parse_rational(value));
  };
  set("a", "7/3");
  set("b", "-5/2");
  set("c", "11/7");
  set("x", "13/5");
  set("y", "-17/11");
  result.index["n"] = oracles::IndexTensor::scalar(3);
  return result;
}

Rational value(const std::string& text) {
  return number(parse(text), point());
}

struct Reading {
  const char *text, *right, *wrong;  ///< the same with all brackets, and a reading with another precedence
};

const std::vector<Reading> readings{
    {"a + b * c", "a + (b * c)", "(a + b) * c"},
    {"a - b - c", "(a - b) - c", "a - (b - c)"},
    {"a - b + c", "(a - b) + c", "a - (b + c)"},
    {"a / b / c", "(a / b) / c", "a / (b / c)"},
    {"a / b * c", "(a / b) * c", "a / (b * c)"},
    {"1/2x", "(1/2) * x", "1 / (2 * x)"},
    {"a / b c", "(a / b) * c", "a / (b * c)"},
    {"-x^2", "-(x^2)", "(-x)^2"},
    {"2x^2", "2 * (x^2)", "(2 * x)^2"},
    {"x^2^3", "x^(2^3)", "(x^2)^3"},
    {"2^-1^2", "2^(-(1^2))", "(2^(-1))^2"},
    {"x^-2 y", "(x^(-2)) * y", "x^(-2 * y * y / y * 0)"},
    {"2 (a + b) c", "(2 * (a + b)) * c", "2 * (a + b + c)"},
    {"a - -b", "a - (-b)", "a - b"},
    {"a * -b", "a * (-b)", "a - b"},
    {"|a b|c", "(abs(a * b)) * c", "abs(a * b) + c"},
    {"sum(i = 1..n, i) + a", "(sum(i = 1..n, i)) + a", "sum(i = 1..n, i + a)"},
    {"\\sum_{i=1}^{n} i x + a", "(sum(i = 1..n, i * x)) + a", "sum(i = 1..n, i * x + a)"},
    {"\\sum_{i=1}^{n} i x", "sum(i = 1..n, i * x)", "sum(i = 1..n, i) + x"},
    {"\\frac12 x", "(1/2) * x", "1/(2 * x)"},
    {"\\frac{a}{b}c", "(a/b) * c", "a/(b * c)"},
    {"x^{2}y", "(x^2) * y", "x^(2 * y / y * 3)"},
    {"x²y", "(x^2) * y", "x^(2 + 1)"}};

TEST(FormulaPrecedence, IsTheDocumentedOne) {
  for (const Reading& one : readings) {
    EXPECT_EQ(value(one.text), value(one.right)) << one.text;
    EXPECT_TRUE(parse(one.text) == parse(one.right)) << one.text << " is " << to_text(parse(one.text));
  }
}

TEST(FormulaPrecedence, WouldShowAnotherReading) {
  for (const Reading& one : readings) {
    EXPECT_NE(value(one.text), value(one.wrong)) << one.text;
    EXPECT_FALSE(parse(one.text) == parse(one.wrong)) << one.text;
  }
}

TEST(FormulaPrecedence, OfLogic) {
  const std::vector<Reading> logic{
      {"a < b and b < c or c < a", "((a < b) and (b < c)) or (c < a)", "(a < b) and ((b < c) or (c < a))"},
      {"not a < b and c < a", "(not (a < b)) and (c < a)", "not ((a < b) and (c < a))"},
      {"a < b implies b < c implies c < a", "(a < b) implies ((b < c) implies (c < a))",
       "((a < b) implies (b < c)) implies (c < a)"},
      {"a < b or b < c implies c < a", "((a < b) or (b < c)) implies (c < a)",
       "(a < b) or ((b < c) implies (c < a))"},
      {"a + b < c x", "(a + b) < (c * x)", "(a + (b * 1)) < (c * x)"}};
  for (const Reading& one : logic) {
    EXPECT_TRUE(parse(one.text) == parse(one.right)) << to_text(parse(one.text));
    EXPECT_FALSE(parse(one.text) == parse(one.wrong)) << one.text;
  }
}

struct Spelling {
  const char *plain, *latex, *unicode;
};

const std::vector<Spelling> spellings{
    {"a*b", R"(a \cdot b)", "a·b"},
    {"a*b", R"($a \times b$)", "a × b"},
    {"a - b/c", R"(a - \frac{b}{c})", "a − b ÷ c"},
    {"x^2 + y^3", R"(x^{2} + y^3)", "x² + y³"},
    {"x^10", R"(x^{10})", "x¹⁰"},
    {"x^-1", R"(x^{-1})", "x⁻¹"},
    {"x^n", R"(x^n)", "xⁿ"},
    {"sqrt(x + 1)", R"(\sqrt{x + 1})", "√(x + 1)"},
    {"sqrt(x)", R"(\sqrt x)", "√x"},
    {"x^(1/3)", R"(\sqrt[3]{x})", "x^(1/3)"},
    {"alpha*beta_1", R"(\alpha \beta_1)", "α β₁"},
    {"epsilon", R"(\varepsilon)", "ε"},
    {"pi", R"(\pi)", "π"},
    {"sum(i, 1, n, x_i)", R"(\sum_{i=1}^{n} x_i)", "Σ_{i=1}^n xᵢ"},
    {"sum(i = 1..n, x[i]^2)", R"(\sum\limits_{i = 1}^n x_{i}^{2})", "∑_{i=1}^{n} xᵢ²"},
    {"prod(i = 1..n, x[i])", R"(\prod_{i=1}^n x_i)", "Π_{i=1}^n xᵢ"},
    {"max(i = 1..n, x[i])", R"(\max_{i=1}^n x_i)", "max_{i=1}^n xᵢ"},
    {"sum(i = 1..n, sum(j = 1..m, W[i, j]))", R"(\sum_{i=1}^n \sum_{j=1}^m W_{ij})",
     "Σ_{i=1}^n Σ_{j=1}^m W_{i,j}"},
    {"sum(i = 1..length(x), x[i])", R"(\sum_i x_i)", "Σ_i xᵢ"},
    {"sum(i = 1..n, x[i + 1])", R"(\sum_{i=1}^n x_{i+1})", "Σ_{i=1}^n x_{i+1}"},
    {"a <= b", R"(a \le b)", "a ≤ b"},
    {"a >= b", R"(a \geq b)", "a ≥ b"},
    {"a != b", R"(a \ne b)", "a ≠ b"},
    {"a < b and not b = c", R"(a < b \land \lnot b = c)", "a < b ∧ ¬ b = c"},
    {"a < b implies b > a or true", R"(a < b \implies b > a \lor true)", "a < b ⇒ b > a ∨ true"},
    {"abs(x) + 1", R"(\left|x\right| + 1)", "|x| + 1"},
    {"norm(x)", R"(\lVert x \rVert_2)", "‖x‖₂"},
    {"norm(x, 1)^2", R"(\left\| x \right\|_1^2)", "‖x‖_1²"},
    {"norm(x, inf)", R"(\lVert x \rVert_\infty)", "‖x‖_∞"},
    {"transpose(x)*y", R"(x^{T} y)", "xᵀy"},
    {"transpose(x)*y", R"(x^\top y)", "x^⊤ y"},
    {"indicator(a > b)", R"(\mathbb{1}[a > b])", "𝟙[a > b]"},
    {"1[a > b]", R"(\mathbf{1}\{a > b\})", "1[a > b]"},
    {"indicator(a = b)", R"(\mathbb{1}_{a = b})", "[a = b]"},
    {"if(x > 0, x, 0)", R"(\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases})",
     "cases(x > 0, x, 0)"},
    {"if(x > 0, x, x <= 0, -x)", R"(\begin{cases} x, & x > 0, \\ -x, & x \le 0 \end{cases})",
     "cases(x > 0, x, x ≤ 0, −x)"},
    {"diff(x^2, x)", R"(\frac{\partial x^2}{\partial x})", "∂(x²)/∂x"},
    {"diff(x^2, x)", R"(\frac{\partial}{\partial x} x^2)", "∂/∂x x²"},
    {"diff(x^2, x)", R"(\frac{d}{dx} x^2)", "diff(x², x)"},
    {"diff(diff(x^3*y, y), x)", R"(\frac{\partial^2 x^3 y}{\partial x \partial y})", "∂(∂(x³y)/∂y)/∂x"},
    {"diff(diff(x^3, x), x)", R"(\frac{\partial^2 x^3}{\partial x^2})", "∂(∂(x³)/∂x)/∂x"},
    {"log(x)", R"(\log x)", "ln x"},
    {"log(8, 2)", R"(\log_2 8)", "log_2(8)"},
    {"sin(x)^2", R"(\sin^2 x)", "sin²(x)"},
    {"exp(-x)", R"(\exp\left(-x\right))", "exp(−x)"},
    {"tanh(x)*sigmoid(y)", R"(\tanh(x) \, \sigma(y))", "tanh(x) σ(y)"},
    {"max(0, 1 - x)", R"(\max\{0, 1 - x\})", "max(0, 1 − x)"},
    {"y_hat - y", R"(\hat{y} - y)", "y_hat − y"},
    {"floor(x/2) + ceil(y)", R"(\lfloor x/2 \rfloor + \lceil y \rceil)", "⌊x/2⌋ + ⌈y⌉"},
    {"softmax(z)", R"(\mathrm{softmax}(z))", "softmax(z)"},
    {"[a, b]", R"(\begin{bmatrix} a \\ b \end{bmatrix})", "[a, b]"},
    {"[[a, b], [c, 1]]", R"(\begin{pmatrix} a & b \\ c & 1 \end{pmatrix})", "[[a, b], [c, 1]]"},
    {"a .* b", R"(a \odot b)", "a ⊙ b"},
    {"d_model", R"(d\_model)", "d_model"},
    {"w'", "w'", "w′"}};

TEST(FormulaSpelling, LatexAndUnicodeMeanWhatThePlainTextMeans) {
  for (const Spelling& one : spellings) {
    EXPECT_TRUE(parse(one.latex) == parse(one.plain)) << one.latex << " is " << to_text(parse(one.latex));
    EXPECT_TRUE(parse(one.unicode) == parse(one.plain))
        << one.unicode << " is " << to_text(parse(one.unicode));
  }
}

TEST(FormulaSpelling, OfTwoFormulasIsTellingThemApart) {
  for (const Spelling& one : spellings)
    EXPECT_FALSE(parse(one.plain) == parse("2 + " + std::string("u"))) << one.plain;
  EXPECT_FALSE(parse("x_1") == parse("x_2"));
  EXPECT_FALSE(parse("diff(x*y, x)") == parse("diff(x*y, y)"));
  EXPECT_FALSE(parse("sum(i = 1..n, j)") == parse("sum(j = 1..n, j)"));
  EXPECT_FALSE(parse("softmax(z, axis=0)") == parse("softmax(z)"));
}

TEST(FormulaText, IsReadBackAsTheSameFormula) {
  std::vector<std::string> texts;
  for (const Spelling& one : spellings) texts.insert(texts.end(), {one.plain, one.latex, one.unicode});
  for (const Reading& one : readings) texts.insert(texts.end(), {one.text, one.right, one.wrong});
  texts.insert(
      texts.end(),
      {"(x^2)^3", "x^(T)", "x^(T^2)", "--x", "(-x)^2", "-(-x)", "[a,]", "x[1][2]", "1./2", ".5", "0x1.8p-3",
       "softmax_cross_entropy(z, y, reduction=\"sum\")", "affine(X, W, b)", "max(x, output=\"Y\")",
       "batch_norm(X, gamma, beta, training=\"false\", eps=1/100)", "(a implies b < c) = 1"});
  texts.pop_back();  // a statement is no number: it is refused, and tested below
  for (const std::string& text : texts) {
    const Formula once = parse(text);
    EXPECT_TRUE(parse(to_text(once)) == once) << text << " printed as " << to_text(once);
    EXPECT_EQ(to_text(parse(to_text(once))), to_text(once)) << text;
  }
}

TEST(FormulaText, IsWhatAPersonWouldWrite) {
  EXPECT_EQ(to_text(parse(R"(\frac{1}{m} \sum_{i=1}^{m} (y_i - \hat{y}_i)^2)")),
            "1/m*sum(i = 1..m, (y[i] - y_hat[i])^2)");
  EXPECT_EQ(to_text(parse(R"(-\frac{1}{N}\sum_{n=1}^N \log p_n)")), "-(1/N)*sum(n = 1..N, log(p[n]))");
  EXPECT_EQ(to_text(parse("a (b c)")), "a*(b*c)");
  EXPECT_EQ(to_text(parse("((a))")), "a");
}

TEST(FormulaNames, WithoutDeclarationsAnythingIsAVariable) {
  const std::set<std::string, std::less<>> expected{"W", "x", "x_1", "alpha", "learning_rate", "f"};
  EXPECT_EQ(free_names(parse("W x + x_1 alpha learning_rate f(2 + sum(i = 1..3, i))")), expected);
}

TEST(FormulaNames, DeclaredOnesWinOverFunctionsAndConstants) {
  EXPECT_EQ(to_text(parse("e (x + 1)", {{"e", "x"}})), "e*(x + 1)");
  EXPECT_EQ(to_text(parse("norm(x)", {{"norm", "x"}})), "norm*x");
  EXPECT_EQ(free_names(parse("e x")).size(), 1u) << "Euler's number is no variable";
  EXPECT_EQ(to_text(parse(R"(\sigma(x))", {{"sigma", "x"}})), "sigma*x");
}

TEST(FormulaNames, ASubscriptIsAnElementWhereTheWholeIsNoName) {
  EXPECT_EQ(to_text(parse("x_1 + x_i", {{"x", "i"}})), "x[1] + x[i]");
  EXPECT_EQ(to_text(parse("x_1 + x_2", {{"x", "x_1"}})), "x_1 + x[2]");
  EXPECT_EQ(to_text(parse("W_{12} W_{ij}", {{"W", "i", "j"}})), "W[12]*W[i, j]");
  EXPECT_EQ(to_text(parse("W_i_j + W_1_2", {{"W", "i", "j"}})), "W[i][j] + W[1][2]");
  EXPECT_EQ(to_text(parse("h_prev_i", {{"h_prev", "i"}})), "h_prev[i]");
  EXPECT_EQ(to_text(parse("(W x)_1", {{"W", "x"}})), "(W*x)[1]");
}

TEST(FormulaNames, LettersThatAreNoNameTogetherAreAProduct) {
  const Vocabulary vocabulary{{"x", "y", "a", "ab"}};
  EXPECT_EQ(to_text(parse("2xy^2", vocabulary)), "2*x*y^2");
  EXPECT_EQ(to_text(parse("ab x", vocabulary)), "ab*x") << "a declared name stays whole";
  EXPECT_EQ(to_text(parse("ax_1y_2", vocabulary)), "a*x[1]*y[2]");
  EXPECT_EQ(to_text(parse(R"(\sum_{i=1}^3 x_iy_i)", vocabulary)), "sum(i = 1..3, x[i]*y[i])");
}

TEST(FormulaNames, KnowTheirIndicesOnlyInsideTheSum) {
  EXPECT_EQ(free_names(parse("sum(i = 1..i, i)")).count("i"), 1u) << "the bounds are outside";
  EXPECT_EQ(free_names(parse("sum(i = 1..n, i)")).count("i"), 0u);
  EXPECT_THROW(parse("sum(i = 1..3, i) + i", {{"x"}}), FormulaError);
  EXPECT_THROW(parse(R"(\sum_i \sum_{j=1}^3 j_i)"), FormulaError) << "an index has no length";
  EXPECT_THROW(parse(R"(\sum_i i_i)"), FormulaError);
}

}  // namespace
}  // namespace assay::properties::formula
