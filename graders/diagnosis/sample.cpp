#include "graders/diagnosis/sample.hpp"

#include <algorithm>

#include "graders/criteria/call.hpp"
#include "oracles/mistake.hpp"

namespace assay::graders::diagnosis {
namespace {

constexpr std::size_t most_failing = 10, most_samples = 16;

Sample sample_of(const CaseGroup& group, const Observation& observation) {
  const std::size_t number = observation.case_number;
  Sample sample{&group.cases[number], &group.expected[number], {}, {}, 0};
  const auto& results = group.function->spec->results;
  for (std::size_t i = 0; i < results.size(); ++i) {
    sample.got.push_back(observation.results.at(i));
    sample.outcomes.push_back(sample.truth->judge(results[i], sample.got.back()).outcome);
  }
  sample.work = oracles::work_of(*group.function->program, sample.one->inputs);
  return sample;
}

/// `count` of the places given, evenly spread from the first to the last.
std::vector<std::size_t> spread(const std::vector<std::size_t>& places, std::size_t count) {
  if (places.size() <= count) return places;
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < count; ++i)
    chosen.push_back(places[i * (places.size() - 1) / std::max<std::size_t>(1, count - 1)]);
  return chosen;
}

/// For each result some of its failing cases, so that none is without.
std::vector<std::size_t> failing_places(const std::vector<Sample>& all,
                                        const std::vector<std::size_t>& results) {
  std::vector<std::size_t> chosen;
  for (const std::size_t result : results) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].fails(result)) places.push_back(i);
    const std::size_t share = std::max<std::size_t>(3, most_failing / results.size());
    for (const std::size_t place : spread(places, share))
      if (std::ranges::find(chosen, place) == chosen.end()) chosen.push_back(place);
  }
  std::ranges::sort(chosen);
  return chosen;
}

}  // namespace

Values leftovers_of(const PreparedFunction& function, std::size_t result, const oracles::Shape& shape) {
  const auto held = leftovers(shape, function.format(function.spec->results[result]));
  return std::visit(
      [](const auto& tensor) {
        Values numbers(tensor.shape);
        std::ranges::transform(tensor.data, numbers.data.begin(),
                               [](auto x) { return static_cast<double>(x); });
        return numbers;
      },
      held);
}

bool Sample::fails(std::size_t result) const {
  return oracles::is_failure(outcomes[result]);
}

std::vector<Sample> choose_samples(const CaseGroup& group, const Observations& observed,
                                   const std::vector<std::size_t>& results) {
  std::vector<Sample> all;
  for (const Observation& observation : observed) all.push_back(sample_of(group, observation));
  std::ranges::stable_sort(all, {}, &Sample::work);
  std::vector<std::size_t> places = failing_places(all, results), others;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (std::ranges::find(places, i) == places.end()) others.push_back(i);
  // Cases on which nothing shows come first among the others, for they contradict as well as any.
  const auto middle = std::stable_partition(others.begin(), others.end(), [&](std::size_t place) {
    return std::ranges::none_of(results, [&](std::size_t result) { return all[place].fails(result); });
  });
  const std::size_t room = places.size() < most_samples ? most_samples - places.size() : 0;
  for (const std::size_t place : spread({others.begin(), middle}, room)) places.push_back(place);
  for (auto more = middle; more != others.end() && places.size() < most_samples; ++more)
    places.push_back(*more);
  std::vector<Sample> samples;
  for (const std::size_t place : places) samples.push_back(std::move(all[place]));
  return samples;
}

}  // namespace assay::graders::diagnosis
