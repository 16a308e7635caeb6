/// What students are given: preview and files, from a graded class.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "graders/report/report.hpp"
#include "tests/graders/command_line.hpp"

namespace assay::testing {
namespace {

using nlohmann::json;
namespace report = graders::report;

class Audience : public CommandLineTest {
 protected:
  Outcome must(int code, const std::string& arguments) const {
    Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, code) << arguments << "\n" << outcome.err;
    return outcome;
  }
  json graded(const std::string& assignment, const std::string& submission) const {
    const fs::path at = source / "tests/assignments" / assignment;
    must(0, "grade " + at.string() + " " + (at / "class" / submission).string() + " -j1");
    return json::parse(read_file(folder / "assay-out/results.json"));
  }
};

TEST_F(Audience, PreviewIsExactlyWhatTheStudentIsGiven) {
  const fs::path example = source / "docs/examples/class.json";
  json results = json::parse(read_file(example));
  for (json& criterion : results["criteria"]) {
    criterion["visibility"] = "passed";
    criterion["visibility_final"] = "expected";
  }
  write_file(folder / "results.json", results.dump());
  const json before = report::for_student(results, "chen-jiahao");
  const json afterwards = report::for_student(report::for_audience(results, "final"), "chen-jiahao");
  EXPECT_EQ(must(0, "explain . chen-jiahao --as student").out, report::student_text(before, "chen-jiahao"));
  EXPECT_EQ(must(0, "explain . chen-jiahao loss --as before").out,
            report::explain_text(before, "chen-jiahao", "loss"));
  EXPECT_EQ(must(0, "explain . chen-jiahao --as final").out, report::student_text(afterwards, "chen-jiahao"));
  EXPECT_EQ(must(0, "explain . chen-jiahao --as staff").out, report::student_text(results, "chen-jiahao"));
  EXPECT_EQ(must(0, "explain . chen-jiahao --as student --html page.html").out, "");
  EXPECT_EQ(read_file(folder / "page.html"), report::student_html(before, "chen-jiahao"));
  EXPECT_NE(must(2, "explain . chen-jiahao --as nobody").err, "");
  EXPECT_NE(must(2, "explain . chen-jiahao loss --html page.html").err.find("leave the criterion out"),
            std::string::npos);
}

/// The mistake sums where the mean is asked for. "loss" shows a verdict, then everything, past a limit
/// nothing.
TEST_F(Audience, FilesHoldNoMoreThanTheLevelOfTheirTime) {
  const json results = graded("prices", "sums");
  const json& submission = results["submissions"][0];
  EXPECT_EQ(submission["score"]["exact"], "11/2") << "6 less 1/2, once";
  ASSERT_EQ(submission["prices"].size(), 1u);
  EXPECT_EQ(submission["prices"][0]["criteria"].size(), 3u);
  EXPECT_EQ(submission["criteria"][2]["error_map"]["shape"], json({5}));

  for (const char* const when : {"before", "final", "limit"}) {
    const std::string as = std::string(" --as ") + when + " --to " + when;
    must(0, "export students" + as);
    must(0, "export gradescope" + as + "-scope");
    const json shown = report::for_student(report::for_audience(results, when), "sums");
    EXPECT_EQ(read_file(folder / when / "sums.html"), report::student_html(shown, "sums"));
    EXPECT_EQ(read_file(folder / (std::string(when) + "-scope") / "sums.json"),
              report::to_text(report::gradescope_json(report::for_audience(results, when), "sums")));
  }
  EXPECT_EQ(read_file(folder / "before/sums.html").find("expected</dt>"), std::string::npos);
  EXPECT_NE(read_file(folder / "final/sums.html").find("expected</dt>"), std::string::npos);
  EXPECT_NE(read_file(folder / "limit/sums.html").find("3 more in hidden criteria"), std::string::npos);
  EXPECT_NE(must(2, "export csv --as final").err.find("--as is for"), std::string::npos);
}

TEST_F(Audience, ATrainingRunThatFailsIsDrawnToItsEnd) {
  const json results = graded("training", "climbs");
  const json& curve = results["submissions"][0]["criteria"][0]["loss_curve"];
  ASSERT_EQ(curve["steps"].size(), 41u);
  EXPECT_EQ(curve["steps"].back(), 40);
  EXPECT_EQ(curve["got"].size(), 41u) << "it goes on behind the step that failed";
  EXPECT_GT(curve["got"].back(), curve["got"].front()) << "the program climbs";
  EXPECT_LT(curve["exact"].back(), curve["exact"].front()) << "the oracle's own steps go down";
  EXPECT_EQ(curve["got"].front(), curve["exact"].front()) << "both begin at the same place";
  const json& target = results["submissions"][0]["criteria"][1]["loss_curve"];
  EXPECT_EQ(target["recomputed"], true);
  EXPECT_EQ(target["target"], "0.2");
}

}  // namespace
}  // namespace assay::testing
