/// Claims with a history: what each verdict must show, beyond being right.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "properties/claims.hpp"
#include "properties/search.hpp"
#include "properties/verify.hpp"

namespace assay::properties {
namespace {

const Question& question(const char* id) {
  return find_claim(id)->question;
}
const ForAll& universal(const char* id) {
  return std::get<ForAll>(question(id).test);
}

/// The verdict of a search that gets no help from the author.
Verdict unaided(const char* id) {
  Question copy = question(id);
  std::get<ForAll>(copy.test).pinned.clear();
  return verify(copy, {});
}

TEST(TheGanObjectiveAsPrinted, IsRefutedByTwoDiscriminators) {
  const Verdict verdict = verify(question("cs230-2021.gan.5.viii.premise"), {});
  EXPECT_EQ(verdict.standing, Standing::refuted);
  ASSERT_TRUE(verdict.exhibit.has_value());
  EXPECT_EQ(agreement(verdict, "true"), Agreement::contradicts);
  EXPECT_EQ(unaided("cs230-2021.gan.5.viii.premise").standing, Standing::refuted);
}

TEST(TheSignBehindLeakyRelu, IsLostInDoublesForATinyGradient) {
  const ForAll& test = universal("eecs498-2019.tf.1.6");
  const Case tiny = instance({{"x", -1}, {"g", 0x1p-1070}});
  EXPECT_EQ(evaluate(test.holds, tiny, Numbers::exact), Truth::yes);
  EXPECT_EQ(evaluate(test.holds, tiny, Numbers::float64), Truth::no);
  const Subject<double> doubles;
  EXPECT_EQ(doubles.back("leaky_relu", -1, 0x1p-1070, {{"alpha", "1/100"}}), 0);
  EXPECT_GT(doubles.back("tanh", -1, 0x1p-1070), 0);
  EXPECT_GT(doubles.back("sigmoid", -1, 0x1p-1070), 0);
}

TEST(TheSignBehindLeakyRelu, IsProvedInTheRealsAndFailsFirstBehindTanh) {
  const Verdict verdict = verify(question("eecs498-2019.tf.1.6"), {});
  EXPECT_EQ(verdict.standing, Standing::proved);
  ASSERT_FALSE(verdict.floats.empty());
  ASSERT_TRUE(verdict.floats[0].failure.has_value());
  const auto& x = std::get<oracles::Tensor<double>>(verdict.floats[0].failure->instance.inputs.at("x"));
  EXPECT_NEAR(x[0], 19.06, 0.01);
}

TEST(TheKinkOfRelu, SpoilsCentralDifferencesAtTheSameStepAndAtTheSameSpan) {
  EXPECT_EQ(verify(question("cs231n-2019.tf.10"), {}).standing, Standing::refuted);
  EXPECT_EQ(unaided("cs231n-2019.tf.10").standing, Standing::refuted);
}

TEST(RandomBiases, BreakTheSymmetryOfSmoothUnitsOnly) {
  for (const Verdict& verdict : {verify(question("cs231n-2019.tf.4"), {}), unaided("cs231n-2019.tf.4")}) {
    EXPECT_EQ(verdict.standing, Standing::conditional);
    ASSERT_EQ(verdict.conditions.size(), 1u);
    EXPECT_EQ(verdict.conditions[0].id, "smooth_activation");
    EXPECT_EQ(agreement(verdict, "true"), Agreement::conditionally);
  }
}

TEST(RandomBiases, ShowTwoDeadUnitsAndTwoProportionalOnes) {
  const Verdict verdict = verify(question("cs231n-2019.tf.4"), {});
  ASSERT_TRUE(verdict.exhibit.has_value());
  const auto& b = std::get<oracles::Tensor<double>>(verdict.exhibit->instance.inputs.at("b"));
  EXPECT_EQ(std::ranges::count_if(b.data, [](double bias) { return bias < 0; }), 2);
  EXPECT_EQ(std::ranges::count_if(b.data, [](double bias) { return bias > 0; }), 2);
  const auto& x = std::get<oracles::Tensor<double>>(verdict.exhibit->instance.inputs.at("X"));
  EXPECT_TRUE(std::ranges::any_of(x.data, [](double number) { return number != 0; }));
}

class ScaledSoftmax : public ::testing::TestWithParam<const char*> {};

TEST_P(ScaledSoftmax, NeedsNoBiasAndAMarginTogether) {
  const Verdict verdict = verify(question(GetParam()), {});
  EXPECT_EQ(verdict.standing, Standing::conditional);
  EXPECT_EQ(verdict.conditions.size(), 2u);
  EXPECT_TRUE(verdict.jointly);
  EXPECT_NE(verdict.summary.find("proved for"), std::string::npos) << verdict.summary;
}

TEST_P(ScaledSoftmax, SaturatesInFloats) {
  const Verdict verdict = verify(question(GetParam()), {});
  ASSERT_EQ(verdict.floats.size(), 2u);
  for (const FloatFinding& finding : verdict.floats) EXPECT_EQ(finding.holds, Truth::no) << finding.format;
}

TEST_P(ScaledSoftmax, IsRefutedByTheSearchAloneToo) {
  EXPECT_EQ(unaided(GetParam()).standing, Standing::conditional);
}

INSTANTIATE_TEST_SUITE_P(By, ScaledSoftmax, ::testing::Values("eecs498-2019.tf.1.2", "cs230-2021.mc.c.iii"));

}  // namespace
}  // namespace assay::properties
