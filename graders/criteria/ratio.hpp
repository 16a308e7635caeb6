/// Ratios of what was measured on the same cases, and how sure they are.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace assay::graders {

struct Interval {
  double low = 0, middle = 0, high = 0;
};

/// The median of the population that `samples` are drawn from, with an interval that holds it with at least
/// this probability, whatever the distribution: two order statistics, after the sign test. Nothing where
/// there are too few samples for it, or where one is not positive and finite.
std::optional<Interval> median_interval(std::vector<double> samples, double probability);

/// Made wider by a factor on both sides.
Interval widened(const Interval& interval, double factor);

enum class Comparison { within, beyond, undecided };
Comparison compare(const Interval& interval, double limit);

/// "more than 8 times": `limit` doubled as long as it stays below `low`, so that two runs say the same.
std::string more_than(double limit, double low);

}  // namespace assay::graders
