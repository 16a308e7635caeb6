/// The page of a marked class.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/page_parts.hpp"
#include "graders/report/render.hpp"
#include "graders/report/report.hpp"
#include "graders/report/sheets_pages.hpp"

namespace assay::graders::report {
namespace {

constexpr std::string_view rows_mark = "assay-rows-of-the-class";

std::string brief(const Json& object, const char* key, std::size_t cap = 600) {
  return shown(object, key, cap);
}

Json bars(const Json& histogram) {
  std::size_t most = 1;
  for (const Json& bin : histogram) most = std::max(most, bin.get<std::size_t>());
  Json views = Json::array();
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    const auto count = histogram[i].get<std::size_t>();
    const double height = 120.0 * static_cast<double>(count) / static_cast<double>(most);
    const std::size_t x = (i == 0 ? 10 : 44) + 34 * (i == 0 ? 0 : i - 1);
    views.push_back({{"range", i == 0 ? "below 0" : fmt::format("{} to {} %", 10 * (i - 1), 10 * i)},
                     {"count", count ? fmt::format("{}", count) : ""},
                     {"x", fmt::format("{}", x)},
                     {"middle", fmt::format("{}", x + 14)},
                     {"y", fmt::format("{:.1f}", 150 - height)},
                     {"above", fmt::format("{:.1f}", 145 - height)},
                     {"height", fmt::format("{:.1f}", height)}});
  }
  return views;
}

std::string histogram_label(const Json& histogram) {
  std::string label = "Sheets by share of the points, below 0 first:";
  for (const Json& bin : histogram) label += fmt::format(" {}", bin.get<std::size_t>());
  return label;
}

/// Questions of a section whose rule is not the section's.
Json other_rules(const Json& head, const Json& section) {
  Json rules = Json::array();
  for (const Json& question : field(head, "questions"))
    if (question["section"] == section["id"] && question["rule"] != section["scheme"])
      rules.push_back({{"id", brief(question, "id")}, {"rule", brief(question, "rule")}});
  return rules;
}

Json sections_view(const Json& head, const Json& means) {
  Json views = Json::array();
  const Json& sections = field(head, "sections");
  for (std::size_t s = 0; s < sections.size(); ++s) {
    const auto max = number(field(sections[s], "max"), "decimal").value_or(0);
    const auto mean = number(field(means[s], "sure"), "decimal").value_or(0);
    const Json* printed = find(sections[s], "printed");
    std::string worth = points_text(field(sections[s], "max")) + " points";
    if (printed && *printed != sections[s]["max"])
      worth += fmt::format("; the paper prints {}", points_text(*printed));
    views.push_back({{"id", brief(sections[s], "id")},
                     {"title", brief(sections[s], "title")},
                     {"mean", points_text(field(means[s], "sure"))},
                     {"max", points_text(field(sections[s], "max"))},
                     {"share", fmt::format("{:.1f}", max > 0 ? std::clamp(100 * mean / max, 0.0, 100.0) : 0)},
                     {"printed", worth},
                     {"scheme", brief(sections[s], "scheme")},
                     {"floor", brief(sections[s], "floor")},
                     {"rule", brief(sections[s], "rule")},
                     {"acknowledged", brief(sections[s], "acknowledged")},
                     {"other_rules", other_rules(head, sections[s])}});
  }
  return views;
}

std::string outcomes_text(const Json& outcomes) {
  std::string words;
  for (const auto& [outcome, count] : outcomes.items())
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count.get<std::size_t>(), outcome);
  return words;
}

/// Of a question's options: which wrong one was marked most, shown beside the first of them.
std::map<std::size_t, Json> strays(const Json& head, const Json& analysis) {
  struct Most {
    std::size_t first = 0, count = 0;
    std::string label;
  };
  std::map<std::string, Most> most;
  const Json& items = field(head, "items");
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (text(items[i], "answer") != "option") continue;
    Most& mine = most.try_emplace(text(items[i], "question"), Most{i, 0, ""}).first->second;
    const std::size_t marked = count(analysis[i], "marked");
    if (text_or_empty(items[i], "key") != "false" || marked <= mine.count) continue;
    const std::string id = text(items[i], "id");
    mine.count = marked;
    mine.label = displayable_line(id.substr(id.rfind('.') + 1), 40);
  }
  std::map<std::size_t, Json> views;
  for (const auto& [question, one] : most)
    if (one.count > 0) views[one.first] = {{"label", one.label}, {"count", fmt::format("{}", one.count)}};
  return views;
}

Json counted(const Json& list) {
  Json views = Json::array();
  for (const Json& one : list)
    views.push_back({{"id", brief(one, "id")},
                     {"text", brief(one, "text", 200)},
                     {"count", fmt::format("{}", count(one, "count"))}});
  return views;
}

Json item_view(const Json& item, const Json& statistics) {
  const auto difficulty = number(statistics, "difficulty");
  const auto discrimination = number(statistics, "discrimination");
  return {{"id", brief(item, "id")},
          {"text", brief(item, "text", 240)},
          {"key", brief(item, "key", 240)},
          {"difficulty", difficulty ? fmt::format("{:.2f}", *difficulty) : "-"},
          {"share", difficulty ? fmt::format("{:.1f}", 100 * std::clamp(*difficulty, 0.0, 1.0)) : ""},
          {"discrimination", discrimination ? fmt::format("{:.2f}", *discrimination) : "-"},
          {"odd", discrimination && *discrimination < 0},
          {"outcomes", outcomes_text(field(statistics, "outcomes"))},
          {"mistakes", counted(field(statistics, "mistakes"))},
          {"wrong", counted(field(statistics, "wrong_answers"))},
          {"stray", false},
          {"published", brief(item, "published")},
          {"why_not", brief(item, "why_not")},
          {"acknowledged", brief(item, "acknowledged")}};
}

