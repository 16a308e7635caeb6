/// Many steps of an optimizer of the catalogue on one objective, given by its gradient:
///
///   const Descent descent{.optimizer = "adam", .attributes = {{"lr", "0.1"}}, .steps = 100};
///   const auto path = trajectory<Rational>(descent, x0, [](const auto& x) { return gradient_at(x); });
///   path.front() is x0, path.back() the parameters after 100 steps
///
/// For Ball, Rational, double and float. Knows no package: the numbers are those of whoever includes it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "oracles/attributes.hpp"
#include "oracles/tensor.hpp"

namespace assay::oracles {

struct Descent {
  std::string optimizer;  ///< an operation with the inputs parameters and gradient: "sgd", "momentum", "adam"
  Attributes attributes = {};  ///< without `step`, which is counted
  std::size_t steps = 0;
};

/// The gradient of the objective at some parameters, of their shape.
template <class T>
using GradientFunction = std::function<Tensor<T>(const Tensor<T>& parameters)>;

/// The parameters before the first and after every step. State starts as the optimizer has it without; where
/// it looks ahead (nesterov, form = sutskever), the gradient is taken there.
///
/// Throws UnknownOperation for a name that is not in the catalogue, and ShapeError where the operation is no
/// optimizer, has no evaluator for T, is given the attribute `step`, or refuses its arguments.
template <class T>
std::vector<Tensor<T>> trajectory(const Descent& descent, const Tensor<T>& start,
                                  const GradientFunction<T>& gradient);

}  // namespace assay::oracles
