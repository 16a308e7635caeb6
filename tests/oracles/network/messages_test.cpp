/// What is said of a layer that does not fit, word for word, and of one that fits and surprises.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "fixtures/load_network.hpp"
#include "oracles/network/network.hpp"

namespace assay::oracles {
namespace {

std::string mistake_in(const std::string& text, Layout layout = Layout::channels_first) {
  try {
    network_table(fixtures::parse_shorthand(text), {layout, 1, 4});
    return "";
  } catch (const NetworkError& error) {
    return error.what();
  }
}

TEST(NetworkErrors, NameTheLayerAndTheReason) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"CONV3-8", "the network states no input; begin with INPUT 3x32x32, or give --input 3x32x32"},
      {"INPUT 512x1x1, FC-4096 expects 25088",
       "layer 1 \"FC-4096\": expects 25088 inputs, gets 512 (512x1x1 flattened)"},
      {"INPUT 512, FC-4096 expects 25088", "layer 1 \"FC-4096\": expects 25088 inputs, gets 512"},
      {"INPUT 1x9x9, CONV3-8 expects 3", "layer 1 \"CONV3-8\": expects 3 input channels, gets 1"},
      {"INPUT 1x9x9, BN expects 3", "layer 1 \"BN\": expects 3 input channels, gets 1"},
      {"INPUT 1x9, LSTM-4 expects 3", "layer 1 \"LSTM-4\": expects 3 features, gets 1"},
      {"INPUT 1x3x3, CONV5-8 pad 0", "layer 1 \"CONV5-8\": kernel 5 is larger than the input 3 (height)"},
      {"INPUT 1x9x1, CONV5-8 pad 1",
       "layer 1 \"CONV5-8\": kernel 5 is larger than the padded input 3 (width)"},
      {"INPUT 1x5, CONV3-8 pad 0 dilation 4",
       "layer 1 \"CONV3-8\": kernel 3 with dilation 4 spans 9 and is larger than the input 5"},
      {"INPUT 1x5, POOL2, POOL2, POOL2", "layer 3 \"POOL2\": kernel 2 is larger than the input 1"},
      {"INPUT 1x5x5, POOL2 pad 2", "layer 1 \"POOL2\": padding 2 is more than half of the kernel 2 (height)"},
      {"INPUT 1x5x5, CONV3x3x3-1",
       "layer 1 \"CONV3x3x3-1\": kernel 3x3x3 has 3 dimensions, the input's positions have 2"},
      {"INPUT 1x5x5, CONV3-1 stride 2x2x2",
       "layer 1 \"CONV3-1\": stride 2x2x2 has 3 dimensions, the input's positions have 2"},
      {"INPUT 8, CONV3-1", "layer 1 \"CONV3-1\": needs channels and positions, gets a vector of 8"},
      {"INPUT 8x5x5, GRU-2", "layer 1 \"GRU-2\": needs a sequence (features x length), gets 8x5x5"},
      {"INPUT 8x5, EMBED9-2", "layer 1 \"EMBED9-2\": needs a vector of indices, gets 8x5"},
      {"INPUT 4x9, CONV3-6 groups 3", "layer 1 \"CONV3-6\": groups 3 does not divide the 4 input channels"},
      {"INPUT 4x9, CONV3-6 groups 4", "layer 1 \"CONV3-6\": groups 4 does not divide the 6 filters"},
      {"INPUT 4x9, GN-3", "layer 1 \"GN-3\": 3 groups do not divide the 4 channels"},
      {"INPUT 6x9, ATTENTION-4", "layer 1 \"ATTENTION-4\": 4 heads do not divide 6 features"},
      {"INPUT 1x1x1, DECONV2-1 pad 1",
       "layer 1 \"DECONV2-1\": the output is empty: padding cuts 2 off 2 (height)"},
      {"INPUT 1x4, DECONV2-1 stride 2 outpad 2",
       "layer 1 \"DECONV2-1\": output padding 2 is not smaller than the stride 2 or the dilation 1"},
      {"INPUT 1x4, DECONV2-1 pad same",
       "layer 1 \"DECONV2-1\": padding same has no meaning for a transposed convolution; give a number"},
      {"INPUT 32x32x3, CONV5-8 pad 0",
       "layer 1 \"CONV5-8\": kernel 5 is larger than the input 3 (width); the input 32x32x3 was read as 32 "
       "channels; "
       "write 32x32x3 HWC if they come last"},
  };
  std::string endless = "INPUT 1x1";
  for (int i = 0; i < 12; ++i) endless += ", UPSAMPLE1" + std::string(99, '0');
  EXPECT_EQ(mistake_in(endless),
            "layer 11 \"UPSAMPLE1" + std::string(99, '0') + "\": an output size has more than 1000 digits");
  for (const auto& [text, message] : cases) EXPECT_EQ(mistake_in(text), message) << text;
  EXPECT_EQ(mistake_in("INPUT 8x4x5, FC-1 expects 2", Layout::channels_last),
            "layer 1 \"FC-1\": expects 2 inputs, gets 160 (4x5x8 flattened)");
}

TEST(NetworkNotes, SayWhatAReaderMightNotExpect) {
  const auto notes = [](const std::string& text) {
    return network_table(fixtures::parse_shorthand(text), {}).notes;
  };
  using Notes = std::vector<std::string>;
  EXPECT_EQ(notes("INPUT 1x8x8, CONV3-1 pad 1, POOL2, FC-2"), Notes{});
  EXPECT_EQ(notes("INPUT 1x8x8, CONV3-1"),
            Notes{"convolutions that state no padding have pad same; PADDING 0 or pad 0 asks for another"});
  EXPECT_EQ(notes("INPUT 1x7x7, POOL2"), Notes{"layer 1 \"POOL2\": no window reads the last 1 of 7 inputs"});
  EXPECT_EQ(notes("INPUT 1x7x8, POOL2"),
            Notes{"layer 1 \"POOL2\": no window reads the last 1 of 7 inputs (height)"});
  EXPECT_EQ(notes("INPUT 1x7x7, POOL2 ceil"), Notes{});
  EXPECT_EQ(
      notes("INPUT 1x8x8, CONV1-1 stride 2 pad 0"),
      Notes{"layer 1 \"CONV1-1\": stride 2 is larger than the kernel 1: inputs in between are not read"});
  EXPECT_EQ(
      notes("INPUT 1x8x8, CONV1-1 pad 1"),
      Notes{"layer 1 \"CONV1-1\": padding 1 is not smaller than the kernel 1: windows at the border see only "
            "zeros"});
  EXPECT_EQ(notes("INPUT 32x32x3, POOL2").front(),
            "the input 32x32x3 was read as 32 channels; write 32x32x3 HWC if they come last");
  EXPECT_EQ(notes("INPUT 32x32x3 HWC, POOL2"), Notes{});
  EXPECT_EQ(
      notes("INPUT 1x4x4, DECONV1-1 stride 2"),
      Notes{
          "layer 1 \"DECONV1-1\": from here on the receptive field is not computed: a transposed convolution "
          "leaves holes (dilation, or a stride larger than the kernel)"});
}

}  // namespace
}  // namespace assay::oracles
