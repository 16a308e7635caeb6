/// The rules of the single layers.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "oracles/network/step.hpp"

namespace assay::oracles {

/// What a layer does to a shape, and what it costs.
struct Effect {
  /// How the receptive field goes on.
  enum class Flow {
    positions,  ///< by `steps`, or unchanged if there are none
    gathers,    ///< every output sees the whole map
    restarts,   ///< the vector's entries become positions (embedding)
  };
  Extents shape;
  Product parameters;
  Whole fixed;
  Whole multiply_adds;
  Flow flow = Flow::positions;
  Steps steps;
  bool is_view = false;  ///< the output is the input's memory
  std::vector<std::string> notes;
};

/// Where a layer does not fit its input.
struct Misfit : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// Throws Misfit: "expects 25088 inputs, gets 512 (512x1x1 flattened)".
Effect effect_of(const fixtures::Layer& layer, const Extents& input, const fixtures::Padding& conv_padding,
                 Layout layout);

/// The windows of a convolution or pooling layer over maps of `rank` dimensions. Throws Misfit where a
/// setting has another number of dimensions.
Steps windows_of(const fixtures::Layer& layer, const fixtures::Padding& fallback, std::size_t rank);

/// One extent per dimension from a setting; `what` names it in the message. Throws Misfit.
Extents per_dimension(const Extents& setting, std::size_t rank, const std::string& what);

/// The number of windows along each dimension, and notes about inputs that none of them reads.
/// Throws Misfit where not even one window fits.
Extents window_counts(const Extents& input, const Steps& windows, bool ceil_mode,
                      std::vector<std::string>& notes);

/// Output sizes of a transposed convolution. Throws Misfit where nothing is left.
Extents transposed_sizes(const Extents& input, const Steps& steps, const Extents& output_padding);

/// "height" for dimension 0 of 2.
std::string dimension_name(std::size_t dimension, std::size_t rank);

}  // namespace assay::oracles
