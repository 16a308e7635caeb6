/// The store as a person uses it: grade again, regrade, status, export; two runs at once; a full disk.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/graders/command_line.hpp"

namespace assay::testing {
namespace {

using nlohmann::json;

const std::string right = "#include \"twice.hpp\"\ndouble twice(double x) { return 2 * x; }\n";
const std::string wrong = "#include \"twice.hpp\"\ndouble twice(double x) { return 3 * x; }\n";

class StoreCli : public CommandLineTest {
 protected:
  void SetUp() override {
    CommandLineTest::SetUp();
    fs::create_directories(folder / "tiny");
    for (const char* part : {"twice.hpp", "driver.cpp", "reference", "empty"})
      fs::copy(source / "tests/assignments/hostile" / part, folder / "tiny" / part,
               fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    const std::string text = read_file(source / "tests/assignments/hostile/assignment.toml");
    write_file(folder / "tiny/assignment.toml", text.substr(0, text.find("[[known]]")));
    for (const char* student : {"ada", "bob"}) write_file(submission(student), right);
    write_file(submission("cai"), wrong);
  }

  fs::path submission(const std::string& student) const { return folder / "class" / student / "twice.cpp"; }

  /// Runs; the exit code must be this one.
  Outcome must(int code, const std::string& arguments) const {
    Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, code) << arguments << "\n" << outcome.err;
    return outcome;
  }
  void says(const std::string& text, const std::string& words) const {
    EXPECT_NE(text.find(words), std::string::npos) << "expected: " << words << "\n" << text;
  }
  json results(const std::string& out = "assay-out") const {
    return json::parse(read_file(folder / out / "results.json"));
  }
  void same_reports(const std::string& a, const std::string& b) const {
    for (const char* file : {"results.json", "report.html", "grades.csv", "gradescope/ada.json",
                             "gradescope/bob.json", "gradescope/cai.json"}) {
      const std::string bytes = read_file(folder / a / file);
      EXPECT_GT(bytes.size(), 100u) << a << "/" << file;
      EXPECT_TRUE(bytes == read_file(folder / b / file)) << a << " and " << b << " differ in " << file;
    }
  }
};

TEST_F(StoreCli, GradesAgainOnlyWhatChanged) {
  says(must(0, "grade tiny class").err, "Grading 3 submission(s) of 'Twice',");
  fs::copy(folder / "assay-out", folder / "first", fs::copy_options::recursive);
  says(must(0, "grade tiny class").err, "Grading 0 submission(s) of 'Twice' (3 taken from the store),");
  same_reports("first", "assay-out");
  says(must(0, "grade tiny class --force").err, "Grading 3 submission(s) of 'Twice',");
  same_reports("first", "assay-out");

  write_file(submission("cai"), right);
  says(must(0, "grade tiny class").err, "Grading 1 submission(s) of 'Twice' (2 taken from the store),");
  must(0, "grade tiny class --out afresh");
  same_reports("afresh", "assay-out");
  EXPECT_EQ(results()["submissions"][2]["score"]["exact"], "1");
  const std::string history = must(0, "status cai").out;
  says(history, "1/1");
  says(history, "0/1");
}

TEST_F(StoreCli, ShowsWhatARegradeWouldChangeBeforeItCounts) {
  EXPECT_EQ(run("regrade tiny class").code, 2) << "there is nothing to compare with";
  must(0, "grade tiny class");
  EXPECT_EQ(run("regrade --apply").code, 2) << "no preview waits";
  const std::string before = read_file(folder / "assay-out/results.json");
  std::string text = read_file(folder / "tiny/assignment.toml");
  text.replace(text.find("oracle = [\"doubled = x + x\"]"), 28, "oracle = [\"doubled = x + x + x\"]");
  write_file(folder / "tiny/assignment.toml", text);

  const Outcome preview = must(0, "regrade tiny class");
  says(preview.out, "3 of 3 change; 1 up, 2 down");
  says(preview.out, "twice: 1/1 accepted -> 0/1 wrong");
  says(preview.out, "twice: 0/1 wrong -> 1/1 accepted");
  says(preview.err, "Nothing of this counts yet");
  EXPECT_EQ(read_file(folder / "assay-out/results.json"), before);
  EXPECT_EQ(must(0, "export json").out, before);
  says(must(0, "status").out, "waits for --apply");

  must(0, "regrade --discard");
  EXPECT_EQ(run("regrade --apply").code, 2);
  EXPECT_EQ(must(0, "export json").out, before);

  const Outcome again = must(0, "regrade tiny class --json");
  says(again.err, "(3 taken from the store)");
  EXPECT_EQ(json::parse(again.out)["up"], 1);
  must(0, "regrade --apply");
  EXPECT_EQ(results()["submissions"][0]["score"]["exact"], "0");
  EXPECT_EQ(results()["submissions"][2]["score"]["exact"], "1");
  must(0, "grade tiny class --out afresh");
  same_reports("afresh", "assay-out");
  const json history = json::parse(must(0, "status ada --json").out)["results"];
  ASSERT_EQ(history.size(), 2u);
  EXPECT_TRUE(history[0]["counts"]);
  EXPECT_EQ(history[0]["score"]["exact"], "0");
  EXPECT_FALSE(history[1]["counts"]);
  EXPECT_EQ(history[1]["score"]["exact"], "1");
}

TEST_F(StoreCli, SaysWhatIsGradedAndWhatWaits) {
  EXPECT_EQ(run("status").code, 2);
  must(0, "grade tiny class");
  json status = json::parse(must(0, "status --json").out)["runs"];
  ASSERT_EQ(status.size(), 1u);
  EXPECT_EQ(status[0]["graded"], 3);
  EXPECT_EQ(status[0]["waiting"], 0);
  EXPECT_EQ(status[0]["failed"], 0);
  EXPECT_EQ(status[0]["state"], "finished");
  const std::string table = must(0, "status").out;
  for (std::size_t at = 0, end; at < table.size(); at = end + 1) {
    end = table.find('\n', at);
    EXPECT_LE(end - at, 80u) << table.substr(at, end - at);
  }
  EXPECT_EQ(run("status nobody").code, 2);

  std::string driver = read_file(folder / "tiny/driver.cpp");  // as if the machine were broken
  driver.replace(driver.find("\"twice\""), 7, "\"thrice\"");
  write_file(folder / "tiny/driver.cpp", driver);
  must(3, "grade tiny class");
  status = json::parse(must(0, "status --json").out)["runs"];
  EXPECT_EQ(status[0]["failed"], 3);
  EXPECT_TRUE(results()["submissions"][0]["score"].is_null());
  says(must(3, "grade tiny class").err, "Grading 3 submission(s) of 'Twice',");
}

TEST_F(StoreCli, ExportsWhatCounts) {
  must(0, "grade tiny class/ada class/bob");
  must(0, "grade tiny class/cai");
  must(0, "grade tiny class --out afresh");
  for (const char* format : {"json", "csv", "html"})
    must(0, std::string("export ") + format + " --to " + format);
  EXPECT_EQ(read_file(folder / "json"), read_file(folder / "afresh/results.json"));
  EXPECT_EQ(read_file(folder / "csv"), read_file(folder / "afresh/grades.csv"));
  EXPECT_EQ(read_file(folder / "html"), read_file(folder / "afresh/report.html"));
  must(0, "export gradescope --to scope");
  EXPECT_EQ(read_file(folder / "scope/cai.json"), read_file(folder / "afresh/gradescope/cai.json"));
  EXPECT_EQ(run("export gradescope").code, 2);
  EXPECT_EQ(run("export csv --roster x").code, 2);

  write_file(folder / "roster.csv",
             "Student,ID,SIS User ID,SIS Login ID,Section,Twice (77)\n"
             "    Points Possible,,,,,1\n"
             "Ada L,11,ada,al,1,\nCai W,12,cai,cw,1,\n");
  const Outcome canvas = must(1, "export canvas --roster roster.csv");
  says(canvas.err, "bob is not in the roster");
  says(canvas.out, "\"Twice (77)\"");
  says(canvas.out, "\"Ada L\",\"11\",\"ada\",\"al\",\"1\",1\r\n");
  says(canvas.out, "\"Cai W\",\"12\",\"cai\",\"cw\",\"1\",0\r\n");
  EXPECT_EQ(canvas.out.find("bob"), std::string::npos);
  const Outcome moodle = must(0, "export moodle");
  says(moodle.out, "0,\"twice: doubled differs from the exact value");
}

TEST_F(StoreCli, TakesTwoRunsAtOnce) {
  must(0, "grade tiny class --out alone");
  const std::string grade = "grade tiny class -j 1 --out one >";
  const Outcome both = run(grade + "two.txt 2>&1 & first=$!; cd " + folder.string() + "; " + program + " " +
                           grade + "three.txt 2>&1; second=$?; wait $first && exit $second");
  EXPECT_EQ(both.code, 0) << read_file(folder / "two.txt") << read_file(folder / "three.txt");
  same_reports("alone", "one");
  const json runs = json::parse(must(0, "status --out one --json").out)["runs"];
  ASSERT_EQ(runs.size(), 2u);
  for (const json& one : runs) EXPECT_EQ(one["graded"], 3);
  says(must(0, "grade tiny class --out one").err, "(3 taken from the store)");
}

TEST_F(StoreCli, NamesAStoreThatCannotBeUsedAndLeavesItAlone) {
  write_file(folder / "diary.txt", "not a database, and of great value to me");
  const Outcome foreign = run("grade tiny class --store diary.txt");
  EXPECT_EQ(foreign.code, 2);
  says(foreign.err, "diary.txt is no store of Assay; name another file with --store");
  EXPECT_EQ(read_file(folder / "diary.txt"), "not a database, and of great value to me");
  EXPECT_EQ(run("grade tiny class --store nowhere/at/all.db").code, 3);
  EXPECT_EQ(run("export csv").code, 2);
  must(0, "grade tiny class");
  write_file(folder / "assay-out/assay.db", read_file(folder / "assay-out/assay.db").substr(0, 9000));
  const Outcome damaged = run("grade tiny class");
  EXPECT_EQ(damaged.code, 2);
  says(damaged.err, "is damaged");
}

/// A disk of our own, which needs root.
TEST_F(StoreCli, LosesNothingOnAFullDisk) {
  fs::create_directories(folder / "disk");
  const std::string mount = "mount -t tmpfs -o size=400k tmpfs disk";
  if (std::system(("cd " + folder.string() + " && unshare -m sh -c '" + mount + "' 2>/dev/null").c_str()) !=
      0)
    GTEST_SKIP() << "this user may not mount a file system";
  // All in one mount namespace: grade two, fill the disk, try the third, make room, go on.
  write_file(folder / "steps.sh", mount + R"( || exit 90
$ASSAY grade tiny class/ada class/bob --out disk/out >one.txt 2>&1 || exit 91
dd if=/dev/zero of=disk/filler bs=1k 2>/dev/null
$ASSAY grade tiny class --out disk/out >two.txt 2>&1; test $? = 3 || exit 92
$ASSAY status --out disk/out >status.txt 2>&1 || exit 93
rm disk/filler
$ASSAY grade tiny class --out disk/out >three.txt 2>&1 || exit 94
cp -r disk/out out
)");
  const int status =
      std::system(("cd " + folder.string() + " && ASSAY=" + program + " unshare -m sh steps.sh").c_str());
  EXPECT_EQ(WEXITSTATUS(status), 0) << read_file(folder / "one.txt") << read_file(folder / "two.txt")
                                    << read_file(folder / "three.txt");
  says(read_file(folder / "two.txt"), "the disk is full");
  says(read_file(folder / "two.txt"), "what is in it is safe");
  says(read_file(folder / "three.txt"), "Grading 1 submission(s) of 'Twice' (2 taken from the store)");
  must(0, "grade tiny class --out afresh");
  same_reports("afresh", "out");
}

}  // namespace
}  // namespace assay::testing
