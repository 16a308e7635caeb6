#pragma once

#include "oracles/ops/detail/convolution.hpp"

namespace assay::oracles::ops {

/// Transposed convolution of N images, as PyTorch's conv_transpose2d: the adjoint of conv2d with the same
/// attributes, so W has the layout (channels of X, channels of Y per group, KH, KW).
///
///   Y[n, o, i] = b_o + Σ_c Σ_{p, k: p · stride − padding + k · dilation = i} W[c, o, k] X[n, c, p]
///   ∂L/∂X      = the convolution (conv2d) of ∂L/∂Y with W
///   ∂L/∂W[c, o, k] = Σₙ Σ_p X[n, c, p] ∂L/∂Y[n, o, p · stride − padding + k · dilation]
///   ∂L/∂b_o    = Σₙ Σ_i ∂L/∂Y[n, o, i]
///
/// Output extent: (H − 1) stride − 2 padding + dilation (K − 1) + output_padding + 1. The positions of
/// output_padding are at the end only, and get what the kernel reaches there, or the bias alone.
struct ConvTranspose2d {
  static constexpr std::string_view name = "conv_transpose2d";
  static constexpr std::size_t rank = 2;

  static Operation spec() {
    return {
        .name = name,
        .formula =
            "Y[n,o,i] = b[o] + sum of W[c,o,k] X[n,c,p] over p stride - padding + k dilation = i; dX = "
            "conv2d of dY with W; dW[c,o,k] = sum_{n,p} X[n,c,p] dY[n,o,...]; db = sums of dY",
        .domain = "all real X, W, b; output_padding < max(stride, dilation)",
        .source = "Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016, section 4",
        .inputs = {{"X", "(N, C, H, W)"},
                   {"W", "(C, O / groups, KH, KW)"},
                   {.name = "b", .shape = "(O)", .optional = true}},
        .outputs = {{"Y", "(N, O, H', W')"}},
        .attributes = {detail::stride_attribute, detail::padding_attribute, detail::dilation_attribute,
                       detail::groups_attribute, detail::output_padding_attribute},
        .samples = {{{{2, 2, 2, 3}, {2, 3, 3, 3}, {3}}, {{"stride", "2"}, {"padding", "1"}}},
                    {{{1, 1, 1, 1}, {1, 1, 1, 1}, {1}}},
                    {{{1, 2, 3, 2}, {2, 1, 3, 2}, {1}},
                     {{"stride", "2,3"}, {"padding", "1,0"}, {"output_padding", "1,2"}}},
                    {{{2, 4, 2, 2}, {4, 1, 2, 2}, {2}}, {{"groups", "2"}, {"dilation", "2,1"}}},
                    {{{1, 2, 2, 2}, {2, 2, 2, 2}, {0}}, {{"stride", "3"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    return {detail::transposed_convolution_of(name, inputs, attributes, rank).x_shape()};
  }

  /// Each element of X meets each weight of its channel: products that the padding crops count too.
  static Cost cost(const Shapes& inputs, const Attributes& attributes) {
    const auto c = detail::transposed_convolution_of(name, inputs, attributes, rank);
    return {.multiply_adds = detail::multiply_adds(c),
            .parameters = element_count(inputs[1]) + element_count(inputs[2])};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>&x = arguments.real[0], &w = arguments.real[1], &b = arguments.real[2];
    const auto c = detail::transposed_convolution_of(name, {x.shape, w.shape, b.shape}, attributes, rank);
    return {detail::spread(x, w, b, c)};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>&x = arguments.real[0], &w = arguments.real[1], &b = arguments.real[2], &g = upstream[0];
    const auto c = detail::transposed_convolution_of(name, {x.shape, w.shape, b.shape}, attributes, rank);
    const Tensor<T> none(absent);
    return {detail::correlated(g, w, none, c), detail::weight_gradient(g, x, c),
            b.size() ? detail::channel_sums(g) : none};
  }
};

}  // namespace assay::oracles::ops
