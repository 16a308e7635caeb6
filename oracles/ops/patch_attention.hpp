#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/euclidean_norm.hpp"
#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/softmax_line.hpp"

namespace assay::oracles::ops {

/// Attention of each pixel to the positions of a key kernel, one pair of kernels for each output channel o;
/// channels last: an image of H x W pixels with C channels.
///
///   y_ijo = Σ_ab p_ab v_o,ab        p = softmax over the positions (a, b) of q_ij · k_o,ab
///
/// where the query q_ij is the pixel itself, all its channels, and optionally each channel of the image is
/// divided by its Frobenius norm first. No neighbouring pixel takes part: the output is H x W without
/// padding.
///
///   ∂L/∂s_ab = g p_ab (v_ab − y)    ∂L/∂v_ab = Σ_ij g p_ab    ∂L/∂q = Σ_ab ∂L/∂s_ab k_ab    ∂L/∂k = Σ_ij
///   ∂L/∂s_ab q    and for x̂ = x / ‖x‖:  ∂L/∂x = (∂L/∂x̂ − x̂ (x̂ · ∂L/∂x̂)) / ‖x‖ over each channel
struct PatchAttention {
  static constexpr std::string_view name = "patch_attention";
  static constexpr AttributeSpec normalise_attribute{
      "normalise", "false", "whether each channel is divided by its Frobenius norm first",
      AttributeKind::flag};

