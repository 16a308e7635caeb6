#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/oracles/ops/cases.hpp"

namespace assay::oracles::testing {
namespace {

Shape output_shape(std::string_view operation, const Shapes& inputs, const Attributes& attributes = {}) {
  return operation_named(operation).output_shapes(inputs, attributes).at(0);
}

/// The message of the ShapeError that the shapes raise; empty if they are accepted.
std::string complaint(std::string_view operation, const Shapes& inputs, const Attributes& attributes = {}) {
  try {
    output_shape(operation, inputs, attributes);
    return {};
  } catch (const ShapeError& error) {
    return error.what();
  }
}

TEST(OutputShape, FollowsTheSymbolsOfTheSpecification) {
  EXPECT_EQ(output_shape("affine", {{2, 5}, {5, 3}, {3}}), (Shape{2, 3}));
  EXPECT_EQ(output_shape("relu", {{2, 3, 4}}), (Shape{2, 3, 4}));
  EXPECT_EQ(output_shape("add", {{}, {}}), Shape{});
  EXPECT_EQ(output_shape("l2_penalty", {{3, 4}, {}}), Shape{});
  EXPECT_EQ(output_shape("softmax", {{2, 3}}, {{"axis", "0"}}), (Shape{2, 3}));
  EXPECT_EQ(output_shape("logsumexp", {{2, 3, 4}}, {{"axis", "1"}}), (Shape{2, 4}));
  EXPECT_EQ(output_shape("logsumexp", {{7}}), Shape{});
  EXPECT_EQ(output_shape("softmax_cross_entropy", {{4, 10}, {4}, absent}), Shape{});
  EXPECT_EQ(output_shape("softmax_cross_entropy", {{4, 10}, {4}, absent}, {{"reduction", "none"}}), Shape{4});
}

TEST(OutputShape, IsTheShapeOfTheOutput) {
  CaseGenerator generator(1);
  for (const Operation& operation : catalogue())
    for (int i = 0; i < 20; ++i) {
      const Case c = generator.call(operation, static_cast<std::size_t>(i));
      const auto outputs = operation.float64.forward(as<double>(c.arguments), c.attributes);
      ASSERT_EQ(outputs.size(), operation.outputs.size()) << operation.name;
      EXPECT_EQ(outputs[0].shape, c.upstream[0].shape) << operation.name;
    }
}

TEST(ShapeError, NamesTheInputWhatItGotAndWhatItNeeds) {
  EXPECT_EQ(complaint("affine", {{2, 5}, {4, 3}, {3}}),
            "affine: input \"W\" has shape (4, 3); it needs (5, C), because input \"X\" is (2, 5)");
  EXPECT_EQ(complaint("affine", {{2, 5}, {5, 3}, {4}}),
            "affine: input \"b\" has shape (4); it needs (3), because input \"W\" is (5, 3)");
  EXPECT_EQ(complaint("affine", {{5}, {5, 3}, {3}}), "affine: input \"X\" has shape (5); it needs (N, D)");
  EXPECT_EQ(complaint("affine", {{0, 5}, {5, 3}, {3}}),
            "affine: input \"X\" has shape (0, 5); it needs (N, D) without an empty axis");
  EXPECT_EQ(complaint("add", {{2, 3}, {3, 2}}),
            "add: input \"B\" has shape (3, 2); it needs (2, 3), like input \"A\"");
  EXPECT_EQ(complaint("l2_penalty", {{3}, {1}}),
            "l2_penalty: input \"strength\" has shape (1); it needs (), a scalar");
  EXPECT_EQ(complaint("softmax_cross_entropy", {{4, 10}, {3}, absent}),
            "softmax_cross_entropy: input \"labels\" has shape (3); it needs (4), because input \"logits\" "
            "is (4, 10)");
  EXPECT_EQ(complaint("softmax", {{}}), "softmax: input \"logits\" has shape (); it needs at least one axis");
  EXPECT_EQ(complaint("log_softmax", {{2, 0}}),
            "log_softmax: input \"logits\" has shape (2, 0); it needs at least one element along axis -1");
}

TEST(ShapeError, NamesTheAttributeThatDoesNotFit) {
  EXPECT_EQ(complaint("softmax", {{2, 3}}, {{"axis", "2"}}),
            "softmax: attribute \"axis\" is 2; input \"logits\" of shape (2, 3) needs it between -2 and 1");
  EXPECT_EQ(complaint("softmax", {{2, 3}}, {{"axis", "last"}}),
            "attribute \"axis\" is \"last\"; it needs an integer (the axis summed over; negative counts from "
            "the last)");
  EXPECT_EQ(complaint("softmax_cross_entropy", {{4, 10}, {4}, absent}, {{"reduction", "average"}}),
            "softmax_cross_entropy: attribute \"reduction\" is \"average\"; it needs none, mean or sum");
  EXPECT_EQ(complaint("leaky_relu", {{2}}, {{"alhpa", "0.1"}}),
            "leaky_relu: there is no attribute \"alhpa\"; did you mean \"alpha\"?");
}

TEST(ShapeError, SaysHowManyInputsAreNeeded) {
  EXPECT_EQ(complaint("affine", {{2, 5}}), "affine: got 1 input; it needs 3: X (N, D), W (D, C), b (C)");
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

TEST(ShapeError, IsRaisedForALabelOutOfRangeForwardsAndBackwards) {
  const Operation& operation = operation_named("softmax_cross_entropy");
  for (const std::int64_t label : {-1, 3}) {
    const Arguments<double> arguments{{Tensor<double>({2, 3}), Tensor<double>(absent)},
                                      {IndexTensor({2}, {0, label})}};
    const std::string expected = "softmax_cross_entropy: input \"labels\" holds " + std::to_string(label) +
                                 " at index 1; it needs 0 to 2";
    EXPECT_EQ(message_of([&] { operation.float64.forward(arguments, {}); }), expected);
    EXPECT_EQ(message_of([&] { operation.float64.vjp(arguments, {Tensor<double>()}, {}); }), expected);
  }
}

TEST(ShapeError, IsRaisedForAnUpstreamGradientOfAnotherShape) {
  const Operation& operation = operation_named("relu");
  const Arguments<double> arguments{{Tensor<double>({2, 3})}, {}};
  EXPECT_EQ(message_of([&] {
              operation.float64.vjp(arguments, {Tensor<double>({3, 2})}, {});
            }),
            "relu: the upstream gradient of output \"Y\" has shape (3, 2); it needs (2, 3), like the output");
  EXPECT_EQ(message_of([&] { operation.float64.vjp(arguments, {}, {}); }),
            "relu: got 0 upstream gradients; it needs 1, one for each output");
}

TEST(ShapeError, IsRaisedWhereLabelsAreMissing) {
  const Arguments<double> only_reals{{Tensor<double>({2, 3}), Tensor<double>({2}), Tensor<double>(absent)},
                                     {}};
  EXPECT_EQ(message_of([&] { operation_named("softmax_cross_entropy").float64.forward(only_reals, {}); }),
            "softmax_cross_entropy: input \"labels\" needs integer labels");
}

TEST(AttributeError, IsRaisedForTextThatIsNoNumber) {
  const Arguments<double> arguments{{Tensor<double>({2})}, {}};
  EXPECT_EQ(message_of([&] {
              operation_named("leaky_relu").float64.forward(arguments, {{"alpha", "small"}});
            }),
            "attribute \"alpha\" is \"small\"; it needs a number such as 0.01 or 1/3 (slope for negative x)");
}

}  // namespace
}  // namespace assay::oracles::testing
