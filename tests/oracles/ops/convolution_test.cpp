#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "oracles/ops/conv2d.hpp"
#include "oracles/ops/conv_transpose2d.hpp"
#include "tests/oracles/ops/calls.hpp"

namespace assay::oracles::testing {
namespace {

constexpr int cases = 60;

/// One convolution, drawn at random; spatial axes in front of the last `rank` have extent 1.
struct Setting {
  std::size_t rank;
  std::int64_t n, c, o, groups;  // channels and filters per group
  std::array<std::int64_t, 3> input{1, 1, 1}, kernel{1, 1, 1}, stride{1, 1, 1}, padding{0, 0, 0},
      dilation{1, 1, 1};

  Shape shape(std::int64_t a, std::int64_t b, const std::array<std::int64_t, 3>& extents) const {
    Shape result = {static_cast<std::size_t>(a), static_cast<std::size_t>(b)};
    for (std::size_t axis = 3 - rank; axis < 3; ++axis)
      result.push_back(static_cast<std::size_t>(extents[axis]));
    return result;
  }
  std::string text(const std::array<std::int64_t, 3>& values) const {
    std::string all;
    for (std::size_t axis = 3 - rank; axis < 3; ++axis)
      all += (all.empty() ? "" : ",") + std::to_string(values[axis]);
    return all;
  }
  Attributes attributes() const {
    return {{"stride", text(stride)},
            {"padding", text(padding)},
            {"dilation", text(dilation)},
            {"groups", std::to_string(groups)}};
  }
  std::int64_t extent(std::size_t axis) const {
    return (input[axis] + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis] + 1;
  }
  std::array<std::int64_t, 3> output() const { return {extent(0), extent(1), extent(2)}; }
};

Setting drawn(CaseGenerator& generator, std::size_t rank) {
  const auto between = [&](std::size_t low, std::size_t high) {
    return static_cast<std::int64_t>(generator.integer(low, high));
  };
  for (;;) {
    Setting s{rank, between(1, 2), between(1, 2), between(1, 3), between(1, 2)};
    bool fits = true;
    for (std::size_t axis = 3 - rank; axis < 3; ++axis) {
      s.input[axis] = between(1, 5);
      s.kernel[axis] = between(1, 3);
      s.stride[axis] = between(1, 4);
      s.padding[axis] = between(0, 3);
      s.dilation[axis] = between(1, 3);
      fits = fits && s.input[axis] + 2 * s.padding[axis] > s.dilation[axis] * (s.kernel[axis] - 1);
    }
    if (fits) return s;
  }
}

/// The definition, as nested loops over every index; shares nothing with the operation.
Tensor<Rational> definition(const Setting& s, const Tensor<Rational>& x, const Tensor<Rational>& w,
                            const Tensor<Rational>& b) {
  const auto [od, oh, ow] = s.output();
  const auto [d, h, l] = s.input;
  const auto [kd, kh, kw] = s.kernel;
  std::vector<Rational> y;
  for (std::int64_t n = 0; n < s.n; ++n)
    for (std::int64_t o = 0; o < s.o * s.groups; ++o)
      for (std::int64_t p = 0; p < od; ++p)
        for (std::int64_t q = 0; q < oh; ++q)
          for (std::int64_t r = 0; r < ow; ++r) {
            Rational total = b.size() ? b[static_cast<std::size_t>(o)] : Rational(0);
            for (std::int64_t c = 0; c < s.c; ++c)
              for (std::int64_t i = 0; i < kd; ++i)
                for (std::int64_t j = 0; j < kh; ++j)
                  for (std::int64_t k = 0; k < kw; ++k) {
                    const std::int64_t u = p * s.stride[0] - s.padding[0] + i * s.dilation[0],
                                       v = q * s.stride[1] - s.padding[1] + j * s.dilation[1],
                                       t = r * s.stride[2] - s.padding[2] + k * s.dilation[2];
                    if (u < 0 || u >= d || v < 0 || v >= h || t < 0 || t >= l) continue;
                    const std::int64_t channel = o / s.o * s.c + c;
                    const auto at_x = (((n * s.c * s.groups + channel) * d + u) * h + v) * l + t;
                    const auto at_w = (((o * s.c + c) * kd + i) * kh + j) * kw + k;
                    total += x[static_cast<std::size_t>(at_x)] * w[static_cast<std::size_t>(at_w)];
                  }
            y.push_back(total);
          }
  return {s.shape(s.n, s.o * s.groups, s.output()), y};
}

struct Drawn {
  Setting s;
  Tensor<Rational> x, w, b;
};

Drawn with_tensors(CaseGenerator& generator, const Setting& s, bool biased) {
  return {s, generator.tensor(s.shape(s.n, s.c * s.groups, s.input)),
          generator.tensor(s.shape(s.o * s.groups, s.c, s.kernel)),
          biased ? generator.tensor({static_cast<std::size_t>(s.o * s.groups)}) : Tensor<Rational>(absent)};
}

TEST(Convolution, IsItsDefinitionInOneTwoAndThreeDimensions) {
  CaseGenerator generator(1);
  const std::array<std::string, 3> names = {"conv1d", "conv2d", "conv3d"};
  for (std::size_t rank = 1; rank <= 3; ++rank)
    for (int i = 0; i < cases; ++i) {
      const Drawn c = with_tensors(generator, drawn(generator, rank), i % 2 == 0);
      EXPECT_EQ(output_of<Rational>(names[rank - 1], {c.x, c.w, c.b}, c.s.attributes()),
                definition(c.s, c.x, c.w, c.b))
          << names[rank - 1] << " " << to_string(c.x.shape) << " " << to_string(c.w.shape);
    }
}

TEST(Convolution, OnBallsContainsItsDefinition) {
  CaseGenerator generator(2);
  for (int i = 0; i < cases; ++i) {
    const Drawn c = with_tensors(generator, drawn(generator, 2), true);
    const auto truth = definition(c.s, c.x, c.w, c.b);
    const auto y = output_of<Ball>("conv2d", {as<Ball>(c.x), as<Ball>(c.w), as<Ball>(c.b)}, c.s.attributes());
    for (std::size_t k = 0; k < y.size(); ++k) EXPECT_TRUE(contains(y[k], truth[k]));
  }
}

/// In one dimension by hand: a kernel that is not symmetric tells correlation from convolution.
TEST(Convolution, DoesNotFlipItsKernel) {
  const Tensor<Rational> x({1, 1, 3}, {1, 10, 100}), w({1, 1, 2}, {1, 2});
  EXPECT_EQ(output_of<Rational>("conv1d", {x, w, Tensor<Rational>(absent)}).data,
            (std::vector<Rational>{1 * 1 + 10 * 2, 10 * 1 + 100 * 2}));
}

/// ⟨conv(x), y⟩ = ⟨x, conv_transpose(y)⟩ exactly; positions that no window reaches need output_padding.
TEST(ConvTranspose, IsTheAdjointOfConvolution) {
  CaseGenerator generator(3);
  int checked = 0;
  for (int i = 0; checked < cases; ++i) {
    const Setting s = drawn(generator, 2);
    Attributes attributes = s.attributes();
    std::string added;
    bool possible = true;
    for (const std::size_t axis : {std::size_t{1}, std::size_t{2}}) {
      const std::int64_t rest =
          (s.input[axis] + 2 * s.padding[axis] - s.dilation[axis] * (s.kernel[axis] - 1) - 1) %
          s.stride[axis];
      added += (added.empty() ? "" : ",") + std::to_string(rest);
      possible = possible && rest < std::max(s.stride[axis], s.dilation[axis]);
    }
    ASSERT_TRUE(possible);
    const Drawn c = with_tensors(generator, s, false);
    const auto y = generator.tensor(s.shape(s.n, s.o * s.groups, s.output()));
    const Tensor<Rational> none(absent);
    const auto forwards = output_of<Rational>("conv2d", {c.x, c.w, none}, attributes);
    attributes["output_padding"] = added;
    const auto back = output_of<Rational>("conv_transpose2d", {y, c.w, none}, attributes);
    ASSERT_EQ(back.shape, c.x.shape);
    EXPECT_EQ(inner<Rational>({forwards}, {y}), inner<Rational>({c.x}, {back}));
    ++checked;
  }
}

/// A transposed convolution places a copy of the kernel at each position of its input.
TEST(ConvTranspose, StampsTheKernelAtStridedPositions) {
  const Tensor<Rational> x({1, 1, 1, 2}, {1, 10}), w({1, 1, 1, 2}, {1, 2}), b({1}, {100});
  const Attributes apart = {{"stride", "3"}, {"output_padding", "0,1"}};
  EXPECT_EQ(output_of<Rational>("conv_transpose2d", {x, w, b}, apart).data,
            (std::vector<Rational>{101, 102, 100, 110, 120, 100}));
  EXPECT_EQ(output_of<Rational>("conv_transpose2d", {x, w, b}).data, (std::vector<Rational>{101, 112, 120}));
  EXPECT_EQ(output_of<Rational>("conv_transpose2d", {x, w, b}, {{"padding", "0,1"}}).data,
            (std::vector<Rational>{112}))
      << "padding crops both ends";
}

/// conv2d = affine on unfolded patches, which is how most of them are written.
TEST(Convolution, IsAnAffineMapOfUnfoldedPatches) {
  CaseGenerator generator(4);
  for (int i = 0; i < cases; ++i) {
    Setting s = drawn(generator, 2);
    s.groups = 1;
    s.n = 1;
    const Drawn c = with_tensors(generator, s, true);
    Attributes window = s.attributes();
    window.erase("groups");
    window["kernel_size"] = s.text(s.kernel);
    const auto columns = output_of<Rational>("unfold", {c.x}, window);
    const std::size_t rows = columns.shape[1], positions = columns.shape[2], filters = c.w.shape[0];
    Tensor<Rational> patches({positions, rows}), weights({rows, filters});
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t p = 0; p < positions; ++p) patches(p, r) = columns[r * positions + p];
      for (std::size_t o = 0; o < filters; ++o) weights(r, o) = c.w[o * rows + r];
    }
    const auto y = output_of<Rational>("conv2d", {c.x, c.w, c.b}, s.attributes());
    const auto product = output_of<Rational>("affine", {patches, weights, c.b});
    for (std::size_t o = 0; o < filters; ++o)
      for (std::size_t p = 0; p < positions; ++p) EXPECT_EQ(y[o * positions + p], product(p, o));
  }
}

