#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/loss.hpp"
#include "oracles/ops/detail/norm.hpp"

namespace assay::oracles::ops {

/// Rows of anchors a must be nearer to their positives p than to their negatives n, by a margin.
///
///   ℓ        = max(0, d(a, p) − d(a, n) + Δ)
///   d(x, y)  = ‖x − y + ε‖        Euclidean, or the sum of magnitudes for p = 1
///   ∂d/∂x    = (x − y + ε) / d = −∂d/∂y
///
/// ε is added to each difference, as in PyTorch. With `swap`, d(a, n) becomes min(d(a, n), d(p, n)). At
/// the margin, at a tie of that minimum and at distance 0 a ball has an enclosure of the subdifferential;
/// numbers have 0 at the margin and at distance 0.
struct TripletMargin {
  static constexpr std::string_view name = "triplet_margin";
  static constexpr AttributeSpec margin_attribute{"margin", "1", "by how much nearer the positive must be"};
  static constexpr AttributeSpec p_attribute{"p", "2", "2: Euclidean distance; 1: sum of magnitudes",
                                             AttributeKind::choice, "1|2"};
  static constexpr AttributeSpec eps_attribute{"eps", "1e-6", "added to each difference of coordinates"};
  static constexpr AttributeSpec swap_attribute{
      "swap", "false", "whether the positive may stand in for the anchor where it is nearer to the negative",
      AttributeKind::flag};

  static Operation spec() {
    return {.name = name,
            .formula =
                "loss = max(0, |a - p + eps| - |a - n + eps| + margin); where positive: da = ((a - p + "
                "eps) / |a - p + eps| - (a - n + eps) / |a - n + eps|) dloss",
            .domain = "all real anchors, positives, negatives; eps >= 0; any real margin",
            .source =
                "Schroff, Kalenichenko and Philbin, FaceNet, 2015 (there squared); swap: Balntas et al., "
                "Learning Local Feature Descriptors with Triplets, 2016",
            .inputs = {{"anchor", "(N, D)"}, {"positive", "(N, D)"}, {"negative", "(N, D)"}},
            .outputs = {{"loss", "() or (N)"}},
            .attributes = {eps_attribute, margin_attribute, p_attribute, detail::reduction_attribute,
                           swap_attribute},
            .samples = {{{{2, 3}, {2, 3}, {2, 3}}},
                        {{{4, 2}, {4, 2}, {4, 2}}, {{"reduction", "none"}, {"swap", "true"}}},
                        {{{3, 3}, {3, 3}, {3, 3}}, {{"margin", "5/2"}, {"reduction", "sum"}}},
                        {{{2, 3}, {2, 3}, {2, 3}}, {{"eps", "0"}, {"p", "1"}, {"margin", "4"}}},
                        {{{1, 1}, {1, 1}, {1, 1}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_rank(name, "anchor", inputs[0], 2, "(N, D)");
    detail::require_shape(name, "positive", inputs[1], inputs[0], "like input \"anchor\"");
    detail::require_shape(name, "negative", inputs[2], inputs[0], "like input \"anchor\"");
    detail::nonnegative_attribute(attributes, eps_attribute);
    rational_attribute(attributes, margin_attribute);
    return {detail::reduced_shape(detail::reduction_of(name, attributes), inputs[0][0])};
  }

  /// The squares of two distances, with swap three.
  static Cost cost(const Shapes& inputs, const Attributes& attributes) {
    if (choice_attribute(attributes, p_attribute) == 0) return {};
    const std::uint64_t distances = flag_attribute(attributes, swap_attribute) ? 3 : 2;
    return {.multiply_adds = checked_product({distances, element_count(inputs[0])}), .parameters = 0};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    Tensor<T> loss(Shape{arguments.real[0].shape[0]});
    for (std::size_t n = 0; n < loss.size(); ++n) {
      const Row<T> row(arguments, n, attributes);
      const T far = row.swaps ? T(min(row.an.length, row.pn.length)) : row.an.length;
      loss[n] = relu(T(row.ap.length - far + row.margin));
    }
    return {detail::reduced(loss, detail::reduction_of(name, attributes))};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Shape& shape = arguments.real[0].shape;
    const detail::Reduction reduction = detail::reduction_of(name, attributes);
    Tensor<T> da(shape), dp(shape), dn(shape);
    for (std::size_t n = 0; n < shape[0]; ++n) {
      const Row<T> row(arguments, n, attributes);
      const T by_anchor = row.swaps ? T(step(T(row.pn.length - row.an.length))) : T(1);
      const T far = row.swaps ? T(min(row.an.length, row.pn.length)) : row.an.length;
      const T active = step(T(row.ap.length - far + row.margin));
      for (std::size_t k = 0; k < shape[1]; ++k) {
        const T ap = row.ap.slope(k), an = by_anchor * row.an.slope(k);
        const T pn = row.swaps ? T((T(1) - by_anchor) * row.pn.slope(k)) : T(0);
        const auto put = [&](Tensor<T>& into, const T& d) {
          into(n, k) = detail::row_cotangent(T(active * d), upstream[0], reduction, n, shape[0]);
        };
        put(da, T(ap - an));
        put(dp, T(-ap - pn));
        put(dn, T(an + pn));
      }
    }
    return {da, dp, dn};
  }

 private:
  /// ‖x − y + ε‖ of two rows.
  template <class T>
  struct Distance {
    std::vector<T> difference;
    T length = T(0);
    bool euclidean = true;

    Distance() = default;
    Distance(const Tensor<T>& x, const Tensor<T>& y, std::size_t n, const Attributes& attributes)
        : euclidean(choice_attribute(attributes, p_attribute) == 1) {
      const T eps = real_attribute<T>(attributes, eps_attribute);
      std::vector<T> magnitudes;
      for (std::size_t k = 0; k < x.shape[1]; ++k) {
        difference.push_back(T(x(n, k) - y(n, k) + eps));
        magnitudes.push_back(T(abs(difference[k])));
      }
      length = euclidean ? detail::norm_at_least(std::span<const T>(difference), T(0))
                         : T(sum(std::span<const T>(magnitudes)));
    }

    /// Of the length in coordinate k of x. At length 0: 0 for numbers, [−1, 1] for balls.
    T slope(std::size_t k) const {
      if (!euclidean) return T(abs_slope(difference[k]));
      if (contains_zero(length)) return T(abs_slope(T(length - length)));
      return T(difference[k] / length);
    }
  };

  template <class T>
  struct Row {
    bool swaps;
    T margin;
    Distance<T> ap, an, pn;

    Row(const Arguments<T>& arguments, std::size_t n, const Attributes& attributes)
        : swaps(flag_attribute(attributes, swap_attribute)),
          margin(real_attribute<T>(attributes, margin_attribute)),
          ap(arguments.real[0], arguments.real[1], n, attributes),
          an(arguments.real[0], arguments.real[2], n, attributes) {
      if (swaps) pn = Distance<T>(arguments.real[1], arguments.real[2], n, attributes);
    }
  };
};

}  // namespace assay::oracles::ops
