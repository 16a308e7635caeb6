/// Scaled dot-product attention of one head: a matrix of queries, one of keys, one of values.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "oracles/ops/detail/masking.hpp"
#include "oracles/ops/detail/softmax_line.hpp"

namespace assay::oracles::ops::detail {

/// Q: (L, E), K: (S, E), V: (S, Ev), and what each query may see.
///
///   zᵢⱼ = s qᵢ·kⱼ        pᵢ = softmax of zᵢ over the visible keys        oᵢ = Σⱼ pᵢⱼ vⱼ
///
/// With g = ∂L/∂o, δᵢⱼ = gᵢ·vⱼ and ∂L/∂zᵢⱼ = pᵢⱼ (δᵢⱼ − Σₖ pᵢₖ δᵢₖ):
///
///   ∂L/∂vⱼ = Σᵢ pᵢⱼ gᵢ        ∂L/∂qᵢ = s Σⱼ ∂L/∂zᵢⱼ kⱼ        ∂L/∂kⱼ = s Σᵢ ∂L/∂zᵢⱼ qᵢ
///
/// Keys that are not visible take no part in any sum: no −∞ is needed, and nothing about them can leak.
template <class T>
struct AttentionHead {
  Tensor<T> q, k, v;
  T scale;
  VisibleKeys visible;

  Tensor<T> output() const {
    const std::size_t width = v.shape[1];
    Tensor<T> o(Shape{q.shape[0], width});
    for (std::size_t i = 0; i < q.shape[0]; ++i) {
      const std::vector<T> p = weights(i);
      for (std::size_t e = 0; e < width; ++e) {
        std::vector<T> column;
        for (const std::size_t j : visible[i]) column.push_back(v(j, e));
        o(i, e) = dot(std::span<const T>(p), std::span<const T>(column));
      }
    }
    return o;
  }

  /// The cotangents of q, k and v.
  std::vector<Tensor<T>> vjp(const Tensor<T>& g) const {
    const std::size_t queries = q.shape[0], keys = k.shape[0], width = k.shape[1], values = v.shape[1];
    Tensor<T> p(Shape{queries, keys}), dz(Shape{queries, keys});
    for (std::size_t i = 0; i < queries; ++i) score_cotangents(i, g, p, dz);
    const auto next_key = static_cast<std::ptrdiff_t>(keys);
    const auto next_row = static_cast<std::ptrdiff_t>(width), next_g = static_cast<std::ptrdiff_t>(values);
    Tensor<T> dq(q.shape), dk(k.shape), dv(v.shape);
    for (std::size_t i = 0; i < queries; ++i)
      for (std::size_t e = 0; e < width; ++e) dq(i, e) = scale * dot(&dz[i * keys], 1, &k[e], next_row, keys);
    for (std::size_t j = 0; j < keys; ++j) {
      for (std::size_t e = 0; e < width; ++e)
        dk(j, e) = scale * dot(&dz[j], next_key, &q[e], next_row, queries);
      for (std::size_t e = 0; e < values; ++e) dv(j, e) = dot(&p[j], next_key, &g[e], next_g, queries);
    }
    return {dq, dk, dv};
  }

 private:
  /// Honest: scaling the score, or the query first.
  T score(std::size_t i, std::size_t j) const {
    const std::size_t width = q.shape[1];
    return either([&] { return T(scale * dot(&q[i * width], 1, &k[j * width], 1, width)); },
                  [&] {
                    std::vector<T> scaled(q.data.begin() + static_cast<std::ptrdiff_t>(i * width),
                                          q.data.begin() + static_cast<std::ptrdiff_t>((i + 1) * width));
                    for (T& element : scaled) element *= scale;
                    return T(dot(scaled.data(), 1, &k[j * width], 1, width));
                  });
  }

  /// p of the visible keys of query i.
  std::vector<T> weights(std::size_t i) const {
    std::vector<T> z;
    for (const std::size_t j : visible[i]) z.push_back(score(i, j));
    return z.empty() ? z : softmax(std::span<const T>(z));
  }

  /// Rows i of p and ∂L/∂z; zero where the key is not visible.
  void score_cotangents(std::size_t i, const Tensor<T>& g, Tensor<T>& p, Tensor<T>& dz) const {
    const std::size_t values = v.shape[1];
    const std::vector<T> row = weights(i);
    std::vector<T> slope;
    for (const std::size_t j : visible[i]) slope.push_back(dot(&g[i * values], 1, &v[j * values], 1, values));
    const T mean = dot(std::span<const T>(row), std::span<const T>(slope));
    for (std::size_t n = 0; n < row.size(); ++n) {
      p(i, visible[i][n]) = row[n];
      dz(i, visible[i][n]) = either([&] { return T(row[n] * (slope[n] - mean)); },
                                    [&] { return T(row[n] * slope[n] - row[n] * mean); });
    }
  }
};

}  // namespace assay::oracles::ops::detail
