#include "oracles/ops/detail/axes.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops::detail {

namespace {

/// Which axes disappear.
std::vector<bool> chosen(std::string_view operation, const Shape& shape, const Attributes& attributes) {
  const std::string_view text = text_attribute(attributes, axes_attribute);
  if (text == "all") return std::vector<bool>(shape.size(), true);
  std::vector<bool> result(shape.size(), false);
  const auto rank = static_cast<std::int64_t>(shape.size());
  const auto count = static_cast<std::size_t>(std::ranges::count(text, ',')) + 1;
  for (const std::int64_t axis : integers_attribute(attributes, axes_attribute, count, -rank)) {
    if (axis >= rank)
      throw ShapeError(std::string(operation) + ": attribute \"axis\" is \"" + std::string(text) +
                       "\"; input \"X\" of shape " + to_string(shape) + " has " + std::to_string(rank) +
                       " axes");
    const auto index = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
    if (result[index])
      throw ShapeError(std::string(operation) + ": attribute \"axis\" is \"" + std::string(text) +
                       "\", which names axis " + std::to_string(index) + " twice");
    result[index] = true;
  }
  return result;
}

}  // namespace

Shape reduced_shape(std::string_view operation, const Shape& shape, const Attributes& attributes,
                    Empty empty) {
  const std::vector<bool> gone = chosen(operation, shape, attributes);
  const bool keeps = flag_attribute(attributes, keepdim_attribute);
  Shape result;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (gone[axis] && shape[axis] == 0 && empty == Empty::refused)
      refuse_shape(operation, "X", shape, "at least one element along axis " + std::to_string(axis));
    if (!gone[axis]) result.push_back(shape[axis]);
    if (gone[axis] && keeps) result.push_back(1);
  }
  return result;
}

std::vector<std::vector<std::size_t>> reduced_groups(std::string_view operation, const Shape& shape,
                                                     const Attributes& attributes) {
  const std::vector<bool> gone = chosen(operation, shape, attributes);
  std::size_t count = 1;
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    if (!gone[axis]) count *= shape[axis];
  std::vector<std::vector<std::size_t>> groups(count);
  const std::size_t elements = element_count(shape);
  for (std::size_t i = 0; i < elements; ++i) {
    std::size_t rest = i, group = 0, stride = 1;
    for (std::size_t axis = shape.size(); axis-- > 0; rest /= shape[axis]) {
      if (gone[axis]) continue;
      group += rest % shape[axis] * stride;
      stride *= shape[axis];
    }
    groups[group].push_back(i);
  }
  return groups;
}

std::vector<Sample> axes_samples() {
  return {{{{2, 3}}},
          {{{3, 4}}, {{"axis", "0"}}},
          {{{2, 3, 2}}, {{"axis", "0,-1"}, {"keepdim", "true"}}},
          {{{5}}, {{"axis", "-1"}}},
          {{{2, 2, 3}}, {{"axis", "1,2"}}}};
}

}  // namespace assay::oracles::ops::detail
