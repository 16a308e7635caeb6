/// Output shapes, parameters and multiply-adds of the layers of a list, and how they are miscounted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace assay::oracles::ops::detail {

enum class LayerKind { convolution, max_pool, fully_connected, relu };

struct ListedLayer {
  LayerKind kind;
  std::int64_t width;           ///< outputs: filters, or units
  std::int64_t kernel, stride;  ///< of windows, which are square; at least 1
  std::int64_t padding;         ///< on every side, of convolutions only
};

struct LayerRow {
  std::int64_t channels = 0, height = 0, width = 0;
  std::int64_t parameters = 0, multiply_adds = 0;
};

/// What may be wrong with a count; `none` is the right one.
enum class Miscount {
  none,
  rounded_up,          ///< a last window that does not fit counts
  padding_once,        ///< on one side of the image only
  padding_of_pools,    ///< max pooling is padded too
  one_forgotten,       ///< the + 1 of the number of windows
  bias_forgotten,      ///< weights alone
  channels_forgotten,  ///< a filter of one channel
  weights_not_shared,  ///< a filter for each position
  input_positions,     ///< multiply-adds at the positions of the input
  bias_multiplied,     ///< the bias counted as a multiply-add
  pools_have_weights,  ///< like a convolution's, without bias
  not_flattened,       ///< fully connected to the channels alone
  fit_unchecked,       ///< (negative) / stride, rounded towards 0, + 1
};

/// One row for each layer, for an image of channels x height x width, each at least 1. Where a window does
/// not fit, its row and all later ones are 0.
std::vector<LayerRow> layer_rows(const LayerRow& image, const std::vector<ListedLayer>& layers,
                                 Miscount miscount = Miscount::none);

}  // namespace assay::oracles::ops::detail
