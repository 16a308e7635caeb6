/// assay mark, as a person runs it.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "tests/graders/command_line.hpp"
#include "tests/graders/exam_mark_sample.hpp"
#include "tests/graders/exam_mark_synthetic.hpp"

namespace assay::graders {
namespace {

using nlohmann::json;
using testing::read_file;
using testing::write_file;

class MarkCommand : public testing::CommandLineTest {
 protected:
  void SetUp() override {
    CommandLineTest::SetUp();
    write_file(folder / "exam.toml", exams::test::sample_exam);
  }

  static constexpr const char* header = "id,name,tf.1,tf.2,tf.3,mc.1,sa.1.parameters,mark:sa.3\n";
};

TEST_F(MarkCommand, MarksAClassAndWritesEveryReport) {
  write_file(folder / "class.csv",
             std::string(header) + "s1,Ada,T,F,T,\"A, D\",224,4\ns2,Bob,F,T,F,A,200,0\n");
  const auto outcome = run("mark . class.csv --out out -j 2");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("2 sheets, 2 marked"), std::string::npos) << outcome.out;
  for (const char* const file : {"results.json", "marks.csv", "canvas.csv", "moodle.csv", "index.html",
                                 "students/s1.html", "students/s2.html", "gradescope/s1.json"})
    EXPECT_FALSE(read_file(folder / "out" / file).empty()) << file;
  const json results = json::parse(read_file(folder / "out/results.json"));
  EXPECT_EQ(results["submissions"][0]["score"]["exact"], "19");
  EXPECT_EQ(results["submissions"][1]["score"]["exact"], "2");
  for (const auto& entry : testing::fs::recursive_directory_iterator(folder / "out"))
    EXPECT_NE(entry.path().extension(), ".part") << entry.path();
}

TEST_F(MarkCommand, LeavesNoPageOfAnEarlierClass) {
  write_file(folder / "class.csv", "id,tf.1\ns1,T\ns2,F\n");
  run("mark . class.csv --out out");
  write_file(folder / "out/students/notes.txt", "a person's own");
  write_file(folder / "class.csv", "id,tf.1\ns1,T\n");
  run("mark . class.csv --out out");
  EXPECT_TRUE(testing::fs::exists(folder / "out/students/s1.html"));
  EXPECT_FALSE(testing::fs::exists(folder / "out/students/s2.html"));
  EXPECT_FALSE(testing::fs::exists(folder / "out/gradescope/s2.json"));
  EXPECT_TRUE(testing::fs::exists(folder / "out/students/notes.txt"));
}

TEST_F(MarkCommand, ExplainsASheet) {
  write_file(folder / "class.csv", std::string(header) + "s1,Ada,F,F,T,\"A, D\",224,4\n");
  run("mark . class.csv --out out");
  const auto outcome = run("explain out s1");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("tf.1: wrong"), std::string::npos) << outcome.out;
  EXPECT_EQ(run("explain out nobody").code, 2);
}

TEST_F(MarkCommand, PrintsTheDocument) {
  write_file(folder / "class.csv", std::string(header) + "s1,Ada,T,F,T,\"A, D\",224,4\n");
  const auto outcome = run("mark exam.toml class.csv --json");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(json::parse(outcome.out)["kind"], "exam");
  EXPECT_EQ(outcome.out, read_file(folder / "assay-out/results.json"));
}

TEST_F(MarkCommand, ReadsFoldersOfStudents) {
  write_file(folder / "sheets/ada.toml",
             "id = \"ada\"\n[answers]\n\"tf.1\" = \"T\"\n[marks]\n\"sa.3\" = [\"memory\"]\n");
  write_file(folder / "sheets/bob.toml", "id = \"bob\"\n[answers]\n\"tf.1\" = \"F\"\n");
  EXPECT_EQ(run("mark . sheets").code, 0);
  const json results = json::parse(read_file(folder / "assay-out/results.json"));
  ASSERT_EQ(results["submissions"].size(), 2u);
  EXPECT_EQ(results["submissions"][0]["score"]["exact"], "8");
  EXPECT_TRUE(results["submissions"][1]["score"].is_null());
}

TEST_F(MarkCommand, LosesNoRowOfABrokenClass) {
  write_file(folder / "class.csv",
             std::string(header) +
                 "s1,Ada,T,F,T,A,224,4\n,Nobody,T,F,T,A,224,4\ns1,Twice,F,F,F,A,1,0\ns3,Cem,T,,,,,\n");
  const auto outcome = run("mark . class.csv");
  EXPECT_EQ(outcome.code, 1);
  const json results = json::parse(read_file(folder / "assay-out/results.json"));
  EXPECT_EQ(results["submissions"].size(), 2u);
  ASSERT_EQ(results["problems"].size(), 2u) << results["problems"];
  EXPECT_EQ(results["problems"][0]["line"], 3);
  EXPECT_EQ(results["problems"][1]["line"], 4);
  EXPECT_NE(outcome.err.find("row 4"), std::string::npos) << outcome.err;
  EXPECT_EQ(results["submissions"][0]["name"], "Ada") << "the first sheet counts";
}

TEST_F(MarkCommand, SaysWhenNothingCanBeRead) {
  write_file(folder / "class.csv", "name,colour\nAda,red\n");
  EXPECT_EQ(run("mark . class.csv").code, 2);
  EXPECT_EQ(run("mark . none.csv").code, 2);
  EXPECT_EQ(run("mark nowhere class.csv").code, 2);
  testing::fs::create_directory(folder / "empty");
  EXPECT_EQ(run("mark . empty").code, 2);
  EXPECT_FALSE(testing::fs::exists(folder / "assay-out/results.json"));
}

