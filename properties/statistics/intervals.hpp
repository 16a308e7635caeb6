/// Confidence intervals of the centre of paired differences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "properties/statistics/binomial.hpp"

namespace assay::properties {

double mean(std::span<const double> values);
/// The middle value; the mean of the two middle ones of an even number; no number of none.
double median(std::span<const double> values);

/// An interval of the median from two order statistics, as in the sign test: exact for every distribution.
struct SignInterval {
  Interval interval;
  double error = 1;  ///< the largest probability to miss the median; 1: too few values for any statement
};

/// The shortest such interval that misses with a probability of at most `error`; the whole line if there is
/// none. Closed: with ties it covers more, never less.
SignInterval sign_interval(std::span<const double> differences, double error);

/// Of the mean, by Student's t: exact for normal differences, an approximation for others. Needs two values.
Interval t_interval(std::span<const double> differences, double confidence);

/// P(|T| ≤ t) for Student's t with a whole number of degrees of freedom: a finite sum (Abramowitz and Stegun
/// 26.7.3 and 26.7.4).
double t_within(double t, std::size_t degrees);

/// Of the mean, by the percentiles of `resamples` resampled means: an approximation, and a narrow one below
/// some 20 values. The same seed gives the same interval.
Interval bootstrap_interval(std::span<const double> differences, double confidence, std::size_t resamples,
                            std::uint64_t seed);

}  // namespace assay::properties
