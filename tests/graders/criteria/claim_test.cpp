/// Claims of the catalogue as criteria: which are refused, and why.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "fixtures/load.hpp"
#include "graders/criteria/offer.hpp"
#include "graders/prepared.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;

class ClaimCriteria : public testing::Test {
 protected:
  void SetUp() override { fs::copy(source_, folder_, fs::copy_options::recursive); }
  void TearDown() override { fs::remove_all(folder_); }

  /// With another claim in place of "tanh never enlarges a gradient".
  Prepared with_claim(const std::string& claim) const {
    std::ifstream stream(source_ / "assignment.toml");
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    const std::string old = "cs231n-2019.tf.6";
    text.replace(text.find(old), old.size(), claim);
    std::ofstream(folder_ / "assignment.toml") << text;
    return prepare(fixtures::load_assignment(folder_));
  }
  std::string problem_with(const std::string& claim) const {
    try {
      with_claim(claim);
      return "";
    } catch (const fixtures::LoadError& error) {
      return error.problems.front().message;
    }
  }

  fs::path source_ = fs::path(ASSAY_SOURCE_DIR) / "tests/assignments/claims";
  fs::path folder_ = fs::temp_directory_path() / ("assay-claims-" + std::to_string(getpid()));
};

TEST_F(ClaimCriteria, AreRefusedWhereNoProgramCouldFulfilOrBreakThem) {
  EXPECT_EQ(problem_with("cs231n-2019.tf.6"), "");
  EXPECT_EQ(problem_with("nobody.said.this"),
            "claim \"nobody.said.this\" is not in the catalogue; see assay list claims");
  EXPECT_EQ(problem_with("cs230-2021.mc.d.iii"),
            "claim \"cs230-2021.mc.d.iii\" does not hold: no right program could fulfil it");
  EXPECT_NE(
      problem_with("cmu24788-2025.mc.3.a.D").find("asks for no operation that a function of this assignment"),
      std::string::npos)
      << "max pooling is not in the assignment";
  EXPECT_NE(problem_with("cs230-2021.mc.g.iv").find("is not about every input"), std::string::npos)
      << "it is about training runs";
}

TEST_F(ClaimCriteria, FindOperationsInTheOraclesOfFunctions) {
  const Prepared prepared = with_claim("cs231n-2019.tf.6");
  const auto offers = offers_of(prepared);
  const Offer* const back = find_offer(offers, "tanh", {}, true);
  ASSERT_NE(back, nullptr);
  EXPECT_EQ(back->inputs, std::vector<std::string>{"x"});
  EXPECT_EQ(back->upstream, "g");
  EXPECT_EQ(back->answers, std::vector<std::string>{"dx"});
  EXPECT_EQ(find_offer(offers, "tanh", {}, false), nullptr) << "its value is no result of any function";
  EXPECT_NE(find_offer(offers, "dropout", {{"p", "1/4"}}, false), nullptr);
  EXPECT_NE(find_offer(offers, "dropout", {{"p", "0.25"}}, false), nullptr) << "the same number";
  EXPECT_EQ(find_offer(offers, "dropout", {}, false), nullptr) << "p = 1/2 is another operation";
  const Offer* const attention =
      find_offer(offers, "scaled_dot_product_attention", {{"is_causal", "true"}}, false);
  ASSERT_NE(attention, nullptr);
  EXPECT_EQ(attention->inputs, (std::vector<std::string>{"Q", "K", "V", ""}));
}

}  // namespace
}  // namespace assay::graders
