/// Reductions over any set of axes: the attributes `axis` and `keepdim`.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/operation.hpp"

namespace assay::oracles::ops::detail {

inline constexpr AttributeSpec axes_attribute{
    "axis", "all",
    "the axes that disappear: all, one (\"1\") or several (\"0,-1\"); negative count from the last",
    AttributeKind::integers};
inline constexpr AttributeSpec keepdim_attribute{"keepdim", "false", "keep them with extent 1",
                                                 AttributeKind::flag};

/// Whether nothing at all may be reduced: a sum of nothing is 0, a mean of nothing is not a number.
enum class Empty { allowed, refused };

/// What becomes of a shape. Throws ShapeError where an axis is out of range or named twice, and, if refused,
/// where an axis that disappears has no element.
Shape reduced_shape(std::string_view operation, const Shape& shape, const Attributes& attributes,
                    Empty empty);

/// The elements that each element of the output is made of, in row-major order.
std::vector<std::vector<std::size_t>> reduced_groups(std::string_view operation, const Shape& shape,
                                                     const Attributes& attributes);

/// Calls with one input that cover both attributes.
std::vector<Sample> axes_samples();

/// yₖ = f(elements of group k).
template <class T, class F>
Tensors<T> reduced(std::string_view operation, const Tensor<T>& x, const Attributes& attributes, const F& f) {
  Tensor<T> y(reduced_shape(operation, x.shape, attributes, Empty::allowed));
  const auto groups = reduced_groups(operation, x.shape, attributes);
  for (std::size_t k = 0; k < groups.size(); ++k) {
    std::vector<T> values;
    for (const std::size_t i : groups[k]) values.push_back(x[i]);
    y[k] = f(values);
  }
  return {y};
}

/// ∂L/∂x of group k = f(elements of group k, ∂L/∂yₖ).
template <class T, class F>
Tensors<T> reduced_vjp(std::string_view operation, const Tensor<T>& x, const Tensor<T>& upstream,
                       const Attributes& attributes, const F& f) {
  Tensor<T> cotangent(x.shape);
  const auto groups = reduced_groups(operation, x.shape, attributes);
  for (std::size_t k = 0; k < groups.size(); ++k) {
    std::vector<T> values;
    for (const std::size_t i : groups[k]) values.push_back(x[i]);
    const std::vector<T> part = f(values, upstream[k]);
    for (std::size_t j = 0; j < part.size(); ++j) cotangent[groups[k][j]] = part[j];
  }
  return {cotangent};
}

}  // namespace assay::oracles::ops::detail
