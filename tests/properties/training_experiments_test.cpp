/// Every experiment can come out otherwise: its foil, a nearby design, does.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "properties/statistics/paired.hpp"
#include "properties/training/experiments.hpp"

namespace assay::properties::training {
namespace {

constexpr std::string_view foil = ".foil";

PairedResult run(const Experiment& experiment) {
  return run_paired(experiment.difference, {.looks = {8, 16}, .negligible = experiment.negligible}, 1);
}

TEST(Experiments, AreSortedAndSayWhatTheyDo) {
  ASSERT_GE(experiments().size(), 60u);
  for (std::size_t i = 0; i < experiments().size(); ++i) {
    const Experiment& one = experiments()[i];
    EXPECT_TRUE(i == 0 || experiments()[i - 1].id < one.id) << one.id;
    EXPECT_EQ(find_experiment(one.id), &one);
    EXPECT_TRUE(one.design.ends_with(".")) << one.id;
    EXPECT_FALSE(one.unit.empty()) << one.id;
    const std::string other = one.id.ends_with(foil)
                                  ? std::string(one.id.substr(0, one.id.size() - foil.size()))
                                  : std::string(one.id) + std::string(foil);
    EXPECT_NE(find_experiment(other), nullptr) << one.id << " stands alone";
  }
  EXPECT_EQ(find_experiment("no such claim"), nullptr);
}

class EachExperiment : public ::testing::TestWithParam<std::string_view> {};

/// The verdicts differ even where only one of them is decided: "not above" is one against "above".
TEST_P(EachExperiment, ComesOutOtherwiseThanItsFoil) {
  const Experiment& one = *find_experiment(GetParam());
  const PairedResult main = run(one);
  const PairedResult other = run(*find_experiment(std::string(GetParam()) + std::string(foil)));
  EXPECT_TRUE(main.decision != Decision::undecided || main.is_not_above()) << in_words(main, 0.95, one.unit);
  EXPECT_TRUE(other.decision != Decision::undecided || other.is_not_above())
      << in_words(other, 0.95, one.unit);
  EXPECT_NE(main.decision == Decision::above, other.decision == Decision::above)
      << in_words(main, 0.95, "in the experiment") << "; " << in_words(other, 0.95, "in the foil");
}

TEST_P(EachExperiment, RepeatsAPairFromItsSeed) {
  const Experiment& one = *find_experiment(GetParam());
  const double first = one.difference(7);
  EXPECT_TRUE(std::isfinite(first));
  EXPECT_EQ(first, one.difference(7));
}

std::vector<std::string_view> claims() {
  std::vector<std::string_view> ids;
  for (const Experiment& one : experiments())
    if (!one.id.ends_with(foil)) ids.push_back(one.id);
  return ids;
}
std::string test_name(const ::testing::TestParamInfo<std::string_view>& info) {
  std::string name(info.param);
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}
INSTANTIATE_TEST_SUITE_P(Of, EachExperiment, ::testing::ValuesIn(claims()), test_name);

}  // namespace
}  // namespace assay::properties::training
