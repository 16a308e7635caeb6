/// The formula items of the shipped papers: what the paper prints equals what is derived, unless the pack
/// says why not; and every mistake of a pack is one, and is recognised.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "properties/equivalence.hpp"

namespace assay::properties {
namespace {

using Outcome = Comparison::Outcome;

std::vector<fixtures::Exam> papers() {
  std::vector<fixtures::Exam> all;
  const std::filesystem::path folder = std::filesystem::path(ASSAY_SOURCE_DIR) / "fixtures" / "exams";
  std::set<std::filesystem::path> sorted;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (std::filesystem::exists(entry.path() / "exam.toml")) sorted.insert(entry.path());
  for (const auto& path : sorted) all.push_back(fixtures::load_exam(path));
  return all;
}

/// Calls with each item that has a formula for a key.
template <class Each>
void for_each_formula(const std::vector<fixtures::Exam>& exams, const Each& each) {
  for (const fixtures::Exam& exam : exams)
    for (const fixtures::Item& item : exam.items)
      if (const auto* key = std::get_if<fixtures::FormulaKey>(&item.key))
        each(exam.id + "." + item.id, item, *exam.find_setting(key->setting), key->formula);
}

TEST(EquivalencePacks, PublishedAndAcceptedAnswersEqualTheKey) {
  std::size_t published = 0;
  for_each_formula(papers(), [&](const std::string& id, const fixtures::Item& item,
                                 const fixtures::Setting& setting, const fixtures::WrittenFormula& formula) {
    const Equivalence key(setting, formula, item.mistakes, 1);
    if (item.published) {
      ++published;
      const Comparison found = key.compare(*item.published);
      EXPECT_EQ(found.outcome, item.acknowledged.empty() ? Outcome::equal : found.outcome)
          << id << ": " << *item.published << ": " << found.expected << " / " << found.got << found.message;
    }
    // What is accepted besides may differ from the key, but it can be read.
    for (const std::string& accepted : item.accept)
      EXPECT_NO_THROW((void)key.compare(accepted)) << id << ": " << accepted;
  });
  EXPECT_GT(published, 15u);
}

TEST(EquivalencePacks, MistakesAreRecognised) {
  std::size_t mistakes = 0;
  for_each_formula(papers(), [&](const std::string& id, const fixtures::Item& item,
                                 const fixtures::Setting& setting, const fixtures::WrittenFormula& formula) {
    const Equivalence key(setting, formula, item.mistakes, 1);
    for (const fixtures::KnownMistake& one : item.mistakes) {
      ++mistakes;
      const Comparison found = key.compare(one.answer.text);
      EXPECT_NE(found.outcome, Outcome::equal) << id << ": " << one.id << " is no mistake";
      EXPECT_NE(found.outcome, Outcome::cannot_tell) << id << ": " << one.id << ": " << found.message;
      if (found.outcome == Outcome::different) {
        EXPECT_FALSE(found.mistake.empty()) << id << ": " << one.id;
        EXPECT_NE(found.expected, found.got) << id << ": " << one.id;
      }
    }
  });
  EXPECT_GT(mistakes, 60u);
}

}  // namespace
}  // namespace assay::properties
