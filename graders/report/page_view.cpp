#include "graders/report/page_view.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "graders/escape.hpp"
#include "graders/report/class_view.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/mistakes.hpp"
#include "graders/report/wording.hpp"

namespace assay::graders::report {
namespace {

std::string glyph(Kind kind) {
  switch (kind) {
    case Kind::good:
      return "\u2713";
    case Kind::wrong:
      return "\u2715";
    case Kind::unstable:
      return "\u2248";
    case Kind::stopped:
      return "!";
    case Kind::absent:
      return "\u2013";
    case Kind::person:
      return "?";
    case Kind::harness:
      return "H";
    case Kind::hidden:
      return "\u00b7";
  }
  return "?";
}

std::string joined(const Json* array) {
  std::vector<std::string> parts;
  if (array)
    for (const Json& element : *array) parts.push_back(displayable_line(element.get<std::string>()));
  return fmt::format("{}", fmt::join(parts, " "));
}

/// Ten bars; the tallest is 120 units high.
Json histogram_bars(const std::vector<std::size_t>& tenths) {
  const auto tallest = std::max<std::size_t>(1, *std::ranges::max_element(tenths));
  Json bars = Json::array();
  for (std::size_t i = 0; i < tenths.size(); ++i) {
    const auto height = tenths[i] * 120 / tallest;
    const auto x = 13 + 34 * i;
    bars.push_back({{"x", fmt::format("{}", x)},
                    {"y", fmt::format("{}", 150 - height)},
                    {"height", fmt::format("{}", height)},
                    {"middle", fmt::format("{}", x + 14)},
                    {"above", fmt::format("{}", 144 - height)},
                    {"count", tenths[i] ? fmt::format("{}", tenths[i]) : ""},
                    {"range", fmt::format("{} to {}", 10 * i, 10 * i + 10)}});
  }
  return bars;
}

std::string histogram_label(const std::vector<std::size_t>& tenths) {
  std::vector<std::string> said;
  for (std::size_t i = 0; i < tenths.size(); ++i)
    if (tenths[i]) said.push_back(fmt::format("{} between {} and {} %", tenths[i], 10 * i, 10 * i + 10));
  return said.empty() ? "No submission has a score"
                      : fmt::format("Submissions by score: {}", fmt::join(said, ", "));
}

Json links_to(const std::vector<JsonRef>& submissions, const Json& anchors) {
  Json links = Json::array();
  for (const Json& submission : submissions)
    links.push_back({{"id", displayable_line(text(submission, "id"))},
                     {"anchor", anchors.at(text(submission, "id"))},
                     {"comma", links.size() + 1 < submissions.size()}});
  return links;
}

Json note(const char* label, const char* kind, const std::vector<JsonRef>& submissions, const Json& anchors) {
  return {{"label", label}, {"kind", kind}, {"links", links_to(submissions, anchors)}};
}

/// False where no mistake is named, so that the page has no empty section.
Json mistakes_view(const Json& results, const Json& anchors) {
  Json rows = Json::array();
  for (const Mistake& mistake : mistakes_of_class(results))
    rows.push_back({{"id", mistake.id},
                    {"sentence", mistake.sentence},
                    {"count", fmt::format("{}", mistake.submissions.size())},
                    {"links", links_to(mistake.submissions, anchors)}});
  return rows.empty() ? Json(false) : Json{{"rows", std::move(rows)}};
}

std::string about(const Json& criterion) {
  const auto points = points_text(field(criterion, "points"));
  std::string out = fmt::format("{} {}", points, points == "1" ? "point" : "points");
  if (flag(criterion, "extreme")) out += ", extreme inputs";
  if (text(criterion, "visibility") == "hidden") out += ", hidden from students";
  if (criterion.contains("evidence")) out += ", " + text(criterion, "evidence");
  if (const auto aside = count(criterion, "set_aside"))
    out += fmt::format(", {} of {} cases set aside", aside, count(criterion, "cases"));
  return out;
}

Json criteria_view(const Json& results) {
  struct Row {
    std::size_t accepted, graded;
    Json view;
  };
  std::vector<Row> rows;
  for (const Json& criterion : field(results, "criteria")) {
    const auto accepted = count(criterion, "accepted"), graded = count(criterion, "graded");
    rows.push_back({accepted,
                    graded,
                    {{"nr", fmt::format("{}", rows.size() + 1)},
                     {"name", displayable_line(text(criterion, "title"))},
                     {"about", about(criterion)},
                     {"rate", percent(accepted, graded)},
                     {"share", fmt::format("{}", graded ? 100 * accepted / graded : 0)},
                     {"accepted", fmt::format("{}", accepted)},
                     {"graded", fmt::format("{}", graded)}}});
  }
  std::ranges::stable_sort(
      rows, [](const Row& a, const Row& b) { return a.accepted * b.graded < b.accepted * a.graded; });
  Json views = Json::array();
  for (auto& row : rows) views.push_back(std::move(row.view));
  return views;
}

Json legend_view(const std::vector<JsonRef>& submissions) {
  std::set<Kind> used;
  for (const Json& submission : submissions)
    for (const Json& criterion : field(submission, "criteria"))
      used.insert(words_for(text(criterion, "verdict")).kind);
  Json legend = Json::array();
  for (const Kind kind : used)
    legend.push_back({{"kind", to_string(kind)}, {"mark", glyph(kind)}, {"words", meaning(kind)}});
  return legend;
}

std::string share_of_max(const Json& submission) {
  const Json* score = find(submission, "score");
  const auto max = number(field(submission, "max"), "decimal").value_or(0);
  if (!score || !(max > 0)) return {};
  return fmt::format("{:.0f}", std::clamp(100 * number(*score, "decimal").value_or(0) / max, 0.0, 100.0));
}

Json class_row(const Json& results, const Json& submission, std::size_t place) {
  return {{"anchor", anchor(place)},
          {"id", displayable_line(text(submission, "id"))},
          {"kind", to_string(words_for(text(submission, "verdict")).kind)},
          {"worst", worst_text(submission, 90)},
          {"score", score_text(submission)},
          {"share", share_of_max(submission)},
          {"marks", marks_view(results, submission)}};
}

}  // namespace

std::string anchor(std::size_t place) {
  return fmt::format("s{}", place + 1);
}

Json marks_view(const Json& results, const Json& submission) {
  Json marks = Json::array();
  for (const Json& criterion : field(submission, "criteria")) {
    const auto& words = words_for(text(criterion, "verdict"));
    const Json& declared = with_id(results, "criteria", text(criterion, "id"), "criterion");
    marks.push_back({{"nr", fmt::format("{}", marks.size() + 1)},
                     {"name", displayable_line(text(declared, "title"))},
                     {"kind", to_string(words.kind)},
                     {"mark", glyph(words.kind)},
                     {"words", verdict_text(criterion)}});
  }
  return marks;
}

Json page_view(const Json& results) {
  const Json& assignment = field(results, "assignment");
  const Json& sandbox = field(results, "sandbox");
  const Json& generator = field(results, "generator");
  const Json* toolchain = find(results, "toolchain");
  return {{"title", displayable_line(text(assignment, "title"))},
          {"summary", displayable_line(text_or_empty(assignment, "summary"), 600)},
          {"assignment", displayable_line(text(assignment, "id"))},
          {"digest", displayable_line(text_or_empty(assignment, "digest"))},
          {"seed", displayable_line(text_or_empty(assignment, "seed"))},
          {"slack", displayable_line(text_or_empty(assignment, "slack"))},
          {"sandbox", displayable_line(text_or_empty(sandbox, "summary").empty() ? text(sandbox, "tier")
                                                                                 : text(sandbox, "summary"))},
          {"unsafe", text(sandbox, "tier") == "S0"},
          {"compiler", toolchain ? displayable_line(text_or_empty(*toolchain, "compiler")) : ""},
          {"flags", toolchain ? joined(find(*toolchain, "flags")) : ""},
          {"generator", displayable_line(text(generator, "name") + " " + text(generator, "version"))}};
}

Json class_part_view(const Json& results) {
  const auto submissions = sorted_by_id(results, "submissions");
  Json rows = Json::array(), anchors = Json::object(), notes = Json::array();
  for (const Json& submission : submissions) {
    anchors[text(submission, "id")] = anchor(rows.size());
    rows.push_back(class_row(results, submission, rows.size()));
  }
  const auto view = look_at_class(results);
  if (!view.for_a_person.empty())
    notes.push_back(note("A person must look", "person", view.for_a_person, anchors));
  if (!view.harness_errors.empty())
    notes.push_back(
        note("Not graded because the grader failed (not counted)", "harness", view.harness_errors, anchors));
  const auto tenths = score_histogram(results);
  return {{"scores", view.scores},
          {"bars", histogram_bars(tenths)},
          {"histogram_label", histogram_label(tenths)},
          {"notes", std::move(notes)},
          {"mistakes", mistakes_view(results, anchors)},
          {"criteria", criteria_view(results)},
          {"criteria_count", fmt::format("{}", field(results, "criteria").size())},
          {"legend", legend_view(submissions)},
          {"submissions", std::move(rows)}};
}

}  // namespace assay::graders::report
