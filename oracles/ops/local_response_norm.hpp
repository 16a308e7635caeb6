#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/shapes.hpp"
#include "oracles/ops/detail/standardise.hpp"

namespace assay::oracles::ops {

/// Local response normalisation: each channel divided by the energy of its n neighbours at the same position.
///
///   y_c     = x_c d_c^−β        where d_c = k + a Σ_{j ∈ W(c)} x_j²
///             and a = α/n (mean: PyTorch, ONNX, Caffe) or α (sum: AlexNet, TensorFlow)
///   ∂L/∂x_i = g_i d_i^−β − 2 a β x_i Σ_{c: i ∈ W(c)} g_c x_c d_c^(−β−1)        where g = ∂L/∂y
///
/// W(c) is cut off at the first and the last channel; the mean divides by n all the same. For even n the
/// extra neighbour is on the lower side (PyTorch: c − n/2 .. c + n/2 − 1) or on the upper (ONNX).
struct LocalResponseNorm {
  static constexpr std::string_view name = "local_response_norm";
  static constexpr AttributeSpec size_attribute{"size", "5", "channels in a window, at least 1",
                                                AttributeKind::integer};
  static constexpr AttributeSpec alpha_attribute{"alpha", "1e-4", "factor of the energy, at least 0"};
  static constexpr AttributeSpec beta_attribute{"beta", "0.75", "exponent"};
  static constexpr AttributeSpec k_attribute{"k", "1", "added to the energy, greater than 0"};
  static constexpr AttributeSpec energy_attribute{"energy", "mean",
                                                  "mean of the squares (PyTorch) or their sum (AlexNet)",
                                                  AttributeKind::choice, "mean|sum"};
  static constexpr AttributeSpec even_attribute{
      "even_window", "lower", "side of the extra channel of an even window: lower (PyTorch) or upper (ONNX)",
      AttributeKind::choice, "lower|upper"};

