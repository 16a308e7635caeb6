#include "graders/criteria/ratio.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace assay::graders {

std::optional<Interval> median_interval(std::vector<double> samples, double probability) {
  const std::size_t n = samples.size();
  if (!std::ranges::all_of(samples, [](double x) { return std::isfinite(x) && x > 0; })) return std::nullopt;
  // Of n fair coins, at most k show heads with probability `tail`.
  double term = std::pow(0.5, static_cast<double>(n)), tail = term;
  if (n == 0 || 2 * tail > 1 - probability) return std::nullopt;
  std::size_t k = 0;
  while (true) {
    term *= static_cast<double>(n - k) / static_cast<double>(k + 1);
    if (2 * (tail + term) > 1 - probability) break;
    tail += term;
    ++k;
  }
  std::ranges::sort(samples);
  return Interval{samples[k], (samples[(n - 1) / 2] + samples[n / 2]) / 2, samples[n - 1 - k]};
}

Interval widened(const Interval& interval, double factor) {
  return {interval.low / factor, interval.middle, interval.high * factor};
}

Comparison compare(const Interval& interval, double limit) {
  if (interval.low > limit) return Comparison::beyond;
  return interval.high <= limit ? Comparison::within : Comparison::undecided;
}

std::string more_than(double limit, double low) {
  double told = limit;
  while (2 * told < low) told *= 2;
  return fmt::format("more than {:g} times", told);
}

}  // namespace assay::graders
