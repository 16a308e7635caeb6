/// Inputs, shape rules and cost of multi-head attention.
#pragma once

#include <cstddef>
#include <string_view>

#include "oracles/operation.hpp"
#include "oracles/ops/detail/masking.hpp"

namespace assay::oracles::ops::detail {

inline constexpr AttributeSpec num_heads_attribute{"num_heads", "1", "into how many heads E is divided",
                                                   AttributeKind::integer};

Operation multi_head_spec(std::string_view name);

/// The heads. Throws ShapeError unless they divide the `width` features of the queries.
std::size_t num_heads_of(std::string_view operation, const Attributes& attributes, std::size_t width);

/// (N, L, E). Throws ShapeError where something does not fit.
Shape multi_head_output(std::string_view operation, const Shapes& inputs, const Attributes& attributes);

Cost multi_head_cost(const Shapes& inputs);

}  // namespace assay::oracles::ops::detail
