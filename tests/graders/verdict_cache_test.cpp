/// Verdicts kept from run to run.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "graders/exams/cache.hpp"
#include "graders/exams/key.hpp"
#include "tests/graders/exam_pack.hpp"

namespace assay::graders::exams {
namespace {

using oracles::Truth;

class VerdictCache : public testing::ExamPackTest {
 protected:
  /// How many claims had to be verified.
  std::size_t verified(std::uint64_t seed = 1) const {
    std::size_t count = 0;
    last_ = verdicts_on({"cs231n-2019.tf.6", "eecs498-2019.tf.1.4", "cs231n-2019.tf.6", "no.such.claim"},
                        seed, 2, folder, [&](std::size_t done, std::size_t total) {
                          count = done;
                          EXPECT_LE(done, total);
                        });
    return count;
  }
  mutable Verdicts last_;
};

TEST_F(VerdictCache, StartsAtOnceTheSecondTime) {
  EXPECT_EQ(verified(), 2u);
  const Verdicts first = last_;
  EXPECT_EQ(first.size(), 2u);
  EXPECT_EQ(verified(), 0u);
  EXPECT_EQ(last_, first);
  EXPECT_EQ(verified(2), 2u) << "another seed, another file";
  EXPECT_NE(verdict_file(folder, 1), verdict_file(folder, 2));
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    EXPECT_EQ(entry.path().extension(), ".json") << "nothing half-written stays: " << entry.path();
}

TEST_F(VerdictCache, KeepsWhatAnotherRunWroteMeanwhile) {
  bool first = true;
  verdicts_on({"cs231n-2019.tf.6"}, 1, 1, folder, [&](std::size_t, std::size_t) {
    if (std::exchange(first, false)) verdicts_on({"eecs498-2019.tf.1.4"}, 1, 1, folder);
  });
  EXPECT_EQ(verified(), 0u) << "both are there";
}

TEST_F(VerdictCache, IsReallyRead) {
  verified();
  const auto file = verdict_file(folder, 1);
  std::ifstream stream(file);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  const std::size_t at = text.find("\"answer\": \"yes\"");
  ASSERT_NE(at, text.npos);
  text.replace(at, 15, "\"answer\": \"no\" ");
  std::ofstream(file) << text;
  EXPECT_EQ(verified(), 0u);
  EXPECT_EQ(last_.at("cs231n-2019.tf.6").answer, Truth::no);
}

TEST_F(VerdictCache, IgnoresAndRewritesADamagedFile) {
  verified();
  const Verdicts good = last_;
  const auto file = verdict_file(folder, 1);
  std::ifstream stream(file);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  std::string other_program = text;
  other_program.replace(other_program.find("\"program\": \"") + 12, 4, "zzzz");
  std::string wrong_type = text;
  wrong_type.replace(wrong_type.find("\"jointly\": false"), 16, "\"jointly\": 1    ");
  for (const std::string& damaged :
       {std::string(), std::string("{"), text.substr(0, text.size() / 2), std::string("[1, 2]"),
        std::string(100, '['), std::string("\0\xff", 2), other_program, wrong_type}) {
    std::ofstream(file) << damaged;
    EXPECT_EQ(verified(), 2u) << damaged.substr(0, 60);
    EXPECT_EQ(last_, good);
    EXPECT_EQ(verified(), 0u) << "rewritten";
  }
}

TEST_F(VerdictCache, DoesWithoutAFolder) {
  const Verdicts verdicts = verdicts_on({"eecs498-2019.tf.1.4"}, 1, 1, folder / "exam.toml" / "below a file");
  EXPECT_EQ(verdicts.at("eecs498-2019.tf.1.4").answer, Truth::no);
  EXPECT_EQ(verdicts_on({"eecs498-2019.tf.1.4"}, 1, 1, {}), verdicts);
}

}  // namespace
}  // namespace assay::graders::exams
