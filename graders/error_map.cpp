#include "graders/error_map.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace assay::graders {
namespace {

using oracles::ElementJudgement;
using Outcome = oracles::ResultJudgement::Outcome;

/// A picture with more cells is not looked at, and the document would grow with the class.
constexpr std::size_t most_rows = 16, most_columns = 24;
/// Cases that are looked at for a failure.
constexpr std::size_t most_tries = 8;

std::size_t height_of(const oracles::Shape& shape) {
  return shape.size() < 2 ? 1 : shape[shape.size() - 2];
}

bool fits_whole(const oracles::Shape& shape) {
  return shape.size() <= 2 && height_of(shape) <= most_rows && shape.back() <= most_columns;
}

bool fails(const ElementJudgement& element) {
  return oracles::is_failure(element.outcome);
}

char cell_of(const ElementJudgement& element) {
  switch (element.outcome) {
    case Outcome::accepted:
      return '.';
    case Outcome::set_aside:
      return '-';
    case Outcome::cannot_tell:
      return '?';
    case Outcome::not_finite:
      return '#';
    default:
      break;
  }
  if (!std::isfinite(element.ratio)) return 'X';  // nothing is allowed
  return static_cast<char>('a' + std::clamp(std::ceil(std::log10(element.ratio)) - 1, 0.0, 25.0));
}

/// Where a window of `most` begins that shows `place`, as near to the middle as the edges allow.
std::size_t window_around(std::size_t place, std::size_t extent, std::size_t most) {
  if (extent <= most) return 0;
  return std::min(place - std::min(place, most / 2), extent - most);
}

/// The matrix around the first wrong element. Precondition: there is one.
ErrorMap map_of(const std::vector<ElementJudgement>& elements, const oracles::Shape& shape) {
  const auto first = std::ranges::find_if(elements, fails);
  const auto place = static_cast<std::size_t>(first - elements.begin());
  const std::size_t width = shape.back(), height = height_of(shape), matrix = place / (width * height);
  ErrorMap map;
  map.shape = shape;
  map.wrong = static_cast<std::size_t>(std::ranges::count_if(elements, fails));
  map.row = window_around(place / width % height, height, most_rows);
  map.column = window_around(place % width, width, most_columns);
  std::size_t rest = matrix;
  for (std::size_t axis = shape.size() < 2 ? 0 : shape.size() - 2; axis-- > 0; rest /= shape[axis])
    map.slice.insert(map.slice.begin(), rest % shape[axis]);
  for (std::size_t row = map.row; row < std::min(height, map.row + most_rows); ++row) {
    auto& cells = map.cells.emplace_back();
    for (std::size_t column = map.column; column < std::min(width, map.column + most_columns); ++column)
      cells += cell_of(elements[(matrix * height + row) * width + column]);
  }
  return map;
}

/// Answers in which there may be something to see, the best to show first.
std::vector<const Observation*> candidates(const CaseGroup& group, const Observations& observed,
                                           const std::string& result, std::size_t place) {
  std::vector<const Observation*> found;
  for (const Observation& one : observed) {
    const auto& got = one.results.at(place);
    if (got.rank() > 0 && got.size() > 1 && got.shape == group.expected[one.case_number].shape(result))
      found.push_back(&one);
  }
  const auto worth = [place](const Observation* one) {
    const auto& got = one->results[place];
    return std::pair(fits_whole(got.shape), got.size());
  };
  std::ranges::sort(found, [&](const Observation* a, const Observation* b) {
    return worth(a) != worth(b) ? worth(a) > worth(b) : a->case_number < b->case_number;
  });
  return found;
}

std::optional<ErrorMap> map_result(const CaseGroup& group, const Observations& observed,
                                   const std::string& result) {
  const auto& results = group.function->spec->results;
  const auto place = static_cast<std::size_t>(std::ranges::find(results, result) - results.begin());
  if (place == results.size()) return std::nullopt;
  std::size_t tries = 0;
  for (const Observation* one : candidates(group, observed, result, place)) {
    if (++tries > most_tries) break;
    const auto& got = one->results[place];
    const auto elements = group.expected[one->case_number].elements(result, got);
    if (std::ranges::none_of(elements, fails)) continue;
    ErrorMap map = map_of(elements, got.shape);
    map.case_number = one->case_number;
    map.result = result;
    return map;
  }
  return std::nullopt;
}

}  // namespace

void map_errors(const Prepared& prepared, SubmissionResult& result) {
  for (const CaseGroup& group : prepared.groups)
    for (const std::size_t place : group.criteria) {
      CriterionResult& judged = result.criteria[place];
      if (prepared.criteria[place].spec->kind != "oracle" || !judged.observed || !judged.counterexample ||
          !judged.counterexample->judgement)
        continue;
      judged.error_map = map_result(group, *judged.observed, judged.counterexample->result);
    }
}

}  // namespace assay::graders
