/// Exact statements on a share of successes: tails of the binomial distribution by summation, and the bounds
/// of Clopper and Pearson (1934). Bounds are rounded outwards: they cover at least what they promise.
#pragma once

#include <cstddef>

namespace assay::properties {

struct Interval {
  double low = 0, high = 0;

  bool contains(double x) const { return low <= x && x <= high; }
  bool operator==(const Interval&) const = default;
};

/// P(X ≤ successes) for X ~ Binomial(trials, share); relative error below `tail_error(trials)`.
double at_most(std::size_t successes, std::size_t trials, double share);

/// P(X ≥ successes).
double at_least(std::size_t successes, std::size_t trials, double share);

/// Bound of the relative error of both tails.
double tail_error(std::size_t trials);

/// The shares under which neither tail of the observation is rarer than (1 − confidence) / 2.
/// [0, 1] without trials.
Interval share_interval(std::size_t successes, std::size_t trials, double confidence);

/// The largest failure rate under which `passes` passes in a row, and no failure, are not rarer than
/// 1 − confidence: 1 − (1 − confidence)^(1 / passes), about 3 / passes at 95 %.
double failure_rate_bound(std::size_t passes, double confidence);

}  // namespace assay::properties
