#include "oracles/trajectory.hpp"

#include <algorithm>
#include <string_view>

#include "oracles/catalogue.hpp"
#include "oracles/evaluator_of.hpp"

namespace assay::oracles {

namespace {

[[noreturn]] void refuse(const Descent& descent, const std::string& why) {
  throw ShapeError("trajectory of " + descent.optimizer + ": " + why);
}

bool has_step(const Operation& operation) {
  return std::ranges::find(operation.attributes, "step", &AttributeSpec::name) != operation.attributes.end();
}

/// Throws ShapeError unless the operation is an optimizer and can be run.
template <class T>
const Operation& checked(const Descent& descent) {
  const Operation& operation = operation_named(descent.optimizer);
  const auto& inputs = operation.inputs;
  if (inputs.size() < 2 || inputs[0].name != "parameters" || inputs[1].name != "gradient")
    refuse(descent, "the operation is no optimizer; it needs the inputs parameters and gradient");
  if (!evaluator_of<T>(operation).forward)
    refuse(descent, "the operation draws roots, so it has no exact fractions; it needs another number type");
  if (descent.attributes.contains("step")) refuse(descent, "the attribute \"step\" is counted, not given");
  return operation;
}

}  // namespace

template <class T>
std::vector<Tensor<T>> trajectory(const Descent& descent, const Tensor<T>& start,
                                  const GradientFunction<T>& gradient) {
  const Operation& operation = checked<T>(descent);
  const auto ahead = std::ranges::find(operation.outputs, "look_ahead", &OutputSpec::name);
  const auto look_ahead = static_cast<std::size_t>(ahead - operation.outputs.begin());
  Arguments<T> arguments;
  arguments.real.assign(operation.inputs.size(), Tensor<T>(absent));
  arguments.real[0] = start;
  Attributes attributes = descent.attributes;
  Tensor<T> next_gradient_at = start;
  std::vector<Tensor<T>> path = {start};
  for (std::size_t step = 1; step <= descent.steps; ++step) {
    if (has_step(operation)) attributes["step"] = std::to_string(step);
    arguments.real[1] = gradient(next_gradient_at);
    const Tensors<T> outputs = evaluator_of<T>(operation).forward(arguments, attributes);
    arguments.real[0] = outputs[0];
    for (std::size_t state = 2; state < arguments.real.size(); ++state)
      arguments.real[state] = outputs[state - 1];
    next_gradient_at = look_ahead < outputs.size() ? outputs[look_ahead] : outputs[0];
    path.push_back(outputs[0]);
  }
  return path;
}

template std::vector<Tensor<Ball>> trajectory(const Descent&, const Tensor<Ball>&,
                                              const GradientFunction<Ball>&);
template std::vector<Tensor<Rational>> trajectory(const Descent&, const Tensor<Rational>&,
                                                  const GradientFunction<Rational>&);
template std::vector<Tensor<double>> trajectory(const Descent&, const Tensor<double>&,
                                                const GradientFunction<double>&);
template std::vector<Tensor<float>> trajectory(const Descent&, const Tensor<float>&,
                                               const GradientFunction<float>&);

}  // namespace assay::oracles
