#pragma once

#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Piecewise quadratic swish.
///
///   f(x)  = x min(max(x + 3, 0), 6) / 6
///   f′(x) = 0 for x < −3, x/3 + 1/2 for −3 < x < 3, 1 for x > 3
///
/// At the kinks the derivative of a ball is [−1/2, 0] and [1, 3/2]; a number exactly there gets the middle's
/// −1/2 and 3/2, as in PyTorch (others give 0 and 1 there: PyTorch issue 147801).
struct HardSwish : detail::Elementwise<HardSwish> {
  static constexpr std::string_view name = "hardswish";

  static Operation spec() {
    return {.name = name,
            .formula =
                "Y = X min(max(X + 3, 0), 6) / 6; dX = 0, (X / 3 + 1/2) dY or dY for X below, between and "
                "above -3 and 3",
            .domain = "all real X",
            .source = "Howard et al., Searching for MobileNetV3, 2019, section 5.2",
            .inputs = one_input,
            .outputs = one_output,
            .samples = samples_of_any_shape};
  }

  /// x is multiplied last: the largest finite number stays itself.
  template <class T>
  static T value(const T& x) {
    const T six = T(6), gate = min(relu(T(x + T(3))), six);
    return either([&] { return T(x * (gate / six)); }, [&] { return T(x * gate / six); },
                  [&] { return T(x * gate * (T(1) / six)); });
  }

  template <class T>
  static T derivative(const T& x) {
    const T middle =
        either([&] { return T(x / T(3) + T(1) / T(2)); }, [&] { return T((x + x + T(3)) / T(6)); });
    return select(less(T(0), T(step(T(x - T(3))))), T(1),
                  select(less(T(0), T(step(T(T(-3) - x)))), T(0), middle));
  }
};

}  // namespace assay::oracles::ops
