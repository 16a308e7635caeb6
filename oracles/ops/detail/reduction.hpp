/// How losses of single rows become one: the attribute `reduction`.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <span>

#include "oracles/attribute_access.hpp"
#include "oracles/numeric/exact_pass.hpp"
#include "oracles/operation.hpp"

namespace assay::oracles::ops::detail {

enum class Reduction { none, mean, sum };

inline constexpr AttributeSpec reduction_attribute{"reduction", "mean", "none, mean or sum over the rows",
                                                   AttributeKind::choice, "none|mean|sum"};

/// Throws ShapeError unless the attribute is none, mean or sum.
Reduction reduction_of(std::string_view operation, const Attributes& attributes);

/// The shape of a loss over `rows` rows.
Shape reduced_shape(Reduction reduction, std::size_t rows);

/// x / N. Honest: the quotient, and the product with a rounded 1/N; they are one where N is a power of two.
template <class T>
T divided(const T& x, std::size_t rows) {
  const T count = static_cast<T>(static_cast<int>(rows));
  if (std::has_single_bit(rows)) return x / count;
  return either([&] { return T(x / count); }, [&] { return T(x * (T(1) / count)); });
}

/// Σ xᵢ / N. Honest: dividing before or after the sum.
template <class T>
T mean_of(std::span<const T> all, std::size_t rows) {
  return either([&] { return divided(T(sum(all)), rows); },
                [&] {
                  std::vector<T> shares(all.begin(), all.end());
                  for (T& share : shares) share = divided(share, rows);
                  return T(sum(std::span<const T>(shares)));
                });
}

/// none: the rows; sum: Σₙ xₙ; mean: Σₙ xₙ / N.
template <class T>
Tensor<T> reduced(const Tensor<T>& rows, Reduction reduction) {
  if (reduction == Reduction::none) return rows;
  const std::span<const T> all(rows.data);
  return Tensor<T>::scalar(reduction == Reduction::sum ? T(sum(all)) : mean_of(all, all.size()));
}

/// The part of the upstream gradient that reaches row n, times the row's own derivative d.
/// Honest: scaling the upstream first, or the product last.
template <class T>
T row_cotangent(const T& d, const Tensor<T>& upstream, Reduction reduction, std::size_t n, std::size_t rows) {
  if (reduction == Reduction::none) return d * upstream[n];
  if (reduction == Reduction::sum) return d * upstream[0];
  return either([&] { return divided(T(d * upstream[0]), rows); },
                [&] { return T(d * divided(upstream[0], rows)); },
                [&] { return T(divided(d, rows) * upstream[0]); });
}

/// The same for all elements of one call: what does not depend on d is computed once, and what is the same is
/// not computed again.
template <class T>
class RowCotangents {
 public:
  RowCotangents(const Tensor<T>& upstream, Reduction reduction, std::size_t rows)
      : upstream_(upstream), reduction_(reduction), rows_(rows) {
    if (reduction != Reduction::mean) return;
    share_ = divided(upstream[0], rows);
    is_one_ = equal(upstream[0], T(1)) == Truth::yes;
  }

  /// With an upstream gradient of 1, d · 1 is exact, and the honest results are d / N and d · fl(1/N). The
  /// ball of d · share has them both: its radius counts a rounding of the product, and that of 1/N where it
  /// is rounded. Outside of a FormatScope, balls of all three forms are enclosures, and this is the fastest.
  T operator()(const T& d, std::size_t n) const {
    if constexpr (std::same_as<T, Ball>)
      if (reduction_ == Reduction::mean && (is_one_ || encloses_the_exact<T>())) return d * share_;
    return row_cotangent(d, upstream_, reduction_, n, rows_);
  }

 private:
  const Tensor<T>& upstream_;
  Reduction reduction_;
  std::size_t rows_;
  T share_ = T(0);
  bool is_one_ = false;
};

}  // namespace assay::oracles::ops::detail
