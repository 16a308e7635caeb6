/// Convolution over any number of spatial axes, and its adjoint: what conv1d, conv2d, conv3d and
/// conv_transpose2d are made of.
///
/// As in every deep-learning framework, "convolution" is cross-correlation: the kernel is not flipped.
/// With windows p ↦ i = p · stride − padding + k · dilation (window.hpp), channels c and filters o of one
/// group:
///
///   correlated       y[n, o, p] = b_o + Σ_c Σ_k w[o, c, k] x[n, c, i(p, k)]      0 outside of x
///   spread           x[n, c, i] = b_c + Σ_o Σ_{p, k: i(p, k) = i} w[o, c, k] y[n, o, p]
///   weight_gradient  w[o, c, k] = Σ_n Σ_p y[n, o, p] x[n, c, i(p, k)]
///
/// Each is a set of dot products of gathered rows (numeric/gather.hpp), and each row serves as many of them
/// as it can. The bias is the last term of its sum; in a FormatScope the ball covers every other place too.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "oracles/numeric/gather.hpp"
#include "oracles/ops/detail/window.hpp"

namespace assay::oracles::ops::detail {

/// x: (batch, channels, input...), w: (filters, channels / groups, kernel...), y: (batch, filters,
/// output...).
struct Convolution {
  Window window;
  std::size_t batch, channels, filters, groups;

  std::size_t taps, inputs, outputs;  ///< over all spatial axes

