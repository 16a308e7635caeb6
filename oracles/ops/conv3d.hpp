#pragma once

#include "oracles/ops/detail/convolution.hpp"

namespace assay::oracles::ops {

/// Convolution of N volumes with O filters, as PyTorch's conv3d: cross-correlation, layouts (N, C, D, H, W)
/// and (O, C / groups, KD, KH, KW).
///
///   Y[n, o, p] = b_o + Σ_c Σ_k W[o, c, k] X[n, c, p · stride − padding + k · dilation]    0 outside of X
///   ∂L/∂X      = the transposed convolution of ∂L/∂Y with W
///   ∂L/∂W[o, c, k] = Σₙ Σ_p ∂L/∂Y[n, o, p] X[n, c, p · stride − padding + k · dilation]
///   ∂L/∂b_o    = Σₙ Σ_p ∂L/∂Y[n, o, p]
///
/// p and k have one entry per spatial axis; with groups, filter o sees the channels of its own group only.
/// Output extent: ⌊(D + 2 padding − dilation (K − 1) − 1) / stride⌋ + 1. The bias may be left out.
struct Conv3d : detail::ConvolutionOperation<Conv3d> {
  static constexpr std::string_view name = "conv3d";
  static constexpr std::size_t rank = 3;

  static Operation spec() {
    return {
        .name = name,
        .formula =
            "Y[n,o,p] = b[o] + sum_{c,k} W[o,c,k] X[n,c,p stride - padding + k dilation] (no flip); dX: "
            "transposed convolution of dY; dW[o,c,k] = sum_{n,p} dY[n,o,p] X[n,c,...]; db = sums of dY",
        .domain = "all real X, W, b; 0 outside of X; kernel (dilated) no larger than the padded input",
        .source =
            "Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016, sections 2, 4",
        .inputs = {{"X", "(N, C, D, H, W)"},
                   {"W", "(O, C / groups, KD, KH, KW)"},
                   {.name = "b", .shape = "(O)", .optional = true}},
        .outputs = {{"Y", "(N, O, D', H', W')"}},
        .attributes = {detail::stride_attribute, detail::padding_attribute, detail::dilation_attribute,
                       detail::groups_attribute},
        .samples = {{{{1, 2, 3, 3, 3}, {2, 2, 2, 2, 2}, {2}}},
                    {{{2, 1, 1, 1, 1}, {1, 1, 1, 1, 1}, {1}}},
                    {{{2, 1, 2, 3, 4}, {2, 1, 2, 1, 2}, {2}}, {{"stride", "1,2,2"}, {"padding", "1,0,1"}}},
                    {{{1, 2, 3, 1, 3}, {2, 1, 2, 1, 2}, {0}}, {{"groups", "2"}, {"dilation", "2,1,1"}}}}};
  }
};

}  // namespace assay::oracles::ops
