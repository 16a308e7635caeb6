#include "oracles/ops/detail/pooling.hpp"

#include <string>

namespace assay::oracles::ops::detail {

namespace {

/// Taps further apart than the input is long may step over it, so that each lands in the padding. Otherwise
/// a window whose padding is at most half of it sees something.
bool sees_only_padding(const WindowAxis& axis) {
  if (axis.dilation <= axis.input) return false;
  for (std::size_t o = 0; o < axis.output; ++o) {
    const std::size_t start = o * axis.stride;
    if (start >= axis.padding) break;  // from here on windows start inside the input
    const std::size_t tap = (axis.padding - start + axis.dilation - 1) / axis.dilation;
    if (tap >= axis.kernel || start + tap * axis.dilation >= axis.padding + axis.input) return true;
  }
  return false;
}

void require_half(const Attributes& attributes, const WindowAxis& axis) {
  const std::uint64_t span =
      axis.dilation * (axis.kernel - 1) + 1;  // fits: fit_windows compared it with the input
  if (axis.padding > span / 2)
    refuse_attribute(attributes, padding_attribute,
                     "at most " + std::to_string(span / 2) + ", half the extent of the window");
}

}  // namespace

Window pooling_window(std::string_view operation, const Shape& x, std::size_t rank,
                      const Attributes& attributes, const AttributeSpec* dilation) {
  require_rank(operation, "X", x, rank + 2, rank == 1 ? "(N, C, L)" : "(N, C, H, W)");
  const auto kernel = integers_attribute(attributes, kernel_size_attribute, rank, 1);
  const bool own_stride = text_attribute(attributes, pool_stride_attribute) != pool_stride_attribute.fallback;
  Window window = window_of(
      Shape(x.begin() + 2, x.end()), kernel,
      own_stride ? integers_attribute(attributes, pool_stride_attribute, rank, 1) : kernel,
      integers_attribute(attributes, padding_attribute, rank, 0),
      dilation ? integers_attribute(attributes, *dilation, rank, 1) : std::vector<std::int64_t>(rank, 1));
  const bool ceil = flag_attribute(attributes, ceil_mode_attribute);
  fit_windows(operation, "X", x, window, ceil ? Fit::ceil : Fit::floor);
  for (const WindowAxis& axis : window) {
    require_half(attributes, axis);
    if (sees_only_padding(axis))
      refuse_shape(operation, "X", x, "windows that see at least one of its elements");
  }
  return window;
}

Shape pooled_shape(const Shape& x, const Window& window) {
  Shape result = {x[0], x[1]};
  for (const WindowAxis& axis : window) result.push_back(axis.output);
  return result;
}

}  // namespace assay::oracles::ops::detail
