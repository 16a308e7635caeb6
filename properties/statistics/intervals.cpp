#include "properties/statistics/intervals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "properties/statistics/random.hpp"

namespace assay::properties {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> result(values.begin(), values.end());
  std::ranges::sort(result);
  return result;
}

double standard_error(std::span<const double> values) {
  const double centre = mean(values), n = static_cast<double>(values.size());
  double squares = 0;
  for (const double value : values) squares += (value - centre) * (value - centre);
  return std::sqrt(squares / (n - 1) / n);
}

/// t with P(|T| ≤ t) = confidence, by bisection.
double t_quantile(double confidence, std::size_t degrees) {
  double low = 0, high = 1;
  while (t_within(high, degrees) < confidence) high *= 2;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (t_within(middle, degrees) < confidence ? low : high) = middle;
  }
  return high;
}

}  // namespace

double mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double median(std::span<const double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> order = sorted(values);
  const std::size_t middle = order.size() / 2;
  return order.size() % 2 ? order[middle] : (order[middle - 1] + order[middle]) / 2;
}

SignInterval sign_interval(std::span<const double> differences, double error) {
  const std::size_t n = differences.size();
  SignInterval best{{-infinity, infinity}, 1};
  const std::vector<double> order = sorted(differences);
  // The k-th smallest lies above the median only if fewer than k of n fair coins fell below it.
  for (std::size_t k = 1; 2 * k <= n; ++k) {
    const double missed = 2 * at_most(k - 1, n, 0.5) * (1 + tail_error(n));
    if (missed > error) break;
    best = {{order[k - 1], order[n - k]}, missed};
  }
  return best;
}

double t_within(double t, std::size_t degrees) {
  const double v = static_cast<double>(degrees), sine = t / std::sqrt(v + t * t), cosine2 = v / (v + t * t);
  double term = 1, sum = 0;
  const std::size_t first = degrees % 2 ? 3 : 2;
  for (std::size_t k = first; k <= degrees; k += 2) {
    sum += term;
    term *= cosine2 * static_cast<double>(k - 1) / static_cast<double>(k);
  }
  if (degrees % 2 == 0) return sine * sum;
  return 2 / std::numbers::pi * (std::atan(t / std::sqrt(v)) + sine * std::sqrt(cosine2) * sum);
}

Interval t_interval(std::span<const double> differences, double confidence) {
  if (differences.size() < 2) return {-infinity, infinity};
  const double reach = t_quantile(confidence, differences.size() - 1) * standard_error(differences);
  const double centre = mean(differences);
  return {centre - reach, centre + reach};
}

Interval bootstrap_interval(std::span<const double> differences, double confidence, std::size_t resamples,
                            std::uint64_t seed) {
  Random random(seed);
  std::vector<double> means(resamples);
  for (double& resampled : means) {
    double sum = 0;
    for (std::size_t i = 0; i < differences.size(); ++i) sum += differences[random.below(differences.size())];
    resampled = sum / static_cast<double>(differences.size());
  }
  std::ranges::sort(means);
  const double outside = (1 - confidence) / 2 * static_cast<double>(resamples);
  const auto cut = std::min(static_cast<std::size_t>(outside), (resamples - 1) / 2);
  return {means[cut], means[resamples - 1 - cut]};
}

}  // namespace assay::properties