TEST(Convolution, WithAOneByOneKernelIsAMatrixProduct) {
  CaseGenerator generator(5);
  const auto x = generator.tensor({2, 3, 2, 4}), w = generator.tensor({5, 3, 1, 1});
  Tensor<Rational> pixels = x, weights = w;
  pixels.shape = {2, 3, 8};
  weights.shape = {5, 3};
  EXPECT_EQ(output_of<Rational>("conv2d", {x, w, Tensor<Rational>(absent)}).data,
            output_of<Rational>("matmul", {weights, pixels}).data);
}

/// A number that counts its multiplications.
struct Counted {
  double value = 0;
  static inline std::uint64_t multiplications = 0;

  Counted() = default;
  Counted(int number) : value(number) {}
  explicit Counted(const Rational& number) : value(nearest_double(number)) {}
  friend Counted operator*(const Counted& a, const Counted& b) {
    ++multiplications;
    Counted product;
    product.value = a.value * b.value;
    return product;
  }
  Counted& operator+=(const Counted& b) {
    value += b.value;
    return *this;
  }
};

template <class Op>
std::uint64_t multiplications(const Case& c) {
  Counted::multiplications = 0;
  Op::forward(as<Counted>(c.arguments), c.attributes);
  return Counted::multiplications;
}

/// Products with padded zeros count; the bias is one more term of each sum here, times 1, and does not.
TEST(Cost, OfConvolutionIsWhatIsMultipliedPaddedZerosIncluded) {
  CaseGenerator generator(1);
  const Operation& conv = operation_named("conv2d");
  for (std::size_t i = 0; i < 12; ++i) {
    const Case c = generator.call(conv, i);
    const Cost cost = conv.cost(input_shapes(conv, c.arguments), c.attributes);
    const std::size_t biases = c.arguments.real[2].size() ? c.upstream[0].size() : 0;
    EXPECT_EQ(multiplications<ops::Conv2d>(c), cost.multiply_adds + biases);
    EXPECT_EQ(cost.parameters, c.arguments.real[1].size() + c.arguments.real[2].size());
  }
  // N · O · OH · OW · C / groups · KH · KW
  const Cost cost = conv.cost({{2, 6, 32, 32}, {8, 3, 3, 3}, {8}}, {{"padding", "1"}, {"groups", "2"}});
  EXPECT_EQ(cost.multiply_adds, 2u * 8 * 32 * 32 * 3 * 3 * 3);
  EXPECT_EQ(cost.parameters, 8u * 3 * 3 * 3 + 8);
}

