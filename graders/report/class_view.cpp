#include "graders/report/class_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/wording.hpp"

namespace assay::graders::report {
namespace {

bool any_criterion(const Json& submission, Kind kind) {
  return std::ranges::any_of(field(submission, "criteria"), [&](const Json& criterion) {
    return words_for(text(criterion, "verdict")).kind == kind;
  });
}

std::string score_sentence(const Json& results) {
  const Json* summary = find(results, "summary");
  const auto mean = summary ? number(*summary, "mean") : std::nullopt;
  const auto median = summary ? number(*summary, "median") : std::nullopt;
  const Json& submissions = field(results, "submissions");
  const auto graded =
      std::ranges::count_if(submissions, [](const Json& one) { return find(one, "score") != nullptr; });
  const auto coverage = fmt::format("{} of {} submissions graded", graded, submissions.size());
  if (!mean || !median) return coverage;
  return fmt::format("mean {}, median {} of {} points; {}", two_decimals(*mean), two_decimals(*median),
                     points_text(field(field(results, "assignment"), "points")), coverage);
}

/// The criterion with the smallest share of accepted submissions; the first one listed among equals.
std::string hardest_sentence(const Json& results) {
  const Json* hardest = nullptr;
  for (const Json& criterion : field(results, "criteria")) {
    if (count(criterion, "graded") == 0) continue;
    if (!hardest || count(criterion, "accepted") * count(*hardest, "graded") <
                        count(*hardest, "accepted") * count(criterion, "graded"))
      hardest = &criterion;
  }
  if (!hardest || count(*hardest, "accepted") == count(*hardest, "graded")) return {};
  return fmt::format("{}: {} of {} accepted", displayable_line(text(*hardest, "id")),
                     count(*hardest, "accepted"), count(*hardest, "graded"));
}

}  // namespace

ClassView look_at_class(const Json& results) {
  ClassView view{score_sentence(results), hardest_sentence(results), {}, {}};
  for (const Json& submission : sorted_by_id(results, "submissions")) {
    const bool failed =
        text(submission, "status") == "harness_error" || any_criterion(submission, Kind::harness);
    if (failed) view.harness_errors.emplace_back(submission);
    if (any_criterion(submission, Kind::person)) view.for_a_person.emplace_back(submission);
  }
  return view;
}

std::vector<std::size_t> score_histogram(const Json& results) {
  std::vector<std::size_t> tenths(10, 0);
  for (const Json& submission : field(results, "submissions")) {
    const Json* score = find(submission, "score");
    const auto max = number(field(submission, "max"), "decimal").value_or(0);
    if (!score || !(max > 0)) continue;
    const double share = std::clamp(number(*score, "decimal").value_or(0) / max, 0.0, 1.0);
    ++tenths[std::min<std::size_t>(9, static_cast<std::size_t>(share * 10))];
  }
  return tenths;
}

}  // namespace assay::graders::report