TEST_F(MarkCommand, ChecksTheRoster) {
  write_file(folder / "class.csv", std::string(header) + "s1,Ada,T,F,T,A,224,4\ns2,Bob,T,F,T,A,224,4\n");
  write_file(
      folder / "roster.csv",
      "Student,ID,SIS User ID,SIS Login ID,Section\n\"Lovelace, Ada\",17,s1,ada,A\n\"Dora\",18,s4,dora,A\n");
  const auto outcome = run("mark . class.csv --roster roster.csv");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("s2 is not in the roster"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("1 of the roster have no sheet"), std::string::npos) << outcome.err;
  const std::string canvas = read_file(folder / "assay-out/canvas.csv");
  EXPECT_NE(canvas.find("\"Lovelace, Ada\",\"17\",\"s1\""), std::string::npos) << canvas;
  EXPECT_EQ(canvas.find("Bob"), std::string::npos) << canvas;
  EXPECT_NE(read_file(folder / "assay-out/marks.csv").find("Bob"), std::string::npos)
      << "he is marked all the same";
}

TEST_F(MarkCommand, HidesWhoIsWho) {
  write_file(folder / "class.csv",
             "id,name,email,tf.1\nsecret-id,Ada Lovelace,ada@example.org,T\n,Grace,,T\n");
  const auto outcome = run("mark . class.csv --anonymous key --out out");
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  for (const auto& entry : testing::fs::recursive_directory_iterator(folder / "out")) {
    if (!entry.is_regular_file()) continue;
    const std::string text = read_file(entry.path()) + entry.path().filename().string();
    for (const char* const secret : {"secret-id", "Lovelace", "ada@example.org", "class.csv"})
      EXPECT_EQ(text.find(secret), std::string::npos) << secret << " in " << entry.path();
  }
  EXPECT_EQ(outcome.out.find("secret-id"), std::string::npos);
  EXPECT_FALSE(testing::fs::exists(folder / "out/canvas.csv"));
  EXPECT_NE(read_file(folder / "key.names.csv").find("\"secret-id\",\"Ada Lovelace\""), std::string::npos);
  const std::string first = read_file(folder / "out/results.json");
  run("mark . class.csv --anonymous key --out again");
  EXPECT_EQ(read_file(folder / "again/results.json"), first);
}

TEST_F(MarkCommand, GivesFilesHarmlessNames) {
  write_file(folder / "class.csv", "id,tf.1\n../../evil,T\n..,T\n\xc3\xa9\xc3\xa9,T\n\xc3\xa0\xc3\xa0,F\n" +
                                       std::string(3'000, 'x') + ",T\n");
  run("mark . class.csv --out out");
  EXPECT_FALSE(testing::fs::exists(folder / "evil.html"));
  for (const auto& entry : testing::fs::directory_iterator(folder / "out/students"))
    EXPECT_LE(entry.path().filename().string().size(), 100u);
}

TEST_F(MarkCommand, HoldsHostileBytesBackFromTheTerminal) {
  write_file(folder / "class.csv",
             "id,name,tf.1\n\x1b[2J=cmd,\x1b]0;owned\x07,\x1b[31m\n\"a\nb\",\"<script>\",T\n");
  const auto outcome = run("mark . class.csv");
  for (const std::string& text : {outcome.out, outcome.err}) {
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find('\x07'), std::string::npos);
  }
}

// --- size ------------------------------------------------------------------------------------------------

struct Made {
  double seconds = 0;
  long peak_kib = 0;  ///< of the largest program run so far
};

class SyntheticClass : public testing::CommandLineTest {
 protected:
  Made mark(bool formulas, std::size_t sheets, const std::string& options) const {
    const exams::test::SyntheticPaper paper(formulas);
    write_file(folder / "exam.toml", paper.toml());
    paper.write_class((folder / "class.csv").string(), sheets, 7);
    const auto start = std::chrono::steady_clock::now();
    const auto outcome = run("mark . class.csv " + options);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    return {seconds.count(), usage.ru_maxrss};
  }
};

TEST_F(SyntheticClass, GivesTheSameBytesAtAnyNumberOfThreads) {
  mark(false, 120, "-j 1 --out one");
  mark(false, 120, "-j 2 --out two");
  mark(false, 120, "-j 7 --out seven");
  for (const auto& entry : testing::fs::recursive_directory_iterator(folder / "one")) {
    if (!entry.is_regular_file()) continue;
    const auto name = testing::fs::relative(entry.path(), folder / "one");
    EXPECT_TRUE(read_file(entry.path()) == read_file(folder / "two" / name)) << name;
    EXPECT_TRUE(read_file(entry.path()) == read_file(folder / "seven" / name)) << name;
  }
}

/// The bars are 5 s for 2,000 sheets of 60 items and 20 s for 200 of 10 formulas, on two processors that have
/// nothing else to do; ASSAY_MARK_SHEETS=2000 measures them. Without it this only sees that nothing is lost.
TEST_F(SyntheticClass, IsMarkedCompletely) {
  const char* const wanted = std::getenv("ASSAY_MARK_SHEETS");
  const std::size_t sheets = wanted ? std::stoul(wanted) : 100;
  const Made plain = mark(false, sheets, "-j 2 --out plain");
  const Made formulas = mark(true, std::max<std::size_t>(sheets / 10, 1), "-j 2 --out formulas");
  if (wanted)
    fmt::print("{} sheets: {:.2f} s, {} KiB; {} of formulas: {:.2f} s\n", sheets, plain.seconds,
               plain.peak_kib, std::max<std::size_t>(sheets / 10, 1), formulas.seconds);
  const json results = json::parse(read_file(folder / "plain/results.json"));
  EXPECT_EQ(results["submissions"].size(), sheets);
  EXPECT_GT(results["summary"]["waiting"], 0);
}

}  // namespace
}  // namespace assay::graders
