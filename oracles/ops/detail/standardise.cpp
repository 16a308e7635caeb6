#include "oracles/ops/detail/standardise.hpp"

#include <algorithm>

#include "oracles/ops/detail/shapes.hpp"

namespace assay::oracles::ops::detail {

void check_eps(const Attributes& attributes, const AttributeSpec& spec) {
  if (rational_attribute(attributes, spec) < 0) refuse_attribute(attributes, spec, "a number of at least 0");
}

std::vector<std::size_t> channels_of(const Shape& shape) {
  std::size_t inner = 1;
  for (std::size_t axis = 2; axis < shape.size(); ++axis) inner *= shape[axis];
  std::vector<std::size_t> result(element_count(shape));
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = i / inner % shape[1];
  return result;
}

std::vector<std::vector<std::size_t>> consecutive(std::size_t elements, std::size_t count) {
  std::vector<std::vector<std::size_t>> result(count);
  for (std::size_t i = 0; i < elements; ++i) result[i / (elements / count)].push_back(i);
  return result;
}

void require_axes(std::string_view operation, const Shape& got, std::size_t least,
                  std::string_view symbolic) {
  if (got.size() < least) refuse_shape(operation, "X", got, symbolic);
  if (std::ranges::find(got, 0u) != got.end())
    refuse_shape(operation, "X", got, std::string(symbolic) + " without an empty axis");
}

void require_optional(std::string_view operation, std::string_view input, const Shape& got,
                      const Shape& needed, std::string_view reason) {
  if (got != absent) require_shape(operation, input, got, needed, reason);
}

Cost affine_cost(const Shape& weight, const Shape& bias, std::size_t elements) {
  return {.multiply_adds = weight != absent && bias != absent ? elements : 0,
          .parameters = element_count(weight) + element_count(bias)};
}

}  // namespace assay::oracles::ops::detail
