/// Maximum pooling over any number of spatial axes: what max_pool1d and max_pool2d are made of.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/pooling.hpp"

namespace assay::oracles::ops::detail {

/// Which of several equal maxima of a window gets the gradient of plain numbers.
enum class Ties { first, last, even };

inline constexpr AttributeSpec ties_attribute{
    "ties", "first", "which of several equal maxima gets the gradient, or an even share each",
    AttributeKind::choice, "first|last|even"};

inline Ties ties_of(const Attributes& attributes) {
  return static_cast<Ties>(choice_attribute(attributes, ties_attribute));
}

/// The share of each number of a window in the gradient of its maximum, for balls: 1 for a certain maximum, 0
/// for what is certainly none, else the hull [0, 1] of the Clarke subdifferential.
inline std::vector<Ball> maximum_shares(std::span<const Ball> window, Ties) {
  std::vector<Ball> shares;
  for (std::size_t i = 0; i < window.size(); ++i) {
    Truth above = Truth::yes, below = Truth::no;  // all others; some other
    for (std::size_t j = 0; j < window.size(); ++j) {
      if (j == i) continue;
      above = above && less(window[j], window[i]);
      below = below || less(window[i], window[j]);
    }
    shares.push_back(above == Truth::yes   ? Ball(1)
                     : below == Truth::yes ? Ball(0)
                                           : select(Truth::unknown, Ball(1), Ball(0)));
  }
  return shares;
}

/// For plain numbers: what `ties` says. A NaN is the maximum of its window.
template <PlainNumber T>
std::vector<T> maximum_shares(std::span<const T> window, Ties ties) {
  std::vector<std::size_t> maxima = {0};
  for (std::size_t i = 1; i < window.size(); ++i) {
    const T &x = window[i], &peak = window[maxima[0]];
    if (is_nan(x) ? !is_nan(peak) : x > peak) maxima.clear();
    if (maxima.empty() || x == peak || (is_nan(x) && is_nan(peak))) maxima.push_back(i);
  }
  std::vector<T> shares(window.size(), T(0));
  if (ties == Ties::even)
    for (const std::size_t i : maxima) shares[i] = T(1) / count_as<T>(maxima.size());
  else
    shares[ties == Ties::first ? maxima.front() : maxima.back()] = T(1);
  return shares;
}

/// max_pool1d, max_pool2d: `Op` states a name, a rank and a spec.
template <class Op>
struct MaxPoolOperation {
  static Window window(const Shape& x, const Attributes& attributes) {
    return pooling_window(Op::name, x, Op::rank, attributes, &dilation_attribute);
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    return {pooled_shape(inputs[0], window(inputs[0], attributes))};
  }

  static Cost cost(const Shapes&, const Attributes&) { return {}; }

  /// Of a tie, the second argument of `max` gets the derivative of the tape: the earlier or the later
  /// number.
  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    const Window w = window(x.shape, attributes);
    const bool earlier = ties_of(attributes) == Ties::first;
    Tensor<T> y(pooled_shape(x.shape, w));
    for_each_window(x.shape, w, [&](std::size_t output, std::size_t first, std::span<const Meeting> seen) {
      T largest = x[first + seen[0].second];
      for (const Meeting& tap : seen.subspan(1)) {
        const T& next = x[first + tap.second];
        largest = earlier ? max(next, largest) : max(largest, next);
      }
      y[output] = largest;
    });
    return {y};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>& x = arguments.real[0];
    const Ties ties = ties_of(attributes);
    Contributions<T> dx(x.shape);
    for_each_window(x.shape, window(x.shape, attributes),
                    [&](std::size_t output, std::size_t first, std::span<const Meeting> seen) {
                      std::vector<T> numbers;
                      for (const Meeting& tap : seen) numbers.push_back(x[first + tap.second]);
                      const std::vector<T> shares = maximum_shares(std::span<const T>(numbers), ties);
                      for (std::size_t k = 0; k < seen.size(); ++k)
                        if (!is_certainly_zero(shares[k]))
                          dx.add(first + seen[k].second, T(shares[k] * upstream[0][output]));
                    });
    return {dx.sums()};
  }

 private:
  template <class T>
  static bool is_certainly_zero(const T& share) {
    return equal(share, T(0)) == Truth::yes;
  }
};

}  // namespace assay::oracles::ops::detail
