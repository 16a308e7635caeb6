#pragma once

#include "oracles/ops/detail/elementwise.hpp"

namespace assay::oracles::ops {

/// Logarithm of the logistic sigmoid s.
///
///   f(x)  = log s(x) = −log(1 + e⁻ˣ) = min(x, 0) − log1p(e^−|x|)
///   f′(x) = s(−x)
///
/// The exponential is at most 1, and both terms have one sign. The logarithm of a finished sigmoid is not
/// among the honest forms: it is −∞ where s underflows.
struct LogSigmoid : detail::Elementwise<LogSigmoid> {
  static constexpr std::string_view name = "log_sigmoid";

  static Operation spec() {
    return {.name = name,
            .formula = "Y = -log(1 + exp(-X)); dX = dY / (1 + exp(X))",
            .domain = "all real X",
            .source = "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 3.10",
            .inputs = one_input,
            .outputs = one_output,
            .samples = samples_of_any_shape};
  }

  template <class T>
  static T value(const T& x) {
    return either([&] { return T(min(x, T(0)) - log1p(T(exp(T(-abs(x)))))); },
                  [&] { return T(-log1p(T(exp(T(-x))))); });
  }

  template <class T>
  static T derivative(const T& x) {
    return either([&] { return T(sigmoid(T(-x))); }, [&] { return T(T(1) - sigmoid(x)); },
                  [&] { return T(T(1) / (T(1) + exp(x))); });
  }
};

}  // namespace assay::oracles::ops
