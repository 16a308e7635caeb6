#pragma once

#include <tuple>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Gaussian error linear unit, with Φ and φ the distribution and density of the standard normal.
///
///   none:  f(x) = x Φ(x) = x erfc(−x/√2) / 2       f′(x) = Φ(x) + x φ(x)
///   tanh:  f(x) = x s(2u) = x (1 + tanh u) / 2      f′(x) = s(2u) + x s(2u) s(−2u) 2u′
///          u = √(2/π) (x + 0.044715 x³),  s the logistic sigmoid
///
/// erfc and s keep the digits of the left tail, where 1 + erf and 1 + tanh cancel; PyTorch computes the
/// latter, so both are honest.
struct Gelu : detail::Elementwise<Gelu> {
  static constexpr std::string_view name = "gelu";
  static constexpr AttributeSpec approximate_attribute{
      "approximate", "none", "the normal distribution itself, or its approximation by tanh",
      AttributeKind::choice, "none|tanh"};
  enum class Approximation { none, by_tanh };

  static Operation spec() {
    return {.name = name,
            .formula =
                "Y = X Phi(X), Phi the standard normal distribution; dX = (Phi(X) + X phi(X)) dY; tanh: "
                "Y = X (1 + tanh(sqrt(2/pi) (X + 0.044715 X^3))) / 2",
            .domain = "all real X",
            .source = "Hendrycks and Gimpel, Gaussian Error Linear Units, 2016",
            .inputs = one_input,
            .outputs = one_output,
            .attributes = {approximate_attribute},
            .samples = {{{{2, 3}}}, {{{2, 3}}, {{"approximate", "tanh"}}}, {{{}}}, {{{2, 1, 2}}}}};
  }

  template <class T>
  static std::tuple<Approximation> parameters(const Attributes& attributes) {
    return {static_cast<Approximation>(choice_attribute(attributes, approximate_attribute))};
  }

  template <class T>
  static T value(const T& x, Approximation approximation) {
    if (approximation == Approximation::none) return x_times_distribution(x);
    const T u = inner(x);
    return either([&] { return T(x * sigmoid(T(T(2) * u))); },
                  [&] { return T(x * (T(1) + tanh(u)) / T(2)); });
  }

  template <class T>
  static T derivative(const T& x, Approximation approximation) {
    return approximation == Approximation::none ? exact_slope(x) : approximate_slope(x);
  }

 private:
  template <class T>
  static T x_times_distribution(const T& x) {
    const T two = T(2);
    return either([&] { return T(x * (erfc(T(-x / sqrt(two))) / two)); },
                  [&] { return T(x * (T(1) + erf(T(x / sqrt(two)))) / two); },
                  [&] { return T(x * (T(1) + erf(T(x * sqrt(T(T(1) / two))))) / two); });
  }

  template <class T>
  static T exact_slope(const T& x) {
    const T two = T(2);
    const T density = exp(T(-(x * x) / two)) / sqrt(T(two * pi<T>()));
    return either([&] { return T(erfc(T(-x / sqrt(two))) / two + x * density); },
                  [&] { return T((T(1) + erf(T(x / sqrt(two)))) / two + x * density); });
  }

  template <class T>
  static T cubic() {
    return real_from_text<T>("0.044715");
  }

  template <class T>
  static T inner(const T& x) {
    const T slope = sqrt(T(T(2) / pi<T>()));
    return either([&] { return T(slope * (x + cubic<T>() * x * x * x)); },
                  [&] { return T(slope * x * (T(1) + cubic<T>() * x * x)); });
  }

  /// In a float s(−2u) is 0 long before x overflows; 0 · ∞ must not come of it.
  template <class T>
  static T approximate_slope(const T& x) {
    const T u = inner(x), s = sigmoid(T(T(2) * u)), bend = s * sigmoid(T(T(-2) * u));
    const T du = sqrt(T(T(2) / pi<T>())) * (T(1) + T(3) * cubic<T>() * x * x);
    return select(equal(bend, T(0)), s,
                  either([&] { return T(s + x * bend * (T(2) * du)); },
                         [&] {
                           const T t = tanh(u);
                           return T((T(1) + t) / T(2) + x * (T(1) - t * t) * du / T(2));
                         }));
  }
};

}  // namespace assay::oracles::ops
