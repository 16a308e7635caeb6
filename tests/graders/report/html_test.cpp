#include <fmt/format.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "graders/report/page_parts.hpp"
#include "graders/report/report.hpp"
#include "tests/graders/report/sample_class.hpp"

namespace assay::graders::report::test {
namespace {

/// Every element name and every attribute name on the page.
std::pair<std::multiset<std::string>, std::set<std::string>> elements(const std::string& page) {
  std::multiset<std::string> names;
  std::set<std::string> attributes;
  static const std::regex tag("<([a-zA-Z][a-zA-Z0-9]*)((?:\\s+[a-zA-Z-]+(?:=\"[^\"]*\")?)*)\\s*/?>"),
      attribute("\\s([a-zA-Z-]+)(?==|\\s|$)");
  for (std::sregex_iterator at(page.begin(), page.end(), tag), end; at != end; ++at) {
    names.insert((*at)[1]);
    const std::string rest = (*at)[2];
    const std::string bare = std::regex_replace(rest, std::regex("\"[^\"]*\""), "\"\"");
    for (std::sregex_iterator a(bare.begin(), bare.end(), attribute); a != end; ++a)
      attributes.insert((*a)[1]);
  }
  return {names, attributes};
}

/// Puts `bytes` wherever a student, or text that quotes one, can reach.
Json hostile_class(const std::string& bytes) {
  Json results = sample_class();
  results["submissions"].erase(results["submissions"].begin() + 8, results["submissions"].end());
  for (Json& submission : results["submissions"]) {
    submission["id"] = fmt::format("{}{}", bytes, submission["id"].get<std::string>());
    submission["files"][0]["name"] = bytes;
    submission["compile"]["diagnostics"] = bytes;
    submission["message"] = bytes;
    for (Json& criterion : submission["criteria"]) {
      criterion["message"] = criterion["standard_error"] = criterion["signal"] = bytes;
      if (!criterion.contains("counterexample")) continue;
      Json& found = criterion["counterexample"];
      found["got"] = found["pinned"] = bytes;
      found["inputs"][0]["values"][0] = bytes;
      criterion["error_map"] = {
          {"case", 1},      {"result", bytes}, {"shape", {1, 2}}, {"slice", Json::array()},
          {"from", {0, 0}}, {"cells", {".b"}}, {"wrong", 1}};
      criterion["loss_curve"] = {{"case", 0},     {"loss", bytes},   {"steps", {0, 1}},
                                 {"got", {1, 2}}, {"target", bytes}, {"recomputed", true}};
    }
  }
  return results;
}

TEST(Page, IsCompleteInItself) {
  const auto page = class_html(sample_class());
  EXPECT_NE(page.find("default-src 'none'; style-src 'unsafe-inline'"), std::string::npos);
  for (const char* request : {"<script", "<link", "<img", "<iframe", "<object", "src=", "url(", "@import",
                              "http:", "https:", "javascript:"})
    EXPECT_EQ(page.find(request), std::string::npos) << request;
  EXPECT_EQ(page.find("{{"), std::string::npos) << "a tag of the template was left";
}

TEST(Page, HasNoTemplateThatSkipsEscaping) {
  for (const auto text : {page_template, class_template, submission_template, pictures_template,
                          plot_template, timing_template}) {
    EXPECT_EQ(text.find("{{{"), std::string_view::npos);
    EXPECT_EQ(text.find("{{&"), std::string_view::npos);
  }
}

TEST(Page, HoldsNoElementThatAStudentMade) {
  const auto harmless = elements(class_html(hostile_class("x")));
  const std::vector<std::string> attacks{"<script>alert(1)</script>",
                                         "\"><svg onload=alert(1)>",
                                         "' onmouseover='x",
                                         "</pre></code><h1>A+</h1>",
                                         "</style><b>",
                                         "<!--",
                                         "\x1b[31mred\x1b[0m",
                                         "\u202egnp",
                                         "=cmd|' /C calc'!A0",
                                         "{{title}} {{> style}}",
                                         "\xff\xfe<b>",
                                         "`<b>`"};
  for (const auto& attack : attacks) {
    const auto page = class_html(hostile_class(attack));
    const auto found = elements(page);
    EXPECT_EQ(found.first, harmless.first) << attack;
    EXPECT_EQ(found.second, harmless.second) << attack;
    EXPECT_EQ(page.find('\x1b'), std::string::npos);
    EXPECT_EQ(page.find("\u202e"), std::string::npos);
  }
}

TEST(Page, SaysThatAHarnessErrorIsNotGraded) {
  const auto page = student_html(sample_class(), "dora-lind");
  EXPECT_NE(page.find("<p class=\"score\">not graded</p>"), std::string::npos);
  EXPECT_EQ(page.find("0/20"), std::string::npos);
}

TEST(Page, MarksTheDigitsThatDiffer) {
  EXPECT_NE(student_html(sample_class(), "hana-sato").find("<code>0.124353001771596<mark>2</mark></code>"),
            std::string::npos);
}

TEST(Page, LinksEachRowToItsSection) {
  const auto page = class_html(sample_class());
  for (int i = 1; i <= 24; ++i) {
    EXPECT_NE(page.find(fmt::format("<a href=\"#s{}\"", i)), std::string::npos) << i;
    EXPECT_NE(page.find(fmt::format("id=\"s{}\"", i)), std::string::npos) << i;
  }
}

TEST(Page, KeepsForAStudentWhatIsHidden) {
  const auto page = student_html(for_student(sample_class(), "ben-carter"), "ben-carter");
  EXPECT_NE(page.find("Judged and hidden"), std::string::npos);
  EXPECT_NE(page.find("2 more in hidden criteria"), std::string::npos);
  EXPECT_EQ(page.find("amara"), std::string::npos);
  EXPECT_EQ(page.find("20190521"), std::string::npos) << "the seed draws the hidden cases again";
}

TEST(Page, SurvivesAnEmptyClass) {
  Json results = sample_class();
  results["submissions"] = Json::array();
  for (Json& criterion : results["criteria"]) criterion["accepted"] = criterion["graded"] = 0;
  results["summary"]["mean"] = results["summary"]["median"] = nullptr;
  EXPECT_NE(class_html(results).find("No submission has a score"), std::string::npos);
  EXPECT_NE(terminal_table(results).find("0 of 0 submissions graded"), std::string::npos);
}

TEST(Page, IsTheSameForTheSameDocument) {
  EXPECT_EQ(class_html(sample_class()), class_html(sample_class()));
}

}  // namespace
}  // namespace assay::graders::report::test
