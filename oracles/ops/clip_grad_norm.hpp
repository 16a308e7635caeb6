#pragma once

#include <algorithm>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/euclidean_norm.hpp"
#include "oracles/ops/detail/optimizer.hpp"

namespace assay::oracles::ops {

/// Shrinks a gradient to a norm of at most m; smaller gradients stay as they are.
///
///   n  = ‖g‖ over all elements        g′ = g min(1, m / (n + eps))
///
/// PyTorch adds eps = 10⁻⁶, so its norm stays a little below m and a gradient just below m shrinks too; the
/// papers have eps = 0.
struct ClipGradNorm {
  static constexpr std::string_view name = "clip_grad_norm";
  static constexpr AttributeSpec max_norm_attribute{"max_norm", "1", "the largest norm that is left"};
  static constexpr AttributeSpec norm_type_attribute{"norm_type", "2", "which norm", AttributeKind::choice,
                                                     "1|2|inf"};
  static constexpr AttributeSpec eps_attribute{
      "eps", "1e-6", "added to the norm before the division: 1e-6 (PyTorch) or 0 (Pascanu et al.)"};

  static Operation spec() {
    return {.name = name,
            .formula = "g' = g min(1, max_norm / (||g|| + eps))",
            .domain = "all real gradients; eps > 0, or a gradient that is not 0",
            .source =
                "Pascanu, Mikolov and Bengio, On the Difficulty of Training Recurrent Neural Networks, "
                "2013",
            .inputs = {{.name = "gradient", .shape = "(...)", .differentiable = false}},
            .outputs = {{"clipped", "(...)"}, {"norm", "()"}},
            .attributes = {max_norm_attribute, norm_type_attribute, eps_attribute},
            .samples = {{{{2, 3}}},
                        {{{4}}, {{"max_norm", "100"}}},
                        {{{3}}, {{"norm_type", "1"}, {"eps", "0"}}},
                        {{{2, 2}}, {{"norm_type", "inf"}}},
                        {{{}}, {{"max_norm", "1/2"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_not_negative(attributes, {max_norm_attribute, eps_attribute});
    return {inputs[0], {}};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  /// A gradient of 0 is left alone, also where eps is 0. A large one is first multiplied by a power of two q,
  /// which rounds nothing, so that neither its norm nor its quotient overflows:
  ///
  ///   m / (n + eps) = q m / (‖q g‖ + q eps)
  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    Tensor<T> g = arguments.real[0], small = g;
    const int exponent = detail::exponent_of_largest(std::span<const T>(g.data));
    const T q = detail::power_of_two<T>(1 - std::max(exponent, 1));
    for (T& element : small.data) element *= q;
    const T norm = norm_of(small, attributes), limit = real_attribute<T>(attributes, max_norm_attribute);
    const T total = rational_attribute(attributes, eps_attribute) == 0
                        ? norm
                        : T(norm + q * real_attribute<T>(attributes, eps_attribute));
    if (equal(total, T(0)) != Truth::yes) {
      const T quotient = limit / total, factor = quotient * q;
      for (std::size_t i = 0; i < g.size(); ++i)
        g[i] = is_subnormal(factor) ? T(small[i] * quotient) : shrunk(g[i], factor, total, T(limit * q));
    }
    return {g, Tensor<T>::scalar(norm / q)};
  }

 private:
  /// g min(1, factor), factor = limit / total; in floats the first alone, where limit may have vanished.
  template <class T>
  static T shrunk(const T& g, const T& factor, const T& total, const T& limit) {
    return either([&] { return T(g * min(factor, T(1))); },
                  [&] { return select(less(total, limit), g, T(g * limit / total)); });
  }

  /// Whether a factor below 1 has lost digits.
  template <class T>
  static bool is_subnormal(const T& factor) {
    if constexpr (std::is_floating_point_v<T>)
      return factor < std::numeric_limits<T>::min();
    else
      return false;
  }

  template <class T>
  static T norm_of(const Tensor<T>& g, const Attributes& attributes) {
    const std::size_t type = choice_attribute(attributes, norm_type_attribute);
    if (type == 1) return detail::euclidean_norm(std::span<const T>(g.data));
    std::vector<T> magnitudes;
    for (const T& element : g.data) magnitudes.push_back(abs(element));
    if (type == 0) return sum(std::span<const T>(magnitudes));
    T largest = T(0);
    for (const T& magnitude : magnitudes) largest = max(largest, magnitude);
    return largest;
  }
};

}  // namespace assay::oracles::ops
