/// What a pack's author is told, and `assay check-exam` as a person and a program use it.
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/graders/command_line.hpp"
#include "tests/graders/exam_pack.hpp"

namespace assay::testing {
namespace {

using nlohmann::json;

class PackProblems : public ExamPackTest {
 protected:
  /// All messages, the acknowledged ones after "noted: ".
  std::string problems(const std::string& text, const std::string& head = {}) const {
    const auto exam = load(text, head);
    std::string all;
    for (const auto& problem : graders::exams::pack_problems(exam, keys_of(exam))) {
      EXPECT_GT(problem.place.line, 0u) << problem.message;
      all += (problem.acknowledged ? "noted: " : "") + problem.message + "\n";
    }
    return all;
  }
};

std::string section(const std::string& lines) {
  return "[[section]]\nid = \"t\"\ntitle = \"Other\"\n" + lines + "\n";
}
std::string item_in(const std::string& owner, const std::string& id, const std::string& lines) {
  return "[[item]]\nid = \"" + id + "\"\n" + owner + "\nkind = \"numeric\"\ntext = \"?\"\n" + lines + "\n";
}
const std::string one = "key = { count = \"1\" }";

TEST_F(PackProblems, AreNoneInASoundPack) {
  EXPECT_EQ(problems(item("a", one), "points = \"1\"\n"), "");
}

TEST_F(PackProblems, SectionsMustAddUp) {
  const std::string rest = item("a", one) + item_in("section = \"t\"", "b", "points = \"3\"\n" + one);
  EXPECT_EQ(problems(section("points = \"4\"\nscheme = { kind = \"cells\" }") + rest),
            "section t has 4 points, its questions 3: 1 point that nobody can reach\n");
  EXPECT_EQ(problems(section("points = \"5/2\"\nscheme = { kind = \"cells\" }") + rest),
            "section t has 5/2 points, its questions 3\n");
  EXPECT_EQ(
      problems(section("points = \"4\"\nacknowledged = \"one was lost\"\nscheme = { kind = \"cells\" }") +
               rest),
      "noted: section t has 4 points, its questions 3: 1 point that nobody can reach; one was lost\n");
}

TEST_F(PackProblems, TheTotalMustAddUp) {
  EXPECT_EQ(problems(item("a", one), "points = \"100\"\n"), "the paper has 100 points, its sections 1\n");
  EXPECT_EQ(problems(item("a", one), "points = \"100\"\nacknowledged = \"a sample\"\n"),
            "noted: the paper has 100 points, its sections 1; a sample\n");
}

TEST_F(PackProblems, QuestionsMustAddUp) {
  const auto question = [](const std::string& more) {
    return "[[question]]\nid = \"q\"\nsection = \"s\"\ntext = \"?\"\npoints = \"5\"\n" + more;
  };
  const std::string two = item_in("question = \"q\"", "q.a", "points = \"2\"\n" + one) +
                          item_in("question = \"q\"", "q.b", "points = \"2\"\n" + one);
  EXPECT_EQ(problems(question("") + two),
            "question q has 5 points, its items 4: nobody can reach the rest\n");
  EXPECT_EQ(problems(question("") + two + item_in("question = \"q\"", "q.c", "points = \"1\"\n" + one)), "");
  EXPECT_EQ(problems(question("any_of = 1\n") + two),
            "question q has 5 points, its items 2: nobody can reach the rest\n");
  const std::string essay =
      "answer = \"text\"\npoints = \"5\"\nkey = { rubric = [{ id = \"r\", text = \"t\", points = \"3\" }, "
      "{ id = \"d\", text = \"t\", points = \"-1\" }], why = \"an essay\" }";
  EXPECT_EQ(problems(question("") + item_in("question = \"q\"", "q.a", essay)),
            "item q.a has 5 points; the lines of its rubric reach 3\n");
}

TEST_F(PackProblems, KeysMustBeThere) {
  EXPECT_NE(problems(item("a", "answer = \"true-false\"\nkey = { claim = \"no.such.claim\" }"))
                .find("item a: there is no claim"),
            std::string::npos);
  EXPECT_EQ(problems(item("a", "lost = \"the figure\"")),
            "noted: section s: 1 point of lost items, which nobody can reach\n");
}

TEST_F(PackProblems, SomeOptionMustBeRightWhereThePaperSaysSo) {
  const auto question = [](const std::string& statement) {
    return "[[question]]\nid = \"q\"\nsection = \"t\"\ntext = \"?\"\npoints = \"2\"\n[[item]]\nid = "
           "\"q.A\"\nquestion = \"q\"\nkind = "
           "\"claim\"\nanswer = \"option\"\ntext = \"?\"\nkey = { holds = \"" +
           statement + "\" }\n";
  };
  const std::string rest =
      section("scheme = { kind = \"all-or-partial\", some_correct = true }") + item("a", one);
  EXPECT_EQ(problems(rest + question("1 < 2")), "");
  EXPECT_EQ(problems(rest + question("2 < 1")),
            "no option of question q is right, and its scheme says that one is\n");
}

TEST_F(PackProblems, MistakesAndFurtherAnswersMustDiffer) {
  const auto mistake = [](const std::string& answer) {
    return one + "\n[[item.mistakes]]\nid = \"m\"\ntext = \"t\"\nanswer = \"" + answer + "\"\n";
  };
  EXPECT_EQ(problems(item("a", mistake("2"))), "");
  EXPECT_EQ(problems(item("a", mistake("3 - 2"))), "mistake m of item a is the key itself: 1\n");
  EXPECT_NE(problems(item("a", mistake("3 -"))).find("mistake m of item a: found"), std::string::npos);
  EXPECT_EQ(problems(item("a", "accept = [\"2/2\"]\n" + one)),
            "item a accepts \"2/2\", which is the key already\n");
  EXPECT_NE(
      problems(item("a", "accept = [\"1,5\"]\n" + one)).find("item a accepts \"1,5\", which cannot be read"),
      std::string::npos);
  EXPECT_EQ(problems(item("a", "published = \"1\"\nacknowledged = \"why\"\n" + one)),
            "item a acknowledges a difference, and there is none\n");
}

// ---- The command.

class CheckExamCli : public CommandLineTest {
 protected:
  void SetUp() override {
    CommandLineTest::SetUp();
    setenv("XDG_CACHE_HOME", (folder / "cache").c_str(), 1);
  }

