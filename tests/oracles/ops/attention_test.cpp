#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/oracles/ops/gradient_checks.hpp"

namespace assay::oracles::testing {
namespace {

class Attention : public ::testing::Test {
 protected:
  PrecisionScope scope{exact_bits};
  CaseGenerator generator{11};

  Tensor<Ball> matrix(std::size_t rows, std::size_t columns) {
    return as<Ball>(generator.tensor({rows, columns}));
  }
};

const IndexTensor no_mask(absent);

Tensor<Ball> attend(const Tensor<Ball>& q, const Tensor<Ball>& k, const Tensor<Ball>& v,
                    const Attributes& attributes = {}, const IndexTensor& mask = no_mask) {
  return operation_named("scaled_dot_product_attention").ball.forward({{q, k, v}, {mask}}, attributes)[0];
}

void expect_same(const Tensor<Ball>& a, const Tensor<Ball>& b) {
  EXPECT_EQ(difference<Ball>({a}, {b}), "");
}

/// The message of the ShapeError that `call` raises.
template <class Call>
std::string message_of(const Call& call) {
  try {
    call();
    return {};
  } catch (const ShapeError& error) {
    return error.what();
  }
}

TEST_F(Attention, IsTheTextbookFormulaElementByElement) {
  const auto q = matrix(2, 3), k = matrix(4, 3), v = matrix(4, 2);
  const auto y = attend(q, k, v);
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t e = 0; e < 2; ++e) {
      Ball above = 0, below = 0;
      for (std::size_t j = 0; j < 4; ++j) {
        const Ball score = q(i, 0) * k(j, 0) + q(i, 1) * k(j, 1) + q(i, 2) * k(j, 2);
        const Ball weight = exp(score / sqrt(Ball(3)));
        above += weight * v(j, e);
        below += weight;
      }
      EXPECT_TRUE(agree(y(i, e), Ball(above / below)));
    }
}

TEST_F(Attention, OfOneKeyIsItsValue) {
  const auto v = matrix(1, 3), y = attend(matrix(2, 2), matrix(1, 2), v);
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t e = 0; e < 3; ++e) EXPECT_TRUE(agree(y(i, e), v(0, e)));
}

TEST_F(Attention, OfConstantValuesIsTheConstant) {
  const Tensor<Ball> v({4, 1}, std::vector<Ball>(4, Ball(7)));
  for (const Ball& y : attend(matrix(3, 2), matrix(4, 2), v).data) EXPECT_TRUE(agree(y, Ball(7)));
}

TEST_F(Attention, DoesNotCareAboutTheOrderOfKeysAndValues) {
  const auto q = matrix(3, 2), k = matrix(4, 2), v = matrix(4, 2);
  Tensor<Ball> turned_k = k, turned_v = v;
  std::ranges::reverse(turned_k.data);
  std::ranges::reverse(turned_v.data);
  Tensor<Ball> mirrored_q = q;  // the reversal swaps the two features as well
  for (std::size_t i = 0; i < 3; ++i) std::swap(mirrored_q(i, 0), mirrored_q(i, 1));
  auto y = attend(mirrored_q, turned_k, turned_v);
  for (std::size_t i = 0; i < 3; ++i) std::swap(y(i, 0), y(i, 1));
  expect_same(y, attend(q, k, v));
}

/// k + c for all keys adds q·c to all scores of a query.
TEST_F(Attention, IgnoresAConstantAddedToAllScoresOfAQuery) {
  const auto q = matrix(3, 2), k = matrix(4, 2), v = matrix(4, 2);
  Tensor<Ball> moved = k;
  for (std::size_t j = 0; j < 4; ++j) moved(j, 1) += 40;
  expect_same(attend(q, moved, v), attend(q, k, v));
}

TEST_F(Attention, OfACausalQueryDoesNotDependOnLaterTokens) {
  const auto q = matrix(3, 2), k = matrix(3, 2), v = matrix(3, 2);
  const Attributes causal = {{"is_causal", "true"}};
  const auto before = attend(q, k, v, causal);
  Tensor<Ball> other_k = k, other_v = v;
  for (std::size_t e = 0; e < 2; ++e) {
    other_k(2, e) = 1000;
    other_v(2, e) = Ball(1) / Ball(0);  // not even a NaN may leak
  }
  const auto after = attend(q, other_k, other_v, causal);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(contains(after[i], before[i]) && contains(before[i], after[i]));
  }
  EXPECT_TRUE(is_nan(after(2, 0)));
  for (std::size_t e = 0; e < 2; ++e) EXPECT_TRUE(agree(before(0, e), v(0, e))) << "the first sees itself";
}

