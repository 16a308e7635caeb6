#pragma once

#include "oracles/ops/detail/convolution.hpp"

namespace assay::oracles::ops {

/// Convolution of N sequences with O filters, as PyTorch's conv1d: cross-correlation, layouts (N, C, L) and
/// (O, C / groups, K).
///
///   Y[n, o, p] = b_o + Σ_c Σ_k W[o, c, k] X[n, c, p · stride − padding + k · dilation]    0 outside of X
///   ∂L/∂X      = the transposed convolution of ∂L/∂Y with W
///   ∂L/∂W[o, c, k] = Σₙ Σ_p ∂L/∂Y[n, o, p] X[n, c, p · stride − padding + k · dilation]
///   ∂L/∂b_o    = Σₙ Σ_p ∂L/∂Y[n, o, p]
///
/// p and k have one entry per spatial axis; with groups, filter o sees the channels of its own group only.
/// Output extent: ⌊(L + 2 padding − dilation (K − 1) − 1) / stride⌋ + 1. The bias may be left out.
struct Conv1d : detail::ConvolutionOperation<Conv1d> {
  static constexpr std::string_view name = "conv1d";
  static constexpr std::size_t rank = 1;

  static Operation spec() {
    return {
        .name = name,
        .formula =
            "Y[n,o,p] = b[o] + sum_{c,k} W[o,c,k] X[n,c,p stride - padding + k dilation] (no flip); dX: "
            "transposed convolution of dY; dW[o,c,k] = sum_{n,p} dY[n,o,p] X[n,c,...]; db = sums of dY",
        .domain = "all real X, W, b; 0 outside of X; kernel (dilated) no larger than the padded input",
        .source =
            "Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016, sections 2, 4",
        .inputs = {{"X", "(N, C, L)"},
                   {"W", "(O, C / groups, K)"},
                   {.name = "b", .shape = "(O)", .optional = true}},
        .outputs = {{"Y", "(N, O, L')"}},
        .attributes = {detail::stride_attribute, detail::padding_attribute, detail::dilation_attribute,
                       detail::groups_attribute},
        .samples = {{{{2, 2, 5}, {3, 2, 3}, {3}}, {{"padding", "1"}}},
                    {{{1, 1, 1}, {1, 1, 1}, {1}}},
                    {{{2, 3, 7}, {2, 3, 2}, {2}}, {{"stride", "3"}, {"padding", "2"}}},
                    {{{2, 4, 6}, {2, 2, 3}, {2}}, {{"groups", "2"}, {"dilation", "2"}}},
                    {{{1, 2, 4}, {2, 2, 4}, {0}}}}};
  }
};

}  // namespace assay::oracles::ops
