/// Upsampling and zero padding.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "tests/oracles/ops/calls.hpp"

namespace assay::oracles::testing {
namespace {

TEST(UpsampleNearest, RepeatsEachPixelAsABlock) {
  const Tensor<Rational> x({1, 1, 2, 2}, {1, 2, 3, 4});
  EXPECT_EQ(output_of<Rational>("upsample_nearest2d", {x}, {{"scale_factor", "1,2"}}).data,
            (std::vector<Rational>{1, 1, 2, 2, 3, 3, 4, 4}));
  const auto y = output_of<Rational>("upsample_nearest2d", {x}, {{"scale_factor", "3"}});
  EXPECT_EQ(output_of<Rational>("avg_pool2d", {y}, {{"kernel_size", "3"}}), x);
}

/// Linear functions are reproduced wherever nothing is clamped: Y = a + b s + c t at the source position.
TEST(UpsampleBilinear, ReproducesLinearFunctions) {
  const std::int64_t h = 4, w = 5;
  Tensor<Rational> x({1, 1, 4, 5});
  for (std::int64_t i = 0; i < h; ++i)
    for (std::int64_t j = 0; j < w; ++j) x[static_cast<std::size_t>(i * w + j)] = 7 + 3 * i - 2 * j;
  for (const bool corners : {true, false})
    for (std::int64_t rows = 1; rows <= 9; ++rows)
      for (std::int64_t columns = 1; columns <= 9; ++columns) {
        const auto y = output_of<Rational>("upsample_bilinear2d", {x},
                                           {{"output_size", fmt::format("{},{}", rows, columns)},
                                            {"align_corners", corners ? "true" : "false"}});
        const auto source = [&](std::int64_t i, std::int64_t from, std::int64_t to) {
          if (corners) return to == 1 ? Rational(0) : Rational(i * (from - 1)) / (to - 1);
          const Rational s = Rational((2 * i + 1) * from) / (2 * to) - Rational(1) / 2;
          return std::clamp(s, Rational(0), Rational(from - 1));
        };
        for (std::int64_t i = 0; i < rows; ++i)
          for (std::int64_t j = 0; j < columns; ++j)
            EXPECT_EQ(y[static_cast<std::size_t>(i * columns + j)],
                      7 + 3 * source(i, h, rows) - 2 * source(j, w, columns));
      }
}

TEST(UpsampleBilinear, DoublesAStepAsPyTorchDoes) {
  const Tensor<Rational> x({1, 1, 1, 2}, {0, 4});
  EXPECT_EQ(output_of<Rational>("upsample_bilinear2d", {x}, {{"scale_factor", "1,2"}}).data,
            (std::vector<Rational>{0, 1, 3, 4}));
  EXPECT_EQ(
      output_of<Rational>("upsample_bilinear2d", {x}, {{"scale_factor", "1,2"}, {"align_corners", "true"}})
          .data,
      (std::vector<Rational>{0, Rational(4) / 3, Rational(8) / 3, 4}));
}

TEST(ZeroPad, PutsZerosOnTheNamedSides) {
  const Tensor<Rational> x({1, 1, 1, 2}, {1, 2});
  const auto y = output_of<Rational>("zero_pad2d", {x}, {{"padding", "1,2,0,1"}});
  EXPECT_EQ(y.shape, (Shape{1, 1, 2, 5}));
  EXPECT_EQ(y.data, (std::vector<Rational>{0, 1, 2, 0, 0, 0, 0, 0, 0, 0}));
}

/// Padding before a convolution is the padding of the convolution.
TEST(ZeroPad, IsThePaddingOfAConvolution) {
  CaseGenerator generator(6);
  const auto x = generator.tensor({2, 2, 3, 4}), w = generator.tensor({3, 2, 3, 2}),
             b = generator.tensor({3});
  const auto padded = output_of<Rational>("zero_pad2d", {x}, {{"padding", "2,2,1,1"}});
  EXPECT_EQ(output_of<Rational>("conv2d", {padded, w, b}),
            output_of<Rational>("conv2d", {x, w, b}, {{"padding", "1,2"}}));
}

}  // namespace
}  // namespace assay::oracles::testing
