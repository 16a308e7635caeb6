/// The catalogue of claims: complete blocks, foils that come out opposite, verdicts that no seed changes.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "properties/claims.hpp"
#include "properties/replay.hpp"
#include "properties/verify.hpp"

namespace assay::properties {
namespace {

std::vector<std::string> ids() {
  std::vector<std::string> result;
  for (const Claim& claim : claims()) result.push_back(claim.id);
  return result;
}

class EachClaim : public ::testing::TestWithParam<std::string> {
 protected:
  const Claim& claim() const { return *find_claim(GetParam()); }
  bool is_checkable() const { return !std::holds_alternative<NotCheckable>(claim().question.test); }
  static Effort quick(std::uint64_t seed) {
    return {.seed = seed, .cases = {}, .quick = true, .floats = false};
  }
};

TEST_P(EachClaim, IsACompleteBlock) {
  EXPECT_FALSE(claim().question.statement.empty());
  EXPECT_FALSE(claim().source.empty());
  EXPECT_TRUE(claim().published.empty() || claim().published == "true" || claim().published == "false");
  EXPECT_EQ(is_checkable(), !claim().foil.statement.empty())
      << "a check without a foil may be unable to fail";
}

TEST_P(EachClaim, HasAFoilWithTheOppositeAnswer) {
  if (!is_checkable()) return;
  const Verdict verdict = verify(claim().question, quick(1)), foil = verify(claim().foil, quick(1));
  EXPECT_NE(verdict.answer, Truth::unknown) << verdict.summary;
  EXPECT_EQ(foil.answer, !verdict.answer) << foil.summary << "\n" << verdict.summary;
}

TEST_P(EachClaim, KeepsItsVerdictOverSeeds) {
  if (std::holds_alternative<Trial>(claim().question.test)) return;  // long: the nightly run's
  const Standing first = verify(claim().question, quick(1)).standing;
  for (std::uint64_t seed = 2; seed <= 6; ++seed)
    EXPECT_EQ(verify(claim().question, quick(seed)).standing, first) << "seed " << seed;
}

INSTANTIATE_TEST_SUITE_P(Of, EachClaim, ::testing::ValuesIn(ids()), [](const auto& instance) {
  std::string name;
  for (const char c : instance.param) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

/// Keys of papers name conditions by id: docs/claims.md lists them all.
TEST(Claims, HaveConditionsThatAreDocumented) {
  std::ifstream file(std::string(ASSAY_SOURCE_DIR) + "/docs/claims.md");
  const std::string docs{std::istreambuf_iterator<char>(file), {}};
  std::size_t conditions = 0;
  for (const Claim& claim : claims())
    for (const Condition& condition : conditions_of(claim.question)) {
      ++conditions;
      EXPECT_NE(docs.find('`' + condition.id + '`'), std::string::npos) << claim.id << " " << condition.id;
    }
  EXPECT_GT(conditions, 20u);
}

TEST(Claims, AboutMultiplesOfTheWeightsNeedNoBiasAndAMargin) {
  for (const char* const id : {"eecs498-2019.tf.1.2", "cs230-2021.mc.c.iii"}) {
    std::vector<std::string> needed;
    for (const Condition& condition : verify(find_claim(id)->question, {.quick = true}).conditions)
      needed.push_back(condition.id);
    EXPECT_EQ(needed, (std::vector<std::string>{"no_bias", "strict_margin"})) << id;
  }
}

TEST(Claims, DrawPicturesOfFiniteNumbersFromLeftToRight) {
  std::size_t pictures = 0;
  for (const Claim& claim : claims()) {
    if (!claim.picture) continue;
    ++pictures;
    const Picture picture = claim.picture();
    EXPECT_FALSE(picture.title.empty() || picture.x.empty() || picture.series.empty()) << claim.id;
    EXPECT_LE(picture.series.size(), 3u) << claim.id << ": the page has three styles of line";
    for (const Series& series : picture.series) {
      double last = -HUGE_VAL;
      for (const auto& [x, y] : series.points) {
        EXPECT_TRUE(std::isfinite(y)) << claim.id << ", " << series.name << " at " << x;
        EXPECT_GT(x, last) << claim.id << ", " << series.name;
        last = x;
      }
      EXPECT_GT(series.points.size(), 1u) << claim.id;
    }
  }
  EXPECT_GE(pictures, 12u);
}

TEST(Claims, HaveIdsOfTheirOwnInNaturalOrder) {
  const auto all = ids();
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
  EXPECT_EQ(find_claim("cs231n-2019.tf.6")->id, "cs231n-2019.tf.6");
  EXPECT_EQ(find_claim("no.such"), nullptr);
  EXPECT_EQ(claims_like("cs231n-2019.tf.[67]").size(), 2u);
}

}  // namespace
}  // namespace assay::properties
