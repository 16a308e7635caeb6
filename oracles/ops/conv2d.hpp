#pragma once

#include "oracles/ops/detail/convolution.hpp"

namespace assay::oracles::ops {

/// Convolution of N images with O filters, as PyTorch's conv2d: cross-correlation, NCHW and OIHW.
///
///   Y[n, o, p] = b_o + Σ_c Σ_k W[o, c, k] X[n, c, p · stride − padding + k · dilation]    0 outside of X
///   ∂L/∂X      = the transposed convolution of ∂L/∂Y with W
///   ∂L/∂W[o, c, k] = Σₙ Σ_p ∂L/∂Y[n, o, p] X[n, c, p · stride − padding + k · dilation]
///   ∂L/∂b_o    = Σₙ Σ_p ∂L/∂Y[n, o, p]
///
/// p and k have one entry per spatial axis; with groups, filter o sees the channels of its own group only.
/// Output extent: ⌊(H + 2 padding − dilation (K − 1) − 1) / stride⌋ + 1. The bias may be left out.
struct Conv2d : detail::ConvolutionOperation<Conv2d> {
  static constexpr std::string_view name = "conv2d";
  static constexpr std::size_t rank = 2;

  static Operation spec() {
    return {
        .name = name,
        .formula =
            "Y[n,o,p] = b[o] + sum_{c,k} W[o,c,k] X[n,c,p stride - padding + k dilation] (no flip); dX: "
            "transposed convolution of dY; dW[o,c,k] = sum_{n,p} dY[n,o,p] X[n,c,...]; db = sums of dY",
        .domain = "all real X, W, b; 0 outside of X; kernel (dilated) no larger than the padded input",
        .source =
            "Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016, sections 2, 4",
        .inputs = {{"X", "(N, C, H, W)"},
                   {"W", "(O, C / groups, KH, KW)"},
                   {.name = "b", .shape = "(O)", .optional = true}},
        .outputs = {{"Y", "(N, O, H', W')"}},
        .attributes = {detail::stride_attribute, detail::padding_attribute, detail::dilation_attribute,
                       detail::groups_attribute},
        .samples = {{{{2, 2, 4, 4}, {3, 2, 3, 3}, {3}}, {{"padding", "1"}}},
                    {{{1, 1, 1, 1}, {1, 1, 1, 1}, {1}}},
                    {{{2, 2, 5, 6}, {2, 2, 2, 3}, {2}}, {{"stride", "2"}, {"padding", "1,0"}}},
                    {{{1, 4, 4, 5}, {4, 2, 2, 2}, {4}}, {{"groups", "2"}, {"dilation", "1,2"}}},
                    {{{1, 2, 2, 3}, {4, 1, 2, 2}, {4}}, {{"groups", "2"}, {"padding", "2"}, {"stride", "3"}}},
                    {{{2, 1, 3, 3}, {2, 1, 2, 2}, {0}}}}};
  }
};

}  // namespace assay::oracles::ops
