#include <gtest/gtest.h>

#include <limits>

#include "graders/report/figures.hpp"
#include "graders/report/report.hpp"
#include "graders/report/values.hpp"
#include "tests/graders/report/sample_class.hpp"

namespace assay::graders::report::test {
namespace {

std::string shown(const std::string& exact) {
  return points_text(points(exact, 0));
}

TEST(Points, AreRoundedOnceToTwoDecimals) {
  EXPECT_EQ(shown("11/2"), "5.5");
  EXPECT_EQ(shown("20"), "20");
  EXPECT_EQ(shown("0"), "0");
  EXPECT_EQ(shown("1/3"), "0.33");
  EXPECT_EQ(shown("2/3"), "0.67");
  EXPECT_EQ(shown("1/8"), "0.13");
  EXPECT_EQ(shown("-1/8"), "-0.13");
  EXPECT_EQ(shown("-1/1000"), "0");
  EXPECT_EQ(shown("29/200"), "0.15") << "0.145 is not a double, and is exact here";
  EXPECT_EQ(points_text(nullptr), "-");
  EXPECT_THROW(shown("5/0"), ReportError);
  EXPECT_THROW(shown("lots"), ReportError);
}

TEST(Figure, HasThreeSignificantDigits) {
  EXPECT_EQ(figure(6243314768165359.0), "6.24e15");
  EXPECT_EQ(figure(1e15), "1e15");
  EXPECT_EQ(figure(3.5), "3.5");
  EXPECT_EQ(figure(0.31), "0.31");
  EXPECT_EQ(figure(0), "0");
  EXPECT_EQ(figure(1e-9), "1e-9");
  EXPECT_EQ(figure(120), "120");
  EXPECT_EQ(figure(std::numeric_limits<double>::infinity()), "infinity");
}

TEST(TwoDecimals, RoundAsPointsDo) {
  EXPECT_EQ(two_decimals(12.125), "12.13");
  EXPECT_EQ(two_decimals(17), "17");
  EXPECT_EQ(two_decimals(0.005), "0.01");
}

TEST(Percent, NeverRoundsToAllOrNothing) {
  EXPECT_EQ(percent(1, 1000), "1 %");
  EXPECT_EQ(percent(999, 1000), "99 %");
  EXPECT_EQ(percent(0, 5), "0 %");
  EXPECT_EQ(percent(5, 5), "100 %");
  EXPECT_EQ(percent(0, 0), "-");
}

TEST(SplitDigits, CutsWhereDigitsDiffer) {
  const auto near = split_digits("0.1243530017715962", "0.12435300177159611038");
  EXPECT_EQ(near.got_same, "0.124353001771596");
  EXPECT_EQ(near.got_rest, "2");
  EXPECT_EQ(near.expected_rest, "11038");
}

TEST(SplitDigits, FindsNothingInCommonAcrossSignsAndMagnitudes) {
  for (const auto& [got, expected] :
       std::vector<std::pair<std::string, std::string>>{{"-0.5", "0.5"},
                                                        {"12.5", "1.25"},
                                                        {"1.25e-07", "1.25e-08"},
                                                        {"nan", "0"},
                                                        {"0.9", "0.1"},
                                                        {"inf", "1e308"},
                                                        {"0", "1.5"}})
    EXPECT_EQ(split_digits(got, expected).got_same, "") << got << " " << expected;
}

TEST(Columns, CountWideCharactersTwice) {
  EXPECT_EQ(columns("zo\u00eb"), 3u);
  EXPECT_EQ(columns("\u4e09\u5b50"), 4u);
  EXPECT_EQ(clip("\u4e09\u5b50\u4e09", 5), "\u4e09..");
  EXPECT_EQ(right("ab", 4), "  ab");
  EXPECT_EQ(left("abcdef", 4), "ab..");
}

TEST(Wrap, KeepsNewlinesAndBreaksLongWords) {
  EXPECT_EQ(wrap("one two three", 10, 2), "  one two\n  three\n");
  EXPECT_EQ(wrap("a\nb", 20), "a\nb\n");
  EXPECT_EQ(wrap("aaaaaaaaaaaaaaaaaaaa b", 10), "aaaaaaaaaa\naaaaaaaaaa\nb\n");
}

TEST(Values, LayOutTensorsAsMatrices) {
  const auto view =
      lay_out(value("K", {2, 2, 3}, {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}));
  ASSERT_EQ(view.slices.size(), 2u);
  EXPECT_EQ(view.slices[1].label, "K[1, :, :]");
  EXPECT_EQ(view.slices[1].rows[1], (std::vector<std::string>{"9", "10", "11"}));
  EXPECT_EQ(view.kind, "float64, 2 x 2 x 3");
}

TEST(Values, SayWhatTheyLeaveOut) {
  const auto view = lay_out(value("X", {20, 30}, std::vector<std::string>(600, "1")));
  EXPECT_EQ(view.slices[0].rows.size(), 13u);
  EXPECT_EQ(view.slices[0].rows[0].size(), 11u);
  EXPECT_EQ(view.slices[0].rows[0].back(), "...");
  EXPECT_EQ(view.note, "shown: the first 12 of 20 rows, the first 10 of 30 columns");
  const std::vector<std::string> many(20, "1");
  EXPECT_EQ(lay_out(value("y", {20}, many)).note, "shown: the first 10 of 20 columns");
  EXPECT_EQ(lay_out(value("T", {20, 1, 1}, many)).note, "shown: the first 6 of 20 matrices");
  EXPECT_EQ(lay_out(value("X", {12, 1}, std::vector<std::string>(12, "1"))).note, "");
  EXPECT_EQ(lay_out(value("X", {0, 3}, {})).note, "empty");
}

TEST(Values, SurviveAShapeThatDoesNotFit) {
  EXPECT_EQ(lay_out(value("X", {2, 2}, {"1"})).slices[0].rows[1][1], "?");
  EXPECT_NO_THROW(lay_out(value("X", {1u << 31, 1u << 31, 1u << 31, 1u << 31}, {"1"})));
}

}  // namespace
}  // namespace assay::graders::report::test