Json items_view(const Json& head, const Json& analysis) {
  const auto most = strays(head, analysis);
  Json views = Json::array();
  for (std::size_t i = 0; i < analysis.size(); ++i) {
    Json view = item_view(field(head, "items")[i], analysis[i]);
    if (const auto found = most.find(i); found != most.end()) view["stray"] = found->second;
    views.push_back(std::move(view));
  }
  return views;
}

Json rubric_view(const Json& item) {
  Json lines = Json::array();
  if (const Json* rubric = find(item, "rubric"))
    for (const Json& line : *rubric)
      lines.push_back({{"id", brief(line, "id")},
                       {"text", brief(line, "text")},
                       {"points", points_text(field(line, "points"))}});
  return lines;
}

std::string claims_text(const Json& item) {
  std::string claims;
  if (const Json* list = find(item, "claims"))
    for (const Json& claim : *list)
      claims += (claims.empty() ? "" : ", ") + displayable_line(claim.get<std::string>());
  return claims;
}

constexpr std::array waiting_outcomes{"unreadable", "ambiguous", "for-person", "cannot-tell"};

/// "3 unreadable, 1 ambiguous".
std::string waiting_text(const Json& statistics) {
  Json waiting = Json::object();
  for (const char* const outcome : waiting_outcomes)
    if (const auto number = count(field(statistics, "outcomes"), outcome)) waiting[outcome] = number;
  return outcomes_text(waiting);
}

std::size_t waiting_count(const Json& statistics) {
  std::size_t waiting = 0;
  for (const char* const outcome : waiting_outcomes) waiting += count(field(statistics, "outcomes"), outcome);
  return waiting;
}

Json person_view(const Json& item, const Json& statistics, const std::map<std::string, std::string>& files) {
  Json students = Json::array();
  for (const Json& id : field(statistics, "waiting")) {
    if (!students.empty()) students.back()["comma"] = true;
    const auto file = files.find(id.get<std::string>());
    students.push_back({{"id", displayable_line(id.get<std::string>(), 60)},
                        {"href", file == files.end() ? "#class" : file->second},
                        {"comma", false}});
  }
  const std::size_t all = waiting_count(statistics), named = students.size();
  return {{"id", brief(item, "id")},
          {"text", brief(item, "text")},
          {"why", waiting_text(statistics)},
          {"rubric", rubric_view(item)},
          {"because", brief(item, "rubric_because")},
          {"claims", claims_text(item)},
          {"students", std::move(students)},
          {"more", all > named ? fmt::format("{}", all - named) : ""}};
}

Json people_view(const Json& head, const Json& analysis, const std::map<std::string, std::string>& files) {
  Json views = Json::array();
  for (std::size_t i = 0; i < analysis.size(); ++i)
    if (waiting_count(analysis[i]) > 0)
      views.push_back(person_view(field(head, "items")[i], analysis[i], files));
  return views;
}

Json problems_view(const Json& problems) {
  constexpr std::size_t most = 500;
  Json views = Json::array();
  for (const Json& problem : problems) {
    if (views.size() == most) break;
    const std::string file = text(problem, "file");
    views.push_back({{"where", fmt::format("{}row {}, column {}", file.empty() ? "" : file + ", ",
                                           count(problem, "line"), count(problem, "column"))},
                     {"message", brief(problem, "message")}});
  }
  return views;
}

std::string counted_words(std::size_t count, const char* one, const char* many) {
  return count == 0 ? "" : fmt::format("{} {}", count, count == 1 ? one : many);
}

Json page_view(const Json& head, const Json& tail, const std::map<std::string, std::string>& files) {
  const Json& exam = field(head, "exam");
  const Json& summary = field(tail, "summary");
  const Json& analysis = field(tail, "analysis");
  return {{"title", brief(exam, "title")},
          {"generator", "assay " + text(field(head, "generator"), "version")},
          {"seed", brief(exam, "seed")},
          {"note", brief(exam, "note")},
          {"floor", brief(exam, "floor")},
          {"anonymous", flag(head, "anonymous")},
          {"summary",
           fmt::format("{}, {} points", counted_words(count(summary, "submissions"), "sheet", "sheets"),
                       points_text(field(exam, "max")))},
          {"source", brief(exam, "source")},
          {"waiting", counted_words(count(summary, "waiting"), "sheet waits", "sheets wait")},
          {"problem_count", counted_words(field(tail, "problems").size(), "problem", "problems")},
          {"problems", problems_view(field(tail, "problems"))},
          {"scores", fmt::format("mean {}, median {} of {} points; sheets that nobody waits for: {}",
                                 points_text(field(summary, "mean")), points_text(field(summary, "median")),
                                 points_text(field(exam, "max")), count(summary, "marked"))},
          {"histogram_label", histogram_label(field(summary, "histogram"))},
          {"bars", bars(field(summary, "histogram"))},
          {"sections", sections_view(head, field(summary, "section_means"))},
          {"person_items", people_view(head, analysis, files)},
          {"items", items_view(head, analysis)},
          {"rows_go_here", rows_mark},
          {"style", page_style},
          {"sheets_style", sheets_style}};
}

}  // namespace

PageHalves sheets_page(const Json& head, const Json& tail, const std::map<std::string, std::string>& files) {
  const std::string page = render_template(sheets_template, page_view(head, tail, files));
  const std::size_t at = page.rfind(rows_mark);  // nothing after the rows is made by a student
  if (at == std::string::npos) throw ReportError("the page's template has no place for its rows");
  return {page.substr(0, at), page.substr(at + rows_mark.size())};
}

}  // namespace assay::graders::report
