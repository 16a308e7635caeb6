#include <gtest/gtest.h>

#include <sstream>

#include "graders/report/figures.hpp"
#include "graders/report/report.hpp"
#include "tests/graders/report/sample_class.hpp"

namespace assay::graders::report::test {
namespace {

std::size_t widest_line(const std::string& page) {
  std::istringstream lines(page);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, columns(line));
  return widest;
}

std::string row_of(const std::string& page, const std::string& id) {
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(id)) return line;
  return {};
}

TEST(TerminalTable, IsTheApprovedOne) {
  EXPECT_EQ(terminal_table(sample_class()), read("tests/approvals/class_table.txt"));
}

TEST(TerminalTable, FitsItsWidth) {
  for (const std::size_t width : {60u, 72u, 80u, 120u})
    EXPECT_LE(widest_line(terminal_table(sample_class(), width)), width);
  Json results = sample_class();
  results["submissions"][0]["id"] = std::string(500, 'w') + "\u4e09\u5b50";
  results["submissions"][1]["message"] = std::string(3000, 'm');
  results["criteria"][0]["title"] = std::string(500, 't');
  results["criteria"][1]["id"] = std::string(500, 'c');
  results["assignment"]["title"] = std::string(500, 'a');
  EXPECT_LE(widest_line(terminal_table(results)), 80u);
}

TEST(TerminalTable, IsPlainUnlessColourIsAskedFor) {
  EXPECT_EQ(terminal_table(sample_class()).find('\x1b'), std::string::npos);
  EXPECT_NE(terminal_table(sample_class(), 80, true).find("\x1b[32m+"), std::string::npos);
}

TEST(TerminalTable, NeverShowsAHarnessErrorAsAZero) {
  const auto page = terminal_table(sample_class());
  const auto row = row_of(page, "dora-lind");
  EXPECT_NE(row.find("not graded"), std::string::npos) << row;
  EXPECT_EQ(row.find("0/20"), std::string::npos) << row;
  EXPECT_NE(page.find("no mark is lost"), std::string::npos);
}

TEST(TerminalTable, ShowsNothingThatActsOnATerminal) {
  Json results = example();
  results["submissions"][0]["id"] = "\x1b[2J\x07\u202egnp.exe";
  results["submissions"][0]["verdict"] = "wrong";
  results["submissions"][0]["message"] = "a\rb\x1b]0;title\x07";
  for (const char byte : terminal_table(results))
    EXPECT_TRUE(byte == '\n' || static_cast<unsigned char>(byte) >= 0x20) << static_cast<int>(byte);
  EXPECT_EQ(terminal_table(results).find("\u202e"), std::string::npos);
}

TEST(TerminalTable, DoesNotDependOnTheOrderOfSubmissions) {
  Json shuffled = sample_class();
  std::ranges::reverse(shuffled["submissions"]);
  EXPECT_EQ(terminal_table(shuffled), terminal_table(sample_class()));
}

TEST(TerminalTable, CallsNothingHardThatEverybodyPassed) {
  Json results = sample_class();
  for (Json& criterion : results["criteria"]) criterion["accepted"] = criterion["graded"];
  EXPECT_EQ(terminal_table(results).find("hardest"), std::string::npos);
}

TEST(Explanation, IsTheApprovedOne) {
  EXPECT_EQ(student_text(sample_class(), "george-o-neill"), read("tests/approvals/student.txt"));
}

TEST(Explanation, PointsAtTheFirstDigitThatDiffers) {
  const auto page = explain_text(sample_class(), "hana-sato", "grad-w");
  EXPECT_NE(page.find("    expected  0.12435300177159611038   +/- 1.2e-39\n"
                      "    got       0.1243530017715962\n"
                      "                               ^\n"),
            std::string::npos)
      << page;
  EXPECT_NE(page.find("dW[1, 0]"), std::string::npos);
  EXPECT_NE(page.find("case 4 of criterion grad-w"), std::string::npos);
}

TEST(Explanation, FitsEightyColumns) {
  Json results = sample_class();
  for (Json& criterion : results["submissions"][13]["criteria"])
    if (criterion.contains("counterexample")) criterion["counterexample"]["pinned"] = std::string(300, 'n');
  EXPECT_LE(widest_line(student_text(results, "noor-hassan")), 80u);
}

TEST(Explanation, NamesWhatThereIsWhenAskedForSomethingElse) {
  try {
    explain_text(example(), "chen-wei", "lose");
    FAIL();
  } catch (const ReportError& error) {
    EXPECT_STREQ(error.what(), "no criterion named \"lose\" in these results; there are: loss, loss-extreme");
  }
}

}  // namespace
}  // namespace assay::graders::report::test
