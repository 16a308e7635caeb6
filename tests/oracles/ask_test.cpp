#include "oracles/ask.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "oracles/catalogue.hpp"
#include "oracles/listing.hpp"
#include "oracles/numeric/numbers.hpp"

namespace assay::oracles {
namespace {

TextTensor vector(std::vector<std::string> numbers) {
  return {{numbers.size()}, std::move(numbers)};
}

/// The code and the place of the AskError that a question raises.
std::pair<std::string, std::string> refusal(const Question& question) {
  try {
    ask(question);
    return {};
  } catch (const AskError& error) {
    return {error.code, error.where};
  }
}

TEST(Ask, AnswersTheExampleOfEveryOperation) {
  for (const Operation& operation : catalogue()) {
    const Answer answer = ask(example_question(std::string(operation.name)));
    ASSERT_EQ(answer.outputs.size(), operation.outputs.size()) << operation.name;
    for (const auto* const group : {&answer.outputs, &answer.gradients})
      for (const AnswerTensor& tensor : *group)
        for (std::size_t i = 0; i < tensor.digits.size(); ++i) {
          EXPECT_NE(tensor.digits[i], "nan") << operation.name << " " << tensor.name;
          EXPECT_LT(std::strtod(tensor.radius[i].c_str(), nullptr),
                    1e-15 * (1 + std::fabs(tensor.nearest[i])))
              << operation.name << " " << tensor.name << ": an example must not lie on a kink";
        }
    EXPECT_EQ(answer.gradients.empty(), operation.ball.vjp == nullptr) << operation.name;
  }
}

/// The floats of an example, computed by the same formulas, must lie next to the exact values: a large error
/// would be a textbook formula that is none.
TEST(Ask, FindsTheTextbookFormulasNearTheTruthOnTheExamples) {
  for (const Operation& operation : catalogue()) {
    const Answer answer = ask(example_question(std::string(operation.name)));
    for (const auto* const group : {&answer.outputs, &answer.gradients})
      for (const AnswerTensor& tensor : *group)
        for (std::size_t i = 0; i < tensor.float64.size(); ++i)
          EXPECT_LE(std::fabs(tensor.float64[i] - tensor.nearest[i]),
                    1e-9 * (1 + std::fabs(tensor.nearest[i])))
              << operation.name << " " << tensor.name << "[" << i << "]";
  }
}

TEST(Ask, GivesDigitsThatMorePrecisionConfirms) {
  Question question{"softmax", {}, {{"logits", vector({"0", "1", "710"})}}, {}, {}, 30};
  const Answer few = ask(question);
  question.bits = 2000;
  question.digits = 0;
  const Answer many = ask(question);
  const PrecisionScope scope(2000);
  for (std::size_t i = 0; i < 2; ++i) {
    const Ball exact = to_ball(parse_rational(many.outputs[0].digits[i]));
    const Ball error = abs(exact - to_ball(parse_rational(few.outputs[0].digits[i])));
    EXPECT_TRUE(error <= abs(exact) * to_ball(parse_rational("1e-29"))) << few.outputs[0].digits[i];
    EXPECT_FALSE(error <= abs(exact) * to_ball(parse_rational("1e-80"))) << "thirty digits, not eighty";
  }
}

TEST(Ask, AnswersPiecewiseRationalOperationsWithFractions) {
  const Answer answer = ask({"relu", {}, {{"X", vector({"1/3", "-2", "0.1"})}}, {}, {}, 0});
  EXPECT_EQ(answer.outputs[0].exact, (std::vector<std::string>{"1/3", "0", "1/10"}));
  EXPECT_TRUE(ask({"tanh", {}, {{"X", vector({"1"})}}, {}, {}, 0}).outputs[0].exact.empty());
}

TEST(Ask, ShowsASubdifferentialAsARangeAndNotAsAFraction) {
  const Answer answer = ask({"relu", {}, {{"X", vector({"0"})}}, {{"Y", vector({"1"})}}, {}, 0});
  const AnswerTensor& gradient = answer.gradients[0];
  EXPECT_TRUE(gradient.exact.empty());
  EXPECT_LE(gradient.low[0], 0);
  EXPECT_GE(gradient.high[0], 1);
  EXPECT_LE(answer.bits, 512) << "no precision narrows a set";
}

TEST(Ask, MeasuresFloatsInUnitsOfTheLastPlace) {
  const AnswerTensor y = ask({"softmax", {}, {{"logits", vector({"0", "40"})}}, {}, {}, 0}).outputs[0];
  EXPECT_EQ(y.float64[1], 1);
  EXPECT_GT(y.float64_ulps[1], 0) << "1 - e^-40 is not 1";
  EXPECT_LT(y.float64_ulps[1], 1);
  const AnswerTensor x = ask({"leaky_relu", {}, {{"X", vector({"-1e308"})}}, {}, {}, 0}).outputs[0];
  EXPECT_EQ(x.float32_ulps[0], std::numeric_limits<double>::infinity());
}

TEST(Ask, LeavesOptionalInputsOut) {
  for (const Operation& operation : catalogue()) {
    Question question = example_question(std::string(operation.name));
    for (const InputSpec& input : operation.inputs)
      if (input.optional) question.inputs.erase(std::string(input.name));
    question.upstream.clear();  // an output may go with an input
    try {
      ask(question);
    } catch (const AskError& error) {
      EXPECT_NE(std::string(error.what()).find("unless"), std::string::npos)
          << error.what() << ": only one of several inputs can be needed and optional";
    }
  }
}

TEST(AskError, HasACodeAndAPlace) {
  using Pair = std::pair<std::string, std::string>;
  const TextTensors x{{"logits", vector({"1", "2"})}};
  EXPECT_EQ(refusal({"sofmax", {}, x, {}, {}, 0}), (Pair{"unknown_operation", "op"}));
  EXPECT_EQ(refusal({"softmax", {}, {}, {}, {}, 0}), (Pair{"missing_input", "inputs.logits"}));
  EXPECT_EQ(refusal({"softmax", {}, {{"logit", vector({"1"})}}, {}, {}, 0}),
            (Pair{"unknown_input", "inputs.logit"}));
  EXPECT_EQ(refusal({"softmax", {{"axes", "1"}}, x, {}, {}, 0}), (Pair{"bad_attribute", "attributes.axes"}));
  EXPECT_EQ(refusal({"softmax", {{"axis", "x"}}, x, {}, {}, 0}), (Pair{"bad_attribute", "attributes.axis"}));
  EXPECT_EQ(refusal({"softmax", {}, x, {{"y", vector({"1", "2"})}}, {}, 0}),
            (Pair{"unknown_output", "cotangents.y"}));
  EXPECT_EQ(refusal({"softmax", {}, x, {{"probabilities", vector({"1"})}}, {}, 0}),
            (Pair{"shape_mismatch", "cotangents.probabilities"}));
  EXPECT_EQ(refusal({"softmax", {}, {{"logits", vector({"1", "inf"})}}, {}, {}, 0}),
            (Pair{"bad_number", "inputs.logits.data[1]"}));
  EXPECT_EQ(refusal({"softmax", {}, x, {}, 1, 0}), (Pair{"bad_precision", "bits"}));
  EXPECT_EQ(refusal({"softmax", {}, x, {}, most_bits + 1, 0}), (Pair{"bad_precision", "bits"}));
  EXPECT_EQ(refusal({"softmax", {}, x, {}, {}, -1}), (Pair{"bad_precision", "digits"}));
  EXPECT_EQ(refusal({"softmax", {}, {{"logits", {{0}, {}}}}, {}, {}, 0}),
            (Pair{"shape_mismatch", "inputs.logits"}));
}

TEST(UnstableResults, ShowWhatAnUnstableFormReturns) {
  const auto results = unstable_results({"softmax", {}, {{"logits", vector({"0", "1000"})}}, {}, {}, 0});
  ASSERT_FALSE(results.empty());
  EXPECT_TRUE(std::isnan(results[0].values[1]));
  EXPECT_TRUE(unstable_results({"relu", {}, {{"X", vector({"0"})}}, {}, {}, 0}).empty());
}

}  // namespace
}  // namespace assay::oracles
