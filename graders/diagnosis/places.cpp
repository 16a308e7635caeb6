#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "graders/diagnosis/direct.hpp"

namespace assay::graders::diagnosis {
namespace {

/// Inputs below this size are not called large.
constexpr double large = 20;

using Wrong = std::vector<bool>;

/// One answered case, element by element.
struct Answer {
  const Sample* sample;
  oracles::Shape shape;
  Wrong wrong;  ///< row-major; empty where the shape is another
  bool fails;
};

Answer answer_of(const Sample& sample, const std::string& name, std::size_t result) {
  Answer answer{&sample, sample.truth->shape(name), {}, sample.fails(result)};
  if (sample.got[result].shape != answer.shape) return answer;
  for (const Outcome outcome : sample.truth->outcomes(name, sample.got[result]))
    answer.wrong.push_back(oracles::is_failure(outcome));
  return answer;
}

bool only_at_kinks(const std::vector<Answer>& answers, const std::string& name) {
  return std::ranges::all_of(answers, [&](const Answer& answer) {
    const auto kinks = answer.sample->truth->kinks(name);
    if (answer.wrong.size() != kinks.size()) return false;
    for (std::size_t i = 0; i < kinks.size(); ++i)
      if (answer.wrong[i] && !kinks[i]) return false;
    return true;
  });
}

/// Which indices along an axis hold a wrong element.
std::set<std::size_t> wrong_indices(const Answer& answer, std::size_t axis) {
  std::size_t stride = 1;
  for (std::size_t i = axis + 1; i < answer.shape.size(); ++i) stride *= answer.shape[i];
  std::set<std::size_t> indices;
  for (std::size_t i = 0; i < answer.wrong.size(); ++i)
    if (answer.wrong[i]) indices.insert(i / stride % answer.shape[axis]);
  return indices;
}

/// Counts the failing cases longer than 1 along the axis if `expected(extent)` are exactly their wrong
/// indices, and all others are right; else 0.
template <class Expected>
std::size_t cases_with(const std::vector<Answer>& answers, std::size_t axis, const Expected& expected) {
  std::size_t count = 0;
  for (const Answer& answer : answers) {
    if (answer.shape.size() <= axis || answer.wrong.empty()) return 0;
    const auto wrong = wrong_indices(answer, axis);
    if (answer.shape[axis] == 1 ? !wrong.empty() : wrong != expected(answer.shape[axis])) return 0;
    count += answer.shape[axis] > 1;
  }
  return count;
}

std::set<std::size_t> all_but_the_first(std::size_t extent) {
  std::set<std::size_t> indices;
  for (std::size_t i = 1; i < extent; ++i) indices.insert(i);
  return indices;
}

double largest_input(const Sample& sample) {
  double largest = 0;
  for (const auto& [name, value] : sample.one->inputs)
    if (const auto* const tensor = std::get_if<Values>(&value))
      for (const double x : tensor->data) largest = std::max(largest, std::abs(x));
  return largest;
}

bool only_large_inputs(const std::vector<Answer>& answers) {
  double least_failing = HUGE_VAL, most_right = 0;
  std::size_t failing = 0;
  for (const Answer& answer : answers) {
    const double size = largest_input(*answer.sample);
    if (answer.fails)
      least_failing = std::min(least_failing, size);
    else
      most_right = std::max(most_right, size);
    failing += answer.fails;
  }
  return failing >= 2 && failing < answers.size() && least_failing >= std::max(large, 2 * most_right);
}

/// Right exactly where the extent is 1.
bool only_where_one(const std::vector<Answer>& answers, const std::string& extent) {
  std::size_t right = 0, wrong = 0;
  for (const Answer& answer : answers) {
    const auto found = answer.sample->one->extents.find(extent);
    if (found == answer.sample->one->extents.end() || (found->second == 1) == answer.fails) return false;
    ++(answer.fails ? wrong : right);
  }
  return right >= 1 && wrong >= 2;
}

}  // namespace

std::vector<Seen> places(const PreparedFunction& function, std::size_t result,
                         const std::vector<Sample>& samples) {
  const std::string& name = function.spec->results[result];
  std::vector<Answer> answers;
  for (const Sample& sample : samples) answers.push_back(answer_of(sample, name, result));
  std::vector<Seen> seen;
  const auto add = [&](std::string id, std::string sentence) {
    seen.push_back({{"relation." + std::move(id), std::move(sentence)}, Kind::elsewhere});
  };
  if (only_at_kinks(answers, name))
    add("kinks", "is right except at kinks and ties, where it gives none of the accepted values");
  for (std::size_t axis = 0; axis < answers.front().shape.size(); ++axis) {
    if (cases_with(answers, axis, all_but_the_first) >= 2)
      add(fmt::format("first_of_axis_{}_only", axis),
          fmt::format("is right at the first index of axis {} only", axis));
    if (cases_with(answers, axis, [](std::size_t extent) { return std::set{extent - 1}; }) >= 3)
      add(fmt::format("last_of_axis_{}_wrong", axis),
          fmt::format("is right except at the last index of axis {}", axis));
    if (cases_with(answers, axis, [](std::size_t) { return std::set<std::size_t>{0}; }) >= 3)
      add(fmt::format("first_of_axis_{}_wrong", axis),
          fmt::format("is right except at the first index of axis {}", axis));
  }
  if (only_large_inputs(answers)) add("large_inputs", "is right except for large inputs");
  for (const auto& [extent, size] : samples.front().one->extents)
    if (only_where_one(answers, extent))
      add("only_where_" + extent + "_is_1", fmt::format("is right where {} is 1 only", extent));
  return seen;
}

}  // namespace assay::graders::diagnosis
