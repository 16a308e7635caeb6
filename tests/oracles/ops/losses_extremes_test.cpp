#include <cmath>
#include <limits>

#include "tests/oracles/ops/losses.hpp"

namespace assay::oracles::testing {
namespace {

constexpr double huge = 1e308, tiny = std::numeric_limits<double>::denorm_min();

bool all_finite(const Tensors<double>& tensors) {
  for (const auto& tensor : tensors)
    for (const double x : tensor.data)
      if (!std::isfinite(x)) return false;
  return true;
}

TEST(LossExtremes, HugeLogitsHaveTheRightCrossEntropy) {
  const Tensor<double> z({2, 2}, {huge, -huge, 0, huge});
  const Tensors<double> inputs = {z, nothing<double>()};
  const Attributes rows = {{"reduction", "none"}};
  const auto right = result<double>("softmax_cross_entropy", inputs, {IndexTensor({2}, {0, 1})}, rows);
  EXPECT_EQ(right.data, (std::vector<double>{0, 0}));
  const auto wrong = result<double>("softmax_cross_entropy", inputs, {IndexTensor({2}, {0, 0})}, rows);
  EXPECT_EQ(wrong.data, (std::vector<double>{0, huge}));
  const auto d = gradients<double>("softmax_cross_entropy", inputs, {IndexTensor({2}, {1, 0})}, rows);
  EXPECT_EQ(d[0].data, (std::vector<double>{1, -1, -1, 1}));
  EXPECT_TRUE(all_finite(gradients<double>("softmax_cross_entropy", inputs, {IndexTensor({2}, {0, 1})},
                                           {{"label_smoothing", "0.1"}})));
}

TEST(LossExtremes, HugeLogitsHaveTheRightBinaryCrossEntropy) {
  const auto x = tensor_of({huge, -huge, huge, -huge, tiny}), y = tensor_of<double>({1, 0, 0, 1, 1});
  for (const auto& weight : {nothing<double>(), Tensor<double>({5}, {1, 1, 1, 1, 1})}) {
    const Attributes rows = {{"reduction", "none"}};
    const auto loss = result<double>("binary_cross_entropy_with_logits", {x, y, weight}, {}, rows);
    EXPECT_EQ(loss.data, (std::vector<double>{0, 0, huge, huge, std::log(2)}));
    const auto d = gradients<double>("binary_cross_entropy_with_logits", {x, y, weight}, {}, rows);
    EXPECT_EQ(d[0].data, (std::vector<double>{0, 0, 1, -1, -0.5}));
    EXPECT_TRUE(all_finite(d));
  }
}

TEST(LossExtremes, HugeLogitsHaveTheRightAdversarialLosses) {
  const auto sure = tensor_of({huge}), never = tensor_of({-huge});
  EXPECT_EQ(result<double>("gan_discriminator", {sure, never})[0], 0);
  EXPECT_EQ(result<double>("gan_discriminator", {sure, sure})[0], huge);
  EXPECT_EQ(result<double>("gan_generator", {never})[0], huge);
  EXPECT_EQ(result<double>("gan_generator", {never}, {}, {{"form", "minimax"}})[0], 0);
  EXPECT_EQ(gradients<double>("gan_generator", {never})[0][0], -1);
  EXPECT_EQ(gradients<double>("gan_discriminator", {sure, never})[0][0], 0);
}

TEST(LossExtremes, HugeScoresHaveTheRightMarginLosses) {
  const Tensor<double> s({1, 2}, {huge, -huge});
  const std::vector<IndexTensor> right = {IndexTensor({1}, {0})};
  for (const char* const name : {"hinge", "squared_hinge", "huber_hinge", "smooth_hinge"}) {
    EXPECT_EQ(result<double>(name, {s}, right)[0], 0) << name;
    EXPECT_EQ(gradients<double>(name, {s}, right)[0].data, (std::vector<double>{0, 0})) << name;
  }
  const Tensor<double> equal({1, 3}, {huge, huge, huge});
  EXPECT_EQ(result<double>("hinge", {equal}, right)[0], 2);
  EXPECT_DOUBLE_EQ(result<double>("smooth_hinge", {equal}, right, {{"margin", "0"}})[0], std::log(3));
}

TEST(LossExtremes, OneClassHasNothingToLose) {
  const Tensor<double> s({2, 1}, {3, -huge});
  const std::vector<IndexTensor> y = {IndexTensor({2})};
  for (const char* const name : {"hinge", "squared_hinge", "huber_hinge", "smooth_hinge"}) {
    EXPECT_EQ(result<double>(name, {s}, y)[0], 0) << name;
    EXPECT_EQ(gradients<double>(name, {s}, y)[0].data, (std::vector<double>{0, 0})) << name;
  }
  EXPECT_EQ(result<double>("softmax_cross_entropy", {s, nothing<double>()}, y)[0], 0);
}

TEST(LossExtremes, FarDifferencesStayLinear) {
  const auto x = tensor_of({huge}), t = tensor_of({0.0});
  EXPECT_EQ(result<double>("l1", {x, t})[0], huge);
  EXPECT_EQ(result<double>("huber", {x, t})[0], huge);
  EXPECT_EQ(result<double>("smooth_l1", {x, t})[0], huge);
  EXPECT_EQ(gradients<double>("huber", {x, t})[0][0], 1);
  EXPECT_EQ(gradients<double>("smooth_l1", {x, t})[0][0], 1);
  EXPECT_EQ(result<double>("huber", {tensor_of({tiny}), t})[0], 0);
}

// ---- Messages
// -----------------------------------------------------------------------------------------------

std::string shape_complaint(std::string_view operation, const Shapes& inputs,
                            const Attributes& attributes = {}) {
  return message_of([&] { operation_named(operation).output_shapes(inputs, attributes); });
}

TEST(LossErrors, NameTheInputThatDoesNotFit) {
  EXPECT_EQ(shape_complaint("mse", {{2, 3}, {3, 2}}),
            "mse: input \"target\" has shape (3, 2); it needs (2, 3), like input \"input\"");
  EXPECT_EQ(shape_complaint("mse", {{2, 0}, {2, 0}}),
            "mse: input \"input\" has shape (2, 0); it needs at least one element");
  EXPECT_EQ(
      shape_complaint("softmax_cross_entropy", {{4, 10}, {4}, {4}}),
      "softmax_cross_entropy: input \"weights\" has shape (4); it needs (10), because input \"logits\" is "
      "(4, 10)");
  EXPECT_EQ(shape_complaint("hinge", {{4, 10}, {3}}),
            "hinge: input \"labels\" has shape (3); it needs (4), because input \"scores\" is (4, 10)");
  EXPECT_EQ(shape_complaint("hinge", {{4, 0}, {4}}),
            "hinge: input \"scores\" has shape (4, 0); it needs (N, C) without an empty axis");
  EXPECT_EQ(
      shape_complaint("binary_cross_entropy_with_logits", {{4, 3}, {4, 3}, {4}}),
      "binary_cross_entropy_with_logits: input \"pos_weight\" has shape (4); it needs (3), the last axis of "
      "input \"logits\", which is (4, 3)");
  EXPECT_EQ(shape_complaint("glove", {{2, 3}, {2, 4}, {2, 2}, absent, absent}),
            "glove: input \"contexts\" has shape (2, 4); it needs (U, 3), because input \"words\" is (2, 3)");
  EXPECT_EQ(shape_complaint("triplet_margin", {{2, 3}, {2, 3}, {3, 3}}),
            "triplet_margin: input \"negative\" has shape (3, 3); it needs (2, 3), like input \"anchor\"");
  EXPECT_EQ(shape_complaint("gan_discriminator", {{2, 1}, {2}}),
            "gan_discriminator: input \"real\" has shape (2, 1); it needs (N)");
}

TEST(LossErrors, NameTheAttributeOutOfRange) {
  EXPECT_EQ(
      shape_complaint("huber", {{2}, {2}}, {{"delta", "0"}}),
      "attribute \"delta\" is \"0\"; it needs a number greater than 0 (where the square becomes a line)");
  EXPECT_EQ(shape_complaint("softmax_cross_entropy", {{2, 3}, {2}, absent}, {{"label_smoothing", "1.5"}}),
            "attribute \"label_smoothing\" is \"1.5\"; it needs a number between 0 and 1 (the share of each "
            "target that is spread over all C classes)");
  for (const auto& [name, attribute] :
       {std::pair("smooth_l1", "beta"), std::pair("cosine_similarity", "eps")})
    EXPECT_NE(shape_complaint(name, {{2}, {2}}, {{attribute, "-1"}}), "") << name;
  EXPECT_NE(shape_complaint("huber_hinge", {{2, 3}, {2}}, {{"margin", "0"}}), "");
  EXPECT_NE(shape_complaint("kl_div", {{}, {}}, {{"reduction", "batchmean"}}), "");
}

TEST(LossErrors, NameAMeanOverNothing) {
  const Tensor<double> z({2, 3});
  const std::vector<IndexTensor> ignored = {IndexTensor({2}, {-100, -100})};
  const auto call = [&](std::string_view name, const Tensor<double>& weights, const Attributes& attributes) {
    return message_of([&] { result<double>(name, {z, weights}, ignored, attributes); });
  };
  for (const std::string name : {"softmax_cross_entropy", "nll"}) {
    EXPECT_EQ(call(name, nothing<double>(), {}),
              name + ": every label is -100, the ignore_index; a mean over no rows is not defined");
    EXPECT_EQ(call(name, nothing<double>(), {{"reduction", "sum"}}), "") << "an empty sum is 0";
    EXPECT_EQ(message_of([&] {
                result<double>(name, {z, Tensor<double>({3}, {0, 1, 1})}, {IndexTensor({2}, {0, 0})});
              }),
              name + ": the weights of the labels sum to 0; a mean over no weight is not defined");
  }
}

TEST(LossErrors, NameALabelOutOfRange) {
  EXPECT_EQ(message_of([] {
              result<double>("hinge", {Tensor<double>({1, 3})}, {IndexTensor({1}, {3})});
            }),
            "hinge: input \"labels\" holds 3 at index 0; it needs 0 to 2");
  EXPECT_EQ(message_of([] {
              result<double>("hinge_embedding", {Tensor<double>({2})}, {IndexTensor({2}, {1, 0})});
            }),
            "hinge_embedding: input \"targets\" holds 0 at index 1; it needs -1 or 1");
}

// ---- Counts
// -------------------------------------------------------------------------------------------------

TEST(LossCost, CountsEachProductThatFeedsASum) {
  const auto multiply_adds = [](std::string_view name, const Shapes& inputs,
                                const Attributes& attributes = {}) {
    return operation_named(name).cost(inputs, attributes).multiply_adds;
  };
  std::uint64_t squares = 0, pairs = 0, coordinates = 0;
  for (int n = 0; n < 4; ++n)
    for (int c = 0; c < 5; ++c) {
      ++squares;        // d² + …
      pairs += c != 2;  // the label is no wrong class
      for (int k = 0; k < 3; ++k) ++coordinates;
    }
  EXPECT_EQ(multiply_adds("mse", {{4, 5}, {4, 5}}), squares);
  EXPECT_EQ(multiply_adds("mse", {{4, 5}, {4, 5}}, {{"reduction", "none"}}), 0u);
  EXPECT_EQ(multiply_adds("squared_hinge", {{4, 5}, {4}}), pairs);
  EXPECT_EQ(multiply_adds("softmax_cross_entropy_soft", {{4, 5}, {4, 5}, absent}), squares);
  EXPECT_EQ(multiply_adds("glove", {{4, 3}, {5, 3}, {4, 5}, {4}, {5}}), coordinates + squares);
  EXPECT_EQ(multiply_adds("knn", {{4, 3}, {4}, {5, 3}}), coordinates);
  EXPECT_EQ(multiply_adds("cosine_similarity", {{4, 5}, {4, 5}}), 3 * squares);
  EXPECT_EQ(multiply_adds("triplet_margin", {{4, 5}, {4, 5}, {4, 5}}, {{"swap", "true"}}), 3 * squares);
  EXPECT_EQ(operation_named("glove").cost({{4, 3}, {5, 3}, {4, 5}, {4}, {5}}, {}).parameters,
            4u * 3 + 5u * 3 + 4 + 5);
}

}  // namespace
}  // namespace assay::oracles::testing
