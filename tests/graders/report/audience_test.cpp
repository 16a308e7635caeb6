#include <gtest/gtest.h>

#include "graders/report/gradebook.hpp"
#include "graders/report/report.hpp"
#include "tests/graders/report/sample_class.hpp"

namespace assay::graders::report::test {
namespace {

Json criterion_for_student(const std::string& visibility) {
  Json results = example();
  results["criteria"][0]["visibility"] = visibility;
  return for_student(results, "ben-<b>carter</b>")["submissions"][0]["criteria"][0];
}

TEST(ForStudent, TellsOfAHiddenCriterionOnlyWhatItIsWorth) {
  const Json expected = {
      {"id", "loss"}, {"max", points("3", 3.0)}, {"points", nullptr}, {"verdict", "hidden"}};
  EXPECT_EQ(criterion_for_student("hidden"), expected);
  EXPECT_EQ(criterion_for_student("a level of the future"), expected);
}

TEST(ForStudent, TellsOfAPassedOrNotCriterionOnlyThat) {
  EXPECT_EQ(criterion_for_student("passed"), (Json{{"id", "loss"},
                                                   {"max", points("3", 3.0)},
                                                   {"points", points("0", 0.0)},
                                                   {"verdict", "not_accepted"}}));
}

TEST(ForStudent, ShowsTheInputWithoutTheExpectedValue) {
  const Json shown = criterion_for_student("input");
  EXPECT_EQ(shown["verdict"], "wrong");
  EXPECT_EQ(shown["counterexample"]["inputs"].size(), 3u);
  EXPECT_EQ(shown["counterexample"]["got"], "1.3862943611198906");
  for (const char* gives_it_away : {"expected", "expected_radius", "error_ulps"})
    EXPECT_FALSE(shown["counterexample"].contains(gives_it_away));
  EXPECT_EQ(shown["counterexample"]["ratio"], 1e15)
      << "a power of ten: got plus or minus the error is the expected value";
  EXPECT_FALSE(shown.contains("worst_ratio"));
}

TEST(ForStudent, ShowsEverythingAtTheLevelExpected) {
  EXPECT_EQ(criterion_for_student("expected"), example()["submissions"][1]["criteria"][0]);
}

TEST(ForStudent, SumsWhatIsVisible) {
  const Json shown = for_student(sample_class(), "ben-carter")["submissions"][0];
  EXPECT_EQ(shown["score"], points("31/2", 15.5));
  EXPECT_EQ(shown["max"], points("18", 18.0));
  EXPECT_EQ(shown["hidden_max"], points("2", 2.0));
  EXPECT_EQ(for_student(sample_class(), "uma-patel")["submissions"][0]["verdict"], "accepted")
      << "the worst verdict is hidden";
}

TEST(ForStudent, SumsThirdsExactly) {
  Json results = example();
  const Json third = points("1/3", 0.3333333333333333);
  Json& submission = results["submissions"][0];
  results["criteria"].push_back(results["criteria"][0]);
  results["criteria"][2]["id"] = "third";
  submission["criteria"].push_back(submission["criteria"][0]);
  submission["criteria"][2]["id"] = "third";
  results["criteria"][1]["visibility"] = "input";
  for (Json& criterion : submission["criteria"]) criterion["points"] = criterion["max"] = third;
  EXPECT_EQ(for_student(results, "amara-okafor")["submissions"][0]["score"], points("1", 1.0));
}

TEST(ForStudent, KeepsAHarnessErrorWithoutAScore) {
  const Json shown = for_student(sample_class(), "dora-lind")["submissions"][0];
  EXPECT_TRUE(shown["score"].is_null());
  EXPECT_EQ(shown["status"], "harness_error");
}

TEST(ForStudent, NamesNobodyElseAndNoSeed) {
  const auto text = for_student(sample_class(), "ben-carter").dump();
  for (const char* secret : {"amara", "20190521", "summary\":{", "layers", "accepted\":18"})
    EXPECT_EQ(text.find(secret), std::string::npos) << secret;
}

TEST(ForStudent, ShowsNoOutputThatCouldCarryHiddenInputs) {
  Json results = example();
  for (Json& criterion : results["submissions"][4]["criteria"]) criterion["standard_error"] = "X = 17.25";
  results["criteria"][0]["visibility"] = "passed";
  EXPECT_EQ(for_student(results, "eli-novak").dump().find("17.25"), std::string::npos);
}

/// The example with a mark at every place that could give something away, all in the first criterion.
Json with_secrets(const std::string& visibility) {
  Json results = example();
  results["criteria"][0]["visibility"] = visibility;
  Json& submission = results["submissions"][1];
  Json& criterion = submission["criteria"][0];
  Json& shown = criterion["counterexample"];
  for (Json& input : shown["inputs"])
    for (Json& value : input["values"]) value = "17.25";
  shown["pinned"] = "secret note";
  shown["got"] = "55.125";
  shown["expected"] = "66.375";
  shown["expected_radius"] = "7.5e-39";
  shown["error_ulps"] = 444719.0;
  shown["ratio"] = 888123.0;
  criterion["worst_ratio"] = 888123.0;
  criterion["message"] = "secret message";
  criterion["advice"] = "secret advice";
  criterion["standard_error"] = "secret output";
  criterion["parts"] = {{{"name", "Secret.Part"}, {"verdict", "wrong"}, {"message", "secret part"}}};
  criterion["diagnoses"] = {{{"id", "secret.mistake"},
                             {"sentence", "does a secret thing"},
                             {"results", {"loss"}},
                             {"looked_at", 16},
                             {"consistent_cases", 16},
                             {"telling_cases", 9},
                             {"alternatives", {{{"id", "secret.other"}, {"sentence", "secretly"}}}}}};
  criterion["error_map"] = {
      {"case", 7},      {"result", "secret_result"}, {"shape", {2, 3}}, {"slice", Json::array()},
      {"from", {0, 0}}, {"cells", {"..q", "#q."}},   {"wrong", 3}};
  criterion["loss_curve"] = {{"case", 0},           {"loss", "secret_loss"}, {"steps", {0, 5}},
                             {"got", {31.5, 32.5}}, {"exact", {33.5, 34.5}}, {"recomputed", false}};
  submission["prices"] = {
      {{"id", "secret.mistake"},
       {"sentence", "does a secret thing"},
       {"penalty", points("1/2", 0.5)},
       {"criteria", {{{"id", "loss"}, {"lost", points("3", 3)}, {"charged", points("1/2", 0.5)}}}}}};
  submission["unpriced"] = {{{"id", "secret.mistake"}, {"criterion", "loss"}, {"reason", "secret reason"}}};
  return results;
}

/// Everything that reaches the student, in one text. What is hidden stands in Gradescope's document for the
/// course's staff alone.
std::string all_that_is_given(const Json& results) {
  const std::string id = "ben-<b>carter</b>";
  const Json shown = for_student(results, id);
  std::string all = to_text(shown) + student_html(shown, id) + student_text(shown, id) +
                    explain_text(shown, id, "loss") + moodle_gradebook(results, nullptr).csv;
  if (results["criteria"][0]["visibility"] != "hidden") all += to_text(gradescope_json(results, id));
  return all;
}

const std::vector<std::string> inputs_and_reasons{"17.25",         "secret note",   "secret message",
                                                  "secret advice", "secret output", "55.125"};
const std::vector<std::string> mistakes{"secret.mistake", "does a secret thing", "secretly", "secret.other"};
const std::vector<std::string> exact_values{"66.375", "7.5e-39", "444719", "888123", "33.5", "34.5"};
const std::vector<std::string> pictures{"secret_result", "secret_loss", "31.5"};

TEST(Levels, BelowTheInputGiveNoInputNoValueAndNoMistakeAwayInAnyByte) {
  for (const char* const level : {"hidden", "passed", "verdict"}) {
    const std::string all = all_that_is_given(with_secrets(level));
    for (const auto& secrets : {inputs_and_reasons, mistakes, exact_values, pictures})
      for (const std::string& secret : secrets)
        EXPECT_EQ(all.find(secret), std::string::npos) << secret << " at the level " << level;
    EXPECT_EQ(all.find("secret"), std::string::npos) << level;
    EXPECT_EQ(all.find("Secret"), std::string::npos) << level;
  }
}

TEST(Levels, OfTheInputGiveNoExactValueAwayInAnyByte) {
  const std::string all = all_that_is_given(with_secrets("input"));
  for (const std::string& secret : exact_values) EXPECT_EQ(all.find(secret), std::string::npos) << secret;
  for (const auto& told : {inputs_and_reasons, mistakes, pictures})
    for (const std::string& words : told) EXPECT_NE(all.find(words), std::string::npos) << words;
  EXPECT_EQ(all.find("..q"), std::string::npos) << "the size of an error leads to the exact value";
  EXPECT_NE(all.find("..X"), std::string::npos);
  EXPECT_EQ(all.find("secret reason"), std::string::npos) << "why a price does not count is for staff";
}

TEST(Levels, OfTheExpectedValueGiveEverything) {
  const std::string all = all_that_is_given(with_secrets("expected"));
  for (const auto& told : {inputs_and_reasons, mistakes, exact_values, pictures})
    for (const std::string& words : told)
      EXPECT_TRUE(all.find(words) != std::string::npos || words == "444719") << words;
}

TEST(Levels, OfTheVerdictTellWhatKindOfFailureItIs) {
  EXPECT_EQ(
      criterion_for_student("verdict"),
      (Json{{"id", "loss"}, {"max", points("3", 3.0)}, {"points", points("0", 0.0)}, {"verdict", "wrong"}}));
}

TEST(Audiences, HaveALevelOfTheirOwnWhereTheAuthorGaveOne) {
  Json results = with_secrets("passed");
  results["criteria"][0]["visibility_final"] = "expected";
  results["criteria"][0]["visibility_limit"] = "hidden";
  const auto verdict = [&](const char* audience) {
    return for_student(for_audience(results, audience),
                       "ben-<b>carter</b>")["submissions"][0]["criteria"][0]["verdict"];
  };
  EXPECT_EQ(verdict("before"), "not_accepted");
  EXPECT_EQ(verdict("final"), "wrong");
  EXPECT_EQ(verdict("limit"), "hidden");
  EXPECT_THROW(for_audience(results, "everybody"), ReportError);
  EXPECT_EQ(for_student(results, "ben-<b>carter</b>").dump().find("visibility_"), std::string::npos)
      << "what will be shown later is not announced";
}

}  // namespace
}  // namespace assay::graders::report::test