  void pack(const std::string& more) const {
    write_file(folder / "paper" / "exam.toml", R"(id = "small"
title = "A small paper"

[[section]]
id = "s"
title = "All"
scheme = { kind = "signed", correct = "2", wrong = "-1", blank = "0" }

[[item]]
id = "tf.1"
section = "s"
kind = "claim"
answer = "true-false"
text = "Decreasing a weight whose derivative is -3 lowers the loss."
published = "true"
key = { claim = "eecs498-2019.tf.1.4" }
)" + more);
  }
};

TEST_F(CheckExamCli, ShowsTheWitnessAgainstAPublishedKey) {
  pack("");
  const Outcome result = run("check-exam paper");
  EXPECT_EQ(result.code, 1) << result.out << result.err;
  std::istringstream lines(result.out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
  for (const char* const part :
       {"tf.1 ", "false", "NO", "because: ", "claim eecs498-2019.tf.1.4: ", "1 compared, 1 disagrees"})
    EXPECT_NE(result.out.find(part), std::string::npos) << part << "\n" << result.out;
}

TEST_F(CheckExamCli, AcceptsWhatThePackAcknowledges) {
  pack("acknowledged = \"a misprint in the handout\"\n");
  const Outcome result = run("check-exam paper/exam.toml");
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_NE(result.out.find("acknowledged: a misprint in the handout"), std::string::npos) << result.out;
}

TEST_F(CheckExamCli, PrintsProblemsWithTheirPlaces) {
  pack(
      "acknowledged = \"a misprint\"\n\n[[item]]\nid = \"tf.2\"\nsection = \"s\"\nkind = \"claim\"\nanswer = "
      "\"true-false\"\n"
      "text = \"?\"\nkey = { holds = \"a < \", where = { a = \"1\" } }\n");
  const Outcome result = run("check-exam paper");
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.out.find("exam.toml:25:22: item tf.2: found"), std::string::npos) << result.out;
}

TEST_F(CheckExamCli, IsReadableByPrograms) {
  pack("");
  const Outcome result = run("check-exam paper --json");
  EXPECT_EQ(result.code, 1);
  const json document = json::parse(result.out);
  EXPECT_EQ(document["items"][0]["key"], "false");
  EXPECT_EQ(document["items"][0]["published"], "true");
  EXPECT_EQ(document["items"][0]["agreement"], "disagrees");
  EXPECT_EQ(document["counts"]["disagreeing"], 1);
  EXPECT_EQ(document["counts"]["items"], 1);
  EXPECT_EQ(run("check-exam paper --json --fresh -j 2").out, result.out) << "with and without what was kept";
}

TEST_F(CheckExamCli, FindsShippedExamsByTheirIds) {
  const Outcome list = run("list exams --json");
  ASSERT_EQ(list.code, 0) << list.err;
  const json entries = json::parse(list.out);
  EXPECT_EQ(entries.size(), 5u);
  const Outcome unknown = run("check-exam eecs498-2018");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_NE(unknown.err.find("did you mean \"eecs498-2019\"?"), std::string::npos) << unknown.err;
  EXPECT_EQ(run("check-exam").code, 2);
}

/// Every shipped paper: each item has a key, a rubric or a loss, and every difference is acknowledged.
TEST_F(CheckExamCli, FindsTheShippedExamsSound) {
  for (const char* const exam :
       {"cs231n-2019", "cs230-2021", "eecs498-2019", "csc413-2020", "cmu24788-2025"}) {
    const Outcome result = run(std::string("check-exam --json ") + exam);
    ASSERT_NE(result.code, 2) << result.err;
    const json counts = json::parse(result.out)["counts"];
    EXPECT_EQ(result.code, 0) << exam << counts;
    EXPECT_EQ(counts["bound"].get<int>() + counts["rubric_only"].get<int>() + counts["lost"].get<int>(),
              counts["items"])
        << exam;
  }
}

}  // namespace
}  // namespace assay::testing
