/// Answers judged against derived keys.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "graders/exams/judge.hpp"
#include "tests/graders/exam_pack.hpp"

namespace assay::graders::exams {
namespace {

class ExamJudge : public testing::ExamPackTest {
 protected:
  /// Loads a paper of one item "a".
  void paper(const std::string& lines) {
    judge_.reset();
    exam_ = load(item("a", lines));
    keys_ = keys_of(exam_);
    judge_ = std::make_unique<Judge>(exam_, keys_, 1);
    ASSERT_TRUE(keys_.keys[0].problem.empty()) << keys_.keys[0].problem;
  }
  Judgement judged(const std::string& written) const {
    return (*judge_)(exam_.items[0], read_answer(exam_.items[0], written));
  }
  std::string outcome(const std::string& written) const {
    return std::string(to_text(judged(written).outcome));
  }

  fixtures::Exam exam_;
  DerivedKeys keys_;
  std::unique_ptr<Judge> judge_;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

TEST_F(ExamJudge, TakesANumberInAnySpelling) {
  paper("key = { network = \"main\", layer = \"1\", value = \"parameters\" }");
  for (const char* const text : {"224", "8*3*3*3+8", "$8 \\times 3 \\times 3 \\times 3 + 8$", "224.0",
                                 "2.24e2", "448/2", "224 params"})
    EXPECT_EQ(outcome(text), "right") << text;
  for (const char* const text : {"216", "-224", "2240", "225", "8*3*3*3"})
    EXPECT_EQ(outcome(text), "wrong") << text;
  EXPECT_EQ(judged("224").credit, 1);
  EXPECT_EQ(judged("8 x 3 x 3 x 3 + 8").understood, "224 (8*3*3*3 + 8)");
  EXPECT_TRUE(contains(judged("216").message, "(3x3x3+1)x8 = 224")) << judged("216").message;
}

TEST_F(ExamJudge, LeavesToAPersonWhatItCannotRead) {
  paper("key = { count = \"3/2\" }");
  EXPECT_EQ(outcome("1,5"), "ambiguous");
  EXPECT_EQ(outcome("one and a half"), "unreadable");
  EXPECT_EQ(outcome(""), "blank");
  EXPECT_EQ(outcome("3/2"), "right");
  EXPECT_EQ(judged("1,5").credit, 0);
  EXPECT_TRUE(contains(judged("3/2 kg").message, "at byte 5")) << judged("3/2 kg").message;
}

TEST_F(ExamJudge, JudgesRoundedNumbersByTheirDigits) {
  paper("key = { count = \"22/7\" }");
  EXPECT_EQ(outcome("3.142857"), "right");
  EXPECT_EQ(outcome("3.14"), "right");
  EXPECT_EQ(outcome("3.15"), "wrong");
  EXPECT_EQ(outcome("3.1"), "cannot-tell") << "two digits: a person decides";
  EXPECT_EQ(outcome("3"), "wrong");
  paper("key = { count = \"2.9\" }");
  EXPECT_EQ(outcome("2.90"), "right");
  EXPECT_EQ(outcome("2.9000"), "right");
  EXPECT_EQ(outcome("2.89"), "wrong");
  EXPECT_EQ(outcome("3"), "wrong");
  paper("key = { count = \"7864320\" }");
  EXPECT_EQ(outcome("7.86e6"), "cannot-tell") << "a count is asked exactly, yet the digits are right";
  EXPECT_EQ(outcome("7.87e6"), "wrong");
  EXPECT_EQ(outcome("7.86432 million"), "right");
}

TEST_F(ExamJudge, KnowsThePublishedPrecisionAndTheTolerance) {
  paper("published = \"0.33\"\nkey = { count = \"1/3\" }");
  EXPECT_EQ(outcome("0.33"), "right");
  EXPECT_EQ(outcome("0.336"), "right") << "within half a unit of the last published digit";
  EXPECT_EQ(outcome("0.339"), "wrong");
  paper("published = \"0.25\"\nkey = { count = \"1/4\" }");
  EXPECT_EQ(outcome("0.253"), "wrong") << "the published key is no rounded one";
  paper("within = \"1/10\"\nkey = { count = \"1/4\" }");
  EXPECT_EQ(outcome("0.35"), "right");
  EXPECT_EQ(outcome("0.351"), "wrong");
}

TEST_F(ExamJudge, ReadsChainsSideBySide) {
  paper("key = { count = \"5*5*3*16\" }");
  EXPECT_EQ(outcome("5*5*3*16 = 1200"), "right");
  EXPECT_EQ(outcome("5*5*3*16 = 1600"), "cannot-tell") << "one side is right: a person decides";
  EXPECT_EQ(outcome("5*5*16 = 1600"), "wrong");
  EXPECT_TRUE(contains(judged("5*5*16 = 1600").message, "400 and 1600"));
}

TEST_F(ExamJudge, NamesKnownMistakes) {
  paper(
      "key = { count = \"k*k*c*f\", where = { k = \"5\", c = \"3\", f = \"16\" } }\n"
      "[[item.mistakes]]\nid = \"missing-channels\"\ntext = \"The input has three channels.\"\nanswer = "
      "\"k*k*f\"\ncredit = \"1/2\"\n"
      "[[item.mistakes]]\nid = \"bias\"\ntext = \"No bias was asked for.\"\nanswer = \"(k*k*c + 1)*f\"\n");
  const Judgement channels = judged("5 x 5 x 16");
  EXPECT_EQ(channels.outcome, Outcome::partly);
  EXPECT_EQ(channels.credit, Points(1, 2));
  EXPECT_EQ(channels.mistake, "missing-channels");
  EXPECT_EQ(channels.mistake_text, "The input has three channels.");
  const Judgement bias = judged("1216");
  EXPECT_EQ(bias.outcome, Outcome::wrong);
  EXPECT_EQ(bias.mistake, "bias");
  EXPECT_EQ(judged("1").mistake, "");
}

TEST_F(ExamJudge, TakesFurtherAnswers) {
  paper("accept = [\"36000000\"]\nkey = { count = \"4\" }");
  EXPECT_EQ(outcome("36,000,000"), "right");
  EXPECT_EQ(outcome("3"), "wrong");
}

TEST_F(ExamJudge, NamesTheOtherLayout) {
  paper("answer = \"shape\"\nkey = { network = \"main\", layer = \"1\", value = \"shape\" }");
  EXPECT_EQ(outcome("8 x 32 x 32"), "right");
  EXPECT_EQ(outcome("32x32x8 HWC"), "right") << "the student says which layout it is";
  const Judgement other = judged("32x32x8");
  EXPECT_EQ(other.outcome, Outcome::wrong);
  EXPECT_EQ(other.mistake, "other-layout");
  EXPECT_EQ(outcome("8x32x32 HWC"), "cannot-tell") << "the numbers say one thing, the word another";
  EXPECT_EQ(judged("8x30x30").mistake, "");
  EXPECT_EQ(outcome("1x8x32x32"), "cannot-tell") << "a batch of one: a person decides";
}

TEST_F(ExamJudge, DoesNotMindDimensionsOfLengthOne) {
  paper("answer = \"shape\"\nkey = { network = \"main\", layer = \"FC-10\", value = \"shape\" }");
  EXPECT_EQ(outcome("10"), "right");
  EXPECT_EQ(outcome("1x1x10"), "right");
  EXPECT_EQ(outcome("10x10"), "wrong");
}

TEST_F(ExamJudge, JudgesTruthWithItsEvidence) {
  paper("answer = \"true-false\"\nkey = { claim = \"eecs498-2019.tf.1.4\" }");
  EXPECT_EQ(outcome("F"), "right");
  EXPECT_EQ(outcome("T"), "wrong");
  EXPECT_TRUE(contains(judged("T").message, keys_.keys[0].evidence));
  EXPECT_EQ(judged("F 3").certainty, 3);
  EXPECT_EQ(outcome("T/F"), "ambiguous");
}

TEST_F(ExamJudge, NeverChargesForAnUndecidedKey) {
  paper("answer = \"true-false\"\nkey = { holds = \"sqrt(2)^2 = 2\" }");
  EXPECT_EQ(outcome("T"), "cannot-tell");
  EXPECT_EQ(outcome("F"), "cannot-tell");
}

TEST_F(ExamJudge, ComparesSetsOfNames) {
  paper(
      "key = { names = \"k_1*x + b\", setting = \"line\", except = [\"x\"] }\n[[setting]]\nid = "
      "\"line\"\n[setting.inputs]\n"
      "k_1 = { shape = [], values = [-1, 1] }\nb = { shape = [], values = [-1, 1] }\nx = { shape = [], "
      "values = [-1, 1] }\n");
  EXPECT_EQ(outcome("b, k1"), "right");
  EXPECT_EQ(outcome("k_{1}, b"), "right");
  EXPECT_EQ(outcome("b"), "wrong");
  EXPECT_TRUE(contains(judged("b, x").message, "missing: k1; not needed: x")) << judged("b, x").message;
  EXPECT_EQ(outcome("b, slope"), "unreadable") << "no name of the question";
}

TEST_F(ExamJudge, KeepsVoidedLostAndRubricItemsApart) {
  paper("voided = \"a misprint\"\nkey = { count = \"1\" }");
  EXPECT_EQ(outcome("2"), "voided");
  EXPECT_EQ(judged("").credit, 1);
  paper("lost = \"the figure\"\nkey = { count = \"1\" }");
  EXPECT_EQ(outcome("1"), "lost");
  paper(
      "answer = \"text\"\nkey = { rubric = [{ id = \"r\", text = \"t\", points = \"1\" }], why = \"an "
      "essay\" }");
  EXPECT_EQ(outcome("because"), "for-person");
}

TEST_F(ExamJudge, JudgesAgainstAFollowedKey) {
  paper("key = { count = \"85\" }");
  DerivedKey followed = keys_.keys[0];
  followed.value = NumberKey{80};
  const auto against = [&](const std::string& text) {
    return judge_->against(exam_.items[0], followed, read_answer(exam_.items[0], text)).outcome;
  };
  EXPECT_EQ(against("80"), Outcome::right);
  EXPECT_EQ(against("85"), Outcome::wrong);
}

// ---- Formulas.

TEST_F(ExamJudge, ComparesFormulasAtPoints) {
  paper(
      "answer = \"formula\"\naccept = [\"y - x\"]\nkey = { formula = \"diff((x - y)^2/2, x)\", setting = "
      "\"line\" }\n"
      "[[item.mistakes]]\nid = \"factor\"\ntext = \"The square is halved.\"\nanswer = \"2*(x - y)\"\ncredit "
      "= \"1/4\"\n"
      "[[setting]]\nid = \"line\"\n[setting.inputs]\n"
      "x = { shape = [], values = [-4, 4], grid = \"1/4\" }\ny = { shape = [], values = [-4, 4], grid = "
      "\"1/4\" }\n");
  EXPECT_EQ(outcome("x - y"), "right");
  EXPECT_EQ(outcome("\\frac{x^2 - y^2}{x + y}"), "right");
  EXPECT_EQ(outcome("y - x"), "right") << "accepted";
  EXPECT_EQ(outcome("x + y"), "wrong");
  EXPECT_TRUE(contains(judged("x + y").message, "at ")) << judged("x + y").message;
  const Judgement factor = judged("2x - 2y");
  EXPECT_EQ(factor.mistake, "factor");
  EXPECT_EQ(factor.credit, Points(1, 4));
  EXPECT_EQ(outcome("x - "), "unreadable");
  EXPECT_TRUE(contains(judged("x - ").message, "expected"));
}

// ---- Designs.

using Row = std::vector<long>;

std::string layer_text(const std::vector<Row>& weights, const std::string& activation, const Row& bias = {}) {
  std::string text = "[[layer]]\nactivation = \"" + activation + "\"\nweights = [";
  for (const Row& row : weights) text += fmt::format("[{}],", fmt::join(row, ", "));
  text += "]\n";
  return bias.empty() ? text : text + fmt::format("bias = [{}]\n", fmt::join(bias, ", "));
}

/// max(a, b) = b + relu(a - b), min(a, b) = a - relu(a - b), and x = relu(x) - relu(-x) for all others.
std::string exchange(std::size_t count, std::size_t a, std::size_t b) {
  std::vector<Row> hidden, out(count, Row(2 * count + 1));
  for (std::size_t i = 0; i < count; ++i)
    for (const long sign : {1, -1}) {
      hidden.emplace_back(count);
      hidden.back()[i] = sign;
      out[i][hidden.size() - 1] = sign;
    }
  hidden.emplace_back(count);
  hidden.back()[a] = 1;
  hidden.back()[b] = -1;
  out[a][2 * count] = -1;
  out[b][2 * count] = 1;
  return layer_text(hidden, "relu") + layer_text(out, "none");
}

std::string sorting_network(std::size_t count, std::size_t leave_out = 0) {
  std::string text;
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t round = 1; round < count; ++round)
    for (std::size_t i = 0; i + round < count; ++i) pairs.emplace_back(i, i + 1);
  pairs.resize(pairs.size() - leave_out);
  for (const auto& [a, b] : pairs) text += exchange(count, a, b);
  return text;
}

TEST_F(ExamJudge, RunsSortingNetworksOnAllOrders) {
  paper("answer = \"network\"\nkey = { design = \"sort\", inputs = 4 }");
  const Judgement right = judged(sorting_network(4));
  EXPECT_EQ(right.outcome, Outcome::right) << right.message;
  EXPECT_TRUE(contains(right.message, "for all real inputs")) << right.message;
  EXPECT_EQ(right.understood, "12 layers, 432 weights");
  const Judgement wrong = judged(sorting_network(4, 1));
  EXPECT_EQ(wrong.outcome, Outcome::wrong);
  EXPECT_TRUE(contains(wrong.message, "instead of 1, 2, 3, 4")) << wrong.message;
  const std::string falling =
      sorting_network(4) + layer_text({{0, 0, 0, 1}, {0, 0, 1, 0}, {0, 1, 0, 0}, {1, 0, 0, 0}}, "none");
  EXPECT_EQ(judged(falling).outcome, Outcome::right) << "sorted from the largest to the smallest";
}

TEST_F(ExamJudge, RunsTheMedianNetwork) {
  paper("answer = \"network\"\nkey = { design = \"median\", inputs = 5 }");
  EXPECT_EQ(outcome(sorting_network(5) + layer_text({{0, 0, 1, 0, 0}}, "none")), "right");
  EXPECT_EQ(outcome(sorting_network(5) + layer_text({{0, 1, 0, 0, 0}}, "none")), "wrong");
  EXPECT_EQ(outcome(sorting_network(5, 2) + layer_text({{0, 0, 1, 0, 0}}, "none")), "wrong");
  const Judgement positive = judged(sorting_network(5) + layer_text({{0, 0, 1, 0, 0}}, "relu"));
  EXPECT_EQ(positive.outcome, Outcome::wrong) << "right for 1 to 5, not for negative numbers";
  EXPECT_TRUE(contains(positive.message, "gives 0 instead of -")) << positive.message;
}

TEST_F(ExamJudge, ProvesWhatItCallsRightForAllInputs) {
  paper("answer = \"network\"\nkey = { design = \"sort\", inputs = 1 }");
  EXPECT_TRUE(contains(judged(layer_text({{1}}, "none")).message, "for all real inputs"));
  const Judgement rectified = judged(layer_text({{1}}, "relu"));
  EXPECT_EQ(rectified.outcome, Outcome::wrong) << "no list that is tried holds a negative number alone";
  EXPECT_TRUE(contains(rectified.message, "for the inputs -1 it gives 0 instead of -1")) << rectified.message;
  const Judgement bent =
      judged(layer_text({{1}, {1}, {-1}}, "relu", {0, -3, 0}) + layer_text({{1, 0, -1}}, "none"));
  EXPECT_EQ(bent.outcome, Outcome::right);
  EXPECT_TRUE(contains(bent.message, "lists of inputs")) << "not proved: " << bent.message;
}

/// max(a, b) = relu(a - b) + relu(b) for positive b; a unit that bends at 3 keeps it from being proved.
TEST_F(ExamJudge, TriesNegativeNumbersWhereItCannotProve) {
  paper("answer = \"network\"\nkey = { design = \"median\", inputs = 2 }");
  const auto network = [](const Row& out) {
    return layer_text({{1, -1}, {0, 1}, {0, -1}, {1, 0}}, "relu", {0, 0, 0, -3}) + layer_text({out}, "none");
  };
  const Judgement right = judged(network({1, 1, -1, 0}));
  EXPECT_EQ(right.outcome, Outcome::right);
  EXPECT_TRUE(contains(right.message, "lists of inputs")) << right.message;
  EXPECT_EQ(judged(network({1, 1, 0, 0})).outcome, Outcome::wrong);
}

TEST_F(ExamJudge, UnderstandsTheExampleOfTheManual) {
  std::ifstream stream(std::string(ASSAY_SOURCE_DIR) + "/docs/exams.md");
  const std::string manual{std::istreambuf_iterator<char>(stream), {}};
  const std::size_t from = manual.find("[[layer]]"), to = manual.find("```", from);
  ASSERT_NE(to, manual.npos);
  paper("answer = \"network\"\nkey = { design = \"median\", inputs = 2 }");  // the upper one: the maximum
  EXPECT_EQ(outcome(manual.substr(from, to - from)), "right");
}

TEST_F(ExamJudge, SaysWhatIsWrongWithWeights) {
  paper("answer = \"network\"\nkey = { design = \"median\", inputs = 3 }");
  const std::vector<std::pair<std::string, std::string>> examples{
      {"[[layer]]\nweights = [[1, 2]]", "found 2 numbers, expected 3"},
      {"[[layer]]\nweights = [[1, 2, 3], [1, 2, 3]]", "2 outputs, expected 1"},
      {"[[layer]]\nweights = [[1, 2, \"x\"]]", "found \"x\", expected a number"},
      {"[[layer]]\nweights = [[1, 2, 1e300]]", "expected a number"},
      {"[[layer]]\nweight = [[1, 2, 3]]", "found \"weight\", expected weights"},
      {"[[layer]]\nweights = [[1, 2, 3]]\nactivation = \"tanh\"", "expected relu, step or none"},
      {"[[layer]]\nbias = [1]", "without weights"},
      {"sort them", "TOML"},
      {"layer = 3", "found no layer"},
      {"[[layer]]\nweights = [[", "TOML"}};
  for (const auto& [text, message] : examples) {
    const Judgement judgement = judged(text);
    EXPECT_EQ(judgement.outcome, Outcome::unreadable) << text;
    EXPECT_TRUE(contains(judgement.message, message)) << judgement.message;
  }
  EXPECT_TRUE(contains(judged("[[layer]]\nweights = [[1, 2, \"x\"]]").message, "at byte 29"));
  EXPECT_EQ(outcome("[[layer]]\nweights = [[0.5, -0.25, \"1/3\"]]"), "wrong") << "fractions are read";
}

TEST_F(ExamJudge, ComparesSizesOfNetworks) {
  paper("answer = \"network\"\nkey = { design = \"fewer-parameters\", network = \"main\" }");
  const Judgement pooled = judged("CONV3-8, POOL2, CONV3-16, GAP, FC-10");
  EXPECT_EQ(pooled.outcome, Outcome::right) << pooled.message;
  // 8*28 + 16*73 + 10*17
  EXPECT_TRUE(contains(pooled.message, "1562 parameters instead of 542394")) << pooled.message;
  EXPECT_EQ(outcome("INPUT 3x32x32, CONV3-8, GAP, FC-10"), "right");
  EXPECT_TRUE(contains(judged("INPUT 1x32x32, CONV3-8, GAP, FC-10").message, "its input is 1x32x32"));
  EXPECT_TRUE(contains(judged("CONV3-8, GAP, FC-11").message, "its output is 11"));
  EXPECT_TRUE(contains(judged("FC-1000, FC-10").message, "not fewer than 542394"));
  EXPECT_TRUE(contains(judged("POOL2, FC-10 expects 5").message, "expects 5 inputs"));
  const Judgement mistyped = judged("CONV3-8, POL2, FC-10");
  EXPECT_EQ(mistyped.outcome, Outcome::unreadable);
  EXPECT_TRUE(contains(mistyped.message, "at byte 10")) << mistyped.message;
}

TEST_F(ExamJudge, SurvivesAnyTextForANetwork) {
  std::mt19937 random(3);
  const std::vector<std::string> parts{"[[layer]]", "\n",   "weights", " = ",     "[",      "]",   "1",   ",",
                                       "\"1/3\"",   "bias", "\xff",    "CONV3-8", "INPUT ", "3x3", "FC-", "-",
                                       "x",         "9999", "POOL2",   "#",       "\"",     "{"};
  for (const char* const design :
       {"design = \"median\", inputs = 3", "design = \"fewer-parameters\", network = \"main\""}) {
    paper("answer = \"network\"\nkey = { " + std::string(design) + " }");
    for (int round = 0; round < 1500; ++round) {
      std::string text;
      for (std::size_t i = random() % 30; i > 0; --i) text += parts[random() % parts.size()];
      const Judgement judgement = judged(text);
      for (const char c : judgement.message)
        EXPECT_GE(static_cast<unsigned char>(c), ' ') << judgement.message;
    }
  }
}

}  // namespace
}  // namespace assay::graders::exams
