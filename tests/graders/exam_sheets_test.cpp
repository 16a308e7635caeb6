/// The shipped papers and the sheets beside them: keys, outcomes and points, held against what was worked out
/// by hand (expected.toml).
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "fixtures/document.hpp"
#include "fixtures/load.hpp"
#include "graders/exams/mark.hpp"

namespace assay::graders::exams {
namespace {

namespace fs = std::filesystem;
using fixtures::Value;

struct Paper {
  explicit Paper(const std::string& name)
      : folder(fs::path(ASSAY_SOURCE_DIR) / "fixtures/exams" / name), exam(fixtures::load_exam(folder)) {
    for (const auto& entry : fs::directory_iterator(folder / "sheets")) {
      const auto problems = fixtures::read_sheets(
          entry.path(), exam, [&](fixtures::Sheet&& sheet) { marked.emplace(sheet.id, marker(sheet)); });
      EXPECT_TRUE(problems.empty()) << entry.path();
    }
  }

  fs::path folder;
  fixtures::Exam exam;
  DerivedKeys keys = derive_keys(exam, 1, 2, {});
  Judge judge{exam, keys, 1};
  Marker marker{exam, keys, judge};
  std::map<std::string, MarkedSheet> marked;
};

const ItemMark* item_of(const MarkedSheet& sheet, const std::string& id) {
  for (const ItemMark& item : sheet.items)
    if (item.item == id) return &item;
  return nullptr;
}

std::string points_text(const std::optional<Points>& points) {
  return points ? exact_text(*points) : "open";
}

/// Points of an item, or of a question: what is certain.
std::string points_of(const MarkedSheet& sheet, const std::string& id) {
  for (const QuestionMark& question : sheet.questions)
    if (question.id == id) return exact_text(question.sure);
  const ItemMark* const item = item_of(sheet, id);
  return item ? points_text(item->points) : "no such item";
}

/// What the sheet has under `what` for the item.
std::string found(const MarkedSheet& sheet, const std::string& what, const std::string& id) {
  if (what == "points") return points_of(sheet, id);
  const ItemMark* const item = item_of(sheet, id);
  if (!item) return "no such item";
  return what == "outcome" ? std::string(to_text(item->judgement.outcome)) : item->judgement.mistake;
}

std::size_t hold(const MarkedSheet& sheet, const Value& expected) {
  std::size_t cells = 0;
  for (const fixtures::Member& part : expected.members) {
    if (part.key == "score") {
      EXPECT_EQ(exact_text(sheet.score), part.value.text) << "the score of " << sheet.id;
      ++cells;
      continue;
    }
    EXPECT_TRUE(part.key == "outcome" || part.key == "mistake" || part.key == "points") << part.key;
    for (const fixtures::Member& cell : part.value.members) {
      const std::string got = found(sheet, part.key, cell.key);
      const std::string wanted =
          part.key == "points" ? exact_text(parse_points(cell.value.text)) : cell.value.text;
      EXPECT_EQ(got, wanted) << part.key << " of " << sheet.id << "'s " << cell.key
                             << ", expected.toml:" << cell.place.line;
      ++cells;
    }
  }
  return cells;
}

class ExamSheets : public ::testing::TestWithParam<const char*> {};

TEST_P(ExamSheets, ComeOutAsWorkedOutByHand) {
  const Paper paper(GetParam());
  const Value expected = fixtures::read_document(paper.folder / "expected.toml");
  std::size_t cells = 0;
  for (const fixtures::Member& student : expected.members) {
    const auto sheet = paper.marked.find(student.key);
    ASSERT_NE(sheet, paper.marked.end()) << student.key;
    cells += hold(sheet->second, student.value);
  }
  EXPECT_EQ(expected.members.size(), paper.marked.size()) << "a sheet without expectations";
  EXPECT_GT(cells, 20u);
}

TEST_P(ExamSheets, HaveAKeyForEachItem) {
  const Paper paper(GetParam());
  ASSERT_EQ(paper.keys.keys.size(), paper.exam.items.size());
  for (const DerivedKey& key : paper.keys.keys) {
    EXPECT_EQ(key.problem, "") << key.item;
    EXPECT_NE(key.agreement, KeyAgreement::disagrees) << key.item << ": " << key.why_not;
  }
  for (const PackProblem& problem : pack_problems(paper.exam, paper.keys))
    EXPECT_TRUE(problem.acknowledged) << problem.message;
}

INSTANTIATE_TEST_SUITE_P(Of, ExamSheets,
                         ::testing::Values("cmu24788-2025", "cs230-2021", "cs231n-2019", "csc413-2020",
                                           "eecs498-2019"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace assay::graders::exams
