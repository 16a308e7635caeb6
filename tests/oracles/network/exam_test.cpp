/// Networks that five university exams ask about. What the exams published (or a student answered, where that
/// is all there is) is compared with the derived tables; known slips must not agree.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fixtures/load_network.hpp"
#include "oracles/network/network.hpp"
#include "tests/oracles/network/expression.hpp"
#include "tests/oracles/network/naive.hpp"

namespace assay::oracles {
namespace {

NetworkTable table_of(const std::string& text, const std::string& input = "") {
  auto network = fixtures::parse_shorthand(text);
  if (!input.empty()) network.input = fixtures::parse_input_shape(input);
  return network_table(network, {});
}

/// One cell of an exam's table: "32 x 32 x 10" and "(5*5*1+1)*10".
struct Cell {
  std::string shape, parameters;
};

void expect_published(const std::string& network, Layout layout, const std::vector<Cell>& cells) {
  const NetworkTable table = table_of(network);
  ASSERT_EQ(table.rows.size(), cells.size() + 1);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::string shape = cells[i].shape;
    std::erase(shape, ' ');
    EXPECT_EQ(shape_text(table.rows[i + 1].shape, layout), shape) << table.rows[i + 1].label;
    EXPECT_EQ(table.rows[i + 1].parameters.value(), evaluate(cells[i].parameters)) << table.rows[i + 1].label;
  }
}

TEST(ExamNetworks, AgreeWithTheKeyOfCs231n2019) {
  expect_published("INPUT 32x32x1 HWC, CONV5-10, POOL2, CONV5-10, POOL2, FC-10", Layout::channels_last,
                   {{"32 x 32 x 10", "(5*5*1+1)*10"},
                    {"16 x 16 x 10", "0"},
                    {"16 x 16 x 10", "(5*5*10+1)*10"},
                    {"8 x 8 x 10", "0"},
                    {"10", "(8*8*10+1)*10"}});
}

const std::string eecs498 =
    "INPUT 3x32x32, CONV3-8, CONV3-16, POOL2, CONV3-32, CONV3-32, POOL2, FC-256, FC-10";

TEST(ExamNetworks, AgreeWithTheStudentOfEecs498) {
  expect_published(eecs498, Layout::channels_first,
                   {{"8 x 32 x 32", "8*3*3*3+8"},
                    {"16 x 32 x 32", "16*3*3*8+16"},
                    {"16 x 16 x 16", "0"},
                    {"32 x 16 x 16", "32*3*3*16+32"},
                    {"32 x 16 x 16", "32*3*3*32+32"},
                    {"32 x 8 x 8", "0"},
                    {"256", "32*8*8*256+256"},
                    {"10", "256*10+10"}});
}

/// A larger image adds weights to the first fully connected layer and nowhere else; the student wrote down
/// the layer's new size instead of the increase.
TEST(ExamNetworks, PlaceTheIncreaseForALargerImageInEecs498) {
  const NetworkTable small = table_of(eecs498), large = table_of(eecs498, "3x128x128");
  for (std::size_t i = 0; i < small.rows.size(); ++i)
    if (small.rows[i].label != "FC-256") {
      EXPECT_EQ(small.rows[i].parameters.value(), large.rows[i].parameters.value());
    }
  const Whole increase = large.parameters - small.parameters;
  EXPECT_EQ(increase, evaluate("256*(32*32*32-32*8*8)"));
  EXPECT_NE(increase, evaluate("32*256*32*32"));
}

/// One input channel instead of three: 8 x 3 x 3 x 2 weights fewer, not the 192 of the student.
TEST(ExamNetworks, CountTheDropForAGreyImageInEecs498) {
  const NetworkTable colour = table_of(eecs498), grey = table_of(eecs498, "1x32x32");
  EXPECT_EQ(grey.rows[1].parameters.value(), evaluate("8*3*3*1+8"));
  EXPECT_EQ(colour.parameters - grey.parameters, evaluate("8*3*3*2"));
  EXPECT_NE(colour.parameters - grey.parameters, 192);
}

/// Which layers keep the size: only 3 x 3 with stride 1 and padding 1.
TEST(ExamNetworks, TellWhichConvolutionsKeepTheSizeInEecs498) {
  const auto keeps = [](const std::string& layer) {
    const NetworkTable table = table_of("INPUT 4x32x32, " + layer);
    return table.rows[1].shape[1] == 32;
  };
  EXPECT_FALSE(keeps("CONV3-4 stride 1 pad 0"));
  EXPECT_TRUE(keeps("CONV3-4 stride 1 pad 1"));
  EXPECT_FALSE(keeps("CONV1-4 stride 1 pad 1"));
  EXPECT_FALSE(keeps("CONV5-4 stride 2 pad 2"));
}

/// In units of H W C^2 multiply-adds: 9 for the reference, and 0, 12.5, 4 and 10 for the alternatives.
TEST(ExamNetworks, CompareTheCostsOfEecs498) {
  for (const unsigned channels : {4u, 8u, 64u}) {
    const std::string c = std::to_string(channels);
    const auto cost = [&](const std::string& layers) -> Whole {
      return table_of("INPUT " + c + "x16x32, " + layers).multiply_adds;
    };
    const Whole unit = Whole(16 * 32) * channels * channels;
    EXPECT_EQ(cost("CONV3-" + c + " pad 1"), 9 * unit);
    EXPECT_EQ(cost("POOL2"), 0);
    EXPECT_EQ(2 * cost("CONV5-" + std::to_string(channels / 2) + " pad 2"), 25 * unit);
    EXPECT_EQ(cost("CONV4-" + std::to_string(4 * channels) + " stride 4 pad 0"), 4 * unit);
    EXPECT_EQ(cost("CONV1-" + std::to_string(5 * channels) + ", CONV1-" + c), 10 * unit);
  }
}

TEST(ExamNetworks, CompareTheReceptiveFieldsOfEecs498) {
  const auto field = [](const std::string& layers) {
    return table_of("INPUT 3x32x32, " + layers).rows.back().field->size[0];
  };
  const Whole a = field("CONV5-4 pad 2, CONV1-4 pad 0");
  EXPECT_EQ(a, field("CONV3-4 pad 1, CONV3-4 pad 1"));
  EXPECT_NE(a, field("POOL2, CONV3-4 pad 1"));
  EXPECT_EQ(a, field("CONV3-4 stride 2 pad 1, POOL2"));
  EXPECT_EQ(a, 5);
}

TEST(ExamNetworks, AgreeWithTheFirstLayersOfCs230) {
  const std::string input = "INPUT 128x128x3 HWC, ";
  expect_published(input + "CONV3-64 stride 1 pad 0", Layout::channels_last,
                   {{"126 x 126 x 64", "(3*3*3+1)*64"}});
  expect_published(input + "CONV5-16 stride 1 pad 2", Layout::channels_last,
                   {{"128 x 128 x 16", "(5*5*3+1)*16"}});
  expect_published(input + "CONV2-32 stride 2 pad 0", Layout::channels_last,
                   {{"64 x 64 x 32", "(2*2*3+1)*32"}});
}

/// A 3 x 3 key kernel over all input channels and a 3 x 3 value kernel for each output channel.
TEST(ExamNetworks, CountThePatchAttentionOfCs230) {
  for (unsigned in = 1; in < 5; ++in)
    for (unsigned out = 1; out < 5; ++out) {
      const auto text = "INPUT " + std::to_string(in) + "x9x9, PATCHATTENTION3-" + std::to_string(out);
      EXPECT_EQ(table_of(text).parameters, out * (3 * 3 * in + 3 * 3 * 1));
      EXPECT_EQ(table_of(text).rows[1].shape, (Extents{out, 7, 7}));
    }
}

/// No bias and same-size output: the number of weights, and multiply-adds that grow fourfold.
TEST(ExamNetworks, AgreeWithTheKeyOfCsc413) {
  const std::string network = "INPUT 100x100x3 HWC, CONV5-16 pad same nobias";
  const NetworkTable small = table_of(network), large = table_of(network, "200x200x3 HWC");
  EXPECT_EQ(small.parameters, evaluate("5*5*16*3"));
  EXPECT_EQ(small.multiply_adds, evaluate("100*100*5*5*16*3"));
  EXPECT_EQ(large.parameters, small.parameters);
  EXPECT_EQ(large.multiply_adds, 4 * small.multiply_adds);
  EXPECT_NE(small.parameters, 400) << "the channels forgotten";
  EXPECT_NE(small.parameters, 1216) << "a bias counted";
}

TEST(ExamNetworks, AgreeWithTheStudentOfCmu24788) {
  EXPECT_EQ(table_of("INPUT 99, FC-7, FC-2, SOFTMAX").parameters, 716);
  EXPECT_EQ(table_of("INPUT 1x7x7, CONV3-1 pad 2 stride 2").rows[1].shape, (Extents{1, 5, 5}));
  EXPECT_EQ(table_of("INPUT 1x7x7, CONV5-1 pad 2").rows[1].shape,
            table_of("INPUT 1x7x7, CONV5-1 pad same").rows[1].shape);
  EXPECT_EQ(table_of("INPUT 1x4x3, CONV2-1 pad 0").rows[1].shape, (Extents{1, 3, 2}));
}

TEST(ExamNetworks, CountLeNetAsCmu24788AndAsLoopsDo) {
  const auto network = fixtures::load_network(ASSAY_SOURCE_DIR "/fixtures/networks/lenet-5.toml");
  const NetworkTable table = network_table(network, {});
  const std::vector<std::string> answers{"156", "0", "2416", "0", "48120", "10164", "850"};
  for (std::size_t i = 0; i < answers.size(); ++i)
    EXPECT_EQ(table.rows[i + 1].parameters.value(), Whole(answers[i])) << table.rows[i + 1].label;
  EXPECT_EQ(table.parameters, 61706);

  using Kind = naive::Layer::Kind;
  const auto conv = [](long filters) {
    return naive::Layer{Kind::conv, filters, 1, {5, 5}, {1, 1}, {0, 0}, {1, 1}, {}};
  };
  const naive::Layer pool{Kind::pool, 1, 1, {2, 2}, {2, 2}, {0, 0}, {1, 1}, {}};
  const auto fc = [](long outputs) { return naive::Layer{Kind::fc, outputs, 1, {}, {}, {}, {}, {}}; };
  naive::Sizes shape{1, 32, 32};
  std::size_t i = 0;
  for (const naive::Layer& layer : {conv(6), pool, conv(16), pool, conv(120), fc(84), fc(10)}) {
    const auto row = naive::pass(layer, shape);
    ASSERT_TRUE(row.has_value());
    shape = row->shape;
    EXPECT_EQ(table.rows[++i].parameters.value(), row->parameters);
    EXPECT_EQ(table.rows[i].multiply_adds, row->multiply_adds);
  }
}

/// VGG on small images runs up to the first fully connected layer, and its first map shrinks 49-fold.
TEST(ExamNetworks, StopVggAtItsFirstFullyConnectedLayer) {
  auto network = fixtures::load_network(ASSAY_SOURCE_DIR "/fixtures/networks/vgg-16.toml");
  const NetworkTable table = network_table(network, {});
  network.input = {3, 32, 32};
  try {
    network_table(network, {});
    FAIL() << "VGG takes no image of 32 x 32";
  } catch (const NetworkError& error) {
    EXPECT_STREQ(error.what(), "layer 19 \"FC-4096\": expects 25088 inputs, gets 512 (512x1x1 flattened)");
    EXPECT_EQ(error.layer, 19u);
  }
  const auto first = std::ranges::find(network.layers, std::string("fc"), &fixtures::Layer::type);
  EXPECT_EQ(first - network.layers.begin(), 18);
  network.layers.erase(first, network.layers.end());
  EXPECT_EQ(table.rows[1].memory, 49 * network_table(network, {}).rows[1].memory);
}

/// Filters of depth 5 on 3 channels: not valid if read that way, and valid as five filters of 5 x 5.
TEST(ExamNetworks, RefuseAFilterOfAnotherDepth) {
  EXPECT_THROW(table_of("INPUT 3x20x20, CONV5-1 pad 2 expects 5"), NetworkError);
  EXPECT_THROW(table_of("INPUT 3x20x20, CONV5x5x5-1 pad 2"), NetworkError);
  EXPECT_EQ(table_of("INPUT 3x20x20, CONV5-5 pad 2").rows[1].shape, (Extents{5, 20, 20}));
}

}  // namespace
}  // namespace assay::oracles
