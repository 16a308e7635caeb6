/// Whole sheets, from what was written to points.
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <atomic>

#include "graders/exams/item_analysis.hpp"
#include "graders/exams/mark_class.hpp"
#include "graders/exams/pseudonym.hpp"
#include "tests/graders/exam_mark_sample.hpp"

namespace assay::graders::exams::test {
namespace {

Points p(const char* text) {
  return parse_points(text);
}

const Paper& paper() {
  static const Paper one;
  return one;
}

MarkedSheet with(const Paper::Cells& changes) {
  Paper::Cells answers = all_right;
  for (const auto& [id, text] : changes) answers[id] = text;
  return paper().mark(answers);
}

TEST(Mark, GivesEverythingButTheEssayToARightSheet) {
  const MarkedSheet sheet = paper().mark(all_right);
  EXPECT_EQ(sheet.score, p("25"));
  EXPECT_EQ(sheet.possible, p("29")) << "one point was lost with its figure";
  EXPECT_EQ(sheet.for_person, 1u);
  EXPECT_FALSE(question(sheet, "sa.3").points.has_value());
  EXPECT_EQ(item(sheet, "sa.3").judgement.outcome, Outcome::for_person);
}

TEST(Mark, GivesNothingToABlankSheetAndTakesNothing) {
  const MarkedSheet sheet = paper().mark({});
  EXPECT_EQ(sheet.score, p("3")) << "the voided question, and an option that is rightly left";
  EXPECT_EQ(item(sheet, "tf.1").judgement.outcome, Outcome::blank);
  EXPECT_EQ(item(sheet, "mc.1.A").judgement.outcome, Outcome::blank);
  EXPECT_EQ(question(sheet, "mc.1").points, p("0"));
}

TEST(Mark, LetsTotalsBeNegativeWhereThePaperSaysSo) {
  const MarkedSheet sheet = paper().mark({{"tf.1", "F"}, {"tf.2", "T"}, {"tf.3", "F"}});
  EXPECT_EQ(sheet.sections[0].sure, p("-3"));
  EXPECT_EQ(sheet.score, p("0"));
  const MarkedSheet lower = paper().mark({{"tf.1", "F"}, {"tf.2", "T"}, {"tf.3", "F"}, {"mc.2", "A"}});
  EXPECT_EQ(lower.score, p("-2"));
}

TEST(Mark, TakesAMissingEssayForOneOnPaper) {
  EXPECT_EQ(item(with({{"sa.3", ""}}), "sa.3").judgement.outcome, Outcome::for_person);
  EXPECT_EQ(item(with({{"sa.3", "-"}}), "sa.3").judgement.outcome, Outcome::blank);
  EXPECT_EQ(item(with({{"sa.2", ""}}), "sa.2").judgement.outcome, Outcome::blank);
}

TEST(Mark, ReadsOptionsFromTheQuestionOrFromTheirOwnCells) {
  EXPECT_EQ(question(with({{"mc.1", "AD"}}), "mc.1").points, p("4"));
  EXPECT_EQ(question(with({{"mc.1", "A"}}), "mc.1").points, p("2"));
  EXPECT_EQ(question(with({{"mc.1", "A B"}}), "mc.1").points, p("0"));
  EXPECT_EQ(question(with({{"mc.1", ""}, {"mc.1.A", "x"}, {"mc.1.D", "1"}}), "mc.1").points, p("4"));
  EXPECT_EQ(question(with({{"mc.1", ""}, {"mc.1.A", "x"}}), "mc.1").points, p("2"));
}

TEST(Mark, CountsOptionsLeftWhereNoneNeedBeRight) {
  EXPECT_EQ(question(with({{"mc.2", ""}}), "mc.2").points, p("2")) << "A is rightly left";
  EXPECT_EQ(question(with({{"mc.1", "none"}}), "mc.1").points, p("0"))
      << "some option is right: that is a blank";
}

TEST(Mark, SendsDoubleMarksToAPersonAndTakesNothing) {
  const MarkedSheet sheet = with({{"mc.1.A", "x"}, {"tf.1", "T F"}, {"sa.1.parameters", "8*)"}});
  EXPECT_EQ(item(sheet, "mc.1.A").judgement.outcome, Outcome::ambiguous);
  EXPECT_FALSE(question(sheet, "mc.1").points.has_value());
  EXPECT_EQ(item(sheet, "tf.1").judgement.outcome, Outcome::ambiguous);
  EXPECT_EQ(item(sheet, "sa.1.parameters").judgement.outcome, Outcome::unreadable);
  EXPECT_EQ(sheet.sections[0].sure, p("4"));
  EXPECT_EQ(question(sheet, "sa.1").sure, p("4"));
}

TEST(Mark, FollowsTheStudentsOwnEarlierValue) {
  const MarkedSheet sheet = with({{"sa.1.parameters", "200"}, {"sa.1.double", "400"}});
  EXPECT_EQ(item(sheet, "sa.1.parameters").judgement.outcome, Outcome::wrong);
  EXPECT_EQ(item(sheet, "sa.1.double").judgement.outcome, Outcome::followed);
  EXPECT_EQ(question(sheet, "sa.1").points, p("4"));
  EXPECT_EQ(item(with({{"sa.1.parameters", "200"}, {"sa.1.double", "401"}}), "sa.1.double").judgement.outcome,
            Outcome::wrong);
  EXPECT_EQ(item(with({{"sa.1.double", "400"}}), "sa.1.double").judgement.outcome, Outcome::wrong)
      << "nothing earlier was wrong";
}

TEST(Mark, GivesTheCreditOfANamedMistake) {
  const MarkedSheet sheet = with({{"sa.2", "w x - y"}});
  EXPECT_EQ(item(sheet, "sa.2").judgement.mistake, "no-inner");
  EXPECT_EQ(question(sheet, "sa.2").points, p("2"));
}

TEST(Mark, TakesAPersonsMarks) {
  fixtures::Sheet sheet = paper().sheet(all_right);
  sheet.marks["sa.3"].lines = {"memory", "time"};
  EXPECT_EQ(paper().marker(sheet).score, p("29")) << "3 + 2, kept at the item's 4";
  sheet.marks["sa.3"].lines = {"wrong-reason"};
  EXPECT_EQ(question(paper().marker(sheet), "sa.3").points, p("0"));
  sheet.marks["sa.3"] = {{}, "3/2", "half of it", {}};
  EXPECT_EQ(question(paper().marker(sheet), "sa.3").points, p("3/2"));
  EXPECT_EQ(item(paper().marker(sheet), "sa.3").comment, "half of it");
  EXPECT_EQ(paper().marker(sheet).for_person, 0u);
}

TEST(Mark, DoesNotTakeAPersonsMarkThatCannotBe) {
  fixtures::Sheet sheet = paper().sheet(all_right);
  for (const char* const points : {"5", "-1", "many"}) {
    sheet.marks["sa.3"].points = points;
    const MarkedSheet marked = paper().marker(sheet);
    EXPECT_EQ(item(marked, "sa.3").judgement.outcome, Outcome::for_person) << points;
    EXPECT_NE(item(marked, "sa.3").judgement.message.find("cannot be used"), std::string::npos);
  }
  sheet.marks["sa.3"] = {{"no-such-line"}, "", "", {}};
  EXPECT_EQ(item(paper().marker(sheet), "sa.3").judgement.outcome, Outcome::for_person);
}

TEST(Mark, LetsAPersonOverruleTheKey) {
  fixtures::Sheet sheet = paper().sheet(all_right);
  sheet.answers["tf.1"].text = "T F";
  sheet.marks["tf.1"].points = "2";
  const MarkedSheet marked = paper().marker(sheet);
  EXPECT_EQ(question(marked, "tf.1").points, p("2"));
  EXPECT_TRUE(item(marked, "tf.1").by_person);
}

TEST(Worth, SharesWhatNothingSays) {
  const std::string head = "id = \"e\"\ntitle = \"E\"\n[[section]]\nid = \"a\"\ntitle = \"A\"\n";
  const std::string items =
      "[[item]]\nid = \"a.1\"\nsection = \"a\"\nkind = \"numeric\"\nanswer = \"number\"\ntext = "
      "\"?\"\npoints = \"4\"\n"
      "key = { count = \"1\" }\n"
      "[[item]]\nid = \"a.2\"\nsection = \"a\"\nkind = \"numeric\"\nanswer = \"number\"\ntext = \"?\"\nkey = "
      "{ count = \"1\" }\n"
      "[[item]]\nid = \"a.3\"\nsection = \"a\"\nkind = \"numeric\"\nanswer = \"number\"\ntext = \"?\"\nkey = "
      "{ count = \"1\" }\n";
  const Paper printed(head + "points = \"5\"\nscheme = { kind = \"cells\" }\n" + items);
  EXPECT_EQ(printed.marker.units()[1].members[0].worth, p("1/2"));
  const Paper silent(head + "scheme = { kind = \"cells\" }\n" + items);
  EXPECT_EQ(silent.marker.units()[1].members[0].worth, p("1"));
  EXPECT_TRUE(silent.marker.units()[1].by_shares);
}

// --- the class -------------------------------------------------------------------------------------------

TEST(MarkClass, KeepsTheOrderAtAnyNumberOfThreads) {
  for (const unsigned jobs : {1u, 2u, 7u}) {
    std::vector<std::string> ids;
    mark_class(paper().marker, jobs,
               {[](const auto& put) {
                  for (int i = 0; i < 200; ++i)
                    put(paper().sheet({{"tf.1", i % 2 ? "T" : "F"}}, std::to_string(i)));
                },
                [](const MarkedSheet& sheet) { return Texts{sheet.id}; },
                [&](const MarkedSheet& sheet, const Texts& texts) {
                  EXPECT_EQ(texts.at(0), sheet.id);
                  ids.push_back(sheet.id);
                }});
    ASSERT_EQ(ids.size(), 200u);
    for (int i = 0; i < 200; ++i) EXPECT_EQ(ids[static_cast<std::size_t>(i)], std::to_string(i));
  }
}

TEST(MarkClass, HoldsFewSheetsAtATime) {
  std::atomic<int> put_count = 0, most_ahead = 0;
  int taken = 0;
  mark_class(paper().marker, 2,
             {[&](const auto& put) {
                for (int i = 0; i < 500; ++i) {
                  put(paper().sheet({}, std::to_string(i)));
                  ++put_count;
                }
              },
              [](const MarkedSheet&) { return Texts{}; },
              [&](const MarkedSheet&, const Texts&) {
                ++taken;
                most_ahead = std::max(most_ahead.load(), put_count - taken);
              }});
  EXPECT_EQ(taken, 500);
  EXPECT_LE(most_ahead, 33);
}

TEST(MarkClass, EndsWhenAStepFails) {
  const auto fail = [](const MarkedSheet&) -> Texts { throw std::runtime_error("the disk is full"); };
  EXPECT_THROW(mark_class(paper().marker, 2,
                          {[](const auto& put) {
                             for (int i = 0; i < 500; ++i) put(paper().sheet({}, std::to_string(i)));
                           },
                           fail, [](const MarkedSheet&, const Texts&) {}}),
               std::runtime_error);
  EXPECT_THROW(
      mark_class(paper().marker, 2,
                 {[](const auto&) { throw std::runtime_error("unreadable"); },
                  [](const MarkedSheet&) { return Texts{}; }, [](const MarkedSheet&, const Texts&) {}}),
      std::runtime_error);
}

TEST(ItemAnalysis, CountsByHand) {
  ItemAnalysis analysis(paper().exam, paper().marker.units());
  for (int i = 0; i < 3; ++i) analysis.add(with({}));
  analysis.add(with({{"tf.1", "F"}, {"mc.1", "A, C"}, {"sa.1.parameters", "80"}, {"sa.1.double", "7"}}));
  const auto& items = analysis.items();
  EXPECT_EQ(items[0].difficulty(), p("3/4"));
  EXPECT_EQ(items[0].count(Outcome::wrong), 1u);
  EXPECT_EQ(items[5].marked, 1u) << "option C";
  const std::size_t parameters = 10, twice = 11;
  ASSERT_EQ(paper().exam.items[parameters].id, "sa.1.parameters");
  EXPECT_EQ(items[parameters].mistakes.at("missing-channels").second, 1u);
  ASSERT_EQ(items[twice].wrong.top(5).size(), 1u);
  EXPECT_EQ(items[twice].wrong.top(5)[0].first, "7");
  EXPECT_EQ(analysis.waiting_sheets(), 4u);
  EXPECT_FALSE(analysis.mean().has_value()) << "all wait for the essay";
}

TEST(ItemAnalysis, TellsGoodItemsFromBad) {
  Correlation same, opposite, flat;
  for (int i = 0; i < 5; ++i) {
    same.add(i, 2 * i + 1);
    opposite.add(i, -i);
    flat.add(1, i);
  }
  EXPECT_NEAR(same.value().value(), 1, 1e-12);
  EXPECT_NEAR(opposite.value().value(), -1, 1e-12);
  EXPECT_FALSE(flat.value().has_value());
}

TEST(ItemAnalysis, KeepsItsMemory) {
  Frequencies frequencies;
  for (int i = 0; i < 5'000; ++i) frequencies.add(std::to_string(i));
  for (int i = 0; i < 3; ++i) frequencies.add("7");
  EXPECT_EQ(frequencies.top(1)[0], (std::pair<std::string, std::size_t>{"7", 4}));
  EXPECT_EQ(frequencies.top(10'000).size(), 1'000u);
  EXPECT_EQ(frequencies.uncounted(), 4'000u);
}

// --- pseudonyms ------------------------------------------------------------------------------------------

TEST(Pseudonyms, AreTheSameWithTheSameKeyAndOthersWithAnother) {
  const Folder folder;
  const Pseudonyms first(folder.path / "key"), again(folder.path / "key"), other(folder.path / "other");
  EXPECT_EQ(first.name_for("ada"), again.name_for("ada"));
  EXPECT_NE(first.name_for("ada"), first.name_for("bob"));
  EXPECT_NE(first.name_for("ada"), other.name_for("ada"));
}

TEST(Pseudonyms, AreTheHashOfRfc4231) {  // test case 6 has such a long key; 2 is too short for us
  const Folder folder;
  folder.write("key", std::string(131, '\xaa'));
  fs::permissions(folder.path / "key", fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(
      Pseudonyms(folder.path / "key").name_for("Test Using Larger Than Block-Size Key - Hash Key First"),
      "p-60e431591ee0b67f");
}

TEST(Pseudonyms, KeepKeyAndNamesPrivate) {
  const Folder folder;
  Pseudonyms pseudonyms(folder.path / "key");
  pseudonyms.note("ada", "Ada \"=cmd|' /C calc'!A0\"", "");
  for (const fs::path& file : {folder.path / "key", pseudonyms.names_file()}) {
    struct stat status {};
    ASSERT_EQ(stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u) << file;
  }
  fs::permissions(folder.path / "key", fs::perms::group_read, fs::perm_options::add);
  EXPECT_THROW(Pseudonyms(folder.path / "key"), PseudonymError);
}

TEST(Pseudonyms, NoteEachStudentOnce) {
  const Folder folder;
  for (int i = 0; i < 2; ++i) {
    Pseudonyms pseudonyms(folder.path / "key");
    pseudonyms.note("ada", "Ada", "");
    pseudonyms.note("bob", "Bob", "");
  }
  std::ifstream names(folder.path / "key.names.csv");
  std::size_t lines = 0;
  for (std::string line; std::getline(names, line);) ++lines;
  EXPECT_EQ(lines, 3u);
}

TEST(Pseudonyms, RefuseAShortKey) {
  const Folder folder;
  folder.write("key", "secret\n");
  fs::permissions(folder.path / "key", fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_THROW(Pseudonyms(folder.path / "key"), PseudonymError);
}

}  // namespace
}  // namespace assay::graders::exams::test
