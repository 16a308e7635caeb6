#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "graders/report/fields.hpp"
#include "graders/report/report.hpp"
#include "graders/results.hpp"
#include "tests/graders/report/sample_class.hpp"

namespace assay::graders::report::test {
namespace {

using std::chrono::milliseconds;

Json times(const std::vector<Timing>& each, std::size_t graded) {
  RunTiming run;
  run.total_seconds = 3;
  run.jobs = 2;
  run.graded = graded;
  run.boxes_cpu_seconds = 4.5;
  run.grader_cpu_seconds = 0.25;
  run.peak_kib = 30 * 1024;
  return timing_document(each, run);
}

std::string page_of(const Json& timing) {
  return timing_html(sample_class(), timing);
}

TEST(TimingPage, HasTheSlowestFirstOnOneScale) {
  const auto page = page_of(times(
      {{"ann", milliseconds(500), milliseconds(0)}, {"bob", milliseconds(1500), milliseconds(500)}}, 2));
  EXPECT_LT(page.find(">bob<"), page.find(">ann<"));
  EXPECT_NE(page.find("<rect class=\"bar\" width=\"750\" height=\"10\"/>"
                      "<rect class=\"run\" x=\"750\" width=\"250\" height=\"10\"/>"),
            std::string::npos);
  EXPECT_NE(page.find("<rect class=\"bar\" width=\"250\""), std::string::npos) << "ann";
  EXPECT_NE(page.find("half took at most 0.5 s to compile and run, the slowest 2.0 s."), std::string::npos);
  EXPECT_NE(page.find("3.0 s, 2 at a time: 40 submissions a minute"), std::string::npos);
  EXPECT_NE(page.find("at most 30 MiB"), std::string::npos);
  EXPECT_EQ(page.find("had been graded before"), std::string::npos);
  EXPECT_EQ(page.find("Measured for criteria"), std::string::npos);
  EXPECT_EQ(page.find("{{"), std::string::npos) << "a tag of the template was left";
}

TEST(TimingPage, SaysWhoseTimesAreOld) {
  const auto page = page_of(
      times({{"ann", milliseconds(1), milliseconds(1)}, {"bob", milliseconds(1), milliseconds(1)}}, 1));
  EXPECT_NE(page.find("1 of 2 had been graded before; their times are those of then"), std::string::npos);
}

TEST(TimingPage, HasWhatWasMeasuredForCriteria) {
  const auto page =
      page_of(times({{"ann", milliseconds(1), milliseconds(1), {{"fast", 1.25, 1.1, 1.4, 9}}}}, 1));
  EXPECT_NE(page.find("<td>fast</td><td class=\"num\">1.25</td><td class=\"num\">1.1</td>"
                      "<td class=\"num\">1.4</td><td class=\"num\">9</td>"),
            std::string::npos);
}

TEST(TimingPage, OfNobodyHasNoTable) {
  const auto page = page_of(times({}, 0));
  EXPECT_NE(page.find("No submission was graded."), std::string::npos);
  EXPECT_EQ(page.find("<table"), std::string::npos);
}

TEST(TimingPage, HoldsNoElementThatAStudentMade) {
  const auto page = page_of(times({{"<script>alert(1)</script>", milliseconds(1), milliseconds(1)}}, 1));
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
}

TEST(TimingPage, IsFoundFromTheClassAndNotByAStudent) {
  const auto results = sample_class();
  EXPECT_NE(class_html(results).find("<a href=\"timing.html\">"), std::string::npos);
  const std::string id = results["submissions"][0]["id"];
  EXPECT_EQ(student_html(results, id).find("timing.html"), std::string::npos);
}

}  // namespace
}  // namespace assay::graders::report::test
