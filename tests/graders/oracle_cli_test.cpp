/// `assay oracle` as a program and as a person use it.
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/graders/command_line.hpp"

namespace assay::testing {
namespace {

using nlohmann::json;

class OracleCli : public CommandLineTest {
 protected:
  /// One JSON value for each line of the output.
  static std::vector<json> lines(const std::string& text) {
    std::vector<json> all;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) all.push_back(json::parse(line));
    return all;
  }
  std::vector<json> served(const std::string& requests) const {
    return lines(run_with(requests, "oracle").out);
  }
};

TEST_F(OracleCli, TakesAScalarWhereAnInputIsLikeAnotherScalar) {
  const Outcome result = run("oracle diagonal_lasso --optimum 1 --hessian 2 --strength 0.5");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("3/4"), std::string::npos) << result.out;
  EXPECT_EQ(run("oracle diagonal_lasso --optimum 1 --hessian '2 3' --strength 0.5").code, 2);
}

TEST_F(OracleCli, AnswersEachLineAndSurvivesTheBadOnes) {
  const Outcome result = run_with(
      "{\"op\": \"relu\", \"inputs\": {\"X\": [1, -2, \"1/3\"]}, \"id\": \"first\"}\n"
      "not json\n"
      "\n"
      "[]\n"
      "{\"op\": \"sofmax\"}\n"
      "{\"op\": \"relu\", \"inputs\": {\"X\": [\"one\"]}}\n"
      "{\"op\": \"relu\", \"input\": {\"X\": [1]}}\n"
      "{\"op\": \"relu\", \"inputs\": {\"X\": 5}, \"id\": 7}\n",
      "oracle");
  EXPECT_EQ(result.code, 1);
  const auto replies = lines(result.out);
  ASSERT_EQ(replies.size(), 7u);
  EXPECT_EQ(replies[0]["outputs"]["Y"]["exact"], json({"1", "0", "1/3"}));
  EXPECT_EQ(replies[0]["id"], "first");
  EXPECT_EQ(replies[1]["error"]["code"], "bad_json");
  EXPECT_EQ(replies[2]["error"]["message"], "a request is one JSON object a line");
  EXPECT_EQ(replies[3]["error"]["message"], "there is no operation \"sofmax\"; did you mean \"softmax\"?");
  EXPECT_EQ(replies[4]["error"]["code"], "bad_number");
  EXPECT_EQ(replies[4]["error"]["where"], "inputs.X.data[0]");
  EXPECT_EQ(replies[5]["error"]["code"], "unknown_key");
  EXPECT_EQ(replies[5]["error"]["message"], "there is no key \"input\" here; did you mean \"inputs\"?");
  EXPECT_EQ(replies[6]["outputs"]["Y"]["shape"], json::array());
  EXPECT_EQ(replies[6]["id"], 7);
}

TEST_F(OracleCli, TakesANumberAsTheNearestDoubleAndTextExactly) {
  const auto replies = served(
      "{\"op\": \"relu\", \"inputs\": {\"X\": [0.1]}}\n{\"op\": \"relu\", \"inputs\": {\"X\": [\"0.1\"]}}\n"
      "{\"op\": \"relu\", \"inputs\": {\"X\": [\"0x1p-2\"]}}\n");
  EXPECT_EQ(replies[0]["outputs"]["Y"]["exact"][0], "3602879701896397/36028797018963968");
  EXPECT_EQ(replies[1]["outputs"]["Y"]["exact"][0], "1/10");
  EXPECT_EQ(replies[2]["outputs"]["Y"]["exact"][0], "1/4");
}

TEST_F(OracleCli, SaysWhereAShapeDoesNotFit) {
  const auto replies = served(
      "{\"op\": \"affine\", \"inputs\": {\"X\": [[1, 2]], \"W\": [[1], [2], [3]], \"b\": [0]}}\n"
      "{\"op\": \"affine\", \"inputs\": {\"X\": [[1, 2], [3]], \"W\": [[1], [2]], \"b\": [0]}}\n"
      "{\"op\": \"affine\", \"inputs\": {\"X\": {\"shape\": [2, 2], \"data\": [1]}, \"W\": 1, \"b\": 0}}\n"
      "{\"op\": \"affine\", \"inputs\": {\"X\": {\"shape\": [9999999999, 9999999999], \"data\": []}}}\n"
      "{\"op\": \"softmax\", \"inputs\": {\"logits\": [1]}, \"attributes\": {\"axis\": 3}}\n"
      "{\"op\": \"softmax\", \"inputs\": {\"logits\": [1]}, \"bits\": 1}\n");
  EXPECT_EQ(replies[0]["error"]["where"], "inputs.W");
  EXPECT_EQ(replies[0]["error"]["code"], "shape_mismatch");
  EXPECT_EQ(replies[1]["error"]["message"], "the list is ragged: rows of one length are needed");
  EXPECT_EQ(replies[2]["error"]["message"], "shape (2, 2) needs 4 elements, and data has 1");
  EXPECT_TRUE(replies[3].contains("error")) << replies[3];
  EXPECT_EQ(replies[4]["error"]["code"], "bad_attribute");
  EXPECT_EQ(replies[4]["error"]["where"], "attributes.axis");
  EXPECT_EQ(replies[5]["error"]["code"], "bad_precision");
}

