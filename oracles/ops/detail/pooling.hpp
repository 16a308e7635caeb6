/// What poolings share: their windows, as PyTorch has them, and the sums that go forwards and backwards.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "oracles/numeric/gather.hpp"
#include "oracles/ops/detail/window.hpp"

namespace assay::oracles::ops::detail {

inline constexpr AttributeSpec pool_stride_attribute{
    "stride", "kernel_size", "distance of neighbouring windows, one for all axes or one each",
    AttributeKind::integers};
inline constexpr AttributeSpec ceil_mode_attribute{
    "ceil_mode", "false",
    "whether a last window may reach beyond the padded input; it must start before its end",
    AttributeKind::flag};

/// The windows of an input of shape (N, C, spatial...). Throws ShapeError where they do not fit, where the
/// padding is more than half a window, and where a window would see nothing but padding.
Window pooling_window(std::string_view operation, const Shape& x, std::size_t rank,
                      const Attributes& attributes, const AttributeSpec* dilation);

/// (N, C, output...).
Shape pooled_shape(const Shape& x, const Window& window);

/// Calls visit(output, first index of its channel's input) for each output of each image and channel;
/// `seen` holds the taps and inputs of one window.
template <class Visit>
void for_each_window(const Shape& x, const Window& window, const Visit& visit) {
  const std::size_t planes = x[0] * x[1];
  const std::size_t inputs = element_count(input_extents(window));
  const std::size_t outputs = element_count(output_extents(window));
  Meetings::by_output(window).for_each([&](std::size_t p, std::span<const Meeting> seen) {
    for (std::size_t plane = 0; plane < planes; ++plane) visit(plane * outputs + p, plane * inputs, seen);
  });
}

/// The numbers that a window sees.
template <class T>
void gather_window(Gathered<T>& row, const Tensor<T>& x, std::size_t first, std::span<const Meeting> seen) {
  row.reset(seen.size());
  for (std::size_t k = 0; k < seen.size(); ++k) row.set(k, x[first + seen[k].second]);
}

/// n as a T: a count may be too large for an int.
template <class T>
T count_as(std::uint64_t n) {
  return from_rational<T>(Rational(n));
}

/// Σ / n. Honest: the quotient, the product with a rounded 1/n, and the sum of quotients.
template <class T>
T average(const Gathered<T>& row, const T& count) {
  return either([&] { return T(sum(row.data(), 1, row.size()) / count); },
                [&] {
                  const T share = T(1) / count;
                  return T(sum(row.data(), 1, row.size()) * share);
                },
                [&] {
                  const T share = T(1) / count;
                  return T(dot(row.data(), 1, &share, 0, row.size()));
                },
                [&] {
                  std::vector<T> shares(row.data(), row.data() + row.size());
                  for (T& each : shares) each = each / count;
                  return T(sum(shares));
                });
}

/// The part of an upstream gradient that reaches each number of an average over n of them.
template <class T>
T share_of(const T& upstream, const T& count) {
  return either([&] { return T(upstream / count); }, [&] { return T(upstream * (T(1) / count)); });
}

/// A part of each output, added to one input: lists that end as one sum per input.
template <class T>
class Contributions {
 public:
  explicit Contributions(const Shape& shape) : shape_(shape), terms_(element_count(shape)) {}
  void add(std::size_t input, T term) { terms_[input].push_back(std::move(term)); }
  Tensor<T> sums() const {
    Tensor<T> result(shape_);
    for (std::size_t i = 0; i < terms_.size(); ++i) result[i] = sum(terms_[i]);
    return result;
  }

 private:
  Shape shape_;
  std::vector<std::vector<T>> terms_;
};

}  // namespace assay::oracles::ops::detail