  static Operation spec() {
    return {.name = name,
            .formula = "Y_ijo = sum_ab softmax_ab(X_ij . keys_oab) values_oab",
            .domain = "all real inputs; with normalise, no channel that is 0 everywhere",
            .source = "Stanford CS230, midterm of spring 2021, question 6",
            .inputs = {{"X", "(H, W, C)"}, {"keys", "(O, K, K, C)"}, {"values", "(O, K, K)"}},
            .outputs = {{"Y", "(H, W, O)"}},
            .attributes = {normalise_attribute},
            .samples = {{{{2, 2, 2}, {2, 3, 3, 2}, {2, 3, 3}}},
                        {{{1, 1, 1}, {1, 3, 3, 1}, {1, 3, 3}}},
                        {{{2, 1, 2}, {1, 3, 3, 2}, {1, 3, 3}}, {{"normalise", "true"}}},
                        {{{1, 3, 1}, {2, 2, 2, 1}, {2, 2, 2}}, {{"normalise", "true"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes&) {
    const Shape &x = inputs[0], &k = inputs[1], &v = inputs[2];
    detail::require_rank(name, "X", x, 3, "(H, W, C)");
    detail::require_rank(name, "keys", k, 4, "(O, K, K, C)");
    if (k[1] != k[2] || k[3] != x[2])
      detail::refuse_shape(name, "keys", k,
                           "(O, K, K, " + std::to_string(x[2]) + "), because input \"X\" is " + to_string(x));
    detail::require_shape(name, "values", v, {k[0], k[1], k[2]}, "because input \"keys\" is " + to_string(k));
    return {{x[0], x[1], k[0]}};
  }

  /// A score of C and one value for each position of each output.
  static Cost cost(const Shapes& inputs, const Attributes&) {
    const Shape &x = inputs[0], &k = inputs[1];
    return {.multiply_adds = checked_product({x[0], x[1], k[0], k[1], k[2], x[2] + 1}),
            .parameters = element_count(k) + element_count(inputs[2])};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Image<T> image(arguments.real[0], flag_attribute(attributes, normalise_attribute));
    const Tensor<T>& values = arguments.real[2];
    const std::size_t outputs = values.shape[0], positions = values.size() / outputs;
    Tensor<T> y(Shape{image.x.shape[0], image.x.shape[1], outputs});
    for (std::size_t i = 0; i < y.size(); ++i) {
      const std::vector<T> p = weights(image.x, arguments.real[1], i / outputs, i % outputs);
      y[i] = dot(p.data(), 1, &values[i % outputs * positions], 1, positions);
    }
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Image<T> image(arguments.real[0], flag_attribute(attributes, normalise_attribute));
    const Tensor<T>&keys = arguments.real[1], &values = arguments.real[2];
    const std::size_t outputs = values.shape[0], positions = values.size() / outputs;
    const std::size_t channels = keys.shape[3], pixels = upstream[0].size() / outputs;
    Tensor<T> p(Shape{pixels, values.size()}), ds = p;  // of each pixel, at each position of each kernel
    for (std::size_t i = 0; i < upstream[0].size(); ++i)
      score_cotangents(image.x, arguments, i, upstream[0][i], &p[i * positions], &ds[i * positions]);
    const auto next_pixel = static_cast<std::ptrdiff_t>(values.size());
    const auto next_channel_row = static_cast<std::ptrdiff_t>(channels);
    Tensor<T> dx(image.x.shape), dkeys(keys.shape), dvalues(values.shape);
    for (std::size_t m = 0; m < values.size(); ++m) {
      dvalues[m] =
          dot(&p[m], next_pixel, &upstream[0][m / positions], static_cast<std::ptrdiff_t>(outputs), pixels);
      for (std::size_t c = 0; c < channels; ++c)
        dkeys[m * channels + c] = dot(&ds[m], next_pixel, &image.x[c], next_channel_row, pixels);
    }
    for (std::size_t i = 0; i < dx.size(); ++i)
      dx[i] = dot(&ds[i / channels * values.size()], 1, &keys[i % channels], next_channel_row, values.size());
    return {image.before_normalising(dx), dkeys, dvalues};
  }

 private:
  /// The image that is attended from, and the norms of its channels if it was normalised.
  template <class T>
  struct Image {
    Tensor<T> x;
    std::vector<T> norms;

    Image(const Tensor<T>& given, bool normalise) : x(given) {
      const std::size_t channels = x.shape[2];
      for (std::size_t c = 0; normalise && c < channels; ++c) {
        std::vector<T> channel = detail::take(x, line(c));
        norms.push_back(detail::euclidean_norm(std::span<const T>(channel)));
        if (equal(norms[c], T(0)) == Truth::yes)
          throw ShapeError(std::string(name) + ": channel " + std::to_string(c) +
                           " of input \"X\" is 0 everywhere; it has no unit form");
        for (T& element : channel) element /= norms[c];
        detail::put(x, line(c), channel);
      }
    }

    Tensor<T> before_normalising(Tensor<T> d) const {
      for (std::size_t c = 0; c < norms.size(); ++c) {
        const std::vector<T> unit = detail::take(x, line(c));
        std::vector<T> g = detail::take(d, line(c));
        const T along = dot(std::span<const T>(unit), std::span<const T>(g));
        for (std::size_t i = 0; i < g.size(); ++i) g[i] = (g[i] - unit[i] * along) / norms[c];
        detail::put(d, line(c), g);
      }
      return d;
    }

    detail::Line line(std::size_t c) const {
      return {.first = c, .stride = x.shape[2], .length = x.shape[0] * x.shape[1]};
    }
  };

  /// p and ∂L/∂s of one output element, written to where the pointers point.
  template <class T>
  static void score_cotangents(const Tensor<T>& x, const Arguments<T>& arguments, std::size_t i, const T& g,
                               T* p, T* ds) {
    const Tensor<T>&keys = arguments.real[1], &values = arguments.real[2];
    const std::size_t outputs = values.shape[0], positions = values.size() / outputs;
    const T* const v = &values[i % outputs * positions];
    const std::vector<T> row = weights(x, keys, i / outputs, i % outputs);
    const T y = dot(row.data(), 1, v, 1, positions);
    for (std::size_t a = 0; a < positions; ++a) {
      p[a] = row[a];
      ds[a] = either([&] { return T(g * row[a] * (v[a] - y)); },
                     [&] { return T(row[a] * (g * v[a]) - row[a] * (g * y)); });
    }
  }

  /// p over the positions of one kernel.
  template <class T>
  static std::vector<T> weights(const Tensor<T>& x, const Tensor<T>& keys, std::size_t pixel,
                                std::size_t output) {
    const std::size_t channels = keys.shape[3], positions = keys.shape[1] * keys.shape[2];
    std::vector<T> scores;
    for (std::size_t a = 0; a < positions; ++a)
      scores.push_back(dot(&x[pixel * channels], 1, &keys[(output * positions + a) * channels], 1, channels));
    return detail::softmax(std::span<const T>(scores));
  }
};

}  // namespace assay::oracles::ops
