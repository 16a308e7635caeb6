#include <gtest/gtest.h>

#include <locale>
#include <regex>

#include "graders/report/report.hpp"
#include "tests/graders/report/sample_class.hpp"

namespace assay::graders::report::test {
namespace {

/// RFC 4180, strictly: rows of cells.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string& cell = rows.back().back();
    if (quoted && text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"')
      cell += text[++i];
    else if (text[i] == '"')
      quoted = !quoted;
    else if (!quoted && text[i] == ',')
      rows.back().emplace_back();
    else if (!quoted && text.compare(i, 2, "\r\n") == 0)
      rows.push_back({""}), ++i;
    else
      cell += text[i];
  }
  rows.pop_back();
  return rows;
}

TEST(Csv, HasOneRowPerSubmissionAndTwoColumnsPerCriterion) {
  const auto rows = parse_csv(class_csv(sample_class()));
  ASSERT_EQ(rows.size(), 25u);
  for (const auto& row : rows) EXPECT_EQ(row.size(), 6u + 2 * 9);
  EXPECT_EQ(rows[0][6], "scores verdict");
  EXPECT_EQ(rows[0][7], "scores points");
  EXPECT_EQ(rows[2],
            (std::vector<std::string>{"ben-carter", "graded", "15.5",     "20", "77.5",     "unstable",
                                      "accepted",   "2",      "accepted", "3",  "unstable", "0",
                                      "accepted",   "3",      "accepted", "2",  "accepted", "3",
                                      "accepted",   "1.5",    "accepted", "1",  "unstable", "0"}));
}

TEST(Csv, LeavesEmptyWhatWasNotGraded) {
  const auto row = parse_csv(class_csv(sample_class()))[4];
  EXPECT_EQ(row[0], "dora-lind");
  EXPECT_EQ(row[1], "harness_error");
  EXPECT_EQ(row[2], "");
  EXPECT_EQ(row[4], "");
  EXPECT_EQ(row[7], "");
}

TEST(Csv, HasNoCellThatASpreadsheetRuns) {
  for (const char* attack : {"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a\",=1,\""}) {
    Json results = sample_class();
    results["submissions"][0]["id"] = attack;
    results["criteria"][0]["id"] = results["submissions"][0]["criteria"][0]["id"] = attack;
    for (std::size_t i = 1; i < results["submissions"].size(); ++i)
      results["submissions"][i]["criteria"][0]["id"] = attack;
    for (const auto& row : parse_csv(class_csv(results)))
      for (const auto& cell : row) EXPECT_NE(cell.find_first_of("=+-@\t\r"), 0u) << cell;
  }
}

TEST(Gradescope, HasTheDocumentedStructure) {
  const Json out = gradescope_json(sample_class(), "ben-carter");
  EXPECT_EQ(out["score"], 15.5);
  EXPECT_EQ(out["visibility"], "visible");
  ASSERT_EQ(out["tests"].size(), 9u);
  for (const Json& test : out["tests"]) {
    EXPECT_TRUE(test["name"].is_string() && test["number"].is_string() && test["output"].is_string());
    EXPECT_TRUE(test["score"].is_number() && test["max_score"].is_number());
    EXPECT_TRUE(test["status"] == "passed" || test["status"] == "failed");
  }
  EXPECT_EQ(out["tests"][2]["status"], "failed");
  EXPECT_EQ(out["tests"][8]["visibility"], "hidden");
  EXPECT_EQ(out["tests"][0]["visibility"], "visible");
}

TEST(Gradescope, ShowsAStudentOnlyWhatTheLevelAllows) {
  const Json out = gradescope_json(sample_class(), "noor-hassan");
  const auto loss = out["tests"][1]["output"].get<std::string>(),
             penalty = out["tests"][6]["output"].get<std::string>();
  EXPECT_NE(loss.find("1.3862943611198906"), std::string::npos) << "input: what came back is shown";
  EXPECT_EQ(loss.find("0.693147"), std::string::npos) << "input: the expected value is not";
  EXPECT_EQ(penalty.find("X"), std::string::npos) << "passed: no input";
  EXPECT_EQ(out.dump().find("20190521"), std::string::npos) << "the seed draws the hidden cases again";
}

TEST(Gradescope, NeverTurnsAHarnessErrorIntoAZero) {
  const Json out = gradescope_json(sample_class(), "dora-lind");
  EXPECT_FALSE(out.contains("score"));
  for (const Json& test : out["tests"]) EXPECT_FALSE(test.contains("score") || test.contains("status"));
  EXPECT_EQ(out["extra_data"]["assay"]["status"], "harness_error");
  EXPECT_NE(out["output"].get<std::string>().find("the grader failed, not your submission"),
            std::string::npos);
}

TEST(Gradescope, SaysWhatWaitsForAPerson) {
  const Json out = gradescope_json(sample_class(), "ivan-petrov");
  EXPECT_EQ(out["score"], 16);
  EXPECT_FALSE(out["tests"][8].contains("score"));
  EXPECT_EQ(out["output"], "2 points wait for a person to look and are not in the score yet.");
}

TEST(MachineForms, AreAsciiJsonEvenFromInvalidBytes) {
  Json results = sample_class();
  results["submissions"][0]["id"] = "caf\xc3\xa9 \xff \x1b[31m";
  const auto text = to_text(gradescope_json(results, results["submissions"][0]["id"].get<std::string>()));
  for (const char byte : text) EXPECT_TRUE(byte == '\n' || (byte >= 0x20 && byte < 0x7f));
  EXPECT_TRUE(Json::accept(text));
  EXPECT_EQ(text.find("NaN"), std::string::npos);
}

struct CommaDecimals : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(Reports, DoNotDependOnTheLocale) {
  const Json results = sample_class();
  const auto render = [&] {
    return terminal_table(results) + class_html(results) + class_csv(results) +
           to_text(gradescope_json(results, "ben-carter")) + student_text(results, "george-o-neill");
  };
  const auto before = render();
  const auto old = std::locale::global(std::locale(std::locale::classic(), new CommaDecimals));
  const auto after = render();
  std::locale::global(old);
  EXPECT_EQ(before, after);
}

}  // namespace
}  // namespace assay::graders::report::test
