/// The table of a network against loops that count (naive.hpp), on random small networks.
#include "oracles/network/network.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "fixtures/load_network.hpp"
#include "tests/oracles/network/expression.hpp"
#include "tests/oracles/network/naive.hpp"

namespace assay::oracles {
namespace {

using naive::Mistake;
using naive::Sizes;

NetworkTable table_of(const std::string& text) {
  return network_table(fixtures::parse_shorthand(text), {});
}

Sizes sizes_of(const Extents& extents) {
  Sizes sizes;
  for (const Whole& extent : extents) sizes.push_back(extent.get_si());
  return sizes;
}

/// Networks of a few small layers in 1, 2 or 3 dimensions; some do not fit.
class Draw {
 public:
  explicit Draw(unsigned seed) : source_(seed) {}

  long number(long low, long high) { return std::uniform_int_distribution<long>(low, high)(source_); }

  Sizes sizes(std::size_t rank, long low, long high) {
    Sizes result;
    for (std::size_t i = 0; i < rank; ++i) result.push_back(number(low, high));
    return result;
  }

  naive::Layer layer(std::size_t rank) {
    using Kind = naive::Layer::Kind;
    const Kind kinds[] = {Kind::conv, Kind::conv, Kind::transposed, Kind::pool, Kind::upsample};
    naive::Layer result;
    result.kind = kinds[number(0, 4)];
    result.groups = number(0, 3) == 0 ? 2 : 1;
    result.count = number(1, 2) * 2;
    result.kernel = sizes(rank, 1, 3);
    result.stride = sizes(rank, 1, 3);
    result.dilation = sizes(rank, 1, 2);
    for (std::size_t i = 0; i < rank; ++i) {
      const bool pools = result.kind == Kind::pool;
      result.pad.push_back(pools ? number(0, result.kernel[i] / 2) : number(0, 2));
      result.outpad.push_back(number(0, std::max(result.stride[i], result.dilation[i]) - 1));
    }
    result.bias = number(0, 1) == 1;
    result.ceil = result.kind == Kind::pool && number(0, 1) == 1;
    return result;
  }

