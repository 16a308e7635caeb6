#include <gtest/gtest.h>

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

}  // namespace
}  // namespace assay::graders::report::test
