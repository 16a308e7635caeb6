#pragma once

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/patches.hpp"

namespace assay::oracles::ops {

/// Columns back into images (col2im), as PyTorch's fold: the adjoint of unfold, not its inverse.
///
///   Y[n, c, i] = Σ_{p, k: p · stride − padding + k · dilation = i} X[n, (c, k), p]
///   ∂L/∂X      = unfold of ∂L/∂Y
///
/// Where patches overlap they are added, never averaged; positions that no patch covers are 0.
struct Fold {
  static constexpr std::string_view name = "fold";
  static constexpr AttributeSpec output_size_attribute{
      "output_size", "", "extents of the image, one for both axes or one each; always given",
      AttributeKind::integers};

  static Operation spec() {
    return {
        .name = name,
        .formula =
            "Y[n,c,i] = sum of X[n,(c,k),p] over p stride - padding + k dilation = i; dX = unfold of dY",
        .domain = "all real X; as many columns as windows fit into the image",
        .source =
            "Chellapilla, Puri and Simard, High Performance Convolutional Neural Networks for Document "
            "Processing, 2006",
        .inputs = {{"X", "(N, C KH KW, L)"}},
        .outputs = {{"Y", "(N, C, H, W)"}},
        .attributes = {output_size_attribute, detail::kernel_size_attribute, detail::stride_attribute,
                       detail::padding_attribute, detail::dilation_attribute},
        .samples = {{{{2, 4, 6}}, {{"output_size", "3,4"}, {"kernel_size", "2"}}},
                    {{{1, 1, 1}}, {{"output_size", "1"}, {"kernel_size", "1"}}},
                    {{{1, 12, 8}},
                     {{"output_size", "4,3"}, {"kernel_size", "3,2"}, {"padding", "1"}, {"stride", "2,1"}}},
                    {{{1, 4, 2}},
                     {{"output_size", "3,5"}, {"kernel_size", "2"}, {"dilation", "2,1"}, {"stride", "3"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Shape& x = inputs[0];
    const detail::Window window = window_on(x, attributes);
    const Shape image = detail::input_extents(window);
    const std::size_t taps = element_count(detail::kernel_extents(window));
    const std::size_t columns = element_count(detail::output_extents(window));
    if (x[1] % taps != 0)
      detail::refuse_shape(name, "X", x,
                           "a multiple of " + std::to_string(taps) + " rows, the window's extent");
    if (x[2] != columns)
      detail::refuse_shape(
          name, "X", x,
          std::to_string(columns) + " columns, one for each window in an image of " + to_string(image));
    return {{x[0], x[1] / taps, image[0], image[1]}};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    const detail::Window window = window_on(x.shape, attributes);
    return {detail::folded(x, x.shape[1] / element_count(detail::kernel_extents(window)), window)};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    return {detail::unfolded(upstream[0], window_on(arguments.real[0].shape, attributes))};
  }

 private:
  static detail::Window window_on(const Shape& x, const Attributes& attributes) {
    detail::require_rank(name, "X", x, 3, "(N, C KH KW, L)");
    const auto size = integers_attribute(attributes, output_size_attribute, 2, 1);
    return detail::patch_window(
        name, "X", x, {static_cast<std::size_t>(size[0]), static_cast<std::size_t>(size[1])}, attributes);
  }
};

}  // namespace assay::oracles::ops