 private:
  std::mt19937 source_;
};

struct Drawn {
  Sizes input;
  std::vector<naive::Layer> layers;
  std::string text;
};

Drawn draw_network(unsigned seed) {
  Draw draw(seed);
  const auto rank = static_cast<std::size_t>(draw.number(1, 3));
  Drawn drawn{draw.sizes(rank, 1, rank == 3 ? 4 : 9), {}, ""};
  drawn.input.insert(drawn.input.begin(), draw.number(1, 2) * 2);
  drawn.text = "INPUT " + naive::joined(drawn.input);
  for (long depth = draw.number(1, 3); depth > 0; --depth) {
    drawn.layers.push_back(draw.layer(rank));
    drawn.text += ", " + naive::shorthand(drawn.layers.back());
  }
  return drawn;
}

/// Outputs of such a layer may depend on no input at all; no field is given then.
bool has_holes(const std::vector<naive::Layer>& layers) {
  for (const naive::Layer& layer : layers)
    for (std::size_t i = 0; i < layer.kernel.size(); ++i)
      if (layer.kind == naive::Layer::Kind::transposed &&
          (layer.dilation[i] > 1 || layer.kernel[i] < layer.stride[i]))
        return true;
  return false;
}

/// "" if the loops and the table agree on one network, else what differs.
std::string difference(const Drawn& drawn, Mistake mistake) {
  NetworkTable table;
  std::size_t failed = 0;
  try {
    table = table_of(drawn.text);
  } catch (const NetworkError& error) {
    failed = error.layer;
  }
  Sizes shape = drawn.input;
  for (std::size_t i = 0; i < drawn.layers.size(); ++i) {
    const auto row = naive::pass(drawn.layers[i], shape, mistake);
    if (!row) return failed == i + 1 ? "" : "an error is missing at layer " + std::to_string(i + 1);
    if (failed == i + 1) return "layer " + std::to_string(failed) + " fits";
    shape = row->shape;
    if (failed != 0) continue;
    const Row& ours = table.rows[i + 1];
    if (sizes_of(ours.shape) != shape) return "shape " + naive::joined(shape);
    if (ours.parameters.value() != row->parameters) return "parameters " + std::to_string(row->parameters);
    if (ours.multiply_adds != row->multiply_adds)
      return "multiply-adds " + std::to_string(row->multiply_adds);
    const std::vector<naive::Layer> until(drawn.layers.begin(),
                                          drawn.layers.begin() + static_cast<long>(i) + 1);
    if (ours.field.has_value() == has_holes(until)) return "a field that is missing, or should be";
    for (std::size_t dimension = 0; ours.field && dimension + 1 < drawn.input.size(); ++dimension)
      if (const long field = naive::field(until, dimension, mistake); ours.field->size[dimension] != field)
        return "field " + std::to_string(field);
  }
  return "";
}

TEST(NetworkTable, AgreesWithLoopsThatCount) {
  int fitting = 0;
  for (unsigned seed = 1; seed <= 600; ++seed) {
    const Drawn drawn = draw_network(seed);
    EXPECT_EQ(difference(drawn, Mistake::none), "") << drawn.text;
    try {
      table_of(drawn.text);
      ++fitting;
    } catch (const NetworkError&) {
    }
  }
  EXPECT_GT(fitting, 200) << "most drawn networks must have a table";
}

/// The comparison above would notice each of these.
TEST(NetworkTable, DisagreesWithLoopsThatMakeAMistake) {
  for (const Mistake mistake : {Mistake::rounds_up, Mistake::forgets_bias, Mistake::forgets_channels,
                                Mistake::forgets_groups, Mistake::pads_one_side, Mistake::forgets_dilation,
                                Mistake::forgets_outpad, Mistake::forgets_earlier_strides}) {
    int noticed = 0;
    for (unsigned seed = 1; seed <= 100; ++seed) noticed += difference(draw_network(seed), mistake) != "";
    EXPECT_GT(noticed, 0) << static_cast<int>(mistake);
  }
}

TEST(NetworkTable, WritesFactorsThatMultiplyToTheCount) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    const Drawn drawn = draw_network(seed);
    try {
      for (const Row& row : table_of(drawn.text + ", BN, FC-3, FC-2 nobias").rows)
        for (const Layout layout : {Layout::channels_first, Layout::channels_last}) {
          const std::string text = row.parameters.text(layout);
          EXPECT_EQ(text.empty() ? 0 : evaluate(text), row.parameters.value()) << drawn.text << ": " << text;
        }
    } catch (const NetworkError&) {
    }
  }
}

/// A fully connected layer sees what all positions of the last map see together.
TEST(NetworkTable, GathersTheFieldOfAWholeMap) {
  int checked = 0;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    const Drawn drawn = draw_network(seed);
    if (has_holes(drawn.layers)) continue;
    for (const char* rest : {", FC-1", ", FLATTEN, RELU, FC-1", ", GLOBALPOOL, CONV1-2"}) {
      try {
        const NetworkTable table = table_of(drawn.text + rest);
        const Sizes map = sizes_of(table.rows[drawn.layers.size()].shape);
        for (std::size_t i = 0; i + 1 < drawn.input.size(); ++i) {
          std::set<long> all;
          for (long o = 0; o < map[i + 1]; ++o)
            all.merge(naive::inputs_of(drawn.layers, drawn.layers.size(), i, o, Mistake::none));
          ASSERT_TRUE(table.rows.back().field.has_value());
          EXPECT_EQ(table.rows.back().field->size[i], naive::extent(all)) << drawn.text << rest;
          EXPECT_TRUE(table.rows.back().field->jump.empty());
          ++checked;
        }
      } catch (const NetworkError&) {
      }
    }
  }
  EXPECT_GT(checked, 200);
}

