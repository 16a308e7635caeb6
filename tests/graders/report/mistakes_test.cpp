#include "graders/report/mistakes.hpp"

#include <gtest/gtest.h>

#include "graders/report/report.hpp"
#include "tests/graders/report/sample_class.hpp"

namespace assay::graders::report::test {
namespace {

Json diagnosis(const std::string& id, const std::string& sentence) {
  return {{"id", id},
          {"sentence", sentence},
          {"results", {"loss"}},
          {"looked_at", 16},
          {"consistent_cases", 16},
          {"telling_cases", 9},
          {"alternatives", Json::array()}};
}

/// Two with one mistake, one with another as well, in two criteria.
Json class_with_mistakes() {
  Json results = example();
  Json& submissions = results["submissions"];
  submissions[1]["criteria"][0]["diagnoses"] = {diagnosis("relation.sign", "turns the sign")};
  submissions[1]["criteria"][1]["diagnoses"] = {diagnosis("relation.sign", "turns the sign")};
  submissions[2]["criteria"][0]["diagnoses"] = {diagnosis("relation.twice", "doubles")};
  submissions[4]["criteria"][0]["diagnoses"] = {diagnosis("relation.twice", "doubles")};
  return results;
}

TEST(LooksLike, SaysWhatOnHowManyCasesAndWhatElse) {
  const auto words = looks_like(example()["submissions"][1]["criteria"][0]);
  ASSERT_EQ(words.size(), 1u);
  EXPECT_EQ(words[0].what,
            "loss: the program sums over the batch where the mean is asked for (softmax_cross_entropy)");
  EXPECT_EQ(words[0].evidence, "It fits all 16 cases looked at, and shows on 14 of them.");
  EXPECT_EQ(words[0].as_well, "returns the right value times N: a division by N is missing");
  EXPECT_TRUE(looks_like(example()["submissions"][0]["criteria"][0]).empty());
}

TEST(LooksLike, AdmitsCasesThatCannotBeTold) {
  Json criterion = example()["submissions"][1]["criteria"][0];
  criterion["diagnoses"][0]["consistent_cases"] = 15;
  EXPECT_EQ(looks_like(criterion)[0].evidence,
            "It fits 15 of 16 cases looked at (the others cannot be told), and shows on 14 of them.");
}

TEST(MistakesOfAClass, CountEachSubmissionOnceAndTheMostFrequentFirst) {
  const auto results = class_with_mistakes();
  const auto all = mistakes_of_class(results);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].id, "relation.twice");
  EXPECT_EQ(all[0].submissions.size(), 2u);
  EXPECT_EQ(all[1].submissions.size(), 1u) << "one submission, two criteria";
}

TEST(MistakesOfAClass, AreShownInEveryReport) {
  const auto results = class_with_mistakes();
  EXPECT_NE(class_html(results).find("Mistakes, most frequent first"), std::string::npos);
  EXPECT_NE(terminal_table(results).find("2 x doubles: chen-wei, eli-novak"), std::string::npos);
  EXPECT_NE(explain_text(results, "eli-novak", "loss").find("This looks like"), std::string::npos);
  EXPECT_NE(student_html(results, "eli-novak").find("This looks like:"), std::string::npos)
      << "of a criterion that shows its input";
  EXPECT_EQ(class_html(sample_class()).find("Mistakes, most frequent first"), std::string::npos);
}

TEST(MistakesOfAClass, AreNotToldOfCriteriaThatShowOnlyTheirOutcome) {
  Json results = class_with_mistakes();
  for (const char* level : {"passed", "hidden"}) {
    results["criteria"][0]["visibility"] = level;
    EXPECT_EQ(for_student(results, "eli-novak").dump().find("doubles"), std::string::npos) << level;
  }
}

}  // namespace
}  // namespace assay::graders::report::test
