#include "properties/formula/operations.hpp"

#include <algorithm>

namespace assay::properties::formula {

std::optional<std::size_t> axes_of(std::string_view symbolic) {
  if (symbolic.size() < 2 || symbolic.find("...") != symbolic.npos ||
      symbolic.find(" or ") != symbolic.npos || !symbolic.starts_with('(') || !symbolic.ends_with(')'))
    return std::nullopt;
  if (symbolic == "()") return 0;
  if (symbolic.starts_with("(like ")) return std::nullopt;  // as many as another input has
  return 1 + static_cast<std::size_t>(std::ranges::count(symbolic, ','));
}

Shape padded(const Shape& shape, std::string_view symbolic) {
  const auto axes = axes_of(symbolic);
  if (!axes || *axes <= shape.size()) return shape;
  Shape result(*axes - shape.size(), 1);
  result.insert(result.end(), shape.begin(), shape.end());
  return result;
}

void take_steps(const Node& node, const oracles::Shapes& inputs, std::size_t times, Steps& steps) {
  const oracles::Shapes outputs = node.operation->output_shapes(inputs, node.attributes);
  std::uint64_t each = 1 + node.operation->cost(inputs, node.attributes).multiply_adds;
  for (const Shape& shape : outputs) each += oracles::element_count(shape);
  for (const Shape& shape : inputs) each += oracles::element_count(shape);
  std::uint64_t all = 0;
  if (__builtin_mul_overflow(each, static_cast<std::uint64_t>(times), &all)) all = steps.left() + 1;
  steps.take(all, node.offset);
}

std::size_t output_place(const Node& node) {
  if (node.output.empty()) return 0;
  const auto found = std::ranges::find(node.operation->outputs, node.output, &oracles::OutputSpec::name);
  return static_cast<std::size_t>(found - node.operation->outputs.begin());
}

}  // namespace assay::properties::formula
