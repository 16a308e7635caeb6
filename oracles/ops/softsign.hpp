#pragma once

#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// A sigmoid that approaches its limits slowly.
///
///   f(x)  = x / (1 + |x|)
///   f′(x) = 1 / (1 + |x|)²        also at 0: there is no kink
struct Softsign : detail::Elementwise<Softsign> {
  static constexpr std::string_view name = "softsign";

  static Operation spec() {
    return {.name = name,
            .formula = "Y = X / (1 + |X|); dX = dY / (1 + |X|)^2",
            .domain = "all real X",
            .source =
                "Bergstra, Desjardins, Lamblin and Bengio, Quadratic Polynomials Learn Better Image "
                "Features, 2009",
            .inputs = one_input,
            .outputs = one_output,
            .samples = samples_of_any_shape};
  }

  template <class T>
  static T value(const T& x) {
    return x / (T(1) + abs(x));
  }

  template <class T>
  static T derivative(const T& x) {
    const T d = T(1) + abs(x);
    return either([&] { return T(T(1) / (d * d)); }, [&] { return T(T(1) / d / d); });
  }
};

}  // namespace assay::oracles::ops
