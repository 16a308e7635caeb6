#pragma once

#include <tuple>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Exponential linear unit.
///
///   f(x)  = x for x > 0, α (eˣ − 1) otherwise
///   f′(x) = 1 for x > 0, α eˣ = f(x) + α for x < 0
///
/// eˣ − 1 as it stands loses the digits of small x; expm1 does not. Both are honest.
/// For α ≠ 1 there is a kink: the derivative of a ball is the hull of α and 1; a number that is exactly 0
/// gets α, as in PyTorch.
struct Elu : detail::Elementwise<Elu> {
  static constexpr std::string_view name = "elu";
  static constexpr AttributeSpec alpha_attribute{"alpha", "1", "-alpha is the limit for very negative x"};

  static Operation spec() {
    return {.name = name,
            .formula = "Y = X where X > 0, else alpha (exp(X) - 1); dX = dY or alpha exp(X) dY",
            .domain = "all real X",
            .source =
                "Clevert, Unterthiner and Hochreiter, Fast and Accurate Deep Network Learning by "
                "Exponential Linear Units, 2016",
            .inputs = one_input,
            .outputs = one_output,
            .attributes = {alpha_attribute},
            .samples = {{{{2, 3}}}, {{{4}}, {{"alpha", "1/2"}}}, {{{}}, {{"alpha", "2"}}}, {{{2, 1, 2}}}}};
  }

  template <class T>
  static std::tuple<T> parameters(const Attributes& attributes) {
    return {real_attribute<T>(attributes, alpha_attribute)};
  }

  /// The exponential is taken of min(x, 0): the branch that is not selected does not overflow.
  template <class T>
  static T value(const T& x, const T& alpha) {
    const T low = min(x, T(0));
    return select(less(T(0), x), x,
                  either([&] { return T(alpha * expm1(low)); }, [&] { return T(alpha * (exp(low) - T(1))); },
                         [&] { return T(alpha * exp(low) - alpha); }));
  }

  template <class T>
  static T derivative(const T& x, const T& alpha) {
    const T low = min(x, T(0));
    return select(less(T(0), T(step(x))), T(1),
                  either([&] { return T(alpha * exp(low)); }, [&] { return T(alpha * expm1(low) + alpha); }));
  }
};

}  // namespace assay::oracles::ops
