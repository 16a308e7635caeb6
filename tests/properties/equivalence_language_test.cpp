/// Spellings of the formula language that students use where names are declared.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "properties/formula/formula.hpp"
#include "properties/formula/transform.hpp"

namespace assay::properties::formula {
namespace {

const Vocabulary names{{"x1", "x2", "x3", "v", "delta_1", "delta_2", "yhat", "W", "z", "n", "s", "s_j",
                        "alpha", "w1", "w2", "k"}};

Formula read(const std::string& text) {
  return parse(text, names);
}

using Pairs = std::vector<std::array<const char*, 2>>;

TEST(FormulaAnswers, FindNamesInOtherSpellings) {
  const Pairs pairs{
      {"x_1", "x1"},
      {"x_{1}", "x1"},
      {"x₁", "x1"},
      {"delta1", "delta_1"},
      {"δ1", "delta_1"},
      {"δ₁", "delta_1"},
      {"\\delta1 z", "delta_1*z"},
      {"y_hat", "yhat"},
      {"\\hat{y}", "yhat"},
      {"\\hat y", "yhat"},
      {"ŷ", "yhat"},
      {"y\u0302", "yhat"},
      {"v1", "v[1]"},
      {"v12", "v[12]"},
      {"x", "[x1, x2, x3]"},
      {"sum(i = 1..3, x_i)", "sum(i = 1..3, [x1, x2, x3][i])"},
      {"\\sum_{i=1}^2 \\delta_i x_{i+1}", "sum(i = 1..2, [delta_1, delta_2][i]*[x1, x2, x3][i + 1])"},
      {"x1w1", "x1*w1"},
      {"2x1w2z", "2*x1*w2*z"},
      {"sum(j = 1..n, s_j)", "sum(j = 1..n, s[j])"},
      {"s_j", "s_j"}};
  for (const auto& [written, meant] : pairs)
    EXPECT_TRUE(read(written) == read(meant)) << written << " is " << to_text(read(written));
}

TEST(FormulaAnswers, RefuseWhatNoNameFits) {
  for (const char* text : {"x4", "q1", "δ3", "y", "gx1", "alpha_i", "yhat1q"})
    EXPECT_THROW(read(text), FormulaError) << text;
  // With nothing declared, names are what they are.
  EXPECT_EQ(free_names(parse("x1 + x_1 + y_hat")),
            (std::set<std::string, std::less<>>{"x1", "x_1", "y_hat"}));
}

TEST(FormulaAnswers, ReadIndicators) {
  const Pairs pairs{{"z 1[x1 > x2]", "z*indicator(x1 > x2)"},
                    {"z 1(x1 > x2)", "z*indicator(x1 > x2)"},
                    {"z*1(x1 > x2)", "z*indicator(x1 > x2)"},
                    {"1{x1 > x2} z", "indicator(x1 > x2)*z"},
                    {"z (x1 > x2)", "z*indicator(x1 > x2)"},
                    {"(x1 > x2) z", "indicator(x1 > x2)*z"},
                    {"z*(x1 > x2)*(x2 > 0)", "z*indicator(x1 > x2)*indicator(x2 > 0)"},
                    {"z [x1 > x2][x2 > 0]", "z*indicator(x1 > x2)*indicator(x2 > 0)"},
                    {"z I(x1 > x2)", "z*indicator(x1 > x2)"},
                    {"z \\mathbb{1}_{x_1 > x_2 \\& x_1 > 0}", "z*indicator(x1 > x2 and x1 > 0)"},
                    {"1[x1 > x2, x1 > 0]", "indicator(x1 > x2 and x1 > 0)"},
                    {"1[x1 > x2 & x1 > 0]", "indicator(x1 > x2 and x1 > 0)"}};
  for (const auto& [written, meant] : pairs)
    EXPECT_TRUE(read(written) == read(meant)) << written << " is " << to_text(read(written));
  EXPECT_THROW(read("z + (x1 > x2)"), FormulaError) << "only as a factor";
  EXPECT_THROW(read("z 2"), FormulaError);
}

TEST(FormulaAnswers, ReadSumsIntervalsAndTransposes) {
  const Pairs pairs{{"\\sum_{j=1, j \\ne k}^{n} v_j", "sum(j = 1..n, if(j != k, v[j], 0))"},
                    {"Σᵢ vᵢ", "sum(i = 1..length(v), v[i])"},
                    {"max(x1, x2, 0)", "max(x_1, x_2, 0)"},
                    {"W.T @ v", "transpose(W)*v"},
                    {"W.T*v", "transpose(W)*v"}};
  for (const auto& [written, meant] : pairs)
    EXPECT_TRUE(read(written) == read(meant)) << written << " is " << to_text(read(written));
  EXPECT_TRUE(read("alpha ∈ (0, 1]") == read("0 < alpha <= 1"));
  EXPECT_TRUE(read("\\alpha \\in [0, n)") == read("0 <= alpha < n"));
  EXPECT_THROW(read("alpha \\in 0, 1"), FormulaError);
  EXPECT_THROW(read("\\sum_{j=1 \\ne k}^{n} v_j"), FormulaError);
}

TEST(FormulaAnswers, KnowTheirCases) {
  EXPECT_TRUE(read(R"(\begin{cases} x_1 & \text{if } x_1 > x_2 \\ 0 & \text{otherwise} \end{cases})") ==
              read("if(x1 > x2, x1, 0)"))
      << "there & parts the columns";
}

TEST(Substitution, LeavesIndicesAlone) {
  const Formula formula = parse("x + sum(x = 1..n, x*y)");
  const Formula by = parse("a*x");
  EXPECT_TRUE(substitute(formula, {{"x", by}}) == parse("a*x + sum(x = 1..n, x*y)"));
  // The y that comes in has an x of its own, which the sum must not take.
  EXPECT_EQ(to_text(substitute(formula, {{"y", by}})), "x + sum(x' = 1..n, x'*(a*x))");
  EXPECT_TRUE(substitute(parse("diff(f*x, x)"), {{"f", parse("x^2")}}) == parse("diff(x^2*x, x)"));
  EXPECT_TRUE(substitute(parse("diff(f*x, x)"), {{"x", parse("2")}}) == parse("diff(f*x, x)"));
}

TEST(Substitution, RefusesWhatGrowsTooLarge) {
  Formula formula = parse("x + x");
  EXPECT_THROW(for (int i = 0; i < 40; ++i) formula = substitute(parse("x*x"), {{"x", formula}}),
               FormulaTooLarge);
}

}  // namespace
}  // namespace assay::properties::formula
