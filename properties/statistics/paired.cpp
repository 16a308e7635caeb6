#include "properties/statistics/paired.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>

#include "properties/statistics/intervals.hpp"
#include "properties/statistics/random.hpp"

namespace assay::properties {
namespace {

void check(const PairedDesign& design) {
  if (design.looks.empty() || design.looks[0] == 0)
    throw std::invalid_argument("a paired design needs at least one look at one pair");
  for (std::size_t i = 1; i < design.looks.size(); ++i)
    if (design.looks[i] <= design.looks[i - 1])
      throw std::invalid_argument("the looks of a paired design must increase");
}

/// The sign interval that a difference which is no number widens on both sides.
SignInterval cautious_interval(std::span<const double> differences, double error) {
  std::vector<double> low(differences.begin(), differences.end()), high = low;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::ranges::replace_if(
      low, [](double d) { return std::isnan(d); }, -infinity);
  std::ranges::replace_if(
      high, [](double d) { return std::isnan(d); }, infinity);
  SignInterval result = sign_interval(low, error);
  result.interval.high = sign_interval(high, error).interval.high;
  return result;
}

Decision decide(const Interval& interval, double negligible) {
  if (interval.low > negligible) return Decision::above;
  if (interval.high < -negligible) return Decision::below;
  if (interval.low >= -negligible && interval.high <= negligible) return Decision::negligible;
  return Decision::undecided;
}

/// One look: the interval at what the plan allows to spend now, and the decision.
void look(PairedResult& result, const PairedDesign& design) {
  const double share = static_cast<double>(result.looks + 1) / static_cast<double>(design.looks.size());
  const SignInterval now = cautious_interval(result.differences, design.error * share - result.spent);
  result.looks += 1;
  if (now.error < 1) result.spent += now.error;
  result.interval = now.interval;
  result.pairs = result.differences.size();
  result.decision = decide(now.interval, design.negligible);
}

std::string size_word(const PairedResult& result) {
  if (result.negligible == 0) return result.estimate == 0 ? ", none" : "";
  const double ratio = std::abs(result.estimate) / result.negligible;
  return ratio <= 1 ? ", negligible" : ratio <= 3 ? ", small" : ratio <= 10 ? ", clear" : ", large";
}

std::string share_words(const PairedResult& result) {
  if (result.positive + result.negative == 0) return fmt::format("a tie in all {} pairs", result.pairs);
  const bool up = result.estimate > 0 || (result.estimate == 0 && result.positive >= result.negative);
  const std::size_t count = up ? result.positive : result.negative;
  const std::string_view side = up ? "above" : "below";
  if (count == result.pairs) return fmt::format("{} 0 in all {} pairs", side, count);
  return fmt::format("{} 0 in {} of {} pairs", side, count, result.pairs);
}

}  // namespace

std::string_view to_text(Decision decision) {
  switch (decision) {
    case Decision::above:
      return "above";
    case Decision::below:
      return "below";
    case Decision::negligible:
      return "negligible";
    case Decision::undecided:
      break;
  }
  return "undecided";
}

std::uint64_t pair_seed(std::uint64_t seed, std::size_t index) {
  return derived_seed(seed, index + 1);
}

PairedResult run_paired(const Difference& difference, const PairedDesign& design, std::uint64_t seed) {
  check(design);
  PairedResult result;
  result.negligible = design.negligible;
  for (const std::size_t pairs : design.looks) {
    while (result.differences.size() < pairs)
      result.differences.push_back(difference(pair_seed(seed, result.differences.size())));
    look(result, design);
    if (result.decision != Decision::undecided || (design.enough && design.enough(result))) break;
  }
  std::vector<double> numbers = result.differences;
  std::erase_if(numbers, [](double d) { return std::isnan(d); });
  result.estimate = median(numbers);
  result.mean = mean(numbers);
  for (const double d : result.differences) result.positive += d > 0, result.negative += d < 0;
  return result;
}

std::string in_words(const PairedResult& result, double confidence, std::string_view unit) {
  return fmt::format("{:+.2g} {} ({:.3g} % interval {:+.2g} to {:+.2g}){}, {}", result.estimate, unit,
                     100 * confidence, result.interval.low, result.interval.high, size_word(result),
                     share_words(result));
}

}  // namespace assay::properties
