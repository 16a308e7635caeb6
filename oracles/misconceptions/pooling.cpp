#include <algorithm>
#include <string>

#include "oracles/misconceptions/mistaken.hpp"
#include "oracles/ops/adaptive_avg_pool2d.hpp"
#include "oracles/ops/avg_pool1d.hpp"
#include "oracles/ops/avg_pool2d.hpp"
#include "oracles/ops/global_avg_pool2d.hpp"
#include "oracles/ops/max_pool1d.hpp"
#include "oracles/ops/max_pool2d.hpp"
#include "oracles/ops/upsample_bilinear2d.hpp"
#include "oracles/ops/upsample_nearest2d.hpp"
#include "oracles/ops/zero_pad2d.hpp"

namespace assay::oracles::mistakes {

namespace {

using ops::detail::Meeting;

/// The output of one window is the gradient of all its inputs.
template <class Op>
Tensors<Ball> to_whole_window(In a, Up u, Set s) {
  const Shape& x = a.real[0].shape;
  Tensor<Ball> dx(x);
  ops::detail::for_each_window(x, Op::window(x, s),
                               [&](std::size_t output, std::size_t first, std::span<const Meeting> seen) {
                                 for (const Meeting& tap : seen) dx[first + tap.second] += u[0][output];
                               });
  return {dx};
}

/// Of two windows with the same maximum the later one counts alone.
Tensors<Ball> overlaps_overwritten(In a, Up u, Set s) {
  const Tensor<Ball>& x = a.real[0];
  Tensor<Ball> dx(x.shape);
  ops::detail::for_each_window(x.shape, ops::MaxPool2d::window(x.shape, s),
                               [&](std::size_t output, std::size_t first, std::span<const Meeting> seen) {
                                 std::size_t best = first + seen[0].second;
                                 for (const Meeting& tap : seen)
                                   if (less(x[best], x[first + tap.second]) == Truth::yes)
                                     best = first + tap.second;
                                 dx[best] = u[0][output];
                               });
  return {dx};
}

/// A window that reaches into the padding sees a 0 there.
template <class Op>
struct PaddingIsZero {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    Tensor<T> y = Op::forward(a, attributes)[0];
    const Shape& x = a.real[0].shape;
    const auto window = Op::window(x, attributes);
    const std::size_t taps = element_count(ops::detail::kernel_extents(window));
    ops::detail::for_each_window(x, window,
                                 [&](std::size_t output, std::size_t, std::span<const Meeting> seen) {
                                   if (seen.size() < taps) y[output] = relu(y[output]);
                                 });
    return {y};
  }
};

/// Whatever the attribute says.
template <class Op>
struct PaddingNotCounted {
  static constexpr std::string_view operation = Op::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, Attributes attributes) {
    attributes["count_include_pad"] = "false";
    return Op::forward(a, attributes);
  }
};

struct AlwaysByTheKernel {
  static constexpr std::string_view operation = "avg_pool2d";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    const Tensor<T>& x = a.real[0];
    Tensor<T> y(ops::AvgPool2d::output_shapes({x.shape}, attributes)[0]);
    const auto window = ops::AvgPool2d::window(x.shape, attributes);
    const T taps = ops::detail::count_as<T>(element_count(ops::detail::kernel_extents(window)));
    ops::detail::for_each_window(x.shape, window,
                                 [&](std::size_t output, std::size_t first, std::span<const Meeting> seen) {
                                   for (const Meeting& tap : seen) y[output] += x[first + tap.second];
                                   y[output] /= taps;
                                 });
    return {y};
  }
};

/// Windows of one size at one distance: stride ⌊H / H'⌋, kernel H − (H' − 1) stride.
struct EqualWindows {
  static constexpr std::string_view operation = "adaptive_avg_pool2d";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    const Tensor<T>& x = a.real[0];
    Tensor<T> y(ops::AdaptiveAvgPool2d::output_shapes({x.shape}, attributes)[0]);
    const std::size_t h = x.shape[2], w = x.shape[3], rows = y.shape[2], columns = y.shape[3];
    const std::size_t step_h = h / rows, step_w = w / columns;
    const std::size_t extent_h = h - (rows - 1) * step_h, extent_w = w - (columns - 1) * step_w;
    for (std::size_t o = 0; o < y.size(); ++o) {
      const std::size_t plane = o / columns / rows, p = o / columns % rows, q = o % columns;
      for (std::size_t i = 0; i < extent_h; ++i)
        for (std::size_t j = 0; j < extent_w; ++j)
          y[o] += x[(plane * h + p * step_h + i) * w + q * step_w + j];
      y[o] /= ops::detail::count_as<T>(extent_h * extent_w);
    }
    return {y};
  }
};

