/// What the paths of gradient descent share.
#pragma once

#include <cstddef>
#include <type_traits>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/shapes.hpp"
#include "oracles/tape.hpp"

namespace assay::oracles::ops::detail {

inline constexpr AttributeSpec steps_attribute{"steps", "10", "how many steps are made",
                                               AttributeKind::integer};

/// From 0 to a million. Throws ShapeError beyond.
std::size_t steps_of(const Attributes& attributes);

/// Numbers whose digits grow with every product.
template <class T>
inline constexpr bool is_fraction = std::is_same_v<T, Rational> || std::is_same_v<T, Var<Rational>>;

}  // namespace assay::oracles::ops::detail
