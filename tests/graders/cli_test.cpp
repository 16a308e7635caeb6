/// The program as a person uses it: arguments, messages, exit codes, files.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/graders/command_line.hpp"

namespace assay::testing {
namespace {

class Cli : public CommandLineTest {
 protected:
  /// A copy of the tiny assignment, to be spoilt.
  fs::path tiny() const {
    const fs::path copy = folder / "tiny";
    fs::create_directories(copy);
    for (const char* part : {"twice.hpp", "driver.cpp", "reference", "empty"})
      fs::copy(source / "tests/assignments/hostile" / part, copy / part, fs::copy_options::recursive);
    std::string text = read_file(source / "tests/assignments/hostile/assignment.toml");
    write_file(copy / "assignment.toml", text.substr(0, text.find("[[known]]")));
    return copy;
  }

  void replace(const fs::path& file, const std::string& from, const std::string& to) const {
    std::string text = read_file(file);
    ASSERT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
    write_file(file, text);
  }
};

TEST_F(Cli, ExplainsWrongUsageAndExitsWithTwo) {
  for (const char* arguments : {"", "grdae", "grade", "grade tiny", "explain", "list planets",
                                "grade a b --jobs 0", "grade a b --sandbox S9", "doctor extra"}) {
    const Outcome result = run(arguments);
    EXPECT_EQ(result.code, 2) << arguments;
    EXPECT_NE(result.err, "") << arguments;
    EXPECT_EQ(result.out, "") << arguments;
  }
  EXPECT_EQ(run("--help").code, 0);
  EXPECT_EQ(run("grade --help").code, 0);
  EXPECT_EQ(run("--version").code, 0);
}

TEST_F(Cli, NamesWhatCannotBeFound) {
  tiny();
  write_file(folder / "mine/twice.cpp", "#include \"twice.hpp\"\ndouble twice(double x) { return 2 * x; }\n");
  const auto says = [&](const std::string& arguments, const std::string& text) {
    const Outcome result = run(arguments);
    EXPECT_EQ(result.code, 2) << arguments;
    EXPECT_NE(result.err.find(text), std::string::npos) << arguments << "\n" << result.err;
  };
  says("grade nowhere mine", "nowhere");
  says("grade tiny nobody", "nobody");
  says("check nowhere", "nowhere");
  says("explain nowhere someone", "results.json");
  says("grade tiny mine --fail-under many", "--fail-under");
  says("grade tiny mine --sandbox-min S0", "--unsafe");
  write_file(folder / "results.json", "{\"schema\": 1}");
  says("explain results.json someone", "results.json");
}

/// Each spoils the assignment in one way; the message names the place and what to do.
TEST_F(Cli, NamesThePlaceOfAMistakeInAnOracle) {
  write_file(folder / "mine/twice.cpp", "#include \"twice.hpp\"\ndouble twice(double x) { return 2 * x; }\n");
  const std::vector<std::pair<std::string, std::string>> mistakes{
      {"doubled = x + q", "'q' is not defined"},
      {"doubled = dobule(x)", "there is no operation 'dobule'"},
      {"doubled = relu(x, x)", "relu takes 1 inputs"},
      {"doubled = relu(x", "expected ')'"},
      {"doubled = softmax(x, axes=1)", "did you mean 'axis'?"},
      {"doubled = softmax(x, axis=3)", "axis"},
  };
  for (const auto& [statement, message] : mistakes) {
    const fs::path copy = tiny();
    replace(copy / "assignment.toml", "doubled = x + x", statement);
    const Outcome result = run("grade tiny mine");
    EXPECT_EQ(result.code, 2) << statement << "\n" << result.err;
    EXPECT_NE(result.err.find("assignment.toml:"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find(message), std::string::npos) << statement << "\n" << result.err;
    fs::remove_all(copy);
  }
}

TEST_F(Cli, BlamesTheAuthorForADriverThatDoesNotBuild) {
  const fs::path copy = tiny();
  write_file(folder / "mine/twice.cpp", "#include \"twice.hpp\"\ndouble twice(double x) { return 2 * x; }\n");
  replace(copy / "driver.cpp", "assay::serve", "assay::swerve");
  const Outcome result = run("grade tiny mine");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("driver.cpp"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("swerve"), std::string::npos) << result.err;
}

TEST_F(Cli, ListsTheKnownMistakesThatNoCaseShows) {
  const fs::path copy = tiny();
  replace(copy / "assignment.toml", "doubled = x + x", "doubled = relu(x)");
  /// The list that holds the mistake.
  const auto listed = [&]() -> std::string {
    const auto report = nlohmann::json::parse(run("check tiny --json").out);
    for (const char* const list : {"the_same", "uncaught"})
      for (const auto& one : report[list])
        if (one["misconception"] == "relu.absolute_value") return list + one.value("case", std::string());
    return "";
  };
  EXPECT_EQ(listed(), "the_same") << "all arguments are positive";
  replace(copy / "assignment.toml", "values = [1, 100]", "values = [-100, 100]");
  EXPECT_EQ(listed(), "");
  replace(copy / "assignment.toml", "values = [-100, 100]", "values = [-1, 100]");
  replace(copy / "assignment.toml", "cases = 10", "cases = 1");
  EXPECT_EQ(listed().substr(0, 15), "uncaught{ x = -") << "a case that shows it comes along";
}

TEST_F(Cli, SaysThatADriverHadNoTimeToCompile) {
  const fs::path copy = tiny();
  write_file(folder / "mine/twice.cpp", "#include \"twice.hpp\"\ndouble twice(double x) { return 2 * x; }\n");
  replace(copy / "assignment.toml", "compile_wall_seconds = 8", "compile_wall_seconds = 0.001");
  const Outcome result = run("grade tiny mine");
  EXPECT_EQ(result.code, 2) << result.err;
  EXPECT_NE(result.err.find("is the machine busy?"), std::string::npos) << result.err;
}

TEST_F(Cli, NeverBlamesTheStudentForADriverThatLacksTheFunction) {
  const fs::path copy = tiny();
  write_file(folder / "mine/twice.cpp", "#include \"twice.hpp\"\ndouble twice(double x) { return 2 * x; }\n");
  replace(copy / "driver.cpp", "\"twice\"", "\"thrice\"");
  const Outcome result = run("grade tiny mine");
  EXPECT_EQ(result.code, 3) << result.out << result.err;
  EXPECT_NE(read_file(folder / "assay-out/results.json").find("\"score\": null"), std::string::npos);
}

TEST_F(Cli, GradesEverySubmissionOfABatchWhateverTheOthersAre) {
  tiny();
  write_file(folder / "class/right/twice.cpp",
             "#include \"twice.hpp\"\ndouble twice(double x) { return 2 * x; }\n");
  write_file(folder / "class/empty-folder/readme.txt", "nothing here");
  write_file(folder / "class/not-a-zip.zip", "PK but not really");
  write_file(folder / "class/binary.cpp", std::string("\x7f"
                                                      "ELF\0\1\2",
                                                      7));
  write_file(folder / "class/=cmd|x/twice.cpp", "int");
  fs::create_symlink("/etc/passwd", folder / "class/link.cpp");
  const Outcome result = run("grade tiny class --fail-under 1");
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_NE(result.out.find("right"), std::string::npos);
  EXPECT_NE(result.out.find("1/1"), std::string::npos) << result.out;
  EXPECT_NE(read_file(folder / "assay-out/report.html").find("was taken for twice.cpp"), std::string::npos)
      << "a student must be told that a file was renamed";
  const std::string csv = read_file(folder / "assay-out/grades.csv");
  EXPECT_EQ(csv.find("\n="), std::string::npos) << "no cell may start a formula";
  EXPECT_EQ(csv.find("\n\"="), std::string::npos);
  EXPECT_EQ(csv.find("root:"), std::string::npos) << "a link was followed";
}

TEST_F(Cli, WritesTheSameBytesAtAnyNumberOfJobs) {
  const std::string grade = "grade " + (source / "fixtures/assignments/softmax-classifier").string();
  fs::create_directories(folder / "class");
  for (const char* student : {"amara-okafor", "lukas-brenner", "chen-jiahao", "thabo-mokoena",
                              "ingrid-haugen", "kofi-asante", "rosa-delgado", "max-fischer"})
    fs::copy(source / "fixtures/assignments/softmax-classifier/class" / student, folder / "class" / student,
             fs::copy_options::recursive);
  ASSERT_EQ(run(grade + " class -j 1 --out one").code, 0);
  ASSERT_EQ(run(grade + " class -j 3 --out three").code, 0);
  for (const char* file : {"results.json", "report.html", "grades.csv", "gradescope/lukas-brenner.json"}) {
    const std::string one = read_file(folder / "one" / file);
    EXPECT_GT(one.size(), 100u) << file;
    EXPECT_TRUE(one == read_file(folder / "three" / file)) << file;
  }
}

TEST_F(Cli, EndsCleanlyOnAnInterrupt) {
  tiny();
  for (int i = 0; i < 6; ++i)
    write_file(folder / ("class/s" + std::to_string(i)) / "twice.cpp",
               "#include \"twice.hpp\"\ndouble twice(double x) { for (;;) asm(\"\"); return x; }\n");
  // Once the driver is compiled, however long that takes here.
  const Outcome result = run("grade tiny class -j 1 --out out 2>said & pid=$!; cd " + folder.string() +
                             "; for i in $(seq 600); do grep -qs Grading said && break; sleep 0.1; done; "
                             "sleep 0.5; kill -INT $pid; wait $pid");
  EXPECT_EQ(result.code, 130) << result.err;
  EXPECT_FALSE(fs::exists(folder / "out/results.json")) << "a partial run must not pass for a whole one";
  EXPECT_TRUE(fs::exists(folder / "out/results.partial.json"));
}

TEST_F(Cli, StampsEveryReportThatWasMadeWithoutIsolation) {
  tiny();
  write_file(folder / "mine/twice.cpp", "#include \"twice.hpp\"\ndouble twice(double x) { return 2 * x; }\n");
  const Outcome result = run("grade tiny mine --sandbox S0 --sandbox-min S0 --unsafe");
  if (result.err.find("may not enter") != std::string::npos) GTEST_SKIP() << result.err;
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("UNSAFE"), std::string::npos);
  EXPECT_NE(read_file(folder / "assay-out/results.json").find("S0 UNSAFE"), std::string::npos);
  EXPECT_NE(read_file(folder / "assay-out/report.html").find("<b>UNSAFE</b>"), std::string::npos);
}

TEST_F(Cli, ListsOperationsAndAssignmentsForPeopleAndMachines) {
  for (const char* arguments :
       {"list ops", "list ops --json", "list assignments", "list assignments --json"}) {
    const Outcome result = run(arguments);
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_NE(result.out.find("softmax"), std::string::npos) << arguments;
  }
}

}  // namespace
}  // namespace assay::testing
