#include <gtest/gtest.h>

#include <numeric>

#include "tests/oracles/ops/calls.hpp"

namespace assay::oracles::testing {
namespace {

using Numbers = std::vector<Rational>;

Tensor<Rational> listed(const Numbers& numbers) {
  return {Shape{numbers.size()}, numbers};
}

/// One layer on an image.
Tensors<Rational> table_of(const Numbers& image, const Rational& kind, const Rational& width,
                           const Rational& kernel, const Rational& stride, const Rational& padding) {
  return operation_named("layer_table")
      .rational.forward({{listed(image), listed({kind}), listed({width}), listed({kernel}), listed({stride}),
                          listed({padding})},
                         {}},
                        {});
}

/// The operations say themselves what shape they give and what they cost.
TEST(LayerTable, AgreesWithTheOperations) {
  CaseGenerator generator(31);
  int fitting = 0;
  for (int i = 0; i < 200; ++i) {
    const auto n = [&](std::size_t low, std::size_t high) { return generator.integer(low, high); };
    const std::size_t c = n(1, 4), h = n(1, 9), w = n(1, 9), o = n(1, 5), k = n(1, 4), s = n(1, 3),
                      p = n(0, 2);
    const Numbers image{c, h, w};
    if (h + 2 * p < k || w + 2 * p < k) continue;
    const Attributes padded{{"stride", std::to_string(s)}, {"padding", std::to_string(p)}};
    const Operation& conv = operation_named("conv2d");
    const Shapes inputs{{1, c, h, w}, {o, c, k, k}, {o}};
    const Shape y = conv.output_shapes(inputs, padded)[0];
    const auto table = table_of(image, 0, o, k, s, p);
    EXPECT_EQ(table[0].data, Numbers({y[1], y[2], y[3]}));
    EXPECT_EQ(table[1][0], conv.cost(inputs, padded).parameters);
    EXPECT_EQ(table[2][0], conv.cost(inputs, padded).multiply_adds);
    const Operation& affine = operation_named("affine");
    const Shapes dense{{1, c * h * w}, {c * h * w, o}, {o}};
    const auto connected = table_of(image, 2, o, k, s, p);
    EXPECT_EQ(connected[0].data, Numbers({o, 1, 1}));
    EXPECT_EQ(connected[1][0], affine.cost(dense, {}).parameters);
    EXPECT_EQ(connected[2][0], affine.cost(dense, {}).multiply_adds);
    ++fitting;
    if (h < k || w < k) continue;
    const Shape pooled = operation_named("max_pool2d")
                             .output_shapes({{1, c, h, w}}, {{"kernel_size", std::to_string(k)},
                                                             {"stride", std::to_string(s)}})[0];
    EXPECT_EQ(table_of(image, 1, o, k, s, p)[0].data, Numbers({pooled[1], pooled[2], pooled[3]}));
  }
  EXPECT_GT(fitting, 100);
}

/// The first layers of question 3 of the CS230 midterm of 2021.
TEST(LayerTable, CountsLayersOfAPaper) {
  const Numbers image{3, 128, 128};
  EXPECT_EQ(table_of(image, 0, 64, 3, 1, 0)[0].data, Numbers({64, 126, 126}));
  EXPECT_EQ(table_of(image, 0, 64, 3, 1, 0)[1][0], 1792);
  EXPECT_EQ(table_of(image, 0, 16, 5, 1, 2)[0].data, Numbers({16, 128, 128}));
  EXPECT_EQ(table_of(image, 0, 32, 2, 2, 0)[0].data, Numbers({32, 64, 64}));
}

TEST(LayerTable, IsZeroFromAWindowOnThatDoesNotFit) {
  const auto rows = operation_named("layer_table")
                        .rational.forward({{listed({1, 2, 5}), listed({0, 3, 2}), listed({4, 1, 7}),
                                            listed({3, 1, 1}), listed({1, 1, 1}), listed({0, 0, 0})},
                                           {}},
                                          {});
  EXPECT_EQ(rows[0].data, Numbers(9, 0));
  EXPECT_EQ(rows[1].data, Numbers(3, 0));
  EXPECT_EQ(rows[2].data, Numbers(3, 0));
}

TEST(LayerTable, RefusesWhatIsNoLayer) {
  EXPECT_EQ(message_of([] { table_of({1, 2, 2}, 4, 1, 1, 1, 0); }), "layer_table: kinds go from 0 to 3");
  EXPECT_EQ(message_of([] {
              table_of({1, 2, 2}, 0, 1, 1, 0, 0);
            }),
            "layer_table: every number lies between 1 and 100000 here");
}

}  // namespace
}  // namespace assay::oracles::testing
