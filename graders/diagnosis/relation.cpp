#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "graders/diagnosis/hypothesis.hpp"

namespace assay::graders::diagnosis {
namespace {

using oracles::Relation;
using oracles::Variation;

/// How well an estimated constant is known, relative to itself.
constexpr double estimate_width = 1e-12;

Hypothesis relation(std::string id, std::string sentence,
                    std::function<std::optional<Relation>(const Sample&)> make) {
  return {{"relation." + std::move(id), std::move(sentence)},
          Kind::relation,
          [make = std::move(make)](const Sample& sample) -> std::optional<Variation> {
            auto change = make(sample);
            if (!change) return std::nullopt;
            return Variation{{}, {std::move(*change)}, false};
          }};
}

Hypothesis constant(std::string id, std::string sentence, Relation change) {
  return relation(std::move(id), std::move(sentence),
                  [change](const Sample&) { return std::optional(change); });
}

// ---- Factors ---------------------------------------------------------------------------------------------

std::optional<Relation> factor(double numerator, double denominator) {
  if (denominator == 0) return std::nullopt;
  return Relation{Relation::Kind::factor, numerator, denominator};
}

void add_extents(const std::vector<Sample>& samples, std::vector<Hypothesis>& all) {
  std::set<std::string> names;
  for (const Sample& sample : samples)
    for (const auto& [name, extent] : sample.one->extents) names.insert(name);
  for (const std::string& name : names) {
    const auto extent = [name](const Sample& sample) {
      const auto found = sample.one->extents.find(name);
      return found == sample.one->extents.end() ? 0.0 : static_cast<double>(found->second);
    };
    all.push_back(relation(
        "times_" + name, fmt::format("returns the right value times {0}: a division by {0} is missing", name),
        [extent](const Sample& sample) { return factor(extent(sample), 1); }));
    all.push_back(relation("divided_by_" + name,
                           fmt::format("returns the right value divided by {}, once too often", name),
                           [extent](const Sample& sample) { return factor(1, extent(sample)); }));
  }
}

/// The value of a scalar input; 0 where it is none.
double scalar_input(const Sample& sample, const std::string& name) {
  const auto found = sample.one->inputs.find(name);
  if (found == sample.one->inputs.end()) return 0;
  const auto* const tensor = std::get_if<Values>(&found->second);
  return tensor && tensor->shape.empty() ? tensor->data[0] : 0;
}

void add_scalars(const std::vector<Sample>& samples, std::vector<Hypothesis>& all) {
  for (const auto& [name, value] : samples.front().one->inputs) {
    const auto* const tensor = std::get_if<Values>(&value);
    if (!tensor || !tensor->shape.empty()) continue;
    all.push_back(
        relation("times_" + name, fmt::format("multiplies by {} once too often", name),
                 [name = name](const Sample& sample) { return factor(scalar_input(sample, name), 1); }));
    all.push_back(
        relation("without_" + name, fmt::format("leaves out the factor {}", name),
                 [name = name](const Sample& sample) { return factor(1, scalar_input(sample, name)); }));
  }
}

// ---- Constants that are estimated ------------------------------------------------------------------------

struct Named {
  double value;
  const char* name;
};
constexpr auto named_constants = std::to_array<Named>({{0.6931471805599453, "ln 2"},
                                                       {1.4426950408889634, "1/ln 2"},
                                                       {0.4342944819032518, "1/ln 10"},
                                                       {2.302585092994046, "ln 10"},
                                                       {3.141592653589793, "pi"},
                                                       {6.283185307179586, "2 pi"},
                                                       {1.4142135623730951, "the root of 2"},
                                                       {0.7071067811865476, "1 over the root of 2"}});

/// A constant as a small fraction where it is one, else as it was estimated; with its name.
std::string recognise(double estimate, Relation& change) {
  for (int q = 1; q <= 1000; q = q < 64 ? q + 1 : q == 64 ? 100 : q * 10) {
    const double p = std::round(estimate * q);
    if (p == 0 || std::abs(estimate - p / q) > 2 * estimate_width * std::abs(estimate)) continue;
    change.numerator = p;
    change.denominator = q;
    return q == 1 || q == 100 || q == 1000 || q == 10 ? fmt::format("{}", p / q) : fmt::format("{}/{}", p, q);
  }
  change.numerator = estimate;
  change.radius = std::abs(estimate) * estimate_width;
  for (const auto& [value, name] : named_constants)
    if (std::abs(estimate - value) <= estimate_width * value) return name;
  return fmt::format("about {:.4g}", estimate);
}

/// The element with the largest truth of the first failing case that has a usable one.
std::optional<std::pair<double, double>> truth_and_answer(const std::string& name, std::size_t result,
                                                          const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) {
    if (!sample.fails(result) || sample.got[result].shape != sample.truth->shape(name)) continue;
    const Values truth = sample.truth->nearest(name);
    const auto largest =
        std::ranges::max_element(truth.data, {}, [](double x) { return std::isfinite(x) ? std::abs(x) : 0; });
    if (largest == truth.data.end() || *largest == 0 || !std::isfinite(*largest)) continue;
    const double got = sample.got[result][static_cast<std::size_t>(largest - truth.data.begin())];
    if (std::isfinite(got) && got != 0) return std::pair(*largest, got);
  }
  return std::nullopt;
}

void add_estimates(const std::string& name, std::size_t result, const std::vector<Sample>& samples,
                   std::vector<Hypothesis>& all) {
  const auto pair = truth_and_answer(name, result, samples);
  if (!pair) return;
  const auto [truth, got] = *pair;
  Relation times{Relation::Kind::factor}, plus{Relation::Kind::offset};
  const double ratio = got / truth;
  const bool common = std::ranges::any_of(std::array{-1.0, 0.5, 1.0, 2.0}, [&](double known) {
    return std::abs(ratio - known) <= 2 * estimate_width * std::abs(known);
  });
  if (std::isfinite(ratio) && ratio != 0 && !common) {
    const std::string words = recognise(ratio, times);
    all.push_back(constant("constant_factor", fmt::format("returns {} times the right value", words), times));
    all.back().least_telling = 2;
  }
  if (const double difference = got - truth; std::isfinite(difference) && difference != 0) {
    const std::string words = recognise(difference, plus);
    all.push_back(constant("offset", fmt::format("returns the right value plus {}", words), plus));
    all.back().least_telling = 2;
  }
}

// ---- Orders ----------------------------------------------------------------------------------------------

void add_orders(std::size_t rank, std::vector<Hypothesis>& all) {
  for (std::size_t axis = 0; axis < rank; ++axis) {
    all.push_back(constant(fmt::format("reversed_axis_{}", axis),
                           rank == 1
                               ? "returns the elements in reversed order"
                               : fmt::format("returns the elements in reversed order along axis {}", axis),
                           {Relation::Kind::reversal, 1, 1, 0, {axis}}));
    for (std::size_t other = axis + 1; other < rank; ++other) {
      std::vector<std::size_t> axes(rank);
      for (std::size_t i = 0; i < rank; ++i) axes[i] = i == axis ? other : i == other ? axis : i;
      const std::string which = rank == 2 ? "" : fmt::format("_axes_{}_{}", axis, other);
      const std::string words = rank == 2 ? "" : fmt::format(", with axes {} and {} swapped", axis, other);
      all.push_back(constant("transposed" + which, "returns the transposed result" + words,
                             {Relation::Kind::permutation, 1, 1, 0, axes}));
      all.push_back(constant("stored_transposed" + which,
                             "stores the elements in the order of the transposed result" + words,
                             {Relation::Kind::relabelled, 1, 1, 0, axes}));
    }
  }
}

}  // namespace

std::vector<Hypothesis> relations(const PreparedFunction& function, std::size_t result,
                                  const std::vector<Sample>& samples) {
  const std::string& name = function.spec->results[result];
  std::vector<Hypothesis> all = {
      constant("sign", "returns the right value with the other sign", *factor(-1, 1)),
      constant("twice", "returns twice the right value", *factor(2, 1)),
      constant("half", "returns half the right value", *factor(1, 2))};
  add_extents(samples, all);
  add_scalars(samples, all);
  add_orders(samples.front().truth->shape(name).size(), all);
  if (std::ranges::find(function.spec->arguments, name) != function.spec->arguments.end())
    all.push_back(relation("added_to_leftovers", "adds to what the result held before the call",
                           [&function, result, name](const Sample& sample) {
                             return std::optional(
                                 Relation{Relation::Kind::addition,
                                          1,
                                          1,
                                          0,
                                          {},
                                          leftovers_of(function, result, sample.truth->shape(name))});
                           }));
  add_estimates(name, result, samples, all);
  return all;
}

}  // namespace assay::graders::diagnosis
