/// Average pooling over any number of spatial axes: what avg_pool1d and avg_pool2d are made of.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/pooling.hpp"

namespace assay::oracles::ops::detail {

inline constexpr AttributeSpec count_include_pad_attribute{
    "count_include_pad", "true", "whether the divisor counts the positions of the padding",
    AttributeKind::flag};

/// The divisor of each window. With count_include_pad it counts the positions within the padded input; those
/// beyond it, which only ceil_mode reaches, never count.
std::vector<std::uint64_t> divisors(const Window& window, bool count_include_pad);

/// avg_pool1d, avg_pool2d: `Op` states a name, a rank and a spec.
template <class Op>
struct AvgPoolOperation {
  static Window window(const Shape& x, const Attributes& attributes) {
    return pooling_window(Op::name, x, Op::rank, attributes, nullptr);
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Window w = window(inputs[0], attributes);
    element_count(kernel_extents(w));  // the divisor must fit into 64 bits
    return {pooled_shape(inputs[0], w)};
  }

  /// A sum and a division: no multiplication feeds an addition.
  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    const Window w = window(x.shape, attributes);
    const auto divisor = divisors(w, flag_attribute(attributes, count_include_pad_attribute));
    Tensor<T> y(pooled_shape(x.shape, w));
    Gathered<T> row;
    for_each_window(x.shape, w, [&](std::size_t output, std::size_t first, std::span<const Meeting> seen) {
      gather_window(row, x, first, seen);
      y[output] = average(row, count_as<T>(divisor[output % divisor.size()]));
    });
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    const Window w = window(x.shape, attributes);
    const auto divisor = divisors(w, flag_attribute(attributes, count_include_pad_attribute));
    Contributions<T> dx(x.shape);
    for_each_window(x.shape, w, [&](std::size_t output, std::size_t first, std::span<const Meeting> seen) {
      const T share = share_of(upstream[0][output], count_as<T>(divisor[output % divisor.size()]));
      for (const Meeting& tap : seen) dx.add(first + tap.second, share);
    });
    return {dx.sums()};
  }
};

}  // namespace assay::oracles::ops::detail