/// Each element of X meets each weight of its channel; what the padding crops is counted, not computed.
TEST(Cost, OfTransposedConvolutionCountsWhatIsCropped) {
  CaseGenerator generator(1);
  const Operation& op = operation_named("conv_transpose2d");
  for (std::size_t i = 0; i < op.samples.size(); ++i) {
    const Case c = generator.call(op, i);
    const std::uint64_t counted = op.cost(input_shapes(op, c.arguments), c.attributes).multiply_adds;
    const std::size_t biases = c.arguments.real[2].size() ? c.upstream[0].size() : 0;
    const std::uint64_t computed = multiplications<ops::ConvTranspose2d>(c) - biases;
    if (c.attributes.contains("padding")) {
      EXPECT_LT(computed, counted);
    } else {
      EXPECT_EQ(computed, counted);
    }
  }
}

TEST(ShapeError, OfConvolutionSaysWhatDoesNotFit) {
  const Shape image = {1, 3, 5, 5};
  EXPECT_EQ(
      complaint("conv2d", {image, {8, 4, 3, 3}, {8}}),
      "conv2d: input \"W\" has shape (8, 4, 3, 3); it needs (O, 3, KH, KW), because input \"X\" is (1, 3, "
      "5, 5) and groups is 1");
  EXPECT_EQ(complaint("conv2d", {image, {8, 3, 3, 3}, {3}}),
            "conv2d: input \"b\" has shape (3); it needs (8), because input \"W\" is (8, 3, 3, 3)");
  EXPECT_EQ(
      complaint("conv2d", {image, {8, 3, 3, 3}, {8}}, {{"dilation", "1,3"}}),
      "conv2d: input \"X\" has shape (1, 3, 5, 5); it needs at least 7 positions along axis 3, the extent "
      "of the window; it has 5 with its padding");
  EXPECT_EQ(
      complaint("conv2d", {image, {8, 1, 3, 3}, {8}}, {{"groups", "2"}}),
      "attribute \"groups\" is \"2\"; it needs a divisor of the 3 channels of input \"X\" (channels and "
      "filters are split into as many independent parts)");
  EXPECT_EQ(complaint("conv1d", {{1, 3, 0}, {8, 3, 3}, {8}}),
            "conv1d: input \"X\" has shape (1, 3, 0); it needs (N, C, L) without an empty axis");
  EXPECT_NE(complaint("conv2d", {image, {8, 3, 3, 3}, {8}}, {{"stride", "0"}}), "");
  EXPECT_NE(complaint("conv2d", {image, {8, 3, 3, 3}, {8}}, {{"padding", "-1"}}), "");
  EXPECT_NE(complaint("conv2d", {image, {8, 3, 3, 3}, {8}}, {{"groups", "0"}}), "");
  EXPECT_NE(complaint("conv2d", {image, {8, 3, 3, 3}, {8}}, {{"stride", "1,2,3"}}), "");
  EXPECT_EQ(complaint("conv_transpose2d", {image, {3, 1, 2, 2}, {1}}, {{"output_padding", "1"}}),
            "attribute \"output_padding\" is \"1\"; it needs less than the stride or the dilation (positions "
            "added at the end of each axis, one for all axes or one each)");
  EXPECT_EQ(complaint("conv_transpose2d", {{1, 1, 1, 1}, {1, 1, 2, 2}, {1}}, {{"padding", "1"}}),
            "conv_transpose2d: input \"X\" has shape (1, 1, 1, 1); it needs more positions along axis 2: the "
            "padding crops the whole result");
}