  std::size_t depth() const { return channels / groups; }
  std::size_t width() const { return filters / groups; }
  std::size_t filter_length() const { return depth() * taps; }
  Shape x_shape() const;
  Shape w_shape() const;
  Shape y_shape() const;
};

inline constexpr AttributeSpec groups_attribute{
    "groups", "1", "channels and filters are split into as many independent parts", AttributeKind::integer};
inline constexpr AttributeSpec output_padding_attribute{
    "output_padding", "0", "positions added at the end of each axis, one for all axes or one each",
    AttributeKind::integers};

/// The convolution with inputs X, W and b (absent, or one per filter). Throws ShapeError where they do not
/// fit.
Convolution convolution_of(std::string_view operation, const Shapes& inputs, const Attributes& attributes,
                           std::size_t rank);

/// The convolution whose adjoint is a transposed convolution: its y is the X of that, its x the result.
Convolution transposed_convolution_of(std::string_view operation, const Shapes& inputs,
                                      const Attributes& attributes, std::size_t rank);

/// Multiply-adds of the convolution, products with padded zeros included: batch · filters · outputs ·
/// filter_length. Throws ShapeError where it does not fit into 64 bits.
std::uint64_t multiply_adds(const Convolution& c);

/// One row per filter: its weights, and its bias if there is one.
template <class T>
Gathered<T> filter_rows(const Tensor<T>& w, const Tensor<T>& bias, const Convolution& c) {
  const std::size_t biased = bias.size() != 0, length = c.filter_length();
  Gathered<T> rows(c.filters * (length + biased));
  for (std::size_t o = 0; o < c.filters; ++o) {
    const std::size_t row = o * (length + biased);
    for (std::size_t k = 0; k < length; ++k) rows.set(row + k, w[o * length + k]);
    if (biased) rows.set(row + length, bias[o]);
  }
  return rows;
}

template <class T>
Tensor<T> correlated(const Tensor<T>& x, const Tensor<T>& w, const Tensor<T>& bias, const Convolution& c) {
  const T one(1);
  const std::size_t biased = bias.size() != 0, length = c.filter_length() + biased;
  const Gathered<T> filters = filter_rows(w, bias, c);
  Gathered<T> patch(length);
  if (biased) patch.set(length - 1, one);
  Tensor<T> y(c.y_shape());
  const auto gather = [&](std::size_t first_channel, std::span<const Meeting> seen) {
    if (seen.size() < c.taps) {
      patch.reset(length);
      if (biased) patch.set(length - 1, one);
    }
    for (std::size_t d = 0; d < c.depth(); ++d)
      for (const Meeting& tap : seen)
        patch.set(d * c.taps + tap.first, x[(first_channel + d) * c.inputs + tap.second]);
  };
  Meetings::by_output(c.window).for_each([&](std::size_t p, std::span<const Meeting> seen) {
    for (std::size_t part = 0; part < c.batch * c.groups; ++part) {  // n · groups + group
      gather(part * c.depth(), seen);
      const std::size_t first = part % c.groups * c.width();
      for (std::size_t o = 0; o < c.width(); ++o)
        y[(part * c.width() + o) * c.outputs + p] =
            dot(patch.data(), 1, filters.data() + (first + o) * length, 1, length);
    }
  });
  return y;
}

/// Whether both name the same taps: then the gathered weights of one position serve the next.
inline bool same_taps(std::span<const Meeting> a, const std::vector<Meeting>& b) {
  return std::ranges::equal(a, b, {}, &Meeting::first, &Meeting::first);
}

/// One row per channel: the weights that meet it at one input position, and its bias if there is one.
template <class T>
void gather_channel_rows(Gathered<T>& rows, const Tensor<T>& w, const Tensor<T>& bias,
                         std::span<const Meeting> met, const Convolution& c) {
  const std::size_t biased = bias.size() != 0, length = c.width() * met.size() + biased;
  rows.reset(c.channels * length);
  for (std::size_t channel = 0; channel < c.channels; ++channel) {
    const std::size_t first = channel / c.depth() * c.width(), d = channel % c.depth();
    std::size_t at = channel * length;
    for (std::size_t o = 0; o < c.width(); ++o)
      for (const Meeting& tap : met) rows.set(at++, w[((first + o) * c.depth() + d) * c.taps + tap.first]);
    if (biased) rows.set(at, bias[channel]);
  }
}

template <class T>
Tensor<T> spread(const Tensor<T>& y, const Tensor<T>& w, const Tensor<T>& bias, const Convolution& c) {
  const T one(1);
  const std::size_t biased = bias.size() != 0;
  Gathered<T> weights, seen;
  std::vector<Meeting> gathered = {{c.taps, 0}};  // no position's
  Tensor<T> x(c.x_shape());
  Meetings::by_input(c.window).for_each([&](std::size_t i, std::span<const Meeting> met) {
    const std::size_t length = c.width() * met.size() + biased;
    if (!same_taps(met, gathered)) {
      gather_channel_rows(weights, w, bias, met, c);
      gathered.assign(met.begin(), met.end());
      seen.reset(length);
      if (biased) seen.set(length - 1, one);
    }
    for (std::size_t part = 0; part < c.batch * c.groups; ++part) {
      std::size_t at = 0;
      for (std::size_t o = 0; o < c.width(); ++o)
        for (const Meeting& tap : met) seen.set(at++, y[(part * c.width() + o) * c.outputs + tap.second]);
      const std::size_t first = part % c.groups * c.depth();
      for (std::size_t d = 0; d < c.depth(); ++d)
        x[(part * c.depth() + d) * c.inputs + i] =
            dot(seen.data(), 1, weights.data() + (first + d) * length, 1, length);
    }
  });
  return x;
}

/// Of one group, at tap k: rows of y and of x over all n and all p that see the input.
template <class T>
void add_weight_gradient(Tensor<T>& dw, const Tensor<T>& x, const Tensor<T>& y, std::size_t k,
                         std::size_t group, std::span<const Meeting> met, const Convolution& c) {
  const std::size_t length = c.batch * met.size();
  const auto row = [&](const Tensor<T>& tensor, std::size_t channels, std::size_t channel, std::size_t extent,
                       std::size_t Meeting::*place) {
    Gathered<T> result(length);
    std::size_t at = 0;
    for (std::size_t n = 0; n < c.batch; ++n)
      for (const Meeting& meeting : met)
        result.set(at++, tensor[(n * channels + channel) * extent + meeting.*place]);
    return result;
  };
  std::vector<Gathered<T>> columns;
  for (std::size_t d = 0; d < c.depth(); ++d)
    columns.push_back(row(x, c.channels, group * c.depth() + d, c.inputs, &Meeting::second));
  for (std::size_t o = group * c.width(); o < (group + 1) * c.width(); ++o) {
    const Gathered<T> upstream = row(y, c.filters, o, c.outputs, &Meeting::first);
    for (std::size_t d = 0; d < c.depth(); ++d)
      dw[(o * c.depth() + d) * c.taps + k] = dot(upstream.data(), 1, columns[d].data(), 1, length);
  }
}

template <class T>
Tensor<T> weight_gradient(const Tensor<T>& x, const Tensor<T>& y, const Convolution& c) {
  Tensor<T> dw(c.w_shape());
  Meetings::by_tap(c.window).for_each([&](std::size_t k, std::span<const Meeting> met) {
    for (std::size_t group = 0; group < c.groups; ++group) add_weight_gradient(dw, x, y, k, group, met, c);
  });
  return dw;
}

/// Σ over the batch and all positions, for each channel of a tensor of shape (N, C, ...); the bias gradient.
template <class T>
Tensor<T> channel_sums(const Tensor<T>& y) {
  const std::size_t batch = y.shape[0], channels = y.shape[1], extent = y.size() / (batch * channels);
  Tensor<T> sums(Shape{channels});
  Gathered<T> row(batch * extent);
  for (std::size_t channel = 0; channel < channels; ++channel) {
    for (std::size_t n = 0; n < batch; ++n)
      for (std::size_t p = 0; p < extent; ++p)
        row.set(n * extent + p, y[(n * channels + channel) * extent + p]);
    sums[channel] = sum(row.data(), 1, row.size());
  }
  return sums;
}

/// conv1d, conv2d, conv3d: `Op` states a name, a rank and a spec.
template <class Op>
struct ConvolutionOperation {
  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    return {convolution_of(Op::name, inputs, attributes, Op::rank).y_shape()};
  }

  /// Products with padded zeros count, as in PyTorch's and fvcore's counters; adding the bias does not.
  static Cost cost(const Shapes& inputs, const Attributes& attributes) {
    const Convolution c = convolution_of(Op::name, inputs, attributes, Op::rank);
    return {.multiply_adds = multiply_adds(c),
            .parameters = element_count(inputs[1]) + element_count(inputs[2])};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>&x = arguments.real[0], &w = arguments.real[1], &b = arguments.real[2];
    return {correlated(x, w, b, convolution_of(Op::name, {x.shape, w.shape, b.shape}, attributes, Op::rank))};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>&x = arguments.real[0], &w = arguments.real[1], &b = arguments.real[2], &g = upstream[0];
    const Convolution c = convolution_of(Op::name, {x.shape, w.shape, b.shape}, attributes, Op::rank);
    const Tensor<T> none(absent);
    return {spread(g, w, none, c), weight_gradient(x, g, c), b.size() ? channel_sums(g) : none};
  }
};

}  // namespace assay::oracles::ops::detail
