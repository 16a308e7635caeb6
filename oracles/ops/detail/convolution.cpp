#include "oracles/ops/detail/convolution.hpp"

#include <string>

namespace assay::oracles::ops::detail {

namespace {

/// (a, b, extents...).
Shape shape_of(std::size_t a, std::size_t b, const Shape& extents) {
  Shape shape = {a, b};
  shape.insert(shape.end(), extents.begin(), extents.end());
  return shape;
}

/// The symbols of the spatial axes: ", L", ", H, W", ", D, H, W", each with a prefix.
std::string spatial_symbols(std::size_t rank, const std::string& prefix = "") {
  const std::vector<std::vector<std::string>> names = {{"L"}, {"H", "W"}, {"D", "H", "W"}};
  std::string all;
  for (const std::string& name : names.at(rank - 1)) all += ", " + prefix + name;
  return all;
}

std::string kernel_symbols(std::size_t rank) {
  return rank == 1 ? ", K" : spatial_symbols(rank, "K");
}

std::size_t checked_groups(const Attributes& attributes) {
  const std::int64_t groups = integer_attribute(attributes, groups_attribute);
  if (groups < 1) refuse_attribute(attributes, groups_attribute, "an integer of at least 1");
  return static_cast<std::size_t>(groups);
}

void require_divisor(const Attributes& attributes, std::size_t channels, std::size_t groups,
                     const std::string& what) {
  if (channels % groups != 0)
    refuse_attribute(attributes, groups_attribute,
                     "a divisor of the " + std::to_string(channels) + " " + what);
}

void require_bias(std::string_view operation, const Shape& bias, std::size_t channels, const Shape& w) {
  if (bias != absent)
    require_shape(operation, "b", bias, {channels}, "because input \"W\" is " + to_string(w));
}

/// Window with the extents of `input` and of the kernel of `w`.
Window window_between(const Shape& input, const Shape& w, const Attributes& attributes, std::size_t rank) {
  std::vector<std::int64_t> ones(rank, 1);
  Window window = window_of(Shape(input.begin() + 2, input.end()), ones,
                            integers_attribute(attributes, stride_attribute, rank, 1),
                            integers_attribute(attributes, padding_attribute, rank, 0),
                            integers_attribute(attributes, dilation_attribute, rank, 1));
  for (std::size_t a = 0; a < rank; ++a) window[a].kernel = w[2 + a];
  return window;
}

void require_ranks(std::string_view operation, const Shapes& inputs, std::size_t rank,
                   const std::string& weights) {
  require_rank(operation, "X", inputs[0], rank + 2, "(N, C" + spatial_symbols(rank) + ")");
  require_rank(operation, "W", inputs[1], rank + 2, weights + kernel_symbols(rank) + ")");
}

Convolution counted(Convolution c) {
  c.taps = element_count(kernel_extents(c.window));
  c.inputs = element_count(input_extents(c.window));
  c.outputs = element_count(output_extents(c.window));
  return c;
}

}  // namespace

Shape Convolution::x_shape() const {
  return shape_of(batch, channels, input_extents(window));
}
Shape Convolution::w_shape() const {
  return shape_of(filters, channels / groups, kernel_extents(window));
}
Shape Convolution::y_shape() const {
  return shape_of(batch, filters, output_extents(window));
}

Convolution convolution_of(std::string_view operation, const Shapes& inputs, const Attributes& attributes,
                           std::size_t rank) {
  const Shape &x = inputs[0], &w = inputs[1];
  require_ranks(operation, inputs, rank, "(O, C / groups");
  const std::size_t groups = checked_groups(attributes);
  require_divisor(attributes, x[1], groups, "channels of input \"X\"");
  require_divisor(attributes, w[0], groups, "filters of input \"W\"");
  if (w[1] != x[1] / groups)
    refuse_shape(operation, "W", w,
                 "(O, " + std::to_string(x[1] / groups) + kernel_symbols(rank) +
                     "), because input \"X\" is " + to_string(x) + " and groups is " +
                     std::to_string(groups));
  require_bias(operation, inputs[2], w[0], w);
  Window window = window_between(x, w, attributes, rank);
  fit_windows(operation, "X", x, window);
  return counted({window, x[0], x[1], w[0], groups, 0, 0, 0});
}

Convolution transposed_convolution_of(std::string_view operation, const Shapes& inputs,
                                      const Attributes& attributes, std::size_t rank) {
  const Shape &x = inputs[0], &w = inputs[1];
  require_ranks(operation, inputs, rank, "(C, O / groups");
  const std::size_t groups = checked_groups(attributes);
  require_divisor(attributes, x[1], groups, "channels of input \"X\"");
  if (w[0] != x[1])
    refuse_shape(operation, "W", w,
                 "(" + std::to_string(x[1]) + ", O / groups" + kernel_symbols(rank) +
                     "), because input \"X\" is " + to_string(x));
  const std::size_t channels = static_cast<std::size_t>(checked_product({w[1], groups}));
  require_bias(operation, inputs[2], channels, w);
  Window window = window_between(x, w, attributes, rank);
  const auto added = integers_attribute(attributes, output_padding_attribute, rank, 0);
  for (std::size_t a = 0; a < rank; ++a) {
    WindowAxis& axis = window[a];
    axis.output = axis.input;
    const auto extra = static_cast<std::size_t>(added[a]);
    if (extra >= std::max(axis.stride, axis.dilation))
      refuse_attribute(attributes, output_padding_attribute, "less than the stride or the dilation");
    using Wide = __int128;  // extents below 2^64, attributes of at most 2^40
    const Wide extent = (Wide{axis.output} - 1) * Wide{axis.stride} - 2 * Wide{axis.padding} +
                        Wide{axis.dilation} * (Wide{axis.kernel} - 1) + Wide{extra} + 1;
    if (extent < 1 || extent > std::numeric_limits<std::int64_t>::max())
      refuse_shape(operation, "X", x,
                   extent < 1 ? "more positions along axis " + std::to_string(a + 2) +
                                    ": the padding crops the whole result"
                              : "a result below 2^63 along axis " + std::to_string(a + 2));
    axis.input = static_cast<std::size_t>(extent);
  }
  return counted({window, x[0], channels, x[1], groups, 0, 0, 0});
}

std::uint64_t multiply_adds(const Convolution& c) {
  return checked_product({c.batch, c.filters, c.outputs, c.filter_length()});
}

}  // namespace assay::oracles::ops::detail
