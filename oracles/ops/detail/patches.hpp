/// Patches as columns: what unfold and fold share.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "oracles/numeric/gather.hpp"
#include "oracles/ops/detail/window.hpp"

namespace assay::oracles::ops::detail {

/// The window that slides over images of extents `image`; throws ShapeError where it does not fit into
/// `shape` of `input`.
Window patch_window(std::string_view operation, std::string_view input, const Shape& shape,
                    const Shape& image, const Attributes& attributes);

/// (N, C, H, W) as (N, C · taps, L): column p holds what window p sees, zeros for the padding.
template <class T>
Tensor<T> unfolded(const Tensor<T>& image, const Window& window) {
  const std::size_t taps = element_count(kernel_extents(window));
  const std::size_t inputs = element_count(input_extents(window));
  const std::size_t positions = element_count(output_extents(window));
  Tensor<T> columns(Shape{image.shape[0], image.shape[1] * taps, positions});
  for (T& element : columns.data) element = T(0);
  const std::size_t planes = image.shape[0] * image.shape[1];
  Meetings::by_output(window).for_each([&](std::size_t p, std::span<const Meeting> seen) {
    for (std::size_t plane = 0; plane < planes; ++plane)
      for (const Meeting& tap : seen)
        columns[(plane * taps + tap.first) * positions + p] = image[plane * inputs + tap.second];
  });
  return columns;
}

/// The adjoint: each position of the image is the sum of all entries that see it.
template <class T>
Tensor<T> folded(const Tensor<T>& columns, std::size_t channels, const Window& window) {
  const std::size_t taps = element_count(kernel_extents(window));
  const std::size_t inputs = element_count(input_extents(window));
  const std::size_t positions = element_count(output_extents(window));
  Shape shape = {columns.shape[0], channels};
  for (const WindowAxis& axis : window) shape.push_back(axis.input);
  Tensor<T> image(shape);
  Gathered<T> terms;
  Meetings::by_input(window).for_each([&](std::size_t i, std::span<const Meeting> met) {
    for (std::size_t plane = 0; plane < shape[0] * channels; ++plane) {
      terms.reset(met.size());
      for (std::size_t k = 0; k < met.size(); ++k)
        terms.set(k, columns[(plane * taps + met[k].first) * positions + met[k].second]);
      image[plane * inputs + i] = sum(terms.data(), 1, terms.size());
    }
  });
  return image;
}

}  // namespace assay::oracles::ops::detail
