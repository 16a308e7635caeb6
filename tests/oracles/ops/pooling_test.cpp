#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "tests/oracles/ops/calls.hpp"

namespace assay::oracles::testing {
namespace {

constexpr int cases = 80;

std::string pair(std::int64_t a, std::int64_t b) {
  return std::to_string(a) + "," + std::to_string(b);
}

/// One axis of a pooling, and its windows counted one by one.
struct Axis {
  std::int64_t input, kernel, stride, padding, dilation;
  bool ceil;

  std::int64_t span() const { return dilation * (kernel - 1) + 1; }
  /// PyTorch: a window fits into the padded input, or (ceil) it is needed to reach the end of the padded
  /// input and starts inside the input or the padding before it.
  bool has_window(std::int64_t o) const {
    const std::int64_t padded = input + 2 * padding;
    if (o * stride + span() <= padded) return true;
    return ceil && o > 0 && (o - 1) * stride + span() < padded && o * stride < input + padding;
  }
  std::int64_t outputs() const {
    std::int64_t o = 0;
    while (has_window(o)) ++o;
    return o;
  }
  /// Positions of the input that window o sees.
  std::vector<std::int64_t> seen(std::int64_t o) const {
    std::vector<std::int64_t> all;
    for (std::int64_t k = 0; k < kernel; ++k) {
      const std::int64_t i = o * stride - padding + k * dilation;
      if (i >= 0 && i < input) all.push_back(i);
    }
    return all;
  }
  bool fits() const {
    if (span() > input + 2 * padding || 2 * padding > span()) return false;
    for (std::int64_t o = 0; o < outputs(); ++o)
      if (seen(o).empty()) return false;
    return true;
  }
};

Axis drawn_axis(CaseGenerator& generator, bool ceil, bool dilated) {
  const auto between = [&](std::size_t low, std::size_t high) {
    return static_cast<std::int64_t>(generator.integer(low, high));
  };
  for (;;) {
    const Axis axis{between(1, 7), between(1, 4), between(1, 4), between(0, 2), dilated ? between(1, 3) : 1,
                    ceil};
    if (axis.fits()) return axis;
  }
}

struct Pool {
  Axis rows, columns;
  Attributes attributes() const {
    return {{"kernel_size", pair(rows.kernel, columns.kernel)},
            {"stride", pair(rows.stride, columns.stride)},
            {"padding", pair(rows.padding, columns.padding)},
            {"ceil_mode", rows.ceil ? "true" : "false"}};
  }
};

using Reduce = std::function<Rational(const std::vector<Rational>&, std::int64_t p, std::int64_t q)>;

/// The windows of one image and channel, one by one.
std::vector<Rational> pooled(const Pool& pool, const Tensor<Rational>& x, const Reduce& reduce) {
  std::vector<Rational> y;
  for (std::int64_t p = 0; p < pool.rows.outputs(); ++p)
    for (std::int64_t q = 0; q < pool.columns.outputs(); ++q) {
      std::vector<Rational> window;
      for (const std::int64_t i : pool.rows.seen(p))
        for (const std::int64_t j : pool.columns.seen(q))
          window.push_back(x[static_cast<std::size_t>(i * pool.columns.input + j)]);
      y.push_back(reduce(window, p, q));
    }
  return y;
}

Tensor<Rational> plane(CaseGenerator& generator, const Pool& pool) {
  return generator.tensor(
      {1, 1, static_cast<std::size_t>(pool.rows.input), static_cast<std::size_t>(pool.columns.input)});
}

TEST(MaxPool, IsTheLargestNumberOfEachWindow) {
  CaseGenerator generator(1);
  const Reduce largest = [](const auto& window, auto, auto) { return *std::ranges::max_element(window); };
  for (int i = 0; i < cases; ++i) {
    const Pool pool{drawn_axis(generator, i % 2, true), drawn_axis(generator, i % 2, true)};
    Attributes attributes = pool.attributes();
    attributes["dilation"] = pair(pool.rows.dilation, pool.columns.dilation);
    const auto x = plane(generator, pool);
    const auto y = output_of<Rational>("max_pool2d", {x}, attributes);
    EXPECT_EQ(y.shape[2], static_cast<std::size_t>(pool.rows.outputs()));
    EXPECT_EQ(y.shape[3], static_cast<std::size_t>(pool.columns.outputs()));
    EXPECT_EQ(y.data, pooled(pool, x, largest));
  }
}

TEST(AvgPool, DividesByTheWindowInsideThePaddedInputOrTheInput) {
  CaseGenerator generator(2);
  for (int i = 0; i < cases; ++i) {
    const Pool pool{drawn_axis(generator, i % 2, false), drawn_axis(generator, i % 2, false)};
    const auto within_padding = [](const Axis& axis, std::int64_t o) {
      std::int64_t count = 0;
      for (std::int64_t k = 0; k < axis.kernel; ++k)
        count += o * axis.stride + k < axis.input + 2 * axis.padding;
      return count;
    };
    const auto x = plane(generator, pool);
    for (const bool counted : {true, false}) {
      const Reduce average = [&](const auto& window, std::int64_t p, std::int64_t q) {
        Rational total = 0;
        for (const Rational& number : window) total += number;
        const std::int64_t count = counted ? within_padding(pool.rows, p) * within_padding(pool.columns, q)
                                           : static_cast<std::int64_t>(window.size());
        return Rational(total / count);
      };
      Attributes attributes = pool.attributes();
      attributes["count_include_pad"] = counted ? "true" : "false";
      EXPECT_EQ(output_of<Rational>("avg_pool2d", {x}, attributes).data, pooled(pool, x, average));
    }
  }
}

/// One dimension is two with a row of one: result and gradient.
TEST(Pooling, InOneDimensionIsThatOfAnImageWithOneRow) {
  CaseGenerator generator(3);
  for (int i = 0; i < cases; ++i)
    for (const std::string name : {"max_pool", "avg_pool"}) {
      const Axis axis = drawn_axis(generator, i % 2, false);
      const auto text = [&](std::int64_t value) { return std::to_string(value); };
      const Attributes line = {{"kernel_size", text(axis.kernel)},
                               {"stride", text(axis.stride)},
                               {"padding", text(axis.padding)},
                               {"ceil_mode", axis.ceil ? "true" : "false"}};
      const Attributes row = {{"kernel_size", "1," + text(axis.kernel)},
                              {"stride", "1," + text(axis.stride)},
                              {"padding", "0," + text(axis.padding)},
                              {"ceil_mode", axis.ceil ? "true" : "false"}};
      const auto x = generator.tensor({2, 2, static_cast<std::size_t>(axis.input)});
      Tensor<Rational> image = x;
      image.shape.insert(image.shape.begin() + 2, 1);
      const auto y = output_of<Rational>(name + "1d", {x}, line);
      EXPECT_EQ(y.data, output_of<Rational>(name + "2d", {image}, row).data);
      const auto u = generator.tensor(y.shape);
      Tensor<Rational> image_u = u;
      image_u.shape.insert(image_u.shape.begin() + 2, 1);
      EXPECT_EQ(cotangents_of<Rational>(name + "1d", {x}, {u}, line)[0].data,
                cotangents_of<Rational>(name + "2d", {image}, {image_u}, row)[0].data);
    }
}

TEST(MaxPool, NeverTakesThePadding) {
  const Tensor<Rational> x({1, 1, 3}, {-1, -2, -3});
  EXPECT_EQ(
      output_of<Rational>("max_pool1d", {x}, {{"kernel_size", "2"}, {"stride", "2"}, {"padding", "1"}}).data,
      (std::vector<Rational>{-1, -2}));
}

// ---- Ties ----------------------------------------------------------------------------------------------

template <class T>
std::vector<T> tied_gradient(const Attributes& ties) {
  Attributes attributes = ties;
  attributes["kernel_size"] = "4";
  const Tensor<T> x({1, 1, 4}, {T(1), T(3), T(2), T(3)}), upstream({1, 1, 1}, {T(6)});
  return cotangents_of<T>("max_pool1d", {x}, {upstream}, attributes)[0].data;
}

TEST(MaxPoolTies, GoWhereTheAttributeSays) {
  EXPECT_EQ(tied_gradient<Rational>({}), (std::vector<Rational>{0, 6, 0, 0}));
  EXPECT_EQ(tied_gradient<Rational>({{"ties", "last"}}), (std::vector<Rational>{0, 0, 0, 6}));
  EXPECT_EQ(tied_gradient<Rational>({{"ties", "even"}}), (std::vector<Rational>{0, 3, 0, 3}));
  EXPECT_EQ(tied_gradient<double>({{"ties", "even"}}), (std::vector<double>{0, 3, 0, 3}));
  EXPECT_EQ(tied_gradient<float>({}), (std::vector<float>{0, 6, 0, 0}));
}

/// The tape takes one of the tied numbers too: the one that first and last name.
TEST(MaxPoolTies, AreTheSameOnTheTape) {
  const Tensor<Rational> x({1, 1, 4}, {1, 3, 2, 3}), upstream({1, 1, 1}, {6});
  for (const char* const ties : {"first", "last"}) {
    const Attributes attributes = {{"kernel_size", "4"}, {"ties", ties}};
    EXPECT_EQ(operation_named("max_pool1d").rational.tape_vjp({{x}, {}}, {upstream}, attributes)[0].data,
              tied_gradient<Rational>({{"ties", ties}}));
  }
}

/// The hull contains the convention of every framework. It is a set for each number by itself, so "the whole
/// gradient to every tied maximum" lies in it too: what tells that apart is the sum over the window.
TEST(MaxPoolTies, AreTheWholeSubdifferentialOnBalls) {
  const auto set = tied_gradient<Ball>({});
  for (const char* const ties : {"first", "last", "even"}) {
    const auto one = tied_gradient<double>({{"ties", ties}});
    for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(contains(set[i], one[i])) << ties << " " << i;
    EXPECT_EQ(sum(one), 6) << ties << ": the gradient is shared out, never multiplied";
  }
  EXPECT_TRUE(is_exact(set[0]) && is_exact(set[2])) << "what is certainly no maximum gets exactly nothing";
  expect_interval(set[1], 0, 6);
  expect_interval(set[3], 0, 6);
  EXPECT_FALSE(contains(set[0], 6.0)) << "the gradient to all of the window";
}

/// Overlapping windows: a number that is a tied maximum of two of them gets [0, 2 u], one that ties in one
/// and certainly wins the other gets [u, 2 u]. Sent to every tied maximum in full, or to nobody, is no
/// member.
TEST(MaxPoolTies, AddUpOverOverlappingWindows) {
  const Tensor<Ball> x({1, 1, 3}, {Ball(5), Ball(5), Ball(1)}), upstream({1, 1, 2}, {Ball(1), Ball(1)});
  const auto set =
      cotangents_of<Ball>("max_pool1d", {x}, {upstream}, {{"kernel_size", "2"}, {"stride", "1"}})[0].data;
  expect_interval(set[0], 0, 1);
  expect_interval(set[1], 1, 2);
  EXPECT_TRUE(is_exact(set[2]));
  EXPECT_FALSE(contains(set[1], 0.0));
}

TEST(MaxPoolTies, AreDecidedWhereBallsAreApart) {
  const Tensor<Ball> x({1, 1, 2}, {ball_between(Ball(0), Ball(1)), ball_between(Ball(2), Ball(3))});
  const Tensor<Ball> one({1, 1, 1}, {Ball(1)});
  const auto apart = cotangents_of<Ball>("max_pool1d", {x}, {one}, {{"kernel_size", "2"}})[0].data;
  EXPECT_TRUE(apart[0] == Ball(0) && apart[1] == Ball(1));
}

TEST(MaxPool, IsExactInAFormatScope) {
  const FormatScope scope(binary64);
  const Tensor<Ball> x({1, 1, 2}, {Ball(0.1), Ball(0.2)}), one({1, 1, 1}, {Ball(0.3)});
  const Attributes whole = {{"kernel_size", "2"}};
  EXPECT_TRUE(is_exact(output_of<Ball>("max_pool1d", {x}, whole)[0]));
  EXPECT_TRUE(is_exact(cotangents_of<Ball>("max_pool1d", {x}, {one}, whole)[0][1]));
}

TEST(MaxPool, LetsANaNWinItsWindowAndNoOther) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Tensor<double> x({1, 1, 4}, {1, nan, 3, 4}), upstream({1, 1, 2}, {1, 1});
  const auto y = output_of<double>("max_pool1d", {x}, {{"kernel_size", "2"}});
  EXPECT_TRUE(std::isnan(y[0]));
  EXPECT_EQ(y[1], 4);
  EXPECT_EQ(cotangents_of<double>("max_pool1d", {x}, {upstream}, {{"kernel_size", "2"}})[0].data,
            (std::vector<double>{0, 1, 0, 1}));
}

// ---- Other averages and resampling ---------------------------------------------------------------------

TEST(AdaptiveAvgPool, IsAvgPoolWhereTheOutputDividesTheInput) {
  CaseGenerator generator(4);
  const auto x = generator.tensor({2, 2, 6, 4});
  EXPECT_EQ(output_of<Rational>("adaptive_avg_pool2d", {x}, {{"output_size", "3,2"}}),
            output_of<Rational>("avg_pool2d", {x}, {{"kernel_size", "2"}}));
  EXPECT_EQ(output_of<Rational>("adaptive_avg_pool2d", {x}), output_of<Rational>("global_avg_pool2d", {x}));
  EXPECT_EQ(output_of<Rational>("adaptive_avg_pool2d", {x}, {{"output_size", "6,4"}}), x);
  EXPECT_EQ(output_of<Rational>("global_avg_pool2d", {x}),
            output_of<Rational>("avg_pool2d", {x}, {{"kernel_size", "6,4"}}));
}

/// Position i of 5 belongs to window p of 3 iff [i, i + 1) meets [5 p / 3, 5 (p + 1) / 3).
TEST(AdaptiveAvgPool, CoversEveryPositionThatAWindowTouches) {
  CaseGenerator generator(5);
  for (std::int64_t input = 1; input <= 7; ++input)
    for (std::int64_t output = 1; output <= 9; ++output) {
      const auto x = generator.tensor({1, 1, 1, static_cast<std::size_t>(input)});
      const auto y = output_of<Rational>("adaptive_avg_pool2d", {x}, {{"output_size", pair(1, output)}});
      for (std::int64_t p = 0; p < output; ++p) {
        Rational total = 0;
        std::int64_t count = 0;
        for (std::int64_t i = 0; i < input; ++i)
          if (i * output < (p + 1) * input && (i + 1) * output > p * input) {
            total += x[static_cast<std::size_t>(i)];
            ++count;
          }
        EXPECT_EQ(y[static_cast<std::size_t>(p)], total / count) << input << " to " << output;
      }
    }
}

// ---- Errors --------------------------------------------------------------------------------------------

TEST(ShapeError, OfPoolingSaysWhatDoesNotFit) {
  const Shape image = {1, 1, 4, 4};
  EXPECT_EQ(
      complaint("max_pool2d", {image}),
      "attribute \"kernel_size\" is \"\"; it needs one integer, or 2 with commas between, of at least 1 "
      "(extent of the window, one for all axes or one each; always given)");
  EXPECT_EQ(
      complaint("max_pool2d", {image}, {{"kernel_size", "3"}, {"padding", "2"}}),
      "attribute \"padding\" is \"2\"; it needs at most 1, half the extent of the window (positions added "
      "on both sides, one for all axes or one each)");
  EXPECT_EQ(complaint("avg_pool2d", {image}, {{"kernel_size", "5"}}),
            "avg_pool2d: input \"X\" has shape (1, 1, 4, 4); it needs at least 5 positions along axis 2, the "
            "extent of the window; it has 4 with its padding");
  EXPECT_EQ(
      complaint("max_pool1d", {{1, 1, 2}}, {{"kernel_size", "2"}, {"dilation", "4"}, {"padding", "2"}}),
      "max_pool1d: input \"X\" has shape (1, 1, 2); it needs windows that see at least one of its elements");
  EXPECT_EQ(complaint("max_pool2d", {{4, 4}}, {{"kernel_size", "2"}}),
            "max_pool2d: input \"X\" has shape (4, 4); it needs (N, C, H, W)");
  EXPECT_NE(complaint("max_pool2d", {image}, {{"kernel_size", "2"}, {"stride", "0"}}), "");
  EXPECT_EQ(
      complaint("upsample_bilinear2d", {image}),
      "attribute \"output_size\" is \"\"; it needs extents where scale_factor is left out, and to be left "
      "out where it is given (extents of the result, one for both axes or one each; this or scale_factor)");
  EXPECT_NE(complaint("adaptive_avg_pool2d", {image}, {{"output_size", "0"}}), "");
  EXPECT_NE(complaint("zero_pad2d", {image}, {{"padding", "1,2"}}), "");
}

/// Sizes never wrap: too large a result is an error before anything is computed.
TEST(ShapeError, OfPoolingComesBeforeAnySizeWraps) {
  const Tensor<double> pixel({1, 1, 1, 1});
  const auto refused = [&](std::string_view name, const Attributes& attributes) {
    return !message_of([&] { operation_named(name).float64.forward({{pixel}, {}}, attributes); }).empty();
  };
  const std::string huge = "1000000000000";
  EXPECT_TRUE(refused("avg_pool2d", {{"kernel_size", "2000000000"}, {"padding", huge}}));
  EXPECT_TRUE(refused("zero_pad2d", {{"padding", huge}}));
  EXPECT_TRUE(refused("upsample_nearest2d", {{"scale_factor", huge}}));
  EXPECT_TRUE(refused("upsample_bilinear2d", {{"output_size", huge}}));
  EXPECT_TRUE(refused("adaptive_avg_pool2d", {{"output_size", huge}}));
  EXPECT_TRUE(refused("max_pool2d", {{"kernel_size", huge}, {"dilation", huge}}));
}

/// A window of 10^12 positions, all but one of them padding, is small work.
TEST(Pooling, IsQuickWhereAHugeWindowSeesLittle) {
  const Tensor<double> x({1, 1, 1}, {5});
  const Attributes window = {{"kernel_size", "1000000000000"}, {"padding", "500000000000"}};
  EXPECT_EQ(output_of<double>("max_pool1d", {x}, window).data, (std::vector<double>{5}));
  EXPECT_EQ(output_of<double>("avg_pool1d", {x}, window).data, (std::vector<double>{5 / 1e12}));
}

}  // namespace
}  // namespace assay::oracles::testing
