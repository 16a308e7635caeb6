#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/oracles/ops/calls.hpp"

namespace assay::oracles::testing {
namespace {

class Normalised : public ::testing::Test {
 protected:
  PrecisionScope scope{exact_bits};
  CaseGenerator generator{9};
  const Tensor<Ball> none{absent};

  Tensor<Ball> tensor(const Shape& shape, const Range& range = {}) {
    return as<Ball>(generator.tensor(shape, range));
  }
};

Ball ball(const char* text) {
  return from_rational<Ball>(parse_rational(text));
}

/// An element of a tensor of shape (N, C, H).
std::size_t at(const Shape& shape, std::size_t n, std::size_t c, std::size_t h) {
  return (n * shape[1] + c) * shape[2] + h;
}

/// (1/M) Σ xᵖ over the elements chosen.
template <class Chosen>
Ball moment(const Tensor<Ball>& x, int power, const Chosen& chosen) {
  Ball total = 0;
  int count = 0;
  for (std::size_t n = 0; n < x.shape[0]; ++n)
    for (std::size_t c = 0; c < x.shape[1]; ++c)
      for (std::size_t h = 0; h < x.shape[2]; ++h)
        if (chosen(n, c, h)) {
          total += pow(x[at(x.shape, n, c, h)], power);
          ++count;
        }
  return total / count;
}

/// Y is (x − μ) / √(v + eps) with μ and v = mean(x²) − μ², a formula without deviations, over the elements
/// that `together(n, c, h, n′, c′, h′)` names; scaled and shifted by `parameter(n, c, h)`.
template <class Together, class Parameter>
void expect_normalised(const Tensor<Ball>& y, const Tensor<Ball>& x, const Tensor<Ball>& weight,
                       const Tensor<Ball>& bias, const Ball& eps, const Together& together,
                       const Parameter& parameter) {
  ASSERT_EQ(y.shape, x.shape);
  for (std::size_t n = 0; n < x.shape[0]; ++n)
    for (std::size_t c = 0; c < x.shape[1]; ++c)
      for (std::size_t h = 0; h < x.shape[2]; ++h) {
        const auto chosen = [&](std::size_t a, std::size_t b, std::size_t d) {
          return together(n, c, h, a, b, d);
        };
        const Ball mean = moment(x, 1, chosen), variance = moment(x, 2, chosen) - mean * mean;
        const std::size_t i = at(x.shape, n, c, h), p = parameter(n, c, h);
        Ball expected = (x[i] - mean) / sqrt(variance + eps);
        if (weight.shape != absent) expected *= weight[p];
        if (bias.shape != absent) expected += bias[p];
        EXPECT_TRUE(agree(y[i], expected)) << n << " " << c << " " << h;
      }
}

TEST_F(Normalised, ByBatchIsTheFormulaOverEachChannel) {
  const auto x = tensor({3, 2, 2}), weight = tensor({2}), bias = tensor({2});
  const auto channel = [](std::size_t, std::size_t c, std::size_t) { return c; };
  const auto together = [](std::size_t, std::size_t c, std::size_t, std::size_t, std::size_t b, std::size_t) {
    return b == c;
  };
  const auto y = output_of<Ball>("batch_norm", {x, weight, bias, none, none});
  expect_normalised(y, x, weight, bias, ball("1e-5"), together, channel);
  const auto plain = output_of<Ball>("batch_norm", {x, none, none, none, none}, {{"eps", "1/4"}});
  expect_normalised(plain, x, none, none, ball("1/4"), together, channel);
}

TEST_F(Normalised, ByLayerIsTheFormulaOverTheTrailingAxesOfEachExample) {
  const auto x = tensor({3, 2, 4}), weight = tensor({2, 4}), bias = tensor({2, 4});
  const auto y = output_of<Ball>("layer_norm", {x, weight, bias}, {{"axis", "1"}});
  expect_normalised(
      y, x, weight, bias, ball("1e-5"),
      [](std::size_t n, std::size_t, std::size_t, std::size_t a, std::size_t, std::size_t) { return a == n; },
      [](std::size_t, std::size_t c, std::size_t h) { return c * 4 + h; });
  const auto last = tensor({4});
  expect_normalised(
      output_of<Ball>("layer_norm", {x, last, none}), x, last, none, ball("1e-5"),
      [](std::size_t n, std::size_t c, std::size_t, std::size_t a, std::size_t b, std::size_t) {
        return a == n && b == c;
      },
      [](std::size_t, std::size_t, std::size_t h) { return h; });
}

TEST_F(Normalised, ByGroupAndByInstanceIsTheFormulaOverNeighbouringChannels) {
  const auto x = tensor({2, 6, 2}), weight = tensor({6}), bias = tensor({6});
  const auto channel = [](std::size_t, std::size_t c, std::size_t) { return c; };
  for (const std::size_t groups : {1u, 2u, 3u, 6u}) {
    const std::size_t each = 6 / groups;
    const auto together = [&](std::size_t n, std::size_t c, std::size_t, std::size_t a, std::size_t b,
                              std::size_t) { return a == n && b / each == c / each; };
    const auto y = output_of<Ball>("group_norm", {x, weight, bias}, {{"num_groups", std::to_string(groups)}});
    expect_normalised(y, x, weight, bias, ball("1e-5"), together, channel);
    if (groups == 6) expect_same(output_of<Ball>("instance_norm", {x, weight, bias}), y);
  }
}

/// Batch normalisation of a matrix is layer normalisation of its transpose.
TEST_F(Normalised, ByBatchIsByLayerOfTheTranspose) {
  const auto x = tensor({4, 3});
  Tensor<Ball> turned({3, 4});
  for (std::size_t r = 0; r < 4; ++r)
    for (std::size_t c = 0; c < 3; ++c) turned(c, r) = x(r, c);
  const auto by_batch = output_of<Ball>("batch_norm", {x, none, none, none, none});
  const auto by_layer = output_of<Ball>("layer_norm", {turned, none, none});
  for (std::size_t r = 0; r < 4; ++r)
    for (std::size_t c = 0; c < 3; ++c) EXPECT_TRUE(agree(by_batch(r, c), by_layer(c, r)));
}

TEST_F(Normalised, WithoutEpsIgnoresScaleAndShift) {
  const auto x = tensor({2, 5});
  Tensor<Ball> moved = x;
  for (Ball& element : moved.data) element = 7 * element - 1000;
  expect_same(output_of<Ball>("layer_norm", {moved, none, none}, {{"eps", "0"}}),
              output_of<Ball>("layer_norm", {x, none, none}, {{"eps", "0"}}));
}

// ---- Running statistics ---------------------------------------------------------------------------------

/// A share of the mean and of Σ over pairs (xᵢ − xⱼ)² / (2 M (M − 1)), which is the unbiased variance.
TEST_F(Normalised, ByBatchMovesItsRunningStatistics) {
  const auto x = tensor({5, 1}), mean = tensor({1}), variance = tensor({1}, {0.1, 5});
  Ball total = 0, pairs = 0;
  for (const Ball& a : x.data) {
    total += a;
    for (const Ball& b : x.data) pairs += (a - b) * (a - b);
  }
  const auto running = [&](const Attributes& attributes) {
    return outputs_of<Ball>("batch_norm", {x, none, none, mean, variance}, attributes);
  };
  const Ball share = ball("0.3"), kept = ball("0.7");
  const Attributes of_batch = {{"momentum", "0.3"}};
  EXPECT_TRUE(agree(running(of_batch)[1][0], Ball(kept * mean[0] + share * total / 5)));
  EXPECT_TRUE(agree(running(of_batch)[2][0], Ball(kept * variance[0] + share * pairs / 40)));
  const Attributes biased = {{"momentum", "0.3"}, {"running_variance", "biased"}};
  EXPECT_TRUE(agree(running(biased)[2][0], Ball(kept * variance[0] + share * pairs / 50)));
  const Attributes of_running = {{"momentum", "0.7"}, {"momentum_of", "running"}};
  expect_same(running(of_running)[1], running(of_batch)[1]);
  expect_same(running(of_running)[2], running(of_batch)[2]);
}

TEST_F(Normalised, InInferenceUsesTheRunningStatisticsAndLeavesThem) {
  const auto x = tensor({2, 3}), weight = tensor({3}), bias = tensor({3}), mean = tensor({3});
  const auto variance = tensor({3}, {0.1, 5});
  const auto y = outputs_of<Ball>("batch_norm", {x, weight, bias, mean, variance},
                                  {{"training", "false"}, {"eps", "1"}});
  for (std::size_t n = 0; n < 2; ++n)
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_TRUE(
          agree(y[0](n, c), Ball(weight[c] * (x(n, c) - mean[c]) / sqrt(Ball(variance[c] + 1)) + bias[c])));
  EXPECT_TRUE(y[1] == mean && y[2] == variance);
  EXPECT_EQ(outputs_of<Ball>("batch_norm", {x, none, none, none, none})[1].shape, absent);
}

// ---- Root mean square, lengths, energies ----------------------------------------------------------------

TEST_F(Normalised, ByRootMeanSquareOfCentredRowsIsByLayer) {
  auto x = tensor({3, 4});
  const auto weight = tensor({4});
  for (std::size_t r = 0; r < 3; ++r) {
    const Ball mean = (x(r, 0) + x(r, 1) + x(r, 2) + x(r, 3)) / 4;
    for (std::size_t c = 0; c < 4; ++c) x(r, c) -= mean;
  }
  expect_same(output_of<Ball>("rms_norm", {x, weight}), output_of<Ball>("layer_norm", {x, weight, none}));
}

TEST_F(Normalised, ByRootMeanSquareIsTheFormula) {
  const auto x = tensor({2, 3});
  for (const char* const placement : {"inside", "outside"}) {
    const auto y = output_of<Ball>("rms_norm", {x, none}, {{"eps", "1/4"}, {"eps_placement", placement}});
    for (std::size_t r = 0; r < 2; ++r) {
      const Ball square = (x(r, 0) * x(r, 0) + x(r, 1) * x(r, 1) + x(r, 2) * x(r, 2)) / 3;
      const Ball root = placement == std::string("inside") ? Ball(sqrt(Ball(square + ball("1/4"))))
                                                           : Ball(sqrt(square) + ball("1/4"));
      for (std::size_t c = 0; c < 3; ++c) EXPECT_TRUE(agree(Ball(y(r, c) * root), x(r, c))) << placement;
    }
  }
}

TEST_F(Normalised, ToLengthOneIsAMultipleOfLengthOne) {
  const auto x = tensor({3, 4});
  const auto y = output_of<Ball>("l2_normalize", {x}, {{"axis", "0"}});
  for (std::size_t c = 0; c < 4; ++c) {
    Ball squares = 0;
    for (std::size_t r = 0; r < 3; ++r) {
      squares += y(r, c) * y(r, c);
      EXPECT_TRUE(agree(Ball(y(r, c) * x(0, c)), Ball(y(0, c) * x(r, c)))) << "parallel";
      EXPECT_GT(lower_double(Ball(y(r, c) * x(r, c))), 0) << "of the same direction";
    }
    EXPECT_TRUE(agree(squares, Ball(1)));
  }
}

TEST_F(Normalised, ToLengthOneLeavesShortVectorsShort) {
  const auto x = vector_of<Ball>({ball("0.3"), ball("0.4")});
  const auto clamped = output_of<Ball>("l2_normalize", {x}, {{"eps", "2"}});
  EXPECT_TRUE(agree(clamped[0], ball("0.15")) && agree(clamped[1], ball("0.2")));
  const auto inside = output_of<Ball>("l2_normalize", {x}, {{"eps", "0.75"}, {"guard", "inside"}});
  EXPECT_TRUE(agree(inside[0], ball("0.3")) && agree(inside[1], ball("0.4"))) << "0.25 + 0.75 is 1";
  EXPECT_EQ(output_of<double>("l2_normalize", {vector_of<double>({0, 0})}), vector_of<double>({0, 0}));
}

/// With beta = 1 the response is a fraction: x over k + a Σ x² of the neighbours.
TEST_F(Normalised, ByLocalResponseIsTheNaiveSumOverNeighbours) {
  const auto x = tensor({1, 5, 2});
  for (const std::size_t size : {1u, 2u, 3u, 4u, 7u})
    for (const char* const side : {"lower", "upper"})
      for (const char* const energy : {"mean", "sum"}) {
        const auto y = output_of<Ball>("local_response_norm", {x},
                                       {{"size", std::to_string(size)},
                                        {"even_window", side},
                                        {"energy", energy},
                                        {"alpha", "1/8"},
                                        {"beta", "1"},
                                        {"k", "2"}});
        const auto extra = static_cast<int>(size % 2 == 0), half = static_cast<int>((size - 1) / 2);
        const bool lower = side == std::string("lower");
        for (int c = 0; c < 5; ++c)
          for (std::size_t h = 0; h < 2; ++h) {
            Ball squares = 0;
            for (int j = c - half - (lower ? extra : 0); j <= c + half + (lower ? 0 : extra); ++j)
              if (j >= 0 && j < 5) squares += square(x[static_cast<std::size_t>(j) * 2 + h]);
            if (energy == std::string("mean")) squares /= static_cast<int>(size);
            const std::size_t i = static_cast<std::size_t>(c) * 2 + h;
            EXPECT_TRUE(agree(Ball(y[i] * (2 + squares / 8)), x[i])) << size << side << energy << c;
          }
      }
}

// ---- Extremes and errors --------------------------------------------------------------------------------

TEST_F(Normalised, OfEqualNumbersIsTheBias) {
  const Tensor<double> x({1, 3}, {5, 5, 5}), bias({3}, {1, -2, 3}), nothing(absent);
  const auto y = output_of<double>("layer_norm", {x, nothing, bias});
  EXPECT_EQ(y.data, bias.data);
  const Tensor<double> huge({2, 1}, {1e300, 1e300});
  EXPECT_EQ(output_of<double>("batch_norm", {huge, nothing, nothing, nothing, nothing}).data,
            (std::vector<double>{0, 0}));
}

TEST(NormalisationError, NamesWhatDoesNotFit) {
  EXPECT_EQ(complaint("batch_norm", {{1, 3}, absent, absent, absent, absent}),
            "batch_norm: input \"X\" has shape (1, 3); it needs more than one value per channel in training: "
            "the variance of one value is 0");
  EXPECT_NE(complaint("batch_norm", {{4, 3}, {2}, absent, absent, absent}), "");
  EXPECT_NE(complaint("batch_norm", {{4, 3}, absent, absent, {3}, absent}), "") << "one statistic alone";
  EXPECT_NE(complaint("batch_norm", {{4, 3}, absent, absent, absent, absent}, {{"training", "false"}}), "");
  EXPECT_EQ(complaint("group_norm", {{2, 4, 2}, absent, absent}, {{"num_groups", "3"}}),
            "attribute \"num_groups\" is \"3\"; it needs a divisor of the 4 channels (divides the number of "
            "channels)");
  EXPECT_NE(complaint("instance_norm", {{2, 4, 1}, absent, absent}), "");
  EXPECT_NE(complaint("layer_norm", {{2, 4}, {2}, absent}), "");
  EXPECT_NE(complaint("layer_norm", {{2, 4}, absent, absent}, {{"eps", "-1"}}), "");
  EXPECT_NE(complaint("local_response_norm", {{2, 4}}, {{"size", "0"}}), "");
  EXPECT_NE(complaint("local_response_norm", {{2, 4}}, {{"k", "0"}}), "");
  EXPECT_NE(complaint("l2_normalize", {{2, 4}}, {{"eps", "0"}}), "");
  EXPECT_NE(complaint("rms_norm", {{2, 4}, {3}}), "");
}

/// Squares of deviations, scale and shift together, and one for each running statistic.
TEST(NormalisationCost, CountsSquaresScalesAndRunningStatistics) {
  const auto cost = [](const char* name, const Shapes& shapes) {
    return operation_named(name).cost(shapes, {});
  };
  EXPECT_EQ(cost("batch_norm", {{4, 3}, absent, absent, absent, absent}).multiply_adds, 12u);
  EXPECT_EQ(cost("batch_norm", {{4, 3}, {3}, {3}, {3}, {3}}).multiply_adds, 12u + 12u + 6u);
  EXPECT_EQ(cost("batch_norm", {{4, 3}, {3}, {3}, {3}, {3}}).parameters, 6u) << "statistics are not learned";
  EXPECT_EQ(cost("layer_norm", {{2, 4}, {4}, {4}}).multiply_adds, 16u);
  EXPECT_EQ(cost("layer_norm", {{2, 4}, {4}, {4}}).parameters, 8u);
}

}  // namespace
}  // namespace assay::oracles::testing
