#include <gtest/gtest.h>

#include <regex>

#include "graders/report/report.hpp"
#include "tests/graders/report/sample_class.hpp"

namespace assay::graders::report::test {
namespace {

Json map_of(std::vector<std::size_t> shape, std::vector<std::string> cells, std::size_t wrong) {
  return {{"case", 4},
          {"result", "dW"},
          {"shape", std::move(shape)},
          {"slice", Json::array()},
          {"from", {0, 0}},
          {"cells", cells},
          {"wrong", wrong}};
}

/// The page of a submission whose first criterion has this besides.
std::string page_with(const char* key, const Json& value) {
  Json results = example();
  results["submissions"][1]["criteria"][0][key] = value;
  return student_html(results, "ben-<b>carter</b>");
}

std::size_t times(const std::string& page, const std::string& words) {
  std::size_t n = 0;
  for (std::size_t at = page.find(words); at != std::string::npos; at = page.find(words, at + 1)) ++n;
  return n;
}

bool holds(const std::string& page, const std::string& words) {
  return page.find(words) != std::string::npos;
}

TEST(ErrorMap, HasACellForEachElementAndSaysWhatItIsWithoutColour) {
  const auto page = page_with("error_map", map_of({2, 3}, {".a#", "p?-"}, 3));
  EXPECT_EQ(times(page, "<rect class=\"cell "), 6u);
  EXPECT_TRUE(holds(page, "Where dW is wrong, in case 4 as it was drawn: 3 of 6 elements (2 x 3)"));
  EXPECT_TRUE(holds(page, ">1</text>")) << "up to ten times the allowance";
  EXPECT_TRUE(holds(page, ">16</text>")) << "p: up to 1e16 times";
  for (const char* words :
       {">#</text>", ">?</text>", ">-</text>", "within its allowance", "infinite or not a number",
        "not decided", "row 0: 2 of 3 wrong; row 1: 1 of 3 wrong"})
    EXPECT_TRUE(holds(page, words)) << words;
  EXPECT_TRUE(std::regex_search(
      page,
      std::regex("aria-labelledby=\"s1-c1-map-title s1-c1-map-desc\">\\s*<title id=\"s1-c1-map-title\">")));
}

TEST(ErrorMap, SaysWhichPartOfALargeTensorItShows) {
  Json map = map_of({2, 40, 30}, std::vector<std::string>(16, std::string(24, 'c')), 900);
  map["slice"] = {1};
  map["from"] = {3, 6};
  const auto page = page_with("error_map", map);
  EXPECT_TRUE(holds(page,
                    "900 of 2400 elements (2 x 40 x 30); shown is dW[1, :, :], which has the first of them; "
                    "rows 3 to 18 of 40; columns 6 to 29 of 30"));
  EXPECT_EQ(times(page, "<rect class=\"cell "), 16u * 24u);
}

TEST(ErrorMap, TellsAStudentWhoSeesNoExactValueOnlyWhatIsWrong) {
  Json results = example();
  results["submissions"][1]["criteria"][0]["error_map"] = map_of({2, 3}, {".a#", "p.."}, 3);
  const auto page = student_html(for_student(results, "ben-<b>carter</b>"), "ben-<b>carter</b>");
  EXPECT_EQ(times(page, "<rect class=\"cell far\""), 2u);
  EXPECT_FALSE(holds(page, ">16</text>"));
}

Json curve_of(Json got, Json exact) {
  Json curve{
      {"case", 0}, {"loss", "loss"}, {"steps", {0, 10, 20}}, {"got", std::move(got)}, {"recomputed", false}};
  if (!exact.empty()) curve["exact"] = std::move(exact);
  return curve;
}

std::string line_of(const std::string& page, const std::string& nr) {
  std::smatch found;
  const std::regex line("<polyline class=\"line l" + nr + "\" points=\"([^\"]*)\"");
  return std::regex_search(page, found, line) ? found[1].str() : std::string{};
}

TEST(LossCurve, DrawsTheProgramBesideTheOracleAndTheTarget) {
  Json curve = curve_of({1.0, 1.0, 1.0}, {1.0, 0.5, 0.0});
  curve["target"] = "1/5";
  const auto page = page_with("loss_curve", curve);
  EXPECT_EQ(line_of(page, "1"), "56.0,10.0 203.0,85.0 350.0,160.0");
  EXPECT_EQ(line_of(page, "2"), "56.0,10.0 203.0,10.0 350.0,10.0");
  EXPECT_TRUE(holds(page, "<line class=\"goal\" x1=\"56\" y1=\"130.0\"")) << "160 - 150 / 5";
  EXPECT_TRUE(holds(page, "target 1/5"));
  EXPECT_TRUE(holds(page, "The program&#39;s loss goes from 1 to 1; the oracle&#39;s own from 1 to 0."));
}

TEST(LossCurve, ThatLeavesThePictureDoesNotFlattenIt) {
  const auto page = page_with("loss_curve", curve_of({1.0, 1e6, 1e12}, {1.0, 0.5, 0.0}));
  EXPECT_EQ(line_of(page, "2").substr(0, 9), "56.0,100.");
  EXPECT_TRUE(holds(page, "It has left the picture by step 10; the last value is 1e+12."));
}

TEST(LossCurve, ShowsTheWholeRunWhereItIsAllThereIs) {
  const auto page = page_with("loss_curve", curve_of({1.0, 21.0, 41.0}, nullptr));
  EXPECT_EQ(line_of(page, "2"), "56.0,160.0 203.0,85.0 350.0,10.0");
  EXPECT_FALSE(holds(page, "left the picture"));
  const auto widest = page_with("loss_curve", curve_of({-1.5e308, 0.0, 1.5e308}, nullptr));
  EXPECT_EQ(line_of(widest, "2"), "56.0,160.0 203.0,85.0 350.0,10.0");
}

TEST(LossCurve, HasAScaleWhereNothingMoves) {
  const auto page = page_with("loss_curve", curve_of({2.0, 2.0, 2.0}, nullptr));
  EXPECT_EQ(line_of(page, "2"), "56.0,85.0 203.0,85.0 350.0,85.0");
  EXPECT_TRUE(holds(page, ">1</text>") && holds(page, ">3</text>"));
}

TEST(LossCurve, EndsWhereTheLossIsNoNumber) {
  const auto page = page_with("loss_curve", curve_of({1.0, nullptr, 3.0}, {1.0, 0.5, 0.0}));
  EXPECT_EQ(line_of(page, "2").find(' '), std::string::npos);
  EXPECT_TRUE(holds(page, "No finite value came back after step 0."));
}

TEST(LossCurve, ShowsNoOracleToAStudentWhoSeesNoExactValue) {
  Json results = example();
  results["submissions"][1]["criteria"][0]["loss_curve"] = curve_of({1.0, 2.0, 3.0}, {1.0, 0.5, 0.0});
  const auto page = student_html(for_student(results, "ben-<b>carter</b>"), "ben-<b>carter</b>");
  EXPECT_EQ(line_of(page, "1"), "");
  EXPECT_NE(line_of(page, "2"), "");
  EXPECT_FALSE(holds(page, "the oracle"));
}

}  // namespace
}  // namespace assay::graders::report::test
