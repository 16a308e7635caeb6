#pragma once

#include "oracles/ops/detail/avg_pool.hpp"

namespace assay::oracles::ops {

/// Average of each window, as PyTorch's avg_pool2d.
///
///   Y[n, c, p]     = (1 / count_p) Σ_k X[n, c, p · stride − padding + k]        0 outside of X
///   ∂L/∂X[n, c, i] = Σ over windows p that see i of ∂L/∂Y[n, c, p] / count_p
///
/// count_p is the number of positions of window p: within the padded input where count_include_pad is true,
/// within the input itself where it is false. Output extent: ⌊(H + 2 padding − K) / stride⌋ + 1; with
/// ceil_mode rounded up, less one where the last window would start beyond the input and its left padding.
struct AvgPool2d : detail::AvgPoolOperation<AvgPool2d> {
  static constexpr std::string_view name = "avg_pool2d";
  static constexpr std::size_t rank = 2;

  static Operation spec() {
    return {.name = name,
            .formula =
                "Y[n,c,p] = (1/count[p]) sum_k X[n,c,p stride - padding + k]; dX[n,c,i] = sum of "
                "dY[n,c,p] / count[p] over the windows p that see i",
            .domain = "all real X; padding (zeros) at most half of the window",
            .source =
                "LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition, "
                "1998, section II",
            .inputs = {{"X", "(N, C, H, W)"}},
            .outputs = {{"Y", "(N, C, H', W')"}},
            .attributes = {detail::kernel_size_attribute, detail::pool_stride_attribute,
                           detail::padding_attribute, detail::ceil_mode_attribute,
                           detail::count_include_pad_attribute},
            .samples = {
                {{{2, 2, 4, 4}}, {{"kernel_size", "2"}}},
                {{{1, 1, 1, 1}}, {{"kernel_size", "1"}}},
                {{{1, 2, 5, 4}}, {{"kernel_size", "3,2"}, {"stride", "2,1"}, {"padding", "1"}}},
                {{{1, 2, 5, 4}}, {{"kernel_size", "3"}, {"padding", "1,0"}, {"count_include_pad", "false"}}},
                {{{2, 1, 6, 5}},
                 {{"kernel_size", "3,2"}, {"stride", "2"}, {"padding", "1"}, {"ceil_mode", "true"}}}}};
  }
};

}  // namespace assay::oracles::ops
