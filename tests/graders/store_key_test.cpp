/// What decides a grade is in the key, and nothing else is.
#include "graders/store/key.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "fixtures/load.hpp"
#include "graders/program_build.hpp"
#include "tests/graders/command_line.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;
using testing::write_file;

class StoreKey : public testing::CommandLineTest {
 protected:
  void SetUp() override {
    CommandLineTest::SetUp();
    fs::copy(testing::source / "fixtures/assignments/affine-layer", folder / "layer",
             fs::copy_options::recursive);
  }
  std::string digest() const {
    return folder_digest(fixtures::load_assignment(folder / "layer"),
                         {folder / "layer/handed-in", folder / "layer/assay-out"});
  }
  void append(const std::string& name) const {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name, std::ios::app) << "\n";
  }
};

TEST_F(StoreKey, ChangesWithEveryFileThatDecides) {
  std::set<std::string> seen{digest()};
  for (const char* name : {"layer/assignment.toml", "layer/driver.cpp", "layer/layer.hpp",
                           "layer/reference/layer.cpp", "layer/oracles/own.hpp", "layer/helper.hpp"}) {
    append(name);
    EXPECT_TRUE(seen.insert(digest()).second) << name << " may decide a grade";
  }
  fs::rename(folder / "layer/helper.hpp", folder / "layer/helper2.hpp");
  EXPECT_TRUE(seen.insert(digest()).second) << "a file has another name";
}

TEST_F(StoreKey, StaysWithWhatDecidesNothing) {
  const std::string before = digest();
  for (const char* name : {"layer/README.md", "layer/class/mei-chen/layer.cpp", "layer/class/new/layer.cpp",
                           "layer/empty/layer.cpp", "layer/.git/index", "layer/handed-in/a/layer.cpp",
                           "layer/assay-out/assay.db", "layer/driver.cpp~"}) {
    append(name);
    EXPECT_EQ(digest(), before) << name << " decides no grade";
  }
}

TEST_F(StoreKey, DependsOnAllOfASubmissionButItsId) {
  TakenIn one;
  one.work.id = "ada";
  one.work.files = {{"net.cpp", "int a;"}, {"more.cpp", ""}};
  one.files = {{"net.cpp", 6}, {"more.cpp", 0}};
  one.notes = {"'x.txt' was left out"};
  const std::string key = result_key("c", one);
  TakenIn renamed = one;
  renamed.work.id = "bob";
  EXPECT_EQ(result_key("c", renamed), key);

  std::set<std::string> keys{key, result_key("d", one)};
  const std::vector<std::function<void(TakenIn&)>> changes{
      [](TakenIn& s) { s.work.files[0].bytes = "int b;"; },
      [](TakenIn& s) { s.work.files[0].name = "nett.cpp"; },
      [](TakenIn& s) { std::swap(s.work.files[0].bytes, s.work.files[1].bytes); },
      [](TakenIn& s) { s.files[0].name = "Net.cpp"; },
      [](TakenIn& s) { s.notes.clear(); },
      [](TakenIn& s) {
        s.notes = {"'x.txt'", " was left out"};
      },
      [](TakenIn& s) { s.work.problem = "no file"; },
  };
  for (const auto& change : changes) {
    TakenIn other = one;
    change(other);
    keys.insert(result_key("c", other));
  }
  EXPECT_EQ(keys.size(), 2 + changes.size());
}

TEST_F(StoreKey, KnowsThisProgram) {
  EXPECT_EQ(program_build().size(), 64u);
  EXPECT_EQ(program_build(), program_build());
}

}  // namespace
}  // namespace assay::graders