TEST_F(Attention, MaskedIsAttentionToTheKeysThatAreLeft) {
  const auto q = matrix(2, 2), k = matrix(3, 2), v = matrix(3, 2);
  const IndexTensor mask({2, 3}, {1, 0, 1, 1, 0, 1});
  const auto some = [](const Tensor<Ball>& t) {
    return Tensor<Ball>({2, 2}, {t(0, 0), t(0, 1), t(2, 0), t(2, 1)});
  };
  expect_same(attend(q, k, v, {}, mask), attend(q, some(k), some(v)));
  IndexTensor inverted = mask;
  for (auto& entry : inverted.data) entry = 1 - entry;
  expect_same(attend(q, k, v, {{"mask_one", "block"}}, inverted), attend(q, k, v, {}, mask));
}

TEST_F(Attention, AlignsTheCausalDiagonalAsAsked) {
  const auto q = matrix(2, 2), k = matrix(3, 2), v = matrix(3, 1);
  const auto causal = [&](const char* alignment) {
    return attend(q, k, v, {{"is_causal", "true"}, {"causal_alignment", alignment}});
  };
  expect_same(causal("top_left"), attend(q, k, v, {}, {{2, 3}, {1, 0, 0, 1, 1, 0}}));
  expect_same(causal("bottom_right"), attend(q, k, v, {}, {{2, 3}, {1, 1, 0, 1, 1, 1}}));
}

TEST_F(Attention, OfAQueryWithoutKeysIsANamedErrorOrZero) {
  const auto q = matrix(2, 2), k = matrix(2, 2), v = matrix(2, 1);
  const IndexTensor mask({2, 2}, {1, 1, 0, 0});
  EXPECT_EQ(message_of([&] { attend(q, k, v, {}, mask); }),
            "scaled_dot_product_attention: query 1 may attend to no key, its softmax is 0/0; attribute "
            "\"masked_row\" = \"zero\" makes its result 0");
  const auto y = attend(q, k, v, {{"masked_row", "zero"}}, mask);
  EXPECT_TRUE(is_exact(y[1]) && contains_zero(y[1]));
  EXPECT_FALSE(contains_zero(y[0]));
}

TEST_F(Attention, StaysFiniteForScoresFarBeyondTheExponential) {
  const Operation& operation = operation_named("scaled_dot_product_attention");
  const Tensor<double> q({1, 1}, {1e6}), k({2, 1}, {1e3, -1e3}), v({2, 1}, {3, 5});
  EXPECT_EQ(operation.float64.forward({{q, k, v}, {no_mask}}, {})[0][0], 3);
  const Tensor<Ball> keys({2, 1}, {Ball(1e3), Ball(-1e3)}), values({2, 1}, {Ball(3), Ball(5)});
  EXPECT_TRUE(agree(attend({{1, 1}, {Ball(1e6)}}, keys, values)[0], Ball(3)));
}

TEST_F(Attention, RefusesWhatDoesNotFit) {
  const auto complaint = [](const Shapes& shapes, const Attributes& attributes = {}) {
    return message_of(
        [&] { operation_named("scaled_dot_product_attention").output_shapes(shapes, attributes); });
  };
  EXPECT_EQ(
      complaint({{2, 3}, {4, 2}, {4, 2}, absent}),
      "scaled_dot_product_attention: input \"K\" has shape (4, 2); it needs (4, 3), because input \"Q\" "
      "is (2, 3)");
  EXPECT_EQ(
      complaint({{2, 3}, {4, 3}, {5, 2}, absent}),
      "scaled_dot_product_attention: input \"V\" has shape (5, 2); it needs (4, 2), because input \"K\" "
      "is (4, 3)");
  EXPECT_EQ(complaint({{2, 3}, {4, 3}, {4, 2}, {4, 2}}),
            "scaled_dot_product_attention: input \"mask\" has shape (4, 2); it needs (2, 4), one entry for "
            "each query and key");
  EXPECT_EQ(complaint({{3}, {4, 3}, {4, 2}, absent}),
            "scaled_dot_product_attention: input \"Q\" has shape (3); it needs (..., L, E) without an empty "
            "axis");
  EXPECT_NE(complaint({{0, 3}, {4, 3}, {4, 2}, absent}), "");
  EXPECT_NE(complaint({{2, 3}, {4, 3}, {4, 2}, absent}, {{"scale", "small"}}), "");
  const Tensor<Ball> one({1, 1}, {Ball(1)});
  EXPECT_EQ(message_of([&] {
              attend(one, one, one, {}, {{1, 1}, {2}});
            }),
            "scaled_dot_product_attention: input \"mask\" holds 2 at index 0; it needs 0 or 1");
}