/// The image side by side, in place of each pixel as a block.
struct Tiled {
  static constexpr std::string_view operation = "upsample_nearest2d";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& attributes) {
    const Tensor<T>& x = a.real[0];
    Tensor<T> y(ops::UpsampleNearest2d::output_shapes({x.shape}, attributes)[0]);
    const std::size_t rows = y.shape[2], columns = y.shape[3];
    for (std::size_t o = 0; o < y.size(); ++o)
      y[o] = x[(o / columns / rows * x.shape[2] + o / columns % rows % x.shape[2]) * x.shape[3] +
               o % columns % x.shape[3]];
    return {y};
  }
};

/// The sums of the windows: row p has ⌈(p + 1) H / H'⌉ − ⌊p H / H'⌋ inputs.
constexpr auto times_window = []<class T>(Tensor<T>& y, const Arguments<T>& a, Set) {
  const Shape& x = a.real[0].shape;
  const auto extent = [](std::size_t p, std::size_t input, std::size_t output) {
    return ((p + 1) * input + output - 1) / output - p * input / output;
  };
  for (std::size_t o = 0; o < y.size(); ++o) {
    const std::size_t rows = extent(o / y.shape[3] % y.shape[2], x[2], y.shape[2]);
    y[o] *= ops::detail::count_as<T>(rows * extent(o % y.shape[3], x[3], y.shape[3]));
  }
};

/// The number of outputs is rounded up where it should be rounded down, or the reverse, wherever the windows
/// then still fit.
template <class Op>
Tensors<Ball> rounded_the_other_way(In a, Set s) {
  const bool up = s.contains("ceil_mode") && s.at("ceil_mode") == "true";
  const Attributes other = with(s, "ceil_mode", up ? "false" : "true");
  try {
    Op::output_shapes({a.real[0].shape}, other);
  } catch (const ShapeError&) {
    return right_forward(Op::name, a, s);
  }
  return right_forward(Op::name, a, other);
}

/// Beyond the edge its own pixels again.
struct EdgeRepeated {
  static constexpr std::string_view operation = "zero_pad2d";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    const Tensor<T>& x = a.real[0];
    Tensor<T> y = ops::ZeroPad2d::forward(a, s)[0];
    const auto sides = integers_attribute(s, ops::ZeroPad2d::sides_attribute, 4, 0);
    const auto inside = [](std::size_t place, std::int64_t before, std::size_t extent) {
      const std::int64_t there = static_cast<std::int64_t>(place) - before;
      return static_cast<std::size_t>(
          std::clamp<std::int64_t>(there, 0, static_cast<std::int64_t>(extent) - 1));
    };
    for (std::size_t o = 0; o < y.size(); ++o) {
      const std::size_t plane = o / y.shape[3] / y.shape[2];
      const std::size_t i = inside(o / y.shape[3] % y.shape[2], sides[2], x.shape[2]);
      y[o] = x[(plane * x.shape[2] + i) * x.shape[3] + inside(o % y.shape[3], sides[0], x.shape[3])];
    }
    return {y};
  }
};

struct OtherAlignment {
  static constexpr std::string_view operation = "upsample_bilinear2d";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, Attributes attributes) {
    const bool right = flag_attribute(attributes, ops::UpsampleBilinear2d::align_corners_attribute);
    attributes["align_corners"] = right ? "false" : "true";
    return ops::UpsampleBilinear2d::forward(a, attributes);
  }
};

Tensors<Ball> scaled(Tensors<Ball> tensors, const Ball& factor) {
  for (Ball& element : tensors[0].data) element *= factor;
  return tensors;
}

/// Inputs per output of the first tensor.
Ball inputs_per_output(In a, Up u) {
  return Ball(a.real[0].size()) / Ball(u[0].size());
}

/// left, right, top, bottom as top, bottom, left, right.
Attributes sides_swapped(Set s) {
  const auto sides =
      integers_attribute(s, {"padding", "0", "left,right,top,bottom", AttributeKind::integers}, 4, 0);
  const auto text = [&](std::size_t i) { return std::to_string(sides[i]); };
  return {{"padding", text(2) + "," + text(3) + "," + text(0) + "," + text(1)}};
}

/// The part of dY that the swapped sides would leave, 0 beyond its end.
Tensors<Ball> gradient_of_swapped_sides(In a, Up u, Set s) {
  const auto sides =
      integers_attribute(s, {"padding", "0", "left,right,top,bottom", AttributeKind::integers}, 4, 0);
  Tensor<Ball> dx(a.real[0].shape);
  const std::size_t w = dx.shape[3], h = dx.shape[2], rows = u[0].shape[2], columns = u[0].shape[3];
  for (std::size_t k = 0; k < dx.size(); ++k) {
    const std::size_t i = k / w % h + static_cast<std::size_t>(sides[0]);
    const std::size_t j = k % w + static_cast<std::size_t>(sides[2]);
    if (i < rows && j < columns) dx[k] = u[0][(k / w / h * rows + i) * columns + j];
  }
  return {dx};
}

