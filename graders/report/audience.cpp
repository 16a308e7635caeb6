#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/report.hpp"
#include "graders/report/wording.hpp"

namespace assay::graders::report {
namespace {

/// Verdicts that are known whatever a criterion shows, or that blame nobody.
bool always_told(const std::string& verdict) {
  const auto kind = words_for(verdict).kind;
  return kind == Kind::good || kind == Kind::absent || kind == Kind::harness || kind == Kind::person;
}

Json only(const Json& object, std::initializer_list<const char*> keys) {
  Json kept = Json::object();
  for (const char* key : keys)
    if (object.contains(key)) kept[key] = object[key];
  return kept;
}

Json as_hidden(const Json& criterion) {
  Json kept = only(criterion, {"id", "max"});
  kept["verdict"] = "hidden";
  kept["points"] = nullptr;
  return kept;
}

/// What kind of failure it is. No message: it may tell of hidden inputs and values.
Json as_verdict(const Json& criterion) {
  return only(criterion, {"id", "max", "points", "verdict", "signal", "instability"});
}

Json as_passed_or_not(const Json& criterion) {
  Json kept = only(criterion, {"id", "max", "points"});
  const auto verdict = text(criterion, "verdict");
  kept["verdict"] = always_told(verdict) ? verdict : "not_accepted";
  return kept;
}

/// Which elements are wrong, not by how much: sizes of errors lead to the exact values.
void hide_sizes(Json& map) {
  for (Json& row : map["cells"]) {
    std::string cells = row.get<std::string>();
    std::ranges::replace_if(
        cells, [](char cell) { return cell >= 'a' && cell <= 'z'; }, 'X');
    row = cells;
  }
}

/// The failing input without the expected value. The exact error would give it away (it is `got` plus or
/// minus so many ulps), so only the power of ten of the ratio stays.
Json as_input(Json criterion) {
  criterion.erase("worst_ratio");
  criterion.erase("parts");
  if (find(criterion, "error_map")) hide_sizes(criterion["error_map"]);
  if (find(criterion, "loss_curve")) criterion["loss_curve"].erase("exact");
  if (!find(criterion, "counterexample")) return criterion;
  Json& shown = criterion["counterexample"];
  for (const char* key : {"expected", "expected_radius", "error_ulps"}) shown.erase(key);
  if (const auto ratio = number(shown, "ratio"); ratio && *ratio >= 1 && std::isfinite(*ratio)) {
    shown["ratio"] = std::pow(10.0, std::floor(std::log10(*ratio)));
    shown["ratio_rounded"] = true;
  } else {
    shown.erase("ratio");
  }
  return criterion;
}

Json cut_down(const Json& criterion, const std::string& visibility) {
  if (visibility == "passed") return as_passed_or_not(criterion);
  if (visibility == "verdict") return as_verdict(criterion);
  if (visibility == "input") return as_input(criterion);
  if (visibility == "expected") return criterion;
  return as_hidden(criterion);  // an unknown level shows nothing
}

std::string visibility_of(const Json& results, const std::string& criterion) {
  return text(with_id(results, "criteria", criterion, "criterion"), "visibility");
}

/// What mistakes cost, as far as the criteria that show them may name them; nothing is left out of the
/// points.
Json prices_shown(const Json& results, const Json& submission) {
  Json shown = Json::array();
  const Json* prices = find(submission, "prices");
  for (Json price : prices ? *prices : Json::array()) {
    Json criteria = Json::array();
    for (const Json& criterion : field(price, "criteria")) {
      const auto visibility = visibility_of(results, text(criterion, "id"));
      if (visibility == "input" || visibility == "expected") criteria.push_back(criterion);
    }
    if (criteria.empty()) continue;
    price["criteria"] = std::move(criteria);
    shown.push_back(std::move(price));
  }
  return shown;
}

/// Score, greatest score and worst verdict over what is visible.
void add_up(Json& submission, bool graded) {
  std::vector<JsonRef> points, max, hidden;
  std::string worst = "accepted";
  for (const Json& criterion : submission["criteria"]) {
    const auto verdict = text(criterion, "verdict");
    (verdict == "hidden" ? hidden : max).emplace_back(field(criterion, "max"));
    if (verdict == "hidden") continue;
    points.emplace_back(field(criterion, "points"));
    if (severity(verdict) > severity(worst)) worst = verdict;
  }
  submission["score"] = graded ? sum_points(points) : Json(nullptr);
  submission["max"] = sum_points(max);
  submission["verdict"] = worst;
  if (!hidden.empty()) submission["hidden_max"] = sum_points(hidden);
}

}  // namespace

Json for_audience(Json results, std::string_view audience) {
  const auto key = fmt::format("visibility_{}", audience);
  if (audience != "before" && audience != "final" && audience != "limit")
    throw ReportError(fmt::format("there is no audience \"{}\"; there are: before, final, limit",
                                  displayable_line(audience, 40)));
  (void)field(results, "criteria");
  for (Json& criterion : results["criteria"]) {
    if (const auto level = text_or_empty(criterion, key.c_str()); !level.empty())
      criterion["visibility"] = level;
    for (const char* const other : {"visibility_final", "visibility_limit"}) criterion.erase(other);
  }
  return results;
}

Json for_student(const Json& results, std::string_view submission_id) {
  const Json& submission = with_id(results, "submissions", submission_id, "submission");
  Json shown = only(submission, {"id", "digest", "files", "status", "compile"});
  shown["message"] = always_told(text(submission, "verdict")) ? text_or_empty(submission, "message") : "";
  if (const Json* differs = find(submission, "nondeterminism"))
    shown["nondeterminism"] = only(*differs, {"cause", "sentence"});
  shown["criteria"] = Json::array();
  for (const Json& criterion : field(submission, "criteria"))
    shown["criteria"].push_back(cut_down(criterion, visibility_of(results, text(criterion, "id"))));
  if (Json prices = prices_shown(results, submission); !prices.empty()) shown["prices"] = std::move(prices);
  add_up(shown, find(submission, "score") != nullptr);

  Json out = only(results, {"schema", "generator", "assignment", "toolchain"});
  out["audience"] = "student";
  out["assignment"].erase("seed");  // it would draw the hidden cases again
  out["sandbox"] = only(field(results, "sandbox"), {"tier", "summary"});
  out["criteria"] = Json::array();
  for (Json criterion : field(results, "criteria")) {
    for (const char* const about_others : {"accepted", "graded", "visibility_final", "visibility_limit"})
      criterion.erase(about_others);
    if (text(criterion, "visibility") == "hidden")
      criterion = only(criterion, {"id", "title", "kind", "points", "visibility"});
    out["criteria"].push_back(std::move(criterion));
  }
  out["submissions"] = Json::array({std::move(shown)});
  return out;
}

}  // namespace assay::graders::report