  static Operation spec() {
    return {.name = name,
            .formula =
                "Y_c = X_c d_c^-beta, d_c = k + alpha / size sum of X_j^2 over the window of c; dX_i = dY_i "
                "d_i^-beta - 2 alpha beta / size X_i sum over windows with i of dY_c X_c d_c^(-beta-1)",
            .domain = "all real X; k > 0",
            .source =
                "Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural "
                "Networks, 2012, section 3.3",
            .inputs = {{"X", "(N, C, ...)"}},
            .outputs = {{"Y", "(like X)"}},
            .attributes = {size_attribute, alpha_attribute, beta_attribute, k_attribute, energy_attribute,
                           even_attribute},
            .samples = {{{{1, 4, 2}}, {{"size", "3"}, {"alpha", "0.1"}}},
                        {{{2, 5}}, {{"size", "2"}, {"beta", "1/2"}, {"alpha", "1"}}},
                        {{{1, 5}}, {{"size", "4"}, {"even_window", "upper"}, {"alpha", "1/2"}}},
                        {{{1, 3, 1, 2}}, {{"energy", "sum"}, {"k", "2"}}},
                        {{{1, 1}}, {{"size", "1"}, {"alpha", "2"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_axes(name, inputs[0], 2, "(N, C, ...)");
    integers_attribute(attributes, size_attribute, 1, 1);
    rational_attribute(attributes, beta_attribute);
    if (rational_attribute(attributes, alpha_attribute) < 0)
      refuse_attribute(attributes, alpha_attribute, "a number of at least 0");
    if (rational_attribute(attributes, k_attribute) <= 0)
      refuse_attribute(attributes, k_attribute, "a number greater than 0");
    return {inputs[0]};
  }

  /// One for each square of each window that is not cut off, and one per element for k + a Σ.
  static Cost cost(const Shapes& inputs, const Attributes& attributes) {
    const std::size_t channels = inputs[0][1], elements = element_count(inputs[0]);
    std::uint64_t squares = 1;
    for (std::size_t c = 0; c < channels; ++c) {
      const Window w = window(c, channels, attributes);
      squares += w.end - w.begin;
    }
    return {.multiply_adds = checked_product({elements / channels, squares - 1 + channels})};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    Tensor<T> y(x.shape);
    for (const detail::Line& line : detail::lines(x.shape, 1)) {
      std::vector<T> values = detail::take(x, line);
      const std::vector<T> d = energies(values, attributes);
      const T beta = real_attribute<T>(attributes, beta_attribute);
      for (std::size_t c = 0; c < values.size(); ++c)
        values[c] = either([&] { return T(values[c] / pow(d[c], beta)); },
                           [&] { return T(values[c] * pow(d[c], T(-beta))); });
      detail::put(y, line, values);
    }
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    Tensor<T> cotangent(x.shape);
    for (const detail::Line& line : detail::lines(x.shape, 1))
      detail::put(cotangent, line,
                  line_vjp(detail::take(x, line), detail::take(upstream[0], line), attributes));
    return {cotangent};
  }

 private:
  struct Window {
    std::size_t begin, end;
  };

  static Window window(std::size_t c, std::size_t channels, const Attributes& attributes) {
    const auto size = static_cast<std::size_t>(integers_attribute(attributes, size_attribute, 1, 1)[0]);
    const bool upper = choice_attribute(attributes, even_attribute) == 1;
    const std::size_t before = upper ? (size - 1) / 2 : size / 2, after = size - 1 - before;
    return {c < before ? 0 : c - before, std::min(channels, c + after + 1)};
  }

  /// a, formed exactly.
  static Rational factor(const Attributes& attributes) {
    const Rational alpha = rational_attribute(attributes, alpha_attribute);
    const bool sum = choice_attribute(attributes, energy_attribute) == 1;
    return sum ? alpha : Rational(alpha / integers_attribute(attributes, size_attribute, 1, 1)[0]);
  }

  /// d of one position. Honest: a rounded once, or α times the sum over n.
  template <class T>
  static std::vector<T> energies(const std::vector<T>& x, const Attributes& attributes) {
    const T k = real_attribute<T>(attributes, k_attribute);
    const T alpha = real_attribute<T>(attributes, alpha_attribute);
    const Rational exact = factor(attributes);
    const T a = from_rational<T>(exact);
    const bool mean = choice_attribute(attributes, energy_attribute) == 0;
    const T size = from_rational<T>(Rational(integers_attribute(attributes, size_attribute, 1, 1)[0]));
    std::vector<T> d;
    for (std::size_t c = 0; c < x.size(); ++c) {
      const Window w = window(c, x.size(), attributes);
      const T energy = dot(&x[w.begin], 1, &x[w.begin], 1, w.end - w.begin);
      d.push_back(either([&] { return T(k + a * energy); },
                         [&] { return mean ? T(k + alpha * (energy / size)) : T(k + a * energy); }));
    }
    return d;
  }

  template <class T>
  static std::vector<T> line_vjp(const std::vector<T>& x, const std::vector<T>& g,
                                 const Attributes& attributes) {
    const std::vector<T> d = energies(x, attributes);
    const T beta = real_attribute<T>(attributes, beta_attribute);
    const T twice =
        from_rational<T>(Rational(2 * factor(attributes) * rational_attribute(attributes, beta_attribute)));
    std::vector<std::vector<T>> pulls(x.size());  // on i, one from each window that it is in
    for (std::size_t c = 0; c < x.size(); ++c) {
      const Window w = window(c, x.size(), attributes);
      const T pull = g[c] * x[c] * pow(d[c], T(-beta)) / d[c];
      for (std::size_t i = w.begin; i < w.end; ++i) pulls[i].push_back(pull);
    }
    std::vector<T> cotangent;
    for (std::size_t i = 0; i < x.size(); ++i)
      cotangent.push_back(g[i] * pow(d[i], T(-beta)) - twice * x[i] * sum(pulls[i]));
    return cotangent;
  }
};

}  // namespace assay::oracles::ops
