#pragma once

#include <concepts>
#include <tuple>

#include "oracles/ops/detail/elementwise.hpp"
#include "oracles/ops/detail/selu_constants.hpp"

namespace assay::oracles::ops {

/// Scaled exponential linear unit: the constants λ and α keep mean 0 and variance 1 of a standard normal
/// input.
///
///   f(x)  = λ x for x > 0, λ α (eˣ − 1) otherwise
///   f′(x) = λ for x > 0, λ α eˣ = f(x) + λ α for x < 0
///
/// λ = 1.0507... and α = 1.6732... are computed from those two conditions, not typed in.
/// At the kink the derivative of a ball is the hull of λ and λ α; a number that is exactly 0 gets λ α, as in
/// PyTorch.
struct Selu : detail::Elementwise<Selu> {
  static constexpr std::string_view name = "selu";

  static Operation spec() {
    return {.name = name,
            .formula =
                "Y = scale X where X > 0, else scale alpha (exp(X) - 1), scale = 1.0507.., alpha = "
                "1.6732..; dX = scale dY or scale alpha exp(X) dY",
            .domain = "all real X",
            .source =
                "Klambauer, Unterthiner, Mayr and Hochreiter, Self-Normalizing Neural Networks, 2017, "
                "equation 14",
            .inputs = one_input,
            .outputs = one_output,
            .samples = samples_of_any_shape};
  }

  template <class T>
  static std::tuple<T, T> parameters(const Attributes&) {
    return detail::selu_constants<T>();
  }

  template <class T>
  static T value(const T& x, const T& scale, const T& alpha) {
    const T low = min(x, T(0));
    return select(
        less(T(0), x), T(scale * x),
        either([&] { return T(scale * (alpha * expm1(low))); }, [&] { return T(scale * alpha * expm1(low)); },
               [&] { return T(scale * (alpha * exp(low) - alpha)); },
               [&] { return T(scale * alpha * (exp(low) - T(1))); }));
  }

  template <class T>
  static T derivative(const T& x, const T& scale, const T& alpha) {
    const T low = min(x, T(0));
    return select(less(T(0), T(step(x))), scale,
                  either([&] { return T(scale * (alpha * exp(low))); },
                         [&] { return T(scale * alpha * expm1(low) + scale * alpha); }));
  }
};

}  // namespace assay::oracles::ops
