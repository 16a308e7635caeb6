#include "oracles/catalogued.hpp"

#include <string>

namespace assay::oracles {

void check_input_count(const Operation& operation, std::size_t got) {
  if (got == operation.inputs.size()) return;
  std::string needs;
  for (const InputSpec& input : operation.inputs)
    needs += (needs.empty() ? "" : ", ") + std::string(input.name) + " " + std::string(input.shape) +
             (input.optional ? " (optional)" : "");
  throw ShapeError(std::string(operation.name) + ": got " + std::to_string(got) +
                   (got == 1 ? " input" : " inputs") + "; it needs " +
                   std::to_string(operation.inputs.size()) + ": " + needs);
}

void check_sizes(const Operation& operation, const Shapes& outputs) {
  constexpr std::size_t largest = std::size_t{1} << 26;
  for (std::size_t k = 0; k < outputs.size(); ++k)
    if (element_count(outputs[k]) > largest)
      throw ShapeError(std::string(operation.name) + ": output \"" + std::string(operation.outputs[k].name) +
                       "\" would have shape " + to_string(outputs[k]) + "; at most " +
                       std::to_string(largest) + " elements are computed");
}

void check_upstream(const Operation& operation, const Shapes& outputs, const Shapes& upstream) {
  const std::string name(operation.name);
  if (upstream.size() != outputs.size())
    throw ShapeError(name + ": got " + std::to_string(upstream.size()) + " upstream gradients; it needs " +
                     std::to_string(outputs.size()) + ", one for each output");
  for (std::size_t k = 0; k < outputs.size(); ++k)
    if (upstream[k] != outputs[k])
      throw ShapeError(name + ": the upstream gradient of output \"" +
                       std::string(operation.outputs[k].name) + "\" has shape " + to_string(upstream[k]) +
                       "; it needs " + to_string(outputs[k]) + ", like the output");
}

}  // namespace assay::oracles
