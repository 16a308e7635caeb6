/// Programs that answer differently when they are run again: labelled with the reason, and the lower score
/// counts.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/graders/command_line.hpp"

namespace assay::testing {
namespace {

using nlohmann::json;

class Repetition : public CommandLineTest {
 protected:
  void SetUp() override {
    CommandLineTest::SetUp();
    fs::create_directories(folder / "tiny");
    for (const char* part : {"twice.hpp", "driver.cpp", "reference", "empty"})
      fs::copy(source / "tests/assignments/hostile" / part, folder / "tiny" / part,
               fs::copy_options::recursive);
    const std::string text = read_file(source / "tests/assignments/hostile/assignment.toml");
    toml = text.substr(0, text.find("[[known]]"));
    write_file(folder / "tiny/assignment.toml", toml);
  }

  void submit(const std::string& student, const std::string& body) const {
    write_file(folder / "class" / student / "twice.cpp",
               "#include <cstdint>\n#include <ctime>\n#include \"twice.hpp\"\ndouble twice(double x) {\n" +
                   body + "\n}\n");
  }

  /// By submission.
  std::map<std::string, json> grade(const std::string& options = "") const {
    const Outcome outcome = run("grade tiny class --json " + options);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    std::map<std::string, json> graded;
    const json results = json::parse(outcome.out, nullptr, false);
    if (results.is_discarded()) return graded;
    for (const json& one : results["submissions"]) graded[one["id"]] = one;
    return graded;
  }

  static void expect(const json& graded, const std::string& cause, const std::string& score,
                     const std::string& other) {
    ASSERT_TRUE(graded.contains("nondeterminism")) << graded["id"];
    const json& label = graded["nondeterminism"];
    EXPECT_EQ(label["cause"], cause) << graded["id"];
    EXPECT_EQ(graded["score"]["exact"], score) << graded["id"];
    EXPECT_EQ(label["other_score"]["exact"], other) << graded["id"];
    EXPECT_NE(label["sentence"].get<std::string>().find("twice answers differently"), std::string::npos);
  }

  std::string toml;
};

TEST_F(Repetition, LabelsWhatAnswersDifferentlyAndCountsTheLowerScore) {
  submit("honest", "return 2 * x;");
  submit("leaks", "double* const own = new double[100](); own[3] = x; return 2 * own[3];");
  submit("heap", "const volatile double* const p = new double[1000];\nreturn p[500] > 1 ? 3 * x : 2 * x;");
  submit("freed",
         "double* const p = new double[1000](); const volatile double* const q = p; delete[] p;\n"
         "return q[500] != 0 ? 3 * x : 2 * x;");
  submit(
      "stack",
      "volatile unsigned char kept[4000]; int filled = 0;\n"
      "for (int i = 1000; i < 3000; ++i) filled += kept[i] == 0x40;\nreturn filled > 1500 ? 3 * x : 2 * x;");
  submit("clock", "timespec now; clock_gettime(CLOCK_MONOTONIC, &now); return now.tv_nsec;");
  submit("address", "return static_cast<double>(reinterpret_cast<std::uintptr_t>(new int));");
  submit("largest", "static double largest = 0; return largest = 2 * x > largest ? 2 * x : largest;");
  const auto graded = grade();
  ASSERT_EQ(graded.size(), 8u);
  for (const char* const same : {"honest", "leaks"}) {
    EXPECT_FALSE(graded.at(same).contains("nondeterminism")) << graded.at(same)["nondeterminism"];
    EXPECT_EQ(graded.at(same)["score"]["exact"], "1");
  }
  for (const char* const memory : {"heap", "freed", "stack"}) expect(graded.at(memory), "memory", "0", "1");
  for (const char* const each : {"clock", "address"}) expect(graded.at(each), "run", "0", "0");
  expect(graded.at("largest"), "order", "0", "0");
  EXPECT_NE(run("explain assay-out heap").out.find("\nNondeterministic\n"), std::string::npos);
  EXPECT_NE(read_file(folder / "assay-out/report.html").find("lower score counts"), std::string::npos);
}

TEST_F(Repetition, CountsTheFirstScoreWhereTheAssignmentSaysSo) {
  submit("heap", "const volatile double* const p = new double[1000];\nreturn p[500] > 1 ? 3 * x : 2 * x;");
  write_file(folder / "tiny/assignment.toml", "nondeterminism = \"first\"\n" + toml);
  const auto graded = grade();
  ASSERT_TRUE(graded.contains("heap"));
  expect(graded.at("heap"), "memory", "1", "0");
  write_file(folder / "tiny/assignment.toml", "nondeterminism = \"best\"\n" + toml);
  const Outcome refused = run("grade tiny class");
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("assignment.toml:1:"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace assay::testing
