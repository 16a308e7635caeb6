#include "properties/generator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "properties/simplify.hpp"

namespace assay::properties {
namespace {

using fixtures::Dimension;
using fixtures::InputSpec;
using fixtures::LabelValues;
using fixtures::RealValues;
using oracles::IndexTensor;
using oracles::Tensor;

constexpr std::uint64_t seed = 7;

std::map<std::string, Dimension> dimensions() {
  return {{"N", {1, 4}}, {"C", {2, 5}}};
}

std::vector<InputSpec> inputs() {
  RealValues upstream{"-1", "1", {}, true};
  return {{"Z", {"N", "C"}, RealValues{"-3", "5", {}, false}, {}},
          {"y", {"N"}, LabelValues{"C"}, {}},
          {"G", {"N", "C"}, upstream, {}},
          {"grid", {"C"}, RealValues{"-1", "1", "1/8", false}, {}}};
}

const Tensor<double>& reals(const Case& one, const char* name) {
  return std::get<Tensor<double>>(one.inputs.at(name));
}
const IndexTensor& labels(const Case& one) {
  return std::get<IndexTensor>(one.inputs.at("y"));
}

bool well_formed(const Case& one) {
  const std::size_t n = one.extents.at("N"), c = one.extents.at("C");
  const oracles::Shape matrix{n, c};
  bool good = n >= 1 && n <= 4 && c >= 2 && c <= 5 && reals(one, "Z").shape == matrix &&
              reals(one, "G").shape == matrix && labels(one).shape == oracles::Shape{n};
  for (const double z : reals(one, "Z").data) good = good && z >= -3 && z <= 5;
  for (const double g : reals(one, "grid").data)
    good = good && std::remainder(g, 0.125) == 0 && std::abs(g) <= 1;
  for (const auto label : labels(one).data) good = good && label >= 0 && label < static_cast<std::int64_t>(c);
  std::set<double> seen;
  for (const double g : reals(one, "G").data) good = good && g != 0 && seen.insert(g).second;
  return good;
}

TEST(Generator, DrawsInsideTheDeclaredRangesWithNonUniformUpstreamGradients) {
  const Generator generator(inputs(), dimensions(), seed);
  for (std::size_t i = 0; i < 300; ++i) ASSERT_TRUE(well_formed(generator.draw(i))) << "case " << i;
}

TEST(Generator, RepeatsACaseFromItsSeedAndIndexAlone) {
  const Generator first(inputs(), dimensions(), seed), second(inputs(), dimensions(), seed),
      other(inputs(), dimensions(), seed + 1);
  (void)first.draw(3);
  EXPECT_EQ(first.draw(9).inputs, second.draw(9).inputs);
  EXPECT_NE(first.draw(9).inputs, first.draw(10).inputs);
  EXPECT_NE(first.draw(9).inputs, other.draw(9).inputs);
}

TEST(Generator, DrawsTiesZerosAndFullPrecisionNumbers) {
  const Generator generator({{"v", {"N"}, RealValues{"-2", "2", {}, false}, {}}}, {{"N", {6, 6}}}, seed);
  std::size_t ties = 0, zeros = 0, long_numbers = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    const auto values = reals(generator.draw(i), "v");
    for (std::size_t j = 0; j < values.size(); ++j) {
      ties += j > 0 && values[j] == values[j - 1];
      zeros += values[j] == 0;
      long_numbers += std::remainder(values[j] * 1048576, 1) != 0;
    }
  }
  EXPECT_GT(ties, 20u);
  EXPECT_GT(zeros, 5u);
  EXPECT_GT(long_numbers, 100u);
}

TEST(Generator, TakesPinnedInputsExactlyAndDrawsTheOthersToFit) {
  fixtures::PinnedCase pinned;
  pinned.note = "thirds";
  pinned.inputs["Z"] = {{1, 3}, {"1/3", "0x1.8p+1", "-0.1"}, {}};
  const Case one = Generator(inputs(), dimensions(), seed).complete(pinned, 0);
  EXPECT_EQ(one.pinned, "thirds");
  EXPECT_EQ(reals(one, "Z").data, (std::vector<double>{1.0 / 3.0, 3.0, -0.1}));
  EXPECT_EQ(one.extents.at("C"), 3u);
  EXPECT_TRUE(well_formed(one));
}

TEST(Generator, ShrinksToACaseAPersonCanCheckByHand) {
  const Generator generator(inputs(), dimensions(), seed);
  const auto has_large = [](const Case& one) {
    for (const double z : reals(one, "Z").data)
      if (z > 2.5) return true;
    return false;
  };
  std::size_t tried_cases = 0;
  for (std::size_t i = 0; i < 30; ++i) {
    const Case failing = generator.draw(i);
    if (!has_large(failing)) continue;
    ++tried_cases;
    const Shrunk shrunk = generator.shrink(failing, has_large, 1000);
    EXPECT_TRUE(has_large(shrunk.smallest));
    EXPECT_TRUE(well_formed(shrunk.smallest));
    EXPECT_EQ(reals(shrunk.smallest, "Z").size(), 2u) << "one row, the fewest classes";
    double sum = 0;
    for (const double z : reals(shrunk.smallest, "Z").data) sum += std::abs(z);
    EXPECT_EQ(sum, 3.0) << "every other number is 0, and 3 is the smallest integer above 2.5";
    for (const auto label : labels(shrunk.smallest).data) EXPECT_EQ(label, 0);
  }
  EXPECT_GT(tried_cases, 5u);
}

TEST(Generator, StopsShrinkingAtItsBudget) {
  const Generator generator(inputs(), dimensions(), seed);
  std::size_t calls = 0;
  const auto shrunk = generator.shrink(
      generator.draw(1), [&](const Case&) { return ++calls % 2 == 0; }, 25);
  EXPECT_LE(calls, 25u);
  EXPECT_EQ(shrunk.tried, calls);
}

TEST(SimplerNumbers, AreStrictlySimplerAndStayInRange) {
  for (const double x : {0.7312345, -5.5, 1000.0, 3.0, 0x1p-30, -1.0}) {
    for (const double simpler : simpler_numbers(x, -10, 2000, 0)) {
      EXPECT_NE(simpler, x);
      EXPECT_GE(simpler, -10);
      EXPECT_LE(simpler, 2000);
      for (const double back : simpler_numbers(simpler, -10, 2000, 0)) EXPECT_NE(back, x) << "no way back";
    }
  }
  EXPECT_TRUE(simpler_numbers(0, -1, 1, 0).empty());
  EXPECT_TRUE(simpler_numbers(5, 5, 9, 0).empty()) << "nothing simpler than the bound itself is in range";
}

TEST(SimplerCases, DropAClassTogetherWithItsLabels) {
  Case one;
  one.extents = {{"N", 1}, {"C", 3}};
  one.inputs["Z"] = Tensor<double>({1, 3}, {1, 2, 3});
  one.inputs["y"] = IndexTensor({1}, {2});
  const std::vector<InputSpec> specs{{"Z", {"N", "C"}, RealValues{}, {}}, {"y", {"N"}, LabelValues{"C"}, {}}};
  const auto simpler = simpler_cases(one, specs, dimensions());
  ASSERT_GE(simpler.size(), 3u);
  EXPECT_EQ(reals(simpler[0], "Z").data, (std::vector<double>{1, 2}));
  EXPECT_EQ(labels(simpler[0])[0], 0) << "the label's own class was dropped";
  EXPECT_EQ(reals(simpler[1], "Z").data, (std::vector<double>{1, 3}));
  EXPECT_EQ(labels(simpler[1])[0], 1) << "the label's class moved down";
}

}  // namespace
}  // namespace assay::properties
