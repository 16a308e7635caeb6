/// The page of verdicts, from the document of claims_json and from nothing else.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "graders/report/claims_report.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/page_parts.hpp"
#include "graders/report/plot.hpp"
#include "graders/report/render.hpp"

namespace assay::graders::report {
namespace {

/// The colour of a verdict: what a reader should look at first.
std::string kind_of(const std::string& verdict, const std::string& answer) {
  if (verdict == "estimated" && answer == "false") return "wrong";
  if (verdict == "proved" || verdict == "witnessed" || verdict == "supported" || verdict == "estimated")
    return "good";
  if (verdict == "refuted") return "wrong";
  return verdict == "conditional" ? "unstable" : "absent";
}

Json values_view(const Json& exhibit) {
  Json values = Json::array();
  for (const char* const group : {"values", "whole_numbers"}) {
    if (!exhibit.contains(group)) continue;
    for (const auto& [name, value] : exhibit[group].items())
      values.push_back({{"name", name}, {"value", value.is_string() ? value : Json(value.dump())}});
  }
  return values;
}

Json picture_view(const Json& picture) {
  Span x, y;
  for (const Json& series : picture["series"])
    for (const Json& point : series["points"]) {
      x.include(point[0].get<double>());
      y.include(point[1].get<double>());
    }
  Json lines = Json::array();
  for (const Json& series : picture["series"]) {
    PlotPoints points;
    for (const Json& point : series["points"])
      points.emplace_back(point[0].get<double>(), point[1].get<double>());
    lines.push_back({{"nr", std::to_string(lines.size() + 1)},
                     {"name", series["name"]},
                     {"points", plot_line(x, y, points)}});
  }
  return {{"title", picture["title"]},
          {"x", picture["x"]},
          {"y", picture["y"]},
          {"lines", lines},
          {"plot_desc", ""},
          {"plot_target", false},
          {"plot_dots", false},
          {"x_low", fmt::format("{:.3g}", x.low)},
          {"x_high", fmt::format("{:.3g}", x.high)},
          {"y_low", fmt::format("{:.2g}", y.low)},
          {"y_high", fmt::format("{:.2g}", y.high)}};
}

std::string agrees_kind(const std::string& agrees) {
  return agrees == "yes" ? "good" : agrees == "NO" ? "wrong" : "unstable";
}

std::string verdict_words(const Json& claim) {
  const std::string verdict = claim["verdict"];
  if (verdict != "estimated") return verdict;
  return verdict + (claim["answer"] == "true" ? ": yes" : ": no");
}

Json claim_view(const Json& claim) {
  Json view{{"id", claim["id"]},
            {"anchor", "claim-" + claim["id"].get<std::string>()},
            {"verdict", verdict_words(claim)},
            {"kind", kind_of(claim["verdict"], claim["answer"])},
            {"statement", claim["statement"]},
            {"summary", claim["summary"]},
            {"evidence", claim["evidence"]},
            {"source", claim["source"]},
            {"domain", claim.value("domain", "")}};
  view["published"] = claim["published"].is_null() ? Json(false) : claim["published"];
  view["agrees"] = claim["agrees"];
  view["agrees_kind"] = agrees_kind(claim["agrees"]);
  view["conditions"] = Json::array();
  const bool all = claim.value("conditions_needed", "") == "all";
  for (std::size_t i = 0; i < claim.value("conditions", Json::array()).size(); ++i)
    view["conditions"].push_back({{"word", all ? "Needs" : "True where"},
                                  {"text", claim["conditions"][i]},
                                  {"condition", claim["condition_ids"][i]}});
  view["instance"] = false;
  if (claim.contains("instance"))
    view["instance"] = {{"note", claim["instance"].value("note", "")},
                        {"values", values_view(claim["instance"])}};
  view["floats"] = Json::array();
  for (const Json& floats : claim.value("floats", Json::array())) {
    const bool fails = floats.contains("failure");
    view["floats"].push_back({{"format", floats["format"]},
                              {"outcome", fails ? "fails:" : "no drawn instance fails"},
                              {"values", fails ? values_view(floats["failure"]) : Json::array()}});
  }
  view["picture"] = claim.contains("picture") ? picture_view(claim["picture"]) : Json(false);
  return view;
}

Json exams_view(const Json& claims) {
  Json exams = Json::array();
  for (const Json& claim : claims) {
    const std::string exam = exam_of(claim["id"]);
    if (exams.empty() || exams.back()["name"] != exam)
      exams.push_back({{"name", exam}, {"anchor", "exam-" + exam}, {"claims", Json::array()}});
    exams.back()["claims"].push_back(claim_view(claim));
  }
  return exams;
}

Json contradicting_view(const Json& claims) {
  Json links = Json::array();
  for (const Json& claim : claims)
    if (claim["agrees"] == "NO") {
      if (!links.empty()) links.back()["comma"] = true;
      links.push_back(
          {{"id", claim["id"]}, {"anchor", "claim-" + claim["id"].get<std::string>()}, {"comma", false}});
    }
  if (links.empty()) return false;
  return Json{{"links", links}};
}

}  // namespace

std::string claims_html(const Json& document, const std::string& title) {
  std::string counts;
  for (const auto& [standing, count] : document["counts"].items())
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count.get<int>(), standing);
  return render_template(claims_template, {{"title", title},
                                           {"style", page_style},
                                           {"plot_part", plot_template},
                                           {"counts", counts},
                                           {"contradicting", contradicting_view(document["claims"])},
                                           {"exams", exams_view(document["claims"])}});
}

}  // namespace assay::graders::report
