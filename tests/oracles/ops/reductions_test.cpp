#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "tests/oracles/ops/calls.hpp"

namespace assay::oracles::testing {
namespace {

/// A shape, the axes that disappear as the attribute names them, and the same as a table.
struct Axes {
  Shape shape;
  std::string text;
  std::vector<bool> gone;
};

const std::vector<Axes> all_axes = {{{2, 3, 2}, "all", {true, true, true}},
                                    {{2, 3, 2}, "1", {false, true, false}},
                                    {{2, 3, 2}, "0,-1", {true, false, true}},
                                    {{2, 3, 2}, "-1,1", {false, true, true}},
                                    {{4, 1}, "0", {true, false}},
                                    {{4, 1}, "1", {false, true}},
                                    {{3}, "0", {true}},
                                    {{}, "all", {}}};

/// The elements that agree in all axes that stay, in the order of those indices.
template <class T>
std::vector<std::vector<T>> grouped(const Tensor<T>& x, const std::vector<bool>& gone) {
  std::map<std::vector<std::size_t>, std::vector<T>> groups;
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::vector<std::size_t> key;
    std::size_t rest = i;
    for (std::size_t axis = x.rank(); axis-- > 0; rest /= x.shape[axis])
      if (!gone[axis]) key.insert(key.begin(), rest % x.shape[axis]);
    groups[key].push_back(x[i]);
  }
  std::vector<std::vector<T>> result;
  for (auto& [key, members] : groups) result.push_back(members);
  return result;
}

template <class T>
T total(const std::vector<T>& x, int power = 1) {
  T result = T(0);
  for (const T& element : x) {
    T factor = T(1);
    for (int k = 0; k < power; ++k) factor = factor * element;
    result = result + factor;
  }
  return result;
}

/// Checks y = f(elements of the group) for every set of axes, and the shape with and without keepdim.
template <class T, class F>
void expect_reduced(std::string_view operation, const Attributes& attributes, const F& f) {
  CaseGenerator generator(3);
  for (const Axes& axes : all_axes) {
    const auto x = as<T>(generator.tensor(axes.shape));
    Attributes all = attributes;
    all["axis"] = axes.text;
    const Tensor<T> y = output_of<T>(operation, {x}, all);
    const auto groups = grouped(x, axes.gone);
    ASSERT_EQ(y.size(), groups.size()) << operation << " " << axes.text;
    for (std::size_t k = 0; k < groups.size(); ++k)
      EXPECT_TRUE(agree(y[k], f(groups[k]))) << operation << " " << axes.text << " " << k;

    Shape left, kept;
    for (std::size_t axis = 0; axis < axes.shape.size(); ++axis) {
      if (!axes.gone[axis]) left.push_back(axes.shape[axis]);
      kept.push_back(axes.gone[axis] ? 1 : axes.shape[axis]);
    }
    EXPECT_EQ(y.shape, left) << operation << " " << axes.text;
    all["keepdim"] = "true";
    EXPECT_EQ(output_of<T>(operation, {x}, all).shape, kept) << operation << " " << axes.text;
  }
}

using Fractions = std::vector<Rational>;

Rational count(const Fractions& x) {
  return Rational(static_cast<int>(x.size()));
}

TEST(Reduction, OfSumMeanAndProductIsTheNaiveLoop) {
  expect_reduced<Rational>("sum", {}, [](const Fractions& x) { return total(x); });
  expect_reduced<Rational>("mean", {}, [](const Fractions& x) { return Rational(total(x) / count(x)); });
  expect_reduced<Rational>("prod", {}, [](const Fractions& x) {
    Rational product = 1;
    for (const Rational& element : x) product *= element;
    return product;
  });
}

TEST(Reduction, OfMaxIsAnElementThatNoneExceeds) {
  expect_reduced<Rational>("max", {}, [](const Fractions& x) {
    for (const Rational& candidate : x)
      if (std::ranges::none_of(x, [&](const Rational& other) { return other > candidate; })) return candidate;
    return Rational(0);
  });
}

/// N v = Σ x² − (Σ x)² / N, which cancels in floats and is exact in fractions.
TEST(Reduction, OfVarIsTheMeanSquareLessTheSquaredMean) {
  expect_reduced<Rational>("var", {{"correction", "0"}}, [](const Fractions& x) {
    const Rational mean = total(x) / count(x);
    return Rational(total(x, 2) / count(x) - mean * mean);
  });
  const Fractions x = {1, 2, 4, 9};
  const auto with_correction = [&](const char* correction) {
    return output_of<Rational>("var", {vector_of(x)}, {{"correction", correction}})[0];
  };
  const Rational squares = total(x, 2) - total(x) * total(x) / 4;
  EXPECT_EQ(with_correction("1"), squares / 3);
  EXPECT_EQ(with_correction("3"), squares);
  EXPECT_EQ(output_of<Rational>("var", {vector_of(x)})[0], squares / 3) << "unbiased by default";
}

/// The variance is half the mean squared distance of two elements: no mean is taken anywhere.
TEST(Reduction, OfVarIsHalfTheMeanSquaredDistance) {
  expect_reduced<Rational>("var", {{"correction", "0"}}, [](const Fractions& x) {
    Rational sum = 0;
    for (const Rational& a : x)
      for (const Rational& b : x) sum += (a - b) * (a - b);
    return Rational(sum / (2 * count(x) * count(x)));
  });
}

TEST(Reduction, OfNormIsTheRootOfTheSquaresTheSumOrTheLargest) {
  const PrecisionScope scope(exact_bits);
  using Balls = std::vector<Ball>;
  expect_reduced<Ball>("norm", {}, [](const Balls& x) { return Ball(sqrt(total(x, 2))); });
  expect_reduced<Ball>("norm", {{"p", "1"}}, [](const Balls& x) {
    Ball sum = 0;
    for (const Ball& element : x) sum += midpoint_double(element) < 0 ? Ball(-element) : element;
    return sum;
  });
  expect_reduced<Ball>("norm", {{"p", "inf"}}, [](const Balls& x) {
    Ball largest = 0;
    for (const Ball& element : x) largest = max(largest, sqrt(Ball(element * element)));
    return largest;
  });
}

// ---- Ties, kinks and zeros ------------------------------------------------------------------------------

template <class T>
std::vector<T> slopes_of(std::string_view operation, std::vector<T> x, const Attributes& attributes = {}) {
  return cotangents_of<T>(operation, {vector_of(x)}, {Tensor<T>::scalar(T(6))}, attributes)[0].data;
}

TEST(MaxTies, GoWhereTheAttributeSays) {
  const Fractions tied = {1, 3, 2, 3};
  EXPECT_EQ(slopes_of<Rational>("max", tied), (Fractions{0, 6, 0, 0}));
  EXPECT_EQ(slopes_of<Rational>("max", tied, {{"ties", "last"}}), (Fractions{0, 0, 0, 6}));
  EXPECT_EQ(slopes_of<Rational>("max", tied, {{"ties", "even"}}), (Fractions{0, 3, 0, 3}));
}

/// Each convention is a member, and shares the gradient out; that of a smaller element is exactly 0.
TEST(MaxTies, AreTheWholeSubdifferentialOnBalls) {
  const auto set = slopes_of<Ball>("max", {Ball(1), Ball(3), Ball(2), Ball(3)});
  for (const char* const ties : {"first", "last", "even"}) {
    const auto one = slopes_of<double>("max", {1, 3, 2, 3}, {{"ties", ties}});
    for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(contains(set[i], one[i])) << ties << " " << i;
    EXPECT_EQ(total(one), 6) << ties;
  }
  expect_interval(set[1], 0, 6);
  expect_interval(set[3], 0, 6);
  EXPECT_TRUE(set[0] == Ball(0) && set[2] == Ball(0));
}

TEST(NormKink, AtZeroIsTheUnitBallAndZeroOnNumbers) {
  for (const char* const p : {"1", "2"}) {
    for (const Ball& slope : slopes_of<Ball>("norm", {Ball(0), Ball(0)}, {{"p", p}}))
      expect_interval(slope, -6, 6);
    EXPECT_EQ(slopes_of<double>("norm", {0, 0}, {{"p", p}}), (std::vector<double>{0, 0})) << p;
  }
  EXPECT_EQ(slopes_of<double>("norm", {3, -3, 1}, {{"p", "inf"}}), (std::vector<double>{3, -3, 0}));
}

TEST(ProductGradient, IsRightBesideOneAndTwoZeros) {
  EXPECT_EQ(slopes_of<Rational>("prod", {2, 0, 5}), (Fractions{0, 60, 0}));
  EXPECT_EQ(slopes_of<Rational>("prod", {2, 0, 0}), (Fractions{0, 0, 0}));
  EXPECT_EQ(slopes_of<double>("prod", {2, 0, 5}), (std::vector<double>{0, 60, 0}));
}

// ---- Extremes and errors --------------------------------------------------------------------------------

TEST(Reduction, OfNothingIsTheNeutralElementOrAnError) {
  const Tensor<Rational> nothing({2, 0});
  EXPECT_EQ(output_of<Rational>("sum", {nothing}, {{"axis", "1"}}).data, (Fractions{0, 0}));
  EXPECT_EQ(output_of<Rational>("prod", {nothing}, {{"axis", "1"}}).data, (Fractions{1, 1}));
  EXPECT_EQ(output_of<double>("norm", {Tensor<double>({2, 0})}, {{"axis", "1"}}).data,
            (std::vector<double>{0, 0}));
  for (const char* const refused : {"mean", "max", "var"})
    EXPECT_EQ(
        complaint(refused, {{2, 0}}, {{"axis", "1"}}),
        std::string(refused) + ": input \"X\" has shape (2, 0); it needs at least one element along axis 1");
  EXPECT_NE(complaint("norm", {{0}}, {{"p", "inf"}}), "");
}

TEST(Reduction, NamesTheAttributeThatDoesNotFit) {
  EXPECT_NE(complaint("sum", {{2, 3}}, {{"axis", "2"}}), "");
  EXPECT_NE(complaint("sum", {{2, 3}}, {{"axis", "0,-2"}}), "") << "the same axis twice";
  EXPECT_NE(complaint("var", {{1}}), "") << "one element has no unbiased variance";
  EXPECT_EQ(complaint("var", {{1}}, {{"correction", "0"}}), "");
  EXPECT_NE(complaint("norm", {{1}}, {{"p", "3"}}), "");
}

/// Far from 0 the variance of a double keeps its digits, and a norm neither overflows nor vanishes. The mean
/// is off by δ, one rounding, and Σ (d + δ)² = Σ d² + N δ²; the squares, their sum and its quotient round
/// too.
TEST(Reduction, OfDoublesKeepsItsDigitsFarOut) {
  constexpr double unit = std::numeric_limits<double>::epsilon();
  const std::vector<double> shifted = {1e8 + 1, 1e8 + 2, 1e8 + 4};
  const double mean_off = unit * 1e8, right = 7.0 / 3;
  EXPECT_LE(std::fabs(output_of<double>("var", {vector_of(shifted)})[0] - right),
            3 * mean_off * mean_off + 5 * unit * right);
  for (const double scale : {std::ldexp(1.0, 1021), std::ldexp(1.0, -1073)})
    EXPECT_EQ(output_of<double>("norm", {vector_of<double>({3 * scale, 4 * scale})})[0], 5 * scale) << scale;
  EXPECT_EQ(output_of<double>("var", {vector_of<double>({7, 7, 7})})[0], 0);
}

/// Squares alone are multiplied and added: those of the deviations, and those of the Euclidean norm.
TEST(Reduction, CostsOneMultiplyAddForEachSquare) {
  for (const char* const name : {"sum", "mean", "prod", "max"})
    EXPECT_EQ(operation_named(name).cost({{4, 5}}, {}).multiply_adds, 0u) << name;
  EXPECT_EQ(operation_named("var").cost({{4, 5}}, {{"axis", "0"}}).multiply_adds, 20u);
  EXPECT_EQ(operation_named("norm").cost({{4, 5}}, {}).multiply_adds, 20u);
  EXPECT_EQ(operation_named("norm").cost({{4, 5}}, {{"p", "1"}}).multiply_adds, 0u);
}

}  // namespace
}  // namespace assay::oracles::testing