// ---- Multi-head attention -----------------------------------------------------------------------------

Tensor<Ball> stacked_identities(std::size_t n, std::size_t width) {
  Tensor<Ball> result({n * width, width});
  for (std::size_t i = 0; i < n * width; ++i) result(i, i % width) = 1;
  return result;
}

Tensor<Ball> multi_head(Tensors<Ball> inputs, const Attributes& attributes,
                        const IndexTensor& mask = no_mask) {
  return operation_named("multi_head_attention").ball.forward({std::move(inputs), {mask}}, attributes)[0];
}

TEST_F(Attention, OfOneHeadWithoutProjectionsIsScaledDotProductAttention) {
  const Tensor<Ball> none(absent);
  const auto q = as<Ball>(generator.tensor({2, 2, 4})), k = as<Ball>(generator.tensor({2, 3, 4}));
  const auto v = as<Ball>(generator.tensor({2, 3, 4}));
  expect_same(
      multi_head({q, k, v, stacked_identities(3, 4), none, none, none, none, stacked_identities(1, 4), none},
                 {}),
      attend(q, k, v));
}

TEST_F(Attention, OfTwoHeadsIsTwoAttentionsSideBySide) {
  const Tensor<Ball> none(absent);
  const auto x = as<Ball>(generator.tensor({1, 3, 4}));
  const auto y = multi_head(
      {x, none, none, stacked_identities(3, 4), none, none, none, none, stacked_identities(1, 4), none},
      {{"num_heads", "2"}});
  for (std::size_t head = 0; head < 2; ++head) {
    Tensor<Ball> part({3, 2});
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t e = 0; e < 2; ++e) part(i, e) = x[i * 4 + head * 2 + e];
    const auto alone = attend(part, part, part);
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t e = 0; e < 2; ++e) EXPECT_TRUE(agree(y[i * 4 + head * 2 + e], alone(i, e)));
  }
}

TEST_F(Attention, WithPackedWeightsIsThatWithSeparateOnes) {
  const Tensor<Ball> none(absent);
  const auto x = as<Ball>(generator.tensor({2, 3, 2})), packed = matrix(6, 2), out = matrix(2, 2);
  const auto bias = as<Ball>(generator.tensor({6}));
  const auto third = [&](std::size_t which) {
    return Tensor<Ball>(
        {2, 2}, {packed[4 * which], packed[4 * which + 1], packed[4 * which + 2], packed[4 * which + 3]});
  };
  expect_same(
      multi_head({x, none, none, packed, none, none, none, bias, out, none}, {{"num_heads", "2"}}),
      multi_head({x, x, x, none, third(0), third(1), third(2), bias, out, none}, {{"num_heads", "2"}}));
}

TEST_F(Attention, OfSeveralHeadsRefusesWhatDoesNotFit) {
  const Shape no = absent;
  const auto complaint = [](const Shapes& shapes, const Attributes& attributes = {}) {
    return message_of([&] { operation_named("multi_head_attention").output_shapes(shapes, attributes); });
  };
  EXPECT_EQ(
      complaint({{1, 2, 4}, no, no, {12, 4}, no, no, no, no, {4, 4}, no, no}, {{"num_heads", "3"}}),
      "multi_head_attention: attribute \"num_heads\" is 3; it needs a divisor of the 4 features of input "
      "\"query\"");
  EXPECT_EQ(complaint({{1, 2, 4}, no, no, {12, 4}, no, no, no, no, {4, 4}, no, no}, {{"num_heads", "0"}}),
            "attribute \"num_heads\" is \"0\"; it needs an integer of at least 1 (into how many heads E is "
            "divided)");
  EXPECT_EQ(complaint({{1, 2, 2}, no, no, no, no, no, no, no, {2, 2}, no, no}),
            "multi_head_attention: input \"q_proj_weight\" has shape (0); it needs (2, 2), because input "
            "\"query\" is (1, 2, 2), unless in_proj_weight is given");
  EXPECT_NE(complaint({{1, 2, 2}, {1, 2, 3}, no, {6, 2}, no, no, no, no, {2, 2}, no, no}), "");
  EXPECT_NE(complaint({{1, 2, 2}, no, no, {6, 2}, no, no, no, {4}, {2, 2}, no, no}), "");
}