Misconception zero_pad_sides_swapped() {
  return {"zero_pad2d.sides_swapped", "zero_pad2d", "takes left and right for top and bottom",
          [](In a, Set s) { return right_forward("zero_pad2d", a, sides_swapped(s)); },
          gradient_of_swapped_sides};
}

}  // namespace

std::vector<Misconception> pooling() {
  using namespace ops;
  constexpr std::string_view whole_window =
      "sends the gradient to all of the window, not to its maximum alone";
  constexpr std::string_view zero_padding = "counts the padding as 0, so that it wins over negative numbers";
  constexpr std::string_view other_rounding =
      "rounds the number of windows up where it is rounded down, or the other way round";
  constexpr std::string_view clipped =
      "divides by the part of the window inside the image, where the padding counts";
  return {
      wrong_operation<EqualWindows>("adaptive_avg_pool2d.equal_windows",
                                    "uses windows of one size at one distance, where theirs vary"),
      changed_output<AdaptiveAvgPool2d>("adaptive_avg_pool2d.not_divided",
                                        "sums the windows, without dividing by their sizes", times_window),
      wrong_gradient("avg_pool1d.gradient.not_divided",
                     "gives each input the whole gradient of its window, not divided by the count",
                     to_whole_window<AvgPool1d>),
      wrong_operation<PaddingNotCounted<AvgPool1d>>("avg_pool1d.padding_not_counted", clipped),
      wrong_result("avg_pool1d.rounded_the_other_way", other_rounding, rounded_the_other_way<AvgPool1d>),
      wrong_operation<PaddingNotCounted<AvgPool2d>>("avg_pool2d.padding_not_counted", clipped),
      wrong_operation<AlwaysByTheKernel>(
          "avg_pool2d.divided_by_kernel",
          "always divides by the kernel's size, where positions outside do not count"),
      wrong_gradient("avg_pool2d.gradient.not_divided",
                     "gives each input the whole gradient of its window, not divided by the count",
                     to_whole_window<AvgPool2d>),
      wrong_result("avg_pool2d.rounded_the_other_way", other_rounding, rounded_the_other_way<AvgPool2d>),
      changed_output<GlobalAvgPool2d>("global_avg_pool2d.not_divided",
                                      "sums the positions, without dividing by their number", times_window),
      wrong_gradient("global_avg_pool2d.gradient.not_divided",
                     "gives each input the whole gradient, not divided by the number of positions",
                     [](In a, Up u, Set s) {
                       return scaled(right_vjp("global_avg_pool2d", a, u, s), inputs_per_output(a, u));
                     }),
      wrong_gradient("max_pool1d.gradient.to_whole_window", whole_window, to_whole_window<MaxPool1d>),
      wrong_operation<PaddingIsZero<MaxPool1d>>("max_pool1d.padding_is_zero", zero_padding),
      wrong_result("max_pool1d.rounded_the_other_way", other_rounding, rounded_the_other_way<MaxPool1d>),
      wrong_gradient(
          "max_pool2d.gradient.overlaps_overwritten",
          "overwrites the gradient of a number that is the maximum of two windows, where they add up",
          overlaps_overwritten),
      changed_output<MaxPool2d>("max_pool2d.starts_at_zero",
                                "starts the search for the maximum at 0, which wins over negative numbers",
                                []<class T>(Tensor<T>& y, const Arguments<T>&, Set) {
                                  for (T& element : y.data) element = relu(element);
                                }),
      wrong_gradient("max_pool2d.gradient.to_whole_window", whole_window, to_whole_window<MaxPool2d>),
      wrong_operation<PaddingIsZero<MaxPool2d>>("max_pool2d.padding_is_zero", zero_padding),
      wrong_result("max_pool2d.rounded_the_other_way", other_rounding, rounded_the_other_way<MaxPool2d>),
      wrong_gradient("upsample_bilinear2d.gradient.averaged",
                     "averages the gradients that a pixel gets, where they add up",
                     [](In a, Up u, Set s) {
                       return scaled(right_vjp("upsample_bilinear2d", a, u, s), inputs_per_output(a, u));
                     }),
      wrong_operation<OtherAlignment>("upsample_bilinear2d.other_alignment",
                                      "aligns corners where pixel centres count, or the other way round"),
      wrong_gradient("upsample_nearest2d.gradient.mean_of_block",
                     "averages the gradients of a block, where they add up",
                     [](In a, Up u, Set s) {
                       return scaled(right_vjp("upsample_nearest2d", a, u, s), inputs_per_output(a, u));
                     }),
      wrong_operation<Tiled>("upsample_nearest2d.tiled",
                             "repeats the whole image, where each pixel becomes a block"),
      wrong_operation<EdgeRepeated>("zero_pad2d.edge_repeated",
                                    "repeats the pixels at the edge, where the padding is 0"),
      zero_pad_sides_swapped(),
  };
}

}  // namespace assay::oracles::mistakes
