#pragma once

#include "oracles/ops/detail/max_pool.hpp"

namespace assay::oracles::ops {

/// Maximum of each window, as PyTorch's max_pool2d.
///
///   Y[n, c, p]       = max over k of X[n, c, p · stride − padding + k · dilation]
///   ∂L/∂X[n, c, i]   = Σ over windows p whose maximum is at i of ∂L/∂Y[n, c, p]
///
/// Padding counts as −∞, so it is never the maximum. Output extent: ⌊(H + 2 padding − dilation (K − 1) − 1) /
/// stride⌋ + 1; with ceil_mode rounded up, less one where the last window would start beyond the input and
/// its left padding. Ties: the gradient on balls is the hull of the Clarke subdifferential, [0, 1] for each
/// of the equal maxima; on plain numbers it goes to the one that `ties` names (first in row-major order:
/// PyTorch, TensorFlow), or in even shares to all of them. The tape, which knows no shares, takes the last
/// for even.
struct MaxPool2d : detail::MaxPoolOperation<MaxPool2d> {
  static constexpr std::string_view name = "max_pool2d";
  static constexpr std::size_t rank = 2;

  static Operation spec() {
    return {.name = name,
            .formula =
                "Y[n,c,p] = max over k of X[n,c,p stride - padding + k dilation]; dX[n,c,i] = sum of dY "
                "of the windows whose maximum is at i",
            .domain = "all real X; padding (minus infinity) at most half of the window",
            .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 9.3",
            .inputs = {{"X", "(N, C, H, W)"}},
            .outputs = {{"Y", "(N, C, H', W')"}},
            .attributes = {detail::kernel_size_attribute, detail::pool_stride_attribute,
                           detail::padding_attribute, detail::dilation_attribute, detail::ceil_mode_attribute,
                           detail::ties_attribute},
            .samples = samples()};
  }

 private:
  static std::vector<Sample> samples() {
    return {{{{2, 2, 4, 4}}, {{"kernel_size", "2"}}},
            {{{1, 1, 1, 1}}, {{"kernel_size", "1"}}},
            {{{1, 2, 5, 4}}, {{"kernel_size", "3,2"}, {"stride", "2,1"}, {"padding", "1"}, {"ties", "last"}}},
            {{{2, 1, 5, 6}}, {{"kernel_size", "2"}, {"ceil_mode", "true"}, {"ties", "even"}}},
            {{{1, 1, 5, 5}}, {{"kernel_size", "2"}, {"stride", "3"}, {"dilation", "2,1"}}}};
  }
};

}  // namespace assay::oracles::ops
