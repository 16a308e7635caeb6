/// Windows that slide along spatial axes: the geometry of convolutions, poolings, unfold and fold.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops::detail {

/// One axis. Through tap k, output position o sees input position
///
///   i = o · stride − padding + k · dilation        if 0 ≤ i < input; otherwise the padding
struct WindowAxis {
  std::size_t input = 1;
  std::size_t kernel = 1;
  std::size_t stride = 1;
  std::size_t padding = 0;  ///< on both sides
  std::size_t dilation = 1;
  std::size_t output = 1;

  bool operator==(const WindowAxis&) const = default;
};

/// One entry per spatial axis, outermost first.
using Window = std::vector<WindowAxis>;

Shape input_extents(const Window& window);
Shape kernel_extents(const Window& window);
Shape output_extents(const Window& window);

inline constexpr AttributeSpec kernel_size_attribute{
    "kernel_size", "", "extent of the window, one for all axes or one each; always given",
    AttributeKind::integers};
inline constexpr AttributeSpec stride_attribute{
    "stride", "1", "distance of neighbouring windows, one for all axes or one each", AttributeKind::integers};
inline constexpr AttributeSpec padding_attribute{
    "padding", "0", "positions added on both sides, one for all axes or one each", AttributeKind::integers};
inline constexpr AttributeSpec dilation_attribute{
    "dilation", "1", "distance of neighbouring taps, one for all axes or one each", AttributeKind::integers};

/// How many windows fit; `ceil_mode` admits a last one that is cut off, if it starts inside the input or the
/// padding before it.
enum class Fit { floor, ceil };

/// Sets `output` = ⌊(input + 2 padding − dilation (kernel − 1) − 1) / stride⌋ + 1 (floor) of each axis.
/// Throws ShapeError where a window is larger than the padded input, or a number does not fit into 64 bits.
void fit_windows(std::string_view operation, std::string_view input, const Shape& shape, Window& window,
                 Fit fit = Fit::floor);

/// One number per axis each; the outputs are still to be fitted.
Window window_of(const Shape& spatial, const std::vector<std::int64_t>& kernel,
                 const std::vector<std::int64_t>& stride, const std::vector<std::int64_t>& padding,
                 const std::vector<std::int64_t>& dilation);

/// Two places that meet at a third one.
struct Meeting {
  std::size_t first;
  std::size_t second;
};

/// All (output o, tap k, input i) of a window, grouped by one of the three. Places are row-major indices over
/// all axes; meetings with the padding are left out.
class Meetings {
 public:
  /// At each output: the taps and the inputs they see.
  static Meetings by_output(const Window& window);
  /// At each input: the taps and the outputs that see it.
  static Meetings by_input(const Window& window);
  /// At each tap: the outputs and the inputs.
  static Meetings by_tap(const Window& window);

  /// Calls visit(place, std::span<const Meeting>) at each place, in row-major order.
  template <class Visit>
  void for_each(const Visit& visit) const {
    std::vector<std::vector<Meeting>> found(axes_.size() + 1);
    found[0] = {{0, 0}};
    descend(0, 0, found, visit);
  }

 private:
  struct Axis {
    std::vector<std::vector<Meeting>> at;  // each place
    std::size_t firsts, seconds;           // extents
  };

  /// The meetings of several axes are all combinations of those of each.
  template <class Visit>
  void descend(std::size_t depth, std::size_t place, std::vector<std::vector<Meeting>>& found,
               const Visit& visit) const {
    if (depth == axes_.size()) return visit(place, std::span<const Meeting>(found[depth]));
    const Axis& axis = axes_[depth];
    for (std::size_t p = 0; p < axis.at.size(); ++p) {
      std::vector<Meeting>& combined = found[depth + 1];
      combined.clear();
      for (const Meeting& outer : found[depth])
        for (const Meeting& own : axis.at[p])
          combined.push_back(
              {outer.first * axis.firsts + own.first, outer.second * axis.seconds + own.second});
      descend(depth + 1, place * axis.at.size() + p, found, visit);
    }
  }

  std::vector<Axis> axes_;
};

}  // namespace assay::oracles::ops::detail
