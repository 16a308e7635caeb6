#include "oracles/ops/detail/window.hpp"

#include <limits>
#include <string>

namespace assay::oracles::ops::detail {

namespace {

/// Extents below 2^64 and attributes of at most 2^40: no product or sum of a few leaves this type.
using Wide = __int128;

Shape extents(const Window& window, std::size_t WindowAxis::*extent) {
  Shape result;
  for (const WindowAxis& axis : window) result.push_back(axis.*extent);
  return result;
}

/// Calls found(o, k, i) for each tap that sees the input, outputs first.
template <class Found>
void for_each_tap(const WindowAxis& axis, const Found& found) {
  for (std::size_t o = 0; o < axis.output; ++o) {
    const std::size_t start = o * axis.stride;  // in the padded input
    const std::size_t before = axis.padding > start ? axis.padding - start : 0;
    for (std::size_t k = (before + axis.dilation - 1) / axis.dilation; k < axis.kernel; ++k) {
      const std::size_t i = start + k * axis.dilation - axis.padding;
      if (i >= axis.input) break;
      found(o, k, i);
    }
  }
}

}  // namespace

Shape input_extents(const Window& window) {
  return extents(window, &WindowAxis::input);
}
Shape kernel_extents(const Window& window) {
  return extents(window, &WindowAxis::kernel);
}
Shape output_extents(const Window& window) {
  return extents(window, &WindowAxis::output);
}

void fit_windows(std::string_view operation, std::string_view input, const Shape& shape, Window& window,
                 Fit fit) {
  for (std::size_t a = 0; a < window.size(); ++a) {
    WindowAxis& axis = window[a];
    const Wide span = Wide{axis.dilation} * (Wide{axis.kernel} - 1) + 1, stride = axis.stride;
    const Wide padded = Wide{axis.input} + 2 * Wide{axis.padding};
    const std::size_t place = shape.size() - window.size() + a;
    if (padded > std::numeric_limits<std::int64_t>::max() || span > std::numeric_limits<std::int64_t>::max())
      refuse_shape(operation, input, shape, "an axis " + std::to_string(place) + " below 2^63, with padding");
    if (padded < span)
      refuse_shape(operation, input, shape,
                   "at least " + std::to_string(static_cast<std::int64_t>(span)) + " positions along axis " +
                       std::to_string(place) + ", the extent of the window; it has " +
                       std::to_string(static_cast<std::int64_t>(padded)) + " with its padding");
    Wide windows = (padded - span + (fit == Fit::ceil ? stride - 1 : 0)) / stride + 1;
    if (fit == Fit::ceil && (windows - 1) * stride >= Wide{axis.input} + Wide{axis.padding}) --windows;
    axis.output = static_cast<std::size_t>(windows);
  }
}

Window window_of(const Shape& spatial, const std::vector<std::int64_t>& kernel,
                 const std::vector<std::int64_t>& stride, const std::vector<std::int64_t>& padding,
                 const std::vector<std::int64_t>& dilation) {
  Window window;
  for (std::size_t a = 0; a < spatial.size(); ++a)
    window.push_back({.input = spatial[a],
                      .kernel = static_cast<std::size_t>(kernel[a]),
                      .stride = static_cast<std::size_t>(stride[a]),
                      .padding = static_cast<std::size_t>(padding[a]),
                      .dilation = static_cast<std::size_t>(dilation[a])});
  return window;
}

Meetings Meetings::by_output(const Window& window) {
  Meetings result;
  for (const WindowAxis& axis : window) {
    Axis own{std::vector<std::vector<Meeting>>(axis.output), axis.kernel, axis.input};
    for_each_tap(axis, [&](std::size_t o, std::size_t k, std::size_t i) { own.at[o].push_back({k, i}); });
    result.axes_.push_back(std::move(own));
  }
  return result;
}

Meetings Meetings::by_input(const Window& window) {
  Meetings result;
  for (const WindowAxis& axis : window) {
    Axis own{std::vector<std::vector<Meeting>>(axis.input), axis.kernel, axis.output};
    for_each_tap(axis, [&](std::size_t o, std::size_t k, std::size_t i) { own.at[i].push_back({k, o}); });
    result.axes_.push_back(std::move(own));
  }
  return result;
}

Meetings Meetings::by_tap(const Window& window) {
  Meetings result;
  for (const WindowAxis& axis : window) {
    Axis own{std::vector<std::vector<Meeting>>(axis.kernel), axis.output, axis.input};
    for_each_tap(axis, [&](std::size_t o, std::size_t k, std::size_t i) { own.at[k].push_back({o, i}); });
    result.axes_.push_back(std::move(own));
  }
  return result;
}

}  // namespace assay::oracles::ops::detail
