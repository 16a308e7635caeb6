#pragma once

#include <cstddef>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/axes.hpp"
#include "oracles/ops/detail/norm.hpp"

namespace assay::oracles::ops {

/// Norm of the vectors along axes.
///
///   p = 1:   y = Σ |xᵢ|       ∂L/∂xᵢ = sign(xᵢ) ∂L/∂y
///   p = 2:   y = √(Σ xᵢ²)     ∂L/∂xᵢ = xᵢ / y ∂L/∂y
///   p = inf: y = max |xᵢ|     ∂L/∂xᵢ = sign(xᵢ) wᵢ ∂L/∂y        wᵢ = 1 for the largest, 0 for all others
///
/// At the kinks a ball gets the hull of all subgradients: [−1, 1] at xᵢ = 0 for p = 1; each component of the
/// unit ball, [−1, 1], at the zero vector for p = 2; [0, 1] sign(xᵢ) for ties of the largest. Numbers get 0
/// at zero, and ties share evenly, as in PyTorch. The norm of nothing is 0 for p = 1 and 2.
struct Norm {
  static constexpr std::string_view name = "norm";
  static constexpr AttributeSpec p_attribute{"p", "2", "the exponent", AttributeKind::choice, "1|2|inf"};
  enum class P { one, two, infinity };

  static Operation spec() {
    std::vector<Sample> samples = detail::axes_samples();
    samples[1].attributes["p"] = "1";
    samples[2].attributes["p"] = "inf";
    return {.name = name,
            .formula =
                "Y = (sum of |X|^p over the axes)^(1/p); p = 1: dX = sign(X) dY; p = 2: dX = X / Y dY; p = "
                "inf: dX = sign(X) dY at the largest |X|",
            .domain = "all real X; for p = inf every axis reduced has at least one element",
            .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 2.5",
            .inputs = {{"X", "(...)"}},
            .outputs = {{"Y", "(... without the axes)"}},
            .attributes = {detail::axes_attribute, detail::keepdim_attribute, p_attribute},
            .samples = samples};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    return {detail::reduced_shape(
        name, inputs[0], attributes,
        exponent(attributes) == P::infinity ? detail::Empty::refused : detail::Empty::allowed)};
  }

  /// The squares, for p = 2.
  static Cost cost(const Shapes& inputs, const Attributes& attributes) {
    return {.multiply_adds = exponent(attributes) == P::two ? element_count(inputs[0]) : 0};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const P p = exponent(attributes);
    return detail::reduced(name, arguments.real[0], attributes, [&](const std::vector<T>& x) {
      if (p == P::two) return T(detail::length<T>(x));
      const std::vector<T> sizes = magnitudes(x);
      return p == P::one ? T(sum(sizes)) : largest(sizes);
    });
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const P p = exponent(attributes);
    return detail::reduced_vjp(name, arguments.real[0], upstream[0], attributes,
                               [&](const std::vector<T>& x, const T& g) {
                                 std::vector<T> slopes = p == P::two ? directions(x) : signs(x);
                                 if (p == P::infinity) {
                                   const std::vector<T> shares = weights(magnitudes(x));
                                   for (std::size_t i = 0; i < x.size(); ++i) slopes[i] *= shares[i];
                                 }
                                 for (T& slope : slopes) slope *= g;
                                 return slopes;
                               });
  }

 private:
  static P exponent(const Attributes& attributes) {
    return static_cast<P>(choice_attribute(attributes, p_attribute));
  }

  template <class T>
  static std::vector<T> magnitudes(std::vector<T> x) {
    for (T& element : x) element = abs(element);
    return x;
  }

  template <class T>
  static std::vector<T> signs(std::vector<T> x) {
    for (T& element : x) element = abs_slope(element);
    return x;
  }

  template <class T>
  static T largest(const std::vector<T>& sizes) {
    T result = sizes[0];
    for (std::size_t i = 1; i < sizes.size(); ++i) result = max(result, sizes[i]);
    return result;
  }

  /// xᵢ / ‖x‖, which lies in [−1, 1] whatever x is. The length of balls that may all be 0 divides nothing.
  template <class T>
  static std::vector<T> directions(std::vector<T> x) {
    const T y = detail::length<T>(x);
    const bool may_vanish = contains_zero(y) && !is_nan(y);
    for (T& element : x) element = may_vanish ? anything(element) : T(element / y);
    return x;
  }
  static Ball anything(const Ball&) { return ball_between(Ball(-1), Ball(1)); }
  template <std::floating_point T>
  static T anything(T) {
    return 0;
  }

  static std::vector<Ball> weights(const std::vector<Ball>& sizes) {
    std::vector<Ball> result;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      std::vector<Ball> others = sizes;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
      result.push_back(others.empty() ? Ball(1) : step(Ball(sizes[i] - largest(others))));
    }
    return result;
  }
  template <std::floating_point T>
  static std::vector<T> weights(std::vector<T> sizes) {
    const T peak = largest(sizes);
    T tied = 0;
    for (const T size : sizes) tied += T(size == peak);
    for (T& size : sizes) size = size == peak ? 1 / tied : peak - peak;  // 0; NaN where one is involved
    return sizes;
  }
};

}  // namespace assay::oracles::ops
