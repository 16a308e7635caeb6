#include "properties/claim.hpp"

#include <limits>

#include "properties/exact_text.hpp"

namespace assay::properties {

using fixtures::InputSpec;
using fixtures::LabelValues;
using fixtures::RealValues;

InputSpec reals(std::string name, std::vector<std::string> shape) {
  const double largest = std::numeric_limits<double>::max();
  InputSpec variable = reals(std::move(name), -largest, largest, std::move(shape));
  std::get<RealValues>(variable.values).wide = true;
  return variable;
}

InputSpec reals(std::string name, double low, double high, std::vector<std::string> shape) {
  return {std::move(name),
          std::move(shape),
          RealValues{exact_text(low), exact_text(high), {}, false, false, {}},
          {}};
}

InputSpec fractions(std::string name, double low, double high, double step, std::vector<std::string> shape) {
  InputSpec variable = reals(std::move(name), low, high, std::move(shape));
  std::get<RealValues>(variable.values).grid = exact_text(step);
  return variable;
}

InputSpec labels(std::string name, std::vector<std::string> shape, std::string classes) {
  return {std::move(name), std::move(shape), LabelValues{std::move(classes)}, {}};
}

InputSpec with_kinks(InputSpec variable, std::vector<double> kinks) {
  std::get<RealValues>(variable.values).kinks = std::move(kinks);
  return variable;
}

Case instance(std::vector<std::pair<std::string, double>> scalars, std::string note) {
  Case result;
  result.pinned = std::move(note);
  for (auto& [name, value] : scalars) result.inputs[name] = oracles::Tensor<double>::scalar(value);
  return result;
}

Case instance(std::vector<std::pair<std::string, oracles::Tensor<double>>> tensors, std::string note) {
  Case result;
  result.pinned = std::move(note);
  for (auto& [name, value] : tensors) result.inputs[name] = std::move(value);
  return result;
}

}  // namespace assay::properties
