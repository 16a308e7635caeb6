#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/loss.hpp"

namespace assay::oracles::ops {

/// Objective of global word vectors: logarithms of co-occurrence counts X as products of word vectors W and
/// context vectors C, with a bias for each.
///
///   J       = Σᵢⱼ f(Xᵢⱼ) eᵢⱼ²        eᵢⱼ = wᵢ·cⱼ + bᵢ + b′ⱼ − log Xᵢⱼ
///   f(x)    = min((x / x_max)^α, 1), or 1 with weighting = none
///   ∂J/∂wᵢ  = Σⱼ 2 f eᵢⱼ cⱼ        ∂J/∂cⱼ = Σᵢ 2 f eᵢⱼ wᵢ        ∂J/∂bᵢ = Σⱼ 2 f eᵢⱼ        ∂J/∂b′ⱼ = Σᵢ 2 f
///   eᵢⱼ
///
/// A pair that never occurs (X = 0) counts nothing: f(x) log²x → 0. Without weights it has no finite loss.
/// The biases may be left out. Counts have no gradient.
struct Glove {
  static constexpr std::string_view name = "glove";
  static constexpr AttributeSpec alpha_attribute{"alpha", "3/4", "exponent of the weights"};
  static constexpr AttributeSpec x_max_attribute{"x_max", "100", "the count from which the weight is 1"};
  static constexpr AttributeSpec weighting_attribute{"weighting", "capped", "capped: f(x); none: 1",
                                                     AttributeKind::choice, "capped|none"};

  static Operation spec() {
    return {.name = name,
            .formula =
                "J = sum_ij f(X_ij) e_ij^2, e_ij = w_i c_j + b_i + b'_j - log X_ij, f(x) = min((x / "
                "x_max)^alpha, 1); dw_i = sum_j 2 f e_ij c_j dJ; db_i = sum_j 2 f e_ij dJ",
            .domain = "all real vectors and biases; counts >= 0; alpha > 0, x_max > 0",
            .source =
                "Pennington, Socher and Manning, GloVe: Global Vectors for Word Representation, 2014, "
                "equations 8 and 9",
            .inputs = {{"words", "(V, D)"},
                       {"contexts", "(U, D)"},
                       {.name = "counts", .shape = "(V, U)", .differentiable = false, .range = {1, 200}},
                       {.name = "word_bias", .shape = "(V)", .optional = true},
                       {.name = "context_bias", .shape = "(U)", .optional = true}},
            .outputs = {{"loss", "()"}},
            .attributes = {alpha_attribute, weighting_attribute, x_max_attribute},
            .samples = {{{{2, 3}, {2, 3}, {2, 2}, {2}, {2}}},
                        {{{3, 2}, {2, 2}, {3, 2}, {3}, {2}}, {{"alpha", "1/2"}, {"x_max", "10"}}},
                        {{{2, 2}, {3, 2}, {2, 3}, absent, absent}, {{"weighting", "none"}}},
                        {{{1, 1}, {1, 1}, {1, 1}, {1}, absent}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Shape &words = inputs[0], &contexts = inputs[1];
    detail::require_rank(name, "words", words, 2, "(V, D)");
    detail::require_rank(name, "contexts", contexts, 2, "(U, D)");
    if (contexts[1] != words[1])
      detail::refuse_shape(
          name, "contexts", contexts,
          "(U, " + std::to_string(words[1]) + "), because input \"words\" is " + to_string(words));
    detail::require_shape(name, "counts", inputs[2], {words[0], contexts[0]}, "words by contexts");
    if (inputs[3] != absent)
      detail::require_shape(name, "word_bias", inputs[3], {words[0]}, "one for each word");
    if (inputs[4] != absent)
      detail::require_shape(name, "context_bias", inputs[4], {contexts[0]}, "one for each context");
    detail::positive_attribute(attributes, alpha_attribute);
    detail::positive_attribute(attributes, x_max_attribute);
    return {Shape{}};
  }

  /// For each pair a product of vectors, and the weighted square that is added to the sum.
  static Cost cost(const Shapes& inputs, const Attributes&) {
    std::uint64_t biases = 0;
    for (const std::size_t k : {3u, 4u}) biases += inputs[k] == absent ? 0 : inputs[k][0];
    return {.multiply_adds = checked_product({inputs[0][0], inputs[1][0], inputs[0][1] + 1}),
            .parameters = element_count(inputs[0]) + element_count(inputs[1]) + biases};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    std::vector<T> weighted, errors;
    for (std::size_t i = 0; i < arguments.real[0].shape[0]; ++i)
      for (std::size_t j = 0; j < arguments.real[1].shape[0]; ++j) {
        const Pair<T> pair(arguments, i, j, attributes);
        weighted.push_back(T(pair.weight * pair.error));
        errors.push_back(pair.error);
      }
    return {Tensor<T>::scalar(dot(std::span<const T>(weighted), std::span<const T>(errors)))};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T>&words = arguments.real[0], &contexts = arguments.real[1];
    const std::size_t rows = words.shape[0], columns = contexts.shape[0], width = words.shape[1];
    Tensor<T> d(Shape{rows, columns}), dw(words.shape), dc(contexts.shape);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) {
        const Pair<T> pair(arguments, i, j, attributes);
        d(i, j) = T(2) * pair.weight * pair.error * upstream[0][0];
      }
    const auto across = static_cast<std::ptrdiff_t>(width), down = static_cast<std::ptrdiff_t>(columns);
    for (std::size_t k = 0; k < width; ++k) {
      for (std::size_t i = 0; i < rows; ++i) dw(i, k) = dot(&d(i, 0), 1, &contexts(0, k), across, columns);
      for (std::size_t j = 0; j < columns; ++j) dc(j, k) = dot(&d(0, j), down, &words(0, k), across, rows);
    }
    Tensor<T> db(arguments.real[3].shape), db2(arguments.real[4].shape);
    if (db.shape != absent)
      for (std::size_t i = 0; i < rows; ++i) db[i] = sum(&d(i, 0), 1, columns);
    if (db2.shape != absent)
      for (std::size_t j = 0; j < columns; ++j) db2[j] = sum(&d(0, j), down, rows);
    return {dw, dc, Tensor<T>(absent), db, db2};
  }

 private:
  /// f(Xᵢⱼ) and eᵢⱼ; both 0 for a pair that never occurs and is weighted.
  template <class T>
  struct Pair {
    T weight = T(0), error = T(0);

    Pair(const Arguments<T>& arguments, std::size_t i, std::size_t j, const Attributes& attributes) {
      const Tensor<T>&words = arguments.real[0], &contexts = arguments.real[1];
      const T& count = arguments.real[2](i, j);
      const bool capped = choice_attribute(attributes, weighting_attribute) == 0;
      const std::size_t width = words.shape[1];
      error = dot(&words(i, 0), 1, &contexts(j, 0), 1, width);
      if (capped && equal(count, T(0)) == Truth::yes) {
        error = error - error;  // 0, or NaN
        return;
      }
      if (arguments.real[3].shape != absent) error += arguments.real[3][i];
      if (arguments.real[4].shape != absent) error += arguments.real[4][j];
      error -= log(count);
      weight = capped ? capped_weight(count, attributes) : T(1);
    }

    static T capped_weight(const T& count, const Attributes& attributes) {
      const T share = count / real_attribute<T>(attributes, x_max_attribute);
      return min(T(pow(share, real_attribute<T>(attributes, alpha_attribute))), T(1));
    }
  };
};

}  // namespace assay::oracles::ops
