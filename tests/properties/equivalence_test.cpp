/// What a comparison says: outcomes, the smallest point, relations, mistakes; and that it always ends.
#include "properties/equivalence.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <thread>

#include "oracles/numeric/flint_thread.hpp"

namespace assay::properties {
namespace {

using Outcome = Comparison::Outcome;

fixtures::InputSpec real(std::vector<std::string> shape, std::string low = "-4", std::string high = "4",
                         std::optional<std::string> grid = "1/4") {
  return {
      .name = "", .shape = std::move(shape), .values = fixtures::RealValues{low, high, grid}, .place = {}};
}

fixtures::InputSpec label(const std::string& dimension) {
  return {.name = "", .shape = {}, .values = fixtures::LabelValues{dimension}, .place = {}};
}

fixtures::Setting setting() {
  fixtures::Setting result;
  result.id = "test";
  result.dimensions["n"] = {2, 4};
  result.inputs = {
      {"x", real({})}, {"y", real({})}, {"v", real({"n"})}, {"w", real({"n"})}, {"l", label("n")}};
  result.define = {{"i", {"l + 1", {}}},
                   {"peak", {"max(x, y, 0)", {}}},
                   {"error", {"dot(v, w) - y", {}}},
                   {"loss", {"error^2/2", {}}}};
  return result;
}

Comparison compare(const std::string& key, const std::string& answer, fixtures::Setting in = setting(),
                   const std::vector<fixtures::KnownMistake>& mistakes = {}) {
  return Equivalence(in, {key, {}}, mistakes, 1).compare(answer);
}

using Names = std::vector<std::pair<std::string, std::string>>;

TEST(Equivalence, IsExactInFractions) {
  const Comparison same = compare("(x + y)^2", "x^2 + 2xy + y^2");
  EXPECT_EQ(same.outcome, Outcome::equal);
  EXPECT_EQ(same.digits, 0);
  EXPECT_GT(same.points, 30u);
  EXPECT_EQ(compare("(x + y)^2", "x^2 + 2xy + y^2 + 1e-30").outcome, Outcome::different)
      << "floating point would not see it";
}

TEST(Equivalence, OnBallsSaysHowManyDigits) {
  const Comparison same = compare("tanh(x)", "(e^x - e^{-x})/(e^x + e^{-x})");
  EXPECT_EQ(same.outcome, Outcome::equal);
  EXPECT_GT(same.digits, 60);
  EXPECT_LT(same.digits, 100);
  EXPECT_EQ(compare("tanh(x)", "(e^x - e^{-x})/(e^x + e^{-x}) + 1e-50").outcome, Outcome::different);
  EXPECT_EQ(compare("exp(x)*exp(y)", "exp(x + y)").outcome, Outcome::equal);
  EXPECT_EQ(compare("sum(exp(v))", "sum(i = 1..n, e^{v_i})").outcome, Outcome::equal);
}

TEST(Equivalence, ShowsTheSmallestPoint) {
  const Comparison wrong = compare("x*y", "x + y");
  EXPECT_EQ(wrong.outcome, Outcome::different);
  EXPECT_EQ(wrong.point, (Names{{"x", "0"}, {"y", "1"}}));
  EXPECT_EQ(wrong.expected, "0");
  EXPECT_EQ(wrong.got, "1");
  const Comparison vector = compare("v .* w", "w");
  EXPECT_EQ(vector.point, (Names{{"w", "[0, 1]"}})) << "v is 0, and not in the answer";
  EXPECT_EQ(vector.got, "[0, 1]");
  EXPECT_EQ(vector.expected, "[0, 0]");
  EXPECT_EQ(compare("x", "x + y/1024").got, "1/1024");
}

TEST(Equivalence, ShowsOnlyNamesThatMatter) {
  for (const auto& [name, value] : compare("x^2", "x^3").point) EXPECT_EQ(name, "x");
  // Names of inputs that the key hides in a definition are shown where they are not 0, the answer's own
  // always.
  const Comparison wrong = compare("diff(loss, y)", "error");
  bool shows_error = false;
  for (const auto& [name, value] : wrong.point) {
    EXPECT_NE(name, "x");
    EXPECT_NE(name, "loss");
    shows_error = shows_error || name == "error";
  }
  EXPECT_TRUE(shows_error);
}

TEST(Equivalence, SeesThroughDefinitions) {
  EXPECT_EQ(compare("diff(loss, v)", "(v^T w - y) w").outcome, Outcome::equal);
  EXPECT_EQ(compare("diff(loss, v[i])", "error w_i").outcome, Outcome::equal);
  EXPECT_EQ(compare("diff(loss, error)", "error").outcome, Outcome::equal);
  EXPECT_EQ(compare("diff(diff(loss, y), y)", "1").outcome, Outcome::equal);
  EXPECT_EQ(compare("error w", "diff(loss, v)").outcome, Outcome::equal) << "students may write diff, too";
  EXPECT_EQ(compare("error w", "diff(loss, w)").outcome, Outcome::different);
  EXPECT_EQ(compare("sum(i = 1..n, diff(loss, v[i]))", "error sum(w)").outcome, Outcome::equal);
}

/// A definition that is written out inside of a sum keeps its own names.
TEST(Equivalence, DefinitionsAreNotCaptured) {
  fixtures::Setting in = setting();
  in.define = {{"total", {"sum(k = 1..n, v[k]*x)", {}}}, {"k", {"y", {}}}, {"twice", {"k + total", {}}}};
  EXPECT_EQ(compare("diff(sum(k = 1..n, k*twice), x)", "n (n + 1)/2 sum(v)", in).outcome, Outcome::equal);
  EXPECT_EQ(compare("diff(sum(k = 1..n, k*twice), y)", "n (n + 1)/2", in).outcome, Outcome::equal);
}

TEST(Equivalence, OfKinksCountsWhereTheKeyHasOneValue) {
  EXPECT_EQ(compare("diff(peak, x)", "1[x > y and x > 0]").outcome, Outcome::equal);
  EXPECT_EQ(compare("diff(peak, x)", "1[x >= y and x >= 0]").outcome, Outcome::equal)
      << "the derivative has no value at ties";
  const Comparison strict = compare("1[x > y]", "1[x >= y]");
  EXPECT_EQ(strict.outcome, Outcome::different) << "but an indicator has";
  EXPECT_EQ(strict.relation, "differs only where x = y");
  EXPECT_EQ(compare("abs(x)", "max(x, -x)").outcome, Outcome::equal);
  EXPECT_EQ(compare("x", "if(x = 3/7, 0, x)").outcome, Outcome::different) << "the answer's own ties are met";
}

TEST(Equivalence, OfStatementsMeetsTheBounds) {
  fixtures::Setting in;
  in.id = "step";
  in.inputs = {{"alpha", real({}, "-2", "3", std::nullopt)}};
  const auto outcome = [&](const std::string& answer) {
    return compare("0 < alpha < 1", answer, in).outcome;
  };
  for (const char* right : {"alpha > 0 and alpha < 1", "alpha*(1 - alpha) > 0", "α ∈ (0, 1)", "0 < α, α < 1"})
    EXPECT_EQ(outcome(right), Outcome::equal) << right;
  for (const char* wrong : {"0 <= alpha < 1", "0 < alpha <= 1", "alpha < 1", "0 < alpha < 1.000001",
                            "1/3000 < alpha < 1", "0 < alpha < 1 and alpha != 1/7", "alpha != 1"})
    EXPECT_EQ(outcome(wrong), Outcome::different) << wrong;
  const Comparison wrong = compare("0 < alpha < 1", "0 < alpha <= 1", in);
  EXPECT_EQ(wrong.point, (Names{{"alpha", "1"}}));
  EXPECT_EQ(wrong.expected, "false");
  EXPECT_EQ(wrong.got, "true");
  EXPECT_EQ(wrong.relation, "differs only where alpha = 1");
}

TEST(Equivalence, OfEquationsMeetsTheirSolutions) {
  fixtures::Setting in;
  in.inputs = {{"a", real({}, "1/2", "4")}, {"b", real({}, "1/2", "9", std::nullopt)}};
  EXPECT_EQ(compare("b = 2 a", "a = b/2", in).outcome, Outcome::equal);
  EXPECT_EQ(compare("b = 2 a", "b = a", in).outcome, Outcome::different);
  EXPECT_EQ(compare("b = 2 a", "b = 2 a or b = 3 a", in).outcome, Outcome::different);
  EXPECT_EQ(compare("b = 2 a", "1 = 2", in).outcome, Outcome::different);
}

/// A hypothesis that chance never meets.
TEST(Equivalence, DrawsPointsOnAnEquation) {
  fixtures::Setting in;
  in.inputs = {{"a", real({}, "1/2", "2", std::nullopt)}, {"b", real({}, "1/2", "8", std::nullopt)}};
  in.where = {"b = 2*a", {}};
  const Comparison same = compare("b^2", "4 a^2", in);
  EXPECT_EQ(same.outcome, Outcome::equal);
  EXPECT_GT(same.points, 5u);
  EXPECT_EQ(compare("b^2", "4 a", in).outcome, Outcome::different);
}

TEST(Equivalence, NamesRelations) {
  const std::vector<std::array<std::string, 3>> all{
      {"error*x", "-error*x", "-1 times the key"},
      {"error*x", "x*error/2", "1/2 times the key"},
      {"sum(v)/n", "sum(v)", "n times the key"},
      {"sum(v)", "sum(v)/n", "1/n times the key"},
      {"x*y", "x*x*y", "x times the key"},
      {"x + y", "x + y + 3", "the key plus 3"},
      {"x*y", "x*y - y", "the key minus y"},
      {"x*1[x > y]", "x", "the key without 1[x > y]"},
      {"x*1[x > y and x > 0]", "x*1[x > y]", "the key without x > 0"},
      {"max(x, 0)*y", "x y", "the key with x for max(x, 0)"},
      {"relu(x)*y", "x y", "the key without relu"},
      {"x^2 + y^2 + x*y", "x^2 + y^2", "the key without the term x*y"},
      {"sum(v) + x*y", "sum(v) - x*y", "the key with the other sign of x*y"},
      {"sum(j = 1..n, v[j]^2)", "sum(j = 2..n, v[j]^2)", "the key with j from 1 + 1 to n"},
      {"sum(j = 1..n, if(j != i, v[j], 0))", "sum(v)", "the key with j = i in it as well"},
      {"mean(v) + x", "sum(v) + x", "the key with a sum for the mean: without 1/n"},
      {"if(x > y, x^2, y)", "x^2", "the key without the condition x > y"},
      {"diff(loss, y)", "-2 error", "2 times the key or the key without the division by 2 in loss"},
      {"diff(x*peak, x)", "max(x, y) + x*1[x > y]", "the key with max(x, y) for max(x, y, 0) in peak"}};
  for (const auto& [key, answer, relation] : all) {
    const Comparison found = compare(key, answer);
    EXPECT_EQ(found.outcome, Outcome::different) << answer;
    EXPECT_NE((" or " + found.relation + " or ").find(" or " + relation + " or "), std::string::npos)
        << answer << " for " << key << ": " << found.relation;
  }
  EXPECT_EQ(compare("x*y", "x^3 - 17 y").relation, "");
}

TEST(Equivalence, NamesTheMistakeOfThePack) {
  const std::vector<fixtures::KnownMistake> mistakes{{"sum", "", {"x + y", {}}, "0"},
                                                     {"sign", "", {"\\frac{dL}{dx} = -y x", {}}, "0"}};
  EXPECT_EQ(compare("x*y", "-xy", setting(), mistakes).mistake, "sign");
  EXPECT_EQ(compare("x*y", "y + x", setting(), mistakes).mistake, "sum");
  EXPECT_EQ(compare("x*y", "y - x", setting(), mistakes).mistake, "");
  EXPECT_EQ(compare("x*y", "y x", setting(), mistakes).mistake, "");
}

TEST(Equivalence, SaysWhatCannotBeCompared) {
  EXPECT_EQ(compare("x", "x > 0").outcome, Outcome::not_comparable);
  EXPECT_EQ(compare("x > 0", "x").outcome, Outcome::not_comparable);
  EXPECT_EQ(compare("v", "v_1").message, "the answer is a number, the key of shape (2)");
  EXPECT_EQ(compare("x", "v").message, "the answer is of shape (2), the key a number");
  EXPECT_EQ(compare("x", "v + [1, 2, 3, 4, 5]").outcome, Outcome::not_comparable);
  EXPECT_EQ(compare("0*v", "0").outcome, Outcome::equal) << "a vector of zeros";
  EXPECT_EQ(compare("v", "transpose(v)").outcome, Outcome::equal) << "rows and columns are one";
}

TEST(Equivalence, OfElementsThatDoNotExistIsWrong) {
  const Comparison wrong = compare("sum(v)", "sum(k = 1..n, v[k + 1])");
  EXPECT_EQ(wrong.outcome, Outcome::different);
  EXPECT_NE(wrong.message.find("out of range"), std::string::npos) << wrong.message;
  EXPECT_NE(wrong.got.find("no value"), std::string::npos);
}

TEST(Equivalence, RedrawsPolesAndCountsThem) {
  const Comparison same = compare("x*y", "x^2 y/x");
  EXPECT_EQ(same.outcome, Outcome::equal);
  EXPECT_GT(same.redrawn, 0u);
  EXPECT_EQ(compare("x*y", "1/(x - x)").outcome, Outcome::cannot_tell);
  const Comparison half = compare("log(x^2)", "2 log(x)");
  EXPECT_EQ(half.outcome, Outcome::different) << "no value for negative x";
}

TEST(Equivalence, AlwaysEnds) {
  using Clock = std::chrono::steady_clock;
  for (const char* hostile : {"sum(a = 1..1000000000, a)", "prod(a = 1..200000, x + a)", "x^(9^9)",
                              "(x + 1/3)^9999999", "exp(exp(exp(exp(exp(x + 9)))))",
                              "sum(a = 1..n, sum(b = 1..n, sum(c = 1..n, sum(d = 1..999, e^(x a b c d)))))",
                              "sin(10^4000)", "diff(sum(a = 1..900, tanh(x + a)), x)",
                              "sqrt(sqrt(sqrt(x)))^999999", "1e9999*x", "sum(a = 1..5000, exp(x*a))"}) {
    const auto begin = Clock::now();
    try {
      const Comparison found = compare("x*y", hostile);
      EXPECT_NE(found.outcome, Outcome::equal) << hostile;
    } catch (const formula::FormulaError&) {
    }
    EXPECT_LT(std::chrono::duration<double>(Clock::now() - begin).count(), 10) << hostile;
  }
}

/// 2^(10^12) is easy to compute with on balls, and nothing to write down.
TEST(Equivalence, OfAstronomicalNumbersEndsToo) {
  for (const char* hostile : {"exp(x)*2^(10^12)", "exp(x)*2^(-10^12)", "exp(x) + 2^(10^12)",
                              "exp(exp(exp(9)))*exp(x)", "2^(-10^12)", "exp(x)*exp(-exp(exp(9)))",
                              "exp(x)^(10^15)", "sin(2^(10^12))", "tanh(2^(10^13))", "(exp(x) + 1)^(10^9)"})
    EXPECT_NE(compare("exp(x)", hostile).outcome, Outcome::equal) << hostile;
  EXPECT_EQ(compare("exp(x)", "exp(x)*(1 + 2^(-10^12))").outcome, Outcome::equal) << "on balls they are";
}

TEST(Equivalence, TellsWhereTextIsNoFormula) {
  const auto offset = [&](const std::string& text) -> std::size_t {
    try {
      compare("x*y", text);
    } catch (const formula::FormulaError& error) {
      return error.offset;
    }
    return std::string::npos;
  };
  EXPECT_EQ(offset("x + )"), 4u);
  EXPECT_EQ(offset("$x + )$"), 5u);
  EXPECT_EQ(offset("\\frac{dL}{dx} = x + q"), 20u);
  EXPECT_EQ(offset(""), 0u);
  fixtures::Setting in = setting();
  in.symbols = {{"\\hat{x}", "x"}, {"⋆", "peak"}};
  try {
    compare("x*y", "\\hat{x} + ⋆ + wrong", in);
    ADD_FAILURE();
  } catch (const formula::FormulaError& error) {
    EXPECT_EQ(error.offset, 16u) << "of what was written, not of what it became";
    EXPECT_EQ(error.found, "\"wrong\"");
  }
}

TEST(Equivalence, ReadsWhatIsWrittenAroundAFormula) {
  for (const char* right : {"y x",
                            "$xy$",
                            "\\(x y\\)",
                            "\\[x \\cdot y\\]",
                            "x*y.",
                            " x y , ",
                            "$$x y$$.",
                            "dL/dw = x y",
                            "L = xy",
                            "\\frac{\\partial L}{\\partial w_1} = x y",
                            "∂L/∂w = x·y",
                            "L'(w) = xy",
                            "f(x, y) = xy",
                            "z = x y = y x",
                            "\\nabla_w L = xy",
                            "\\theta^{t+1} = xy",
                            "w_i^* = x y",
                            "xy := y x",
                            "x y = y x",
                            "\\bar{x}_i = x y"})
    EXPECT_EQ(compare("x*y", right).outcome, Outcome::equal) << right;
  EXPECT_EQ(compare("dL/dx = x*y", "y x").outcome, Outcome::equal) << "a key may have a left side, too";
  EXPECT_EQ(compare("x*y", "x y = x + y").outcome, Outcome::different) << "the last side counts";
}

TEST(Equivalence, ReplacesSymbolsByToken) {
  fixtures::Setting in = setting();
  in.symbols = {{"\\hat{v}", "v"}, {"p", "peak"}, {"v_{y_i}", "x"}, {"q", "x"}, {"⋆", "y"}};
  EXPECT_EQ(compare("v[1]*y", "\\hat v_1 ⋆", in).outcome, Outcome::equal);
  EXPECT_EQ(compare("v[1]*y", "y\\hat{v}_{1}", in).outcome, Outcome::equal);
  EXPECT_EQ(compare("peak*x", "p q", in).outcome, Outcome::equal);
  EXPECT_EQ(compare("exp(x)", "exp(q)", in).outcome, Outcome::equal) << "not inside of words: exp has a p";
  EXPECT_EQ(compare("exp(x)", "e^{v_{y_i}}", in).outcome, Outcome::equal);
}

TEST(Equivalence, OfAPackSaysWhichFormulaIsWrong) {
  fixtures::Setting in = setting();
  in.define.push_back({"late", {"later + 1", {7, 3}}});
  in.define.push_back({"later", {"x", {}}});
  try {
    compare("x", "x", in);
    ADD_FAILURE();
  } catch (const WrittenFormulaError& error) {
    EXPECT_EQ(error.text, "later + 1");
    EXPECT_EQ(error.place.line, 7u);
  }
  EXPECT_THROW(compare("x +", "x"), WrittenFormulaError);
  EXPECT_THROW(compare("x", "x", setting(), {{"m", "", {"nothing", {}}, "0"}}), WrittenFormulaError);
}

TEST(Equivalence, IsSharedBetweenThreads) {
  const Equivalence key(setting(), {"diff(loss, v[i])", {}}, {{"sign", "", {"-error w_i", {}}, "0"}}, 1);
  std::vector<Comparison> found(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < found.size(); ++i)
    threads.emplace_back([&, i] {
      const oracles::FlintThread thread;
      found[i] = key.compare(i % 2 == 0 ? "-error w_i" : "error*w[i]");
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].outcome, i % 2 == 0 ? Outcome::different : Outcome::equal);
    EXPECT_EQ(found[i].point, found[i % 2].point);
    EXPECT_EQ(found[i].mistake, i % 2 == 0 ? "sign" : "");
  }
}

}  // namespace
}  // namespace assay::properties
