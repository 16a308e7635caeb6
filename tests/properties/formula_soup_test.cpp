/// Random tokens and random bytes: whatever the text, the answer is a formula or an error.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "formula_exercise.hpp"

namespace assay::properties::formula {
namespace {

constexpr std::uint64_t seed = 22;

const std::vector<std::string> tokens{"x",
                                      "y",
                                      "v",
                                      "W",
                                      "n",
                                      "T",
                                      "i",
                                      "x_1",
                                      "x_i",
                                      "v_i",
                                      "v_{i}",
                                      "W_{ij}",
                                      "α",
                                      "\\alpha",
                                      "w'",
                                      "e",
                                      "pi",
                                      "inf",
                                      "0",
                                      "1",
                                      "2",
                                      "3",
                                      "0.5",
                                      "1e3",
                                      "0x1p-2",
                                      "+",
                                      "-",
                                      "*",
                                      "/",
                                      "^",
                                      "^2",
                                      "^{",
                                      "²",
                                      "ᵀ",
                                      "₁",
                                      "_",
                                      "_{",
                                      "=",
                                      "<",
                                      "<=",
                                      ">",
                                      "!=",
                                      "≤",
                                      "and",
                                      "or",
                                      "not ",
                                      "implies",
                                      "(",
                                      ")",
                                      "(",
                                      ")",
                                      "[",
                                      "]",
                                      "{",
                                      "}",
                                      "|",
                                      "||",
                                      ",",
                                      " ",
                                      " ",
                                      "..",
                                      ".*",
                                      "exp(",
                                      "log ",
                                      "sqrt",
                                      "sum(",
                                      "sum(i,1,n,",
                                      "sum(i = 1..3, ",
                                      "\\sum_{i=1}^{n} ",
                                      "Σ_i ",
                                      "prod(",
                                      "max(",
                                      "min(",
                                      "\\max_{i} ",
                                      "if(",
                                      "cases(",
                                      "diff(",
                                      ",x)",
                                      ", v)",
                                      "norm(",
                                      "abs(",
                                      "dot(",
                                      "length(",
                                      "transpose(",
                                      "1[",
                                      "\\frac{",
                                      "}{",
                                      "\\frac{\\partial ",
                                      "}{\\partial x}",
                                      "\\left(",
                                      "\\right)",
                                      "\\sqrt{",
                                      "\\begin{cases}",
                                      "&",
                                      "\\\\",
                                      "\\end{cases}",
                                      "\\lVert ",
                                      "\\rVert ",
                                      "∂",
                                      "∂x",
                                      "softmax(",
                                      "relu(",
                                      "softmax_cross_entropy(",
                                      "nll(",
                                      "axis=0",
                                      "reduction=\"sum\"",
                                      "mean(",
                                      "floor(",
                                      "⌊",
                                      "⌋",
                                      "true",
                                      "false",
                                      "\\cdot ",
                                      "×",
                                      "÷",
                                      "√",
                                      "\\mathbb{1}",
                                      "\\text{if }",
                                      "otherwise",
                                      "$",
                                      "\\,",
                                      "#",
                                      "\xFF",
                                      "\\",
                                      "\"",
                                      "'"};

std::string soup(std::mt19937_64& random) {
  std::string text;
  const std::uint64_t count = 1 + random() % 14;
  for (std::uint64_t i = 0; i < count; ++i) text += tokens[random() % tokens.size()];
  return text;
}

TEST(TokenSoup, NeverBreaksAPromise) {
  std::mt19937_64 random(seed);
  std::size_t understood = 0, valued = 0;
  for (int round = 0; round < 100000; ++round) {
    const std::string text = soup(random);
    testing::Exercised result;
    ASSERT_NO_THROW(result = testing::exercise(text, round % 2 == 0 ? Vocabulary{} : testing::some_names()))
        << "round " << round << ": " << text;
    understood += result.understood;
    valued += result.valued;
  }
  EXPECT_GT(understood, 2000u) << "the soup was too thin to test anything but errors";
  EXPECT_GT(valued, 500u);
}

/// What the fuzzer found: read as a name that, printed, would be an operator with its index.
TEST(PrintedNames, ReadBackAsTheSame) {
  for (const char* const text :
       {R"(\sum_{i=1}^{n} max_x_{i})", "sum(i, 1, n, log_2_{i})", "sum(i, 1, n, min_x_i)",
        R"(\sum_{j \ne v_j} v_j)", "Σ_{j<=log(exp(vⱼ))_1} v_j"}) {
    EXPECT_NO_THROW(testing::read(text, Vocabulary{})) << text;
    EXPECT_NO_THROW(testing::read(text, testing::some_names())) << text;
  }
}

/// A text that is understood, with one token more, less or another: near misses reach deeper than soup.
TEST(NearMiss, NeverBreaksAPromise) {
  const std::vector<std::string> texts{
      R"(-\frac{1}{n}\sum_{i=1}^{n} v_i \log \sigma(x v_i) + \alpha \lVert v \rVert_2^2)",
      R"(\begin{cases} x^2 & \text{if } x > 0 \\ -x & \text{otherwise} \end{cases})",
      "diff(softmax_cross_entropy(v, 1, reduction=\"sum\"), v[2]) <= 1 and not x = y implies max(x, y) > |x|",
      R"(\frac{\partial^2 x^3}{\partial x^2} + \max_i v_i - ∂(x²)/∂x + Σ_{i=1}^n W_{1,i} vᵢ)",
      "sum(i = 1..n, prod(j, 1, i, if(v[j] > 0, v_j, 1[i != j] x^i))) + ⌊x/2⌋ − √(x²+1)"};
  std::mt19937_64 random(seed);
  std::size_t understood = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text = texts[random() % texts.size()];
    for (std::uint64_t edits = 1 + random() % 2; edits > 0; --edits) {
      const std::size_t place = random() % text.size();
      text.replace(place, random() % 4, random() % 3 ? tokens[random() % tokens.size()] : "");
      if (text.empty()) text = "x";
    }
    ASSERT_NO_THROW(understood += testing::exercise(text, testing::some_names()).understood) << text;
  }
  EXPECT_GT(understood, 1000u);
}

TEST(RandomBytes, NeverBreakAPromise) {
  std::mt19937_64 random(seed);
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 24, ' ');
    for (char& c : text) c = static_cast<char>(random() % 256);
    ASSERT_NO_THROW(testing::exercise(text, Vocabulary{})) << "round " << round;
  }
}

}  // namespace
}  // namespace assay::properties::formula
