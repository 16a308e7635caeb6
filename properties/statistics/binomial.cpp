#include "properties/statistics/binomial.hpp"

#include <cmath>
#include <functional>
#include <limits>

namespace assay::properties {
namespace {

/// C(n, k) pᵏ qⁿ⁻ᵏ. The factors (n−k+i)/i · p fall with i; taking a q in between whenever the product exceeds
/// 1 keeps it from overflowing, and it underflows only where the result does. 3k + (n − k) roundings.
double mass(std::size_t k, std::size_t n, double p, double q) {
  double product = 1;
  std::size_t left = n - k;
  for (std::size_t i = 1; i <= k; ++i) {
    product *= static_cast<double>(n - k + i) / static_cast<double>(i) * p;
    for (; product > 1 && left > 0; --left) product *= q;
  }
  for (; left > 0; --left) product *= q;
  return product;
}

/// P(X ≤ k) from its largest term downwards; k below the mode.
double lower_tail(std::size_t k, std::size_t n, double p, double q) {
  double term = mass(k, n, p, q), sum = term;
  for (std::size_t i = k; i > 0 && term > 0; --i) {
    term *= static_cast<double>(i) / static_cast<double>(n - i + 1) * (q / p);
    sum += term;
  }
  return sum;
}

/// P(X ≤ k) with both shares given: 1 − p loses digits of a tiny q.
double at_most(std::size_t k, std::size_t n, double p, double q) {
  if (k >= n) return 1;
  if (p <= 0) return 1;
  if (q <= 0) return 0;
  if (static_cast<double>(k) <= static_cast<double>(n) * p) return lower_tail(k, n, p, q);
  return 1 - lower_tail(n - k - 1, n, q, p);
}

/// The largest share up to which `holds` (which holds at 0, and never again once it fails).
double last_share(const std::function<bool(double)>& holds, bool rounded_up) {
  double low = 0, high = 1;
  for (;;) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return rounded_up ? high : low;
    (holds(middle) ? low : high) = middle;
  }
}

}  // namespace

double at_most(std::size_t successes, std::size_t trials, double share) {
  return at_most(successes, trials, share, 1 - share);
}

double at_least(std::size_t successes, std::size_t trials, double share) {
  if (successes == 0) return 1;
  if (successes > trials) return 0;
  return at_most(trials - successes, trials, 1 - share, share);
}

double tail_error(std::size_t trials) {
  // A term: 4 roundings per factor of its product and per step of the recurrence, one per addition.
  return 8 * (static_cast<double>(trials) + 2) * std::numeric_limits<double>::epsilon();
}

Interval share_interval(std::size_t successes, std::size_t trials, double confidence) {
  if (trials == 0) return {0, 1};
  const double rare = (1 - confidence) / 2, slack = 1 + tail_error(trials);
  Interval interval{0, 1};
  if (successes > 0)
    interval.low = last_share([&](double p) { return at_least(successes, trials, p) * slack < rare; }, false);
  if (successes < trials)
    interval.high = last_share([&](double p) { return at_most(successes, trials, p) * slack >= rare; }, true);
  return interval;
}

double failure_rate_bound(std::size_t passes, double confidence) {
  if (passes == 0) return 1;
  const double rare = 1 - confidence, slack = 1 + tail_error(passes);
  return last_share([&](double p) { return at_most(0, passes, p) * slack >= rare; }, true);
}

}  // namespace assay::properties
