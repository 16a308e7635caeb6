#include "graders/pinned_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <variant>
#include <vector>

namespace assay::graders {
namespace {

std::string number_text(double number) {
  return fmt::format("{}", number);  // the shortest that reads back; inf and nan are words of TOML, too
}
std::string number_text(float number) {
  return number_text(static_cast<double>(number));
}
std::string number_text(std::int64_t number) {
  return std::to_string(number);
}

/// "[[1, 2], [3, 4]]"
template <class T>
std::string nested(const oracles::Tensor<T>& tensor, std::size_t axis, std::size_t from, std::size_t count) {
  if (axis == tensor.shape.size()) return number_text(tensor.data[from]);
  const std::size_t extent = tensor.shape[axis];
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < extent; ++i)
    parts.push_back(nested(tensor, axis + 1, from + i * (count / extent), count / extent));
  return fmt::format("[{}]", fmt::join(parts, ", "));
}

}  // namespace

std::string pinned_text(const properties::Case& one) {
  std::vector<std::string> inputs;
  for (const auto& [name, value] : one.inputs)
    inputs.push_back(
        name + " = " +
        std::visit([](const auto& tensor) { return nested(tensor, 0, 0, tensor.data.size()); }, value));
  return fmt::format("{{ {} }}", fmt::join(inputs, ", "));
}

}  // namespace assay::graders
