#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/loss.hpp"

namespace assay::oracles::ops {

/// The label that most of the k nearest training points of a query have.
///
///   d²(q, x) = Σ (q − x)² for l2        d(q, x) = Σ |q − x| for l1
///
/// Squares order points as their roots do, and are exact on fractions. Of two points at one distance the one
/// with the lower index is nearer. Of two labels with equal votes the smaller wins, or (`vote_ties` =
/// nearest) the one whose nearest point among the k is nearer. Labels come out as numbers. Where balls leave
/// the order of distances open, the result is the hull of every label that may still win. No gradient.
struct Knn {
  static constexpr std::string_view name = "knn";
  static constexpr AttributeSpec k_attribute{"k", "1", "the number of neighbours that vote",
                                             AttributeKind::integer};
  static constexpr AttributeSpec metric_attribute{"metric", "l2", "Euclidean distance, or sum of magnitudes",
                                                  AttributeKind::choice, "l1|l2"};
  static constexpr AttributeSpec vote_ties_attribute{
      "vote_ties", "smallest",
      "which of two labels with equal "
      "votes wins: the smaller, or the one with the nearest point",
      AttributeKind::choice, "smallest|nearest"};

  static Operation spec() {
    return {.name = name,
            .formula = "argmax_c number of the k nearest x_m of q with label c",
            .domain = "all real points; 1 <= k <= M; labels of any values",
            .source = "Cover and Hart, Nearest Neighbor Pattern Classification, 1967",
            .inputs = {{.name = "points", .shape = "(M, D)", .differentiable = false},
                       {"labels", "(M)", true},
                       {.name = "queries", .shape = "(Q, D)", .differentiable = false}},
            .outputs = {{"predictions", "(Q)"}},
            .attributes = {k_attribute, metric_attribute, vote_ties_attribute},
            .samples = {{{{5, 2}, {5}, {3, 2}}, {}, 3},
                        {{{6, 2}, {6}, {4, 2}}, {{"k", "3"}, {"metric", "l1"}}, 3},
                        {{{6, 3}, {6}, {3, 3}}, {{"k", "4"}, {"vote_ties", "nearest"}}, 3},
                        {{{5, 2}, {5}, {4, 2}}, {{"k", "2"}}, 4},
                        {{{1, 1}, {1}, {1, 1}}, {}, 2}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    detail::require_rank(name, "points", inputs[0], 2, "(M, D)");
    detail::require_shape(name, "labels", inputs[1], {inputs[0][0]},
                          "because input \"points\" is " + to_string(inputs[0]));
    detail::require_rank(name, "queries", inputs[2], 2, "(Q, D)");
    if (inputs[2][1] != inputs[0][1])
      detail::refuse_shape(
          name, "queries", inputs[2],
          "(Q, " + std::to_string(inputs[0][1]) + "), because input \"points\" is " + to_string(inputs[0]));
    const std::int64_t k = integer_attribute(attributes, k_attribute);
    if (k < 1 || static_cast<std::uint64_t>(k) > inputs[0][0])
      refuse_attribute(attributes, k_attribute,
                       "an integer between 1 and the " + std::to_string(inputs[0][0]) + " points there are");
    return {Shape{inputs[2][0]}};
  }

  /// The squares of all coordinates.
  static Cost cost(const Shapes& inputs, const Attributes& attributes) {
    if (choice_attribute(attributes, metric_attribute) == 0) return {};
    return {.multiply_adds = checked_product({inputs[0][0], inputs[0][1], inputs[2][0]}), .parameters = 0};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    const Tensor<T>&points = arguments.real[0], &queries = arguments.real[1];
    Tensor<T> predictions(Shape{queries.shape[0]});
    for (std::size_t q = 0; q < queries.shape[0]; ++q) {
      const std::vector<T> distances = distances_to(points, queries, q, attributes);
      bool any_nan = false;
      for (const T& distance : distances) any_nan = any_nan || is_nan(distance);
      std::vector<std::int64_t> winners = possible_winners(distances, arguments.index[0], attributes);
      predictions[q] = T(static_cast<int>(winners.front()));
      for (const std::int64_t winner : winners)
        if (winner != winners.front())
          predictions[q] = select(Truth::unknown, predictions[q], T(static_cast<int>(winner)));
      if (any_nan) predictions[q] = sum(std::span<const T>(distances));  // a NaN
    }
    return {predictions};
  }

 private:
  template <class T>
  static std::vector<T> distances_to(const Tensor<T>& points, const Tensor<T>& queries, std::size_t q,
                                     const Attributes& attributes) {
    const bool squared = choice_attribute(attributes, metric_attribute) == 1;
    std::vector<T> distances;
    for (std::size_t m = 0; m < points.shape[0]; ++m) {
      std::vector<T> d;
      for (std::size_t i = 0; i < points.shape[1]; ++i) d.push_back(T(queries(q, i) - points(m, i)));
      if (!squared)
        for (T& element : d) element = abs(element);
      const std::span<const T> all(d);
      distances.push_back(squared ? T(dot(all, all)) : T(sum(all)));
    }
    return distances;
  }

  template <class T>
  static Truth nearer(const std::vector<T>& distances, std::size_t a, std::size_t b) {
    return a < b ? less_equal(distances[a], distances[b]) : less(distances[a], distances[b]);
  }

  /// The fewest and the most votes of a label.
  struct Votes {
    std::size_t fewest = 0, most = 0;
  };

  /// All labels that may win, given what is known of the order. A point is certainly among the k if fewer
  /// than k may be nearer, possibly if fewer than k certainly are. A label may win if its most votes reach
  /// the fewest of each other.
  template <class T>
  static std::vector<std::int64_t> possible_winners(const std::vector<T>& distances,
                                                    const IndexTensor& labels, const Attributes& attributes) {
    const auto k = static_cast<std::size_t>(integer_attribute(attributes, k_attribute));
    std::map<std::int64_t, Votes> votes;
    std::vector<std::size_t> members;  // possibly among the k
    std::size_t certain_members = 0;
    for (std::size_t m = 0; m < distances.size(); ++m) {
      std::size_t certainly = 0, possibly = 0;
      for (std::size_t other = 0; other < distances.size(); ++other) {
        if (other == m) continue;
        const Truth before = nearer(distances, other, m);
        certainly += before == Truth::yes;
        possibly += before != Truth::no;
      }
      if (certainly >= k) continue;
      members.push_back(m);
      certain_members += possibly < k;
      votes[labels[m]].fewest += possibly < k;
      votes[labels[m]].most += 1;
    }
    std::size_t bar = 0;
    for (const auto& [label, vote] : votes) bar = std::max(bar, vote.fewest);
    std::vector<std::int64_t> winners;
    for (const auto& [label, vote] : votes)
      if (vote.most >= bar) winners.push_back(label);
    if (certain_members < members.size()) return winners;  // the votes themselves are open
    if (choice_attribute(attributes, vote_ties_attribute) == 0) return {winners.front()};
    return with_nearest_points(distances, labels, members, winners);
  }

  /// Of the labels with equal votes, those with a member that no other such member is certainly nearer than.
  template <class T>
  static std::vector<std::int64_t> with_nearest_points(const std::vector<T>& distances,
                                                       const IndexTensor& labels,
                                                       const std::vector<std::size_t>& members,
                                                       const std::vector<std::int64_t>& tied) {
    const auto is_tied = [&](std::size_t m) { return std::ranges::find(tied, labels[m]) != tied.end(); };
    std::vector<std::int64_t> winners;
    for (const std::size_t m : members) {
      const auto beats = [&](std::size_t other) {
        return other != m && is_tied(other) && nearer(distances, other, m) == Truth::yes;
      };
      if (is_tied(m) && std::ranges::none_of(members, beats)) winners.push_back(labels[m]);
    }
    return winners;
  }
};

}  // namespace assay::oracles::ops
