#include "oracles/ops/detail/layer_rows.hpp"

namespace assay::oracles::ops::detail {
namespace {

using enum Miscount;

/// Windows along one axis; less than 1 where none fits.
std::int64_t windows(std::int64_t extent, const ListedLayer& layer, Miscount miscount) {
  const bool padded = layer.kind == LayerKind::convolution || miscount == padding_of_pools;
  const std::int64_t sides = miscount == padding_once ? 1 : 2;
  const std::int64_t span = extent + (padded ? sides * layer.padding : 0) - layer.kernel;
  if (span < 0 && miscount != fit_unchecked) return 0;
  const std::int64_t steps = (span + (miscount == rounded_up ? layer.stride - 1 : 0)) / layer.stride;
  return steps + (miscount == one_forgotten ? 0 : 1);
}

LayerRow windowed(const LayerRow& in, const ListedLayer& layer, Miscount miscount) {
  const bool convolution = layer.kind == LayerKind::convolution;
  LayerRow row{convolution ? layer.width : in.channels, windows(in.height, layer, miscount),
               windows(in.width, layer, miscount)};
  if (row.height < 1 || row.width < 1) return {};
  if (!convolution && miscount != pools_have_weights) return row;
  const std::int64_t taps =
      layer.kernel * layer.kernel * (miscount == channels_forgotten || !convolution ? 1 : in.channels);
  const std::int64_t positions = miscount == input_positions ? in.height * in.width : row.height * row.width;
  const std::int64_t bias = miscount == bias_forgotten || !convolution ? 0 : 1;
  row.parameters = row.channels * (taps + bias) * (miscount == weights_not_shared ? positions : 1);
  row.multiply_adds = row.channels * positions * (taps + (miscount == bias_multiplied ? 1 : 0));
  return row;
}

LayerRow connected(const LayerRow& in, const ListedLayer& layer, Miscount miscount) {
  const std::int64_t inputs = in.channels * (miscount == not_flattened ? 1 : in.height * in.width);
  return {layer.width, 1, 1, layer.width * (inputs + (miscount == bias_forgotten ? 0 : 1)),
          layer.width * (inputs + (miscount == bias_multiplied ? 1 : 0))};
}

}  // namespace

std::vector<LayerRow> layer_rows(const LayerRow& image, const std::vector<ListedLayer>& layers,
                                 Miscount miscount) {
  std::vector<LayerRow> rows;
  LayerRow in = image;
  for (const ListedLayer& layer : layers) {
    LayerRow row;
    if (in.channels == 0)
      row = {};
    else if (layer.kind == LayerKind::relu)
      row = {in.channels, in.height, in.width};
    else if (layer.kind == LayerKind::fully_connected)
      row = connected(in, layer, miscount);
    else
      row = windowed(in, layer, miscount);
    rows.push_back(row);
    in = row;
  }
  return rows;
}

}  // namespace assay::oracles::ops::detail
