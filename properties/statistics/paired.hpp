/// A sequential paired design: both arms of an experiment run on the same seed, pairs are drawn in stages,
/// and the design stops as soon as the evidence suffices.
///
/// At look i of k at most the share i / k of the permitted error has been spent (Bonferroni over the planned
/// looks; what one look leaves over, the next may use). Each look's interval is the exact one of the sign
/// test. So all intervals shown together miss the median difference with a probability of at most `error`,
/// whatever the distribution of the differences, and stopping early costs nothing of that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "properties/statistics/binomial.hpp"

namespace assay::properties {

enum class Decision { above, below, negligible, undecided };

/// "above", "below", "negligible", "undecided".
std::string_view to_text(Decision decision);

struct PairedResult {
  Decision decision = Decision::undecided;
  double estimate = 0;  ///< the median difference
  Interval interval;    ///< of the median, valid in spite of the earlier looks
  double mean = 0;
  std::size_t pairs = 0;
  std::size_t looks = 0;
  std::size_t positive = 0, negative = 0;  ///< pairs; the others are ties
  double spent = 0;                        ///< error actually spent, at most `PairedDesign::error`
  double negligible = 0;
  std::vector<double> differences;  ///< one per pair, in the order of the seeds

  /// The whole interval lies at or below the upper end of the region of irrelevance.
  bool is_not_above() const { return interval.high <= negligible; }
  bool is_not_below() const { return interval.low >= -negligible; }
};

struct PairedDesign {
  std::vector<std::size_t> looks{8, 16, 32, 64};  ///< pairs at each look, increasing
  double error = 0.05;                            ///< to miss the median difference at any look
  double negligible = 0;                          ///< differences of at most this size do not matter
  /// Asked at each look: whether what is known by now answers the question, though no decision is reached.
  /// For "not above", `&PairedResult::is_not_above`.
  std::function<bool(const PairedResult&)> enough = {};
};

/// The difference of one pair; the same seed gives the same pair.
using Difference = std::function<double(std::uint64_t seed)>;

/// Runs pairs until the interval lies above, below or inside [−negligible, negligible], until `enough`, or to
/// the last look. Seeds of the pairs are derived from `seed` and the index of the pair. A difference that is
/// no number counts as −∞ on one side and +∞ on the other: it can only widen the interval. Throws
/// std::invalid_argument where looks do not increase.
PairedResult run_paired(const Difference& difference, const PairedDesign& design, std::uint64_t seed);

/// The seed of the index-th pair.
std::uint64_t pair_seed(std::uint64_t seed, std::size_t index);

/// "+0.083 (95 % interval +0.071 to +0.1), large, in all 16 pairs": `unit` follows the estimate. Sizes count
/// in regions of irrelevance: up to 1 negligible, up to 3 small, up to 10 clear, then large. Where nothing is
/// declared irrelevant there is no scale and no such word.
std::string in_words(const PairedResult& result, double confidence, std::string_view unit);

}  // namespace assay::properties