TEST_F(OracleCli, ListsEverythingAProgramNeeds) {
  const json listed = json::parse(run("list ops --json").out);
  std::string requests;
  for (const json& operation : listed) {
    for (const char* key : {"name", "family", "formula", "domain", "source", "inputs", "outputs",
                            "attributes", "numbers", "gradient", "example"})
      EXPECT_TRUE(operation.contains(key)) << operation["name"] << " " << key;
    requests += operation["example"].dump() + "\n";
  }
  const auto replies = served(requests);
  ASSERT_EQ(replies.size(), listed.size());
  for (std::size_t i = 0; i < replies.size(); ++i) {
    ASSERT_TRUE(replies[i].contains("outputs")) << listed[i]["name"] << replies[i];
    EXPECT_EQ(replies[i].contains("gradients"), listed[i]["gradient"].get<bool>()) << listed[i]["name"];
    EXPECT_EQ(replies[i]["outputs"].size(), listed[i]["outputs"].size()) << listed[i]["name"];
  }
}

TEST_F(OracleCli, PrintsARequestThatWorks) {
  const Outcome example = run("oracle softmax_cross_entropy --example");
  EXPECT_EQ(example.code, 0);
  const Outcome answer = run_with(example.out, "oracle");
  EXPECT_EQ(answer.code, 0);
  EXPECT_TRUE(lines(answer.out).at(0).contains("gradients"));
}

TEST_F(OracleCli, ShowsAPersonTheDigitsAndWhatFloatsMakeOfThem) {
  const Outcome result = run("oracle softmax --logits \"0, 1, 710\"");
  EXPECT_EQ(result.code, 0);
  EXPECT_NE(result.out.find("probabilities (3)"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("underflow"), std::string::npos) << "exp(-710) is no float32";
  EXPECT_NE(result.out.find("softmax.without_shift"), std::string::npos);
  std::istringstream stream(result.out);
  for (std::string line; std::getline(stream, line);) EXPECT_LE(line.size(), 80u) << line;
}

TEST_F(OracleCli, ReadsRowsVectorsAndNestedLists) {
  const auto shape_of = [&](const std::string& words) {
    const Outcome result = run("oracle relu --json --X \"" + words + "\"");
    return lines(result.out).at(0)["outputs"]["Y"]["shape"];
  };
  EXPECT_EQ(shape_of("1, 2, 3"), json({3}));
  EXPECT_EQ(shape_of("1 2; 3 4; 5 6"), json({3, 2}));
  EXPECT_EQ(shape_of("[[1, 2]]"), json({1, 2}));
  EXPECT_EQ(shape_of("4"), json::array());
  const Outcome row = run("oracle softmax_cross_entropy --logits \"1, 2\" --labels 1 --gradient --json");
  EXPECT_EQ(lines(row.out).at(0)["gradients"]["logits"]["shape"], json({1, 2}));
}

TEST_F(OracleCli, ExplainsWrongWords) {
  const auto says = [&](const std::string& arguments, const std::string& text) {
    const Outcome result = run("oracle " + arguments + " </dev/null");
    EXPECT_EQ(result.code, 2) << arguments;
    EXPECT_NE(result.err.find(text), std::string::npos) << arguments << "\n" << result.err;
  };
  says("sofmax --logits 1", "did you mean \"softmax\"?");
  says("softmax --logit 1", "did you mean \"logits\"?");
  says("softmax 3", "unexpected word \"3\"");
  says("softmax --logits", "--logits needs a value");
  says("softmax --logits \"1 2; 3\"", "rows of one length");
  says("softmax --logits \"1, x\"", "\"x\" is not a number");
  says("softmax --logits \"1, 2\" --axis 5", "attribute \"axis\" is 5");
  says("softmax --logits \"1, 2\" --gradient", "--upstream");
  says("softmax --logits \"\"", "is empty");
  says("softmax --logits \"1\" --bits 1", "bits must be from 2 to");
  says("--example", "name an operation");
}

TEST_F(OracleCli, ServesThreeHundredMixedRequestsInAMoment) {
  const json listed = json::parse(run("list ops --json").out);
  std::string requests;
  for (std::size_t i = 0; i < 300; ++i) requests += listed[i % listed.size()]["example"].dump() + "\n";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(served(requests).size(), 300u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10))
      << "well under a second on an idle machine";
}

}  // namespace
}  // namespace assay::testing