/// Sizes never wrap: too large a padding is a shape to state, and an error to compute.
TEST(ShapeError, OfConvolutionComesBeforeAnySizeWraps) {
  const Attributes huge = {{"padding", "1000000000000"}};
  const Operation& conv = operation_named("conv2d");
  const Shapes small = {{1, 1, 3, 3}, {1, 1, 3, 3}, {1}};
  EXPECT_THROW(conv.cost(small, huge), ShapeError);
  const Arguments<double> arguments{
      {Tensor<double>(small[0]), Tensor<double>(small[1]), Tensor<double>(small[2])}, {}};
  EXPECT_THROW(conv.float64.forward(arguments, huge), ShapeError);
  const std::size_t most = std::size_t{1} << 63;
  EXPECT_THROW(conv.output_shapes({{1, 1, most, 3}, {1, 1, 3, 3}, {1}}, huge), ShapeError);
  EXPECT_THROW(conv.output_shapes({{1, 1, 3, 3}, {1, 1, most, 3}, {1}}, {{"dilation", "1000000000000"}}),
               ShapeError);
  const Operation& transposed = operation_named("conv_transpose2d");
  EXPECT_THROW(transposed.output_shapes({{1, 1, most, 3}, {1, 1, 3, 3}, {1}}, {{"stride", "1000000000000"}}),
               ShapeError);
  EXPECT_THROW(transposed.float64.forward(arguments, {{"stride", "1000000000"}}), ShapeError);
}

/// A convolution may see nothing but padding: the bias is left.
TEST(Convolution, SeesZerosWherePaddingExceedsTheKernel) {
  const Tensor<Rational> x({1, 1, 1}, {5}), w({1, 1, 1}, {3}), b({1}, {7});
  EXPECT_EQ(output_of<Rational>("conv1d", {x, w, b}, {{"padding", "2"}}).data,
            (std::vector<Rational>{7, 7, 22, 7, 7}));
  const Tensor<Rational> u({1, 1, 5}, {1, 1, 1, 1, 1});
  const auto back = cotangents_of<Rational>("conv1d", {x, w, b}, {u}, {{"padding", "2"}});
  EXPECT_EQ(back[0][0], 3);
  EXPECT_EQ(back[1][0], 5);
  EXPECT_EQ(back[2][0], 5);
}

}  // namespace
}  // namespace assay::oracles::testing