// ---- Patch attention ----------------------------------------------------------------------------------

Tensor<Ball> patch(const Tensor<Ball>& x, const Tensor<Ball>& keys, const Tensor<Ball>& values,
                   const Attributes& attributes = {}) {
  return operation_named("patch_attention").ball.forward({{x, keys, values}, {}}, attributes)[0];
}

TEST_F(Attention, OfPatchesIsTheFormulaOfTheExam) {
  const auto x = as<Ball>(generator.tensor({2, 3, 2})), k = as<Ball>(generator.tensor({2, 3, 3, 2}));
  const auto v = as<Ball>(generator.tensor({2, 3, 3}));
  const auto y = patch(x, k, v);
  for (std::size_t pixel = 0; pixel < 6; ++pixel)
    for (std::size_t o = 0; o < 2; ++o) {
      Ball above = 0, below = 0;
      for (std::size_t ab = 0; ab < 9; ++ab) {
        const Ball weight =
            exp(x[2 * pixel] * k[(o * 9 + ab) * 2] + x[2 * pixel + 1] * k[(o * 9 + ab) * 2 + 1]);
        above += weight * v[o * 9 + ab];
        below += weight;
      }
      EXPECT_TRUE(agree(y[pixel * 2 + o], Ball(above / below)));
    }
}

TEST_F(Attention, OfPatchesLiesBetweenItsValuesAndIgnoresWhatAllScoresShare) {
  const auto x = as<Ball>(generator.tensor({2, 2, 2}));
  auto k = as<Ball>(generator.tensor({1, 3, 3, 2})), v = as<Ball>(generator.tensor({1, 3, 3}));
  const auto y = patch(x, k, v);
  Ball low = v[0], high = v[0];
  for (const Ball& value : v.data) {
    low = min(low, value);
    high = max(high, value);
  }
  for (const Ball& element : y.data) EXPECT_TRUE(low < element && element < high);
  for (std::size_t ab = 0; ab < 9; ++ab) k[2 * ab] += 5;
  expect_same(patch(x, k, v), y);
  const Tensor<Ball> constant({1, 3, 3}, std::vector<Ball>(9, Ball(-2)));
  for (const Ball& element : patch(x, k, constant).data) EXPECT_TRUE(agree(element, Ball(-2)));
}

TEST_F(Attention, OfNormalisedPatchesIgnoresTheScaleOfAChannel) {
  const auto x = as<Ball>(generator.tensor({2, 2, 2}));
  const auto k = as<Ball>(generator.tensor({1, 3, 3, 2})), v = as<Ball>(generator.tensor({1, 3, 3}));
  const Attributes normalise = {{"normalise", "true"}};
  Tensor<Ball> brighter = x;
  for (std::size_t pixel = 0; pixel < 4; ++pixel) brighter[2 * pixel] *= 12;
  expect_same(patch(brighter, k, v, normalise), patch(x, k, v, normalise));
  Tensor<Ball> dark = x;
  for (std::size_t pixel = 0; pixel < 4; ++pixel) dark[2 * pixel + 1] = 0;
  EXPECT_EQ(message_of([&] { patch(dark, k, v, normalise); }),
            "patch_attention: channel 1 of input \"X\" is 0 everywhere; it has no unit form");
}

TEST_F(Attention, OfPatchesHasTheParametersOfTheExam) {
  const Operation& operation = operation_named("patch_attention");
  for (const std::size_t outputs : {1u, 8u})
    for (const std::size_t channels : {1u, 3u})
      EXPECT_EQ(operation.cost({{5, 4, channels}, {outputs, 3, 3, channels}, {outputs, 3, 3}}, {}).parameters,
                9 * outputs * (channels + 1));
  EXPECT_EQ(message_of([&] {
              operation.output_shapes({{5, 4, 3}, {2, 3, 3, 2}, {2, 3, 3}}, {});
            }),
            "patch_attention: input \"keys\" has shape (2, 3, 3, 2); it needs (O, K, K, 3), because input "
            "\"X\" is (5, 4, 3)");
}

}  // namespace
}  // namespace assay::oracles::testing