/// Recurrent cells, attention, embedding: every weight is enumerated.
TEST(NetworkTable, CountsTheWeightsOfSequenceLayers) {
  const long features = 6, length = 4, units = 3;
  long gate = 0, matrix = 0;
  for (long u = 0; u < units; ++u) {
    for (long f = 0; f < features; ++f) ++gate, ++matrix;
    for (long v = 0; v < units; ++v) ++gate, ++matrix;
    ++gate;
  }
  long projection = 0, scores = 0;
  for (long o = 0; o < features; ++o)
    for (long f = 0; f <= features; ++f) ++projection;
  for (long q = 0; q < length; ++q)
    for (long k = 0; k < length; ++k)
      for (long f = 0; f < features; ++f) scores += 2;  // once for the score, once for the weighted sum
  const auto row = [](const std::string& layer) { return table_of("INPUT 6x4, " + layer).rows[1]; };
  EXPECT_EQ(row("RNN-3").parameters.value(), gate);
  EXPECT_EQ(row("GRU-3").parameters.value(), 3 * gate);
  EXPECT_EQ(row("LSTM-3").parameters.value(), 4 * gate);
  EXPECT_EQ(row("LSTM-3 biases 2").parameters.value(), 4 * (gate + units));
  EXPECT_EQ(row("LSTM-3 nobias").parameters.value(), 4 * (gate - units));
  EXPECT_EQ(row("LSTM-3").multiply_adds, 4 * matrix * length);
  EXPECT_EQ(row("LSTM-3").shape, (Extents{units, length}));
  EXPECT_EQ(row("LSTM-3 last").shape, (Extents{units}));
  EXPECT_EQ(row("ATTENTION-2").parameters.value(), 4 * projection);
  EXPECT_EQ(row("ATTENTION-2").multiply_adds, 4 * (projection - features) * length + scores);
  const NetworkTable words = table_of("INPUT 4, EMBED9-6, FC-1");
  EXPECT_EQ(words.rows[1].shape, (Extents{6, 4}));
  EXPECT_EQ(words.rows[1].parameters.value(), 9 * 6);
  EXPECT_EQ(words.rows[2].field->size, Extents{4});
}

TEST(NetworkTable, KeepsRunningStatisticsApartFromWhatIsLearned) {
  const NetworkTable table = table_of("INPUT 8x5x5, BN, BN noaffine, LN, GN-2, IN");
  EXPECT_EQ(table.rows[1].parameters.value(), 16);
  EXPECT_EQ(table.rows[1].fixed, 16);
  EXPECT_EQ(table.rows[2].parameters.value(), 0);
  EXPECT_EQ(table.rows[3].parameters.value(), 2 * 8 * 5 * 5);
  EXPECT_EQ(table.rows[4].parameters.value(), 16);
  EXPECT_EQ(table.fixed, 32);
  EXPECT_EQ(table.parameters, 16 + 400 + 16 + 16);
}

TEST(NetworkTable, CountsMemoryForTheBatchAndNoneForAView) {
  const auto network = fixtures::parse_shorthand("INPUT 2x3x3, CONV3-4, FLATTEN, FC-5");
  const NetworkTable table = network_table(network, {Layout::channels_first, 10, 8});
  EXPECT_EQ(table.rows[0].memory, 2 * 9 * 10 * 8);
  EXPECT_EQ(table.rows[1].memory, 4 * 9 * 10 * 8);
  EXPECT_EQ(table.rows[2].memory, 0);
  EXPECT_EQ(table.memory, (18 + 36 + 5) * 80);
  EXPECT_EQ(table.multiply_adds, 2 * 9 * 36 + 36 * 5) << "for one input, whatever the batch";
}

TEST(NetworkTable, HasNoLargestSize) {
  const Whole big("1000000000000000000");
  const NetworkTable table =
      table_of("INPUT 1000000000000000000x1000000000000000000, CONV3-1000000000000000000, FC-7");
  EXPECT_EQ(table.rows[1].parameters.value(), (3 * big + 1) * big);
  EXPECT_EQ(table.rows[1].multiply_adds, 3 * big * big * big);
  EXPECT_EQ(table.rows[2].parameters.value(), (big * big + 1) * 7);
  EXPECT_EQ(table.rows[2].field->size, Extents{big + 2});
}

/// Nothing is walked through that is larger than a person would wait for.
TEST(NetworkTable, GivesUpOnlyTheFieldOfEndlessPatterns) {
  const NetworkTable table = table_of(
      "INPUT 3x9x9, UPSAMPLE1000000000000, CONV3-4, DECONV1000000000001-4 stride 1000000000000, FC-2");
  EXPECT_FALSE(table.rows[1].field.has_value());
  EXPECT_EQ(table.rows[1].shape[1], 9 * Whole("1000000000000"));
  EXPECT_EQ(
      table.notes.back(),
      "layer 1 \"UPSAMPLE1000000000000\": from here on the receptive field is not computed: its pattern "
      "is too long");
}

}  // namespace
}  // namespace assay::oracles
