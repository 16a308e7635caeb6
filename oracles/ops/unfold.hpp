#pragma once

#include "oracles/ops/detail/patches.hpp"

namespace assay::oracles::ops {

/// Patches of images as columns (im2col), as PyTorch's unfold.
///
///   Y[n, (c, k), p] = X[n, c, p · stride − padding + k · dilation], 0 outside of X
///   ∂L/∂X           = fold of ∂L/∂Y: each position gets the sum of all entries that came from it
///
/// (c, k) and p are row-major: channels first, then the taps of the kernel.
struct Unfold {
  static constexpr std::string_view name = "unfold";

  static Operation spec() {
    return {
        .name = name,
        .formula = "Y[n,(c,k),p] = X[n,c,p stride - padding + k dilation], 0 outside of X; dX = fold of dY",
        .domain = "all real X; kernel (dilated) no larger than the padded input",
        .source =
            "Chellapilla, Puri and Simard, High Performance Convolutional Neural Networks for Document "
            "Processing, 2006",
        .inputs = {{"X", "(N, C, H, W)"}},
        .outputs = {{"Y", "(N, C KH KW, L)"}},
        .attributes = {detail::kernel_size_attribute, detail::stride_attribute, detail::padding_attribute,
                       detail::dilation_attribute},
        .samples = {{{{2, 2, 3, 4}}, {{"kernel_size", "2"}}},
                    {{{1, 1, 1, 1}}, {{"kernel_size", "1"}}},
                    {{{1, 2, 4, 3}}, {{"kernel_size", "3,2"}, {"padding", "1"}, {"stride", "2,1"}}},
                    {{{1, 1, 4, 4}}, {{"kernel_size", "2"}, {"dilation", "2,1"}, {"stride", "3"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Shape& x = inputs[0];
    const Window window = window_on(x, attributes);
    const Shape kernel = detail::kernel_extents(window);
    return {{x[0], static_cast<std::size_t>(checked_product({x[1], kernel[0], kernel[1]})),
             element_count(detail::output_extents(window))}};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    return {detail::unfolded(arguments.real[0], window_on(arguments.real[0].shape, attributes))};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Shape& x = arguments.real[0].shape;
    return {detail::folded(upstream[0], x[1], window_on(x, attributes))};
  }

 private:
  using Window = detail::Window;
  static Window window_on(const Shape& x, const Attributes& attributes) {
    detail::require_rank(name, "X", x, 4, "(N, C, H, W)");
    return detail::patch_window(name, "X", x, {x[2], x[3]}, attributes);
  }
};

}  // namespace assay::oracles::ops
