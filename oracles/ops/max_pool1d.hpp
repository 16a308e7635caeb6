#pragma once

#include "oracles/ops/detail/max_pool.hpp"

namespace assay::oracles::ops {

/// Maximum of each window, as PyTorch's max_pool1d; conventions as in max_pool2d.
///
///   Y[n, c, p]       = max over k of X[n, c, p · stride − padding + k · dilation]
///   ∂L/∂X[n, c, i]   = Σ over windows p whose maximum is at i of ∂L/∂Y[n, c, p]
struct MaxPool1d : detail::MaxPoolOperation<MaxPool1d> {
  static constexpr std::string_view name = "max_pool1d";
  static constexpr std::size_t rank = 1;

  static Operation spec() {
    return {
        .name = name,
        .formula =
            "Y[n,c,p] = max over k of X[n,c,p stride - padding + k dilation]; dX[n,c,i] = sum of dY "
            "of the windows whose maximum is at i",
        .domain = "all real X; padding (minus infinity) at most half of the window",
        .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 9.3",
        .inputs = {{"X", "(N, C, L)"}},
        .outputs = {{"Y", "(N, C, L')"}},
        .attributes = {detail::kernel_size_attribute, detail::pool_stride_attribute,
                       detail::padding_attribute, detail::dilation_attribute, detail::ceil_mode_attribute,
                       detail::ties_attribute},
        .samples = {
            {{{2, 2, 6}}, {{"kernel_size", "2"}}},
            {{{1, 1, 1}}, {{"kernel_size", "1"}}},
            {{{1, 2, 7}}, {{"kernel_size", "3"}, {"stride", "2"}, {"padding", "1"}, {"ties", "last"}}},
            {{{2, 1, 6}}, {{"kernel_size", "3"}, {"stride", "2"}, {"ceil_mode", "true"}, {"ties", "even"}}},
            {{{1, 1, 7}}, {{"kernel_size", "2"}, {"stride", "3"}, {"dilation", "2"}}}}};
  }
};

}  // namespace assay::oracles::ops
