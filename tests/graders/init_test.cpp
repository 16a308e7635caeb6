/// assay init: what it writes, and what it refuses.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "fixtures/load.hpp"
#include "fixtures/starter.hpp"
#include "graders/prepared.hpp"
#include "graders/starter_files.hpp"
#include "oracles/catalogue.hpp"
#include "tests/graders/command_line.hpp"

namespace assay::testing {
namespace {

const fixtures::Starters& starters() {
  static const fixtures::Starters all = fixtures::load_starters(source / "fixtures/starters");
  return all;
}

class Init : public CommandLineTest {
 protected:
  void expect_refusal(const std::string& arguments, const std::string& part) const {
    const Outcome result = run("init " + arguments);
    EXPECT_EQ(result.code, 2) << arguments;
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  }
};

TEST_F(Init, RefusesNamesThatAreTakenOrBadAndOperationsWithoutAStarter) {
  ASSERT_EQ(run("init demo").code, 0);
  write_file(folder / "demo/assignment.toml", "mine");
  expect_refusal("demo", "demo is there already; nothing is overwritten");
  EXPECT_EQ(read_file(folder / "demo/assignment.toml"), "mine");
  expect_refusal("'two words'", "\"two words\" cannot be an assignment's name");
  expect_refusal("-- -x", "\"-x\" cannot be an assignment's name");
  expect_refusal("nowhere/new", "there is no folder nowhere to put new in");
  expect_refusal("new --from afine", "there is no operation \"afine\"; did you mean \"affine\"?");
  expect_refusal("new --from relu,conv3d,lstm_cell", "no starter yet for conv3d, lstm_cell");
  expect_refusal("new --from relu,conv3d,lstm_cell", "softmax_cross_entropy");
  expect_refusal("new --from ,", "--from names no operation");
  EXPECT_FALSE(fs::exists(folder / "new")) << "nothing is written where something is refused";
}

TEST_F(Init, TakesOperationsInAnyOrderOnce) {
  ASSERT_EQ(run("init demo --from softmax_cross_entropy,affine,affine").code, 0);
  const auto assignment = fixtures::load_assignment(folder / "demo");
  ASSERT_EQ(assignment.functions.size(), 4u);
  EXPECT_EQ(assignment.functions[0].name, "cross_entropy");
  EXPECT_EQ(assignment.functions[3].name, "affine_backward");
  EXPECT_EQ(assignment.known.size(), 2u) << "one for each mistake";
}

TEST(Starters, AreOperationsEachWithAMistake) {
  EXPECT_GE(starters().all.size(), 26u);
  for (const auto& starter : starters().all) {
    EXPECT_NE(oracles::find_operation(starter.operation), nullptr) << starter.operation;
    std::size_t mistakes = 0;
    for (const auto& function : starter.functions) {
      mistakes += !function.wrong.empty();
      EXPECT_EQ(function.wrong.empty(), function.mistake.empty()) << function.name;
      EXPECT_NE(function.wrong, function.body) << function.name;
    }
    EXPECT_GE(mistakes, 1u) << starter.operation;
  }
}

/// Their inputs mean the same in all of them, and every oracle fits: the truths are computed here.
TEST_F(Init, AllStartersTogetherAreOneSoundAssignment) {
  std::vector<const fixtures::Starter*> all;
  for (const auto& starter : starters().all) all.push_back(&starter);
  for (const auto& [path, text] : graders::starter_files("all", all, starters()))
    write_file(folder / "all" / path, text);
  const auto prepared = graders::prepare(fixtures::load_assignment(folder / "all"));
  EXPECT_EQ(prepared.warnings, std::vector<std::string>{}) << "no case is set aside for want of digits";
  EXPECT_GE(prepared.criteria.size(), 40u);
}

/// For the night: a minute of compiling. ASSAY_NIGHTLY=1 switches it on.
TEST_F(Init, EveryReferenceIsRightAndEveryMistakeIsFound) {
  if (!std::getenv("ASSAY_NIGHTLY")) GTEST_SKIP() << "set ASSAY_NIGHTLY=1 to compile every starter";
  std::string names;
  for (const auto& starter : starters().all) names += "," + starter.operation;
  ASSERT_EQ(run("init all --from " + names.substr(1)).code, 0);
  const Outcome checked = run("check all");
  EXPECT_EQ(checked.code, 0) << checked.out;
}

}  // namespace
}  // namespace assay::testing
