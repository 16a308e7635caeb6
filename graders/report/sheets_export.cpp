#include "graders/report/sheets_export.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/figures.hpp"

namespace assay::graders::report {
namespace {

std::string decimal_cell(const Json& points) {
  return points.is_null() ? "" : fmt::format("{}", number(points, "decimal").value_or(0));
}

/// One line about an item: "a: wrong. the gradient has ...".
std::string item_line(const Json& mark) {
  std::string line = text(mark, "id") + ": " + text(mark, "outcome");
  if (const auto understood = text_or_empty(mark, "understood"); !understood.empty())
    line += ", read as " + understood;
  for (const char* const key : {"message", "mistake_text", "comment"})
    if (const auto words = text_or_empty(mark, key); !words.empty()) line += ". " + words;
  return displayable(line, 2000);
}

/// Where the items of each question stand in the head.
std::map<std::string, std::vector<std::size_t>> places_by_question(const Json& items) {
  std::map<std::string, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < items.size(); ++i) places[text(items[i], "question")].push_back(i);
  return places;
}

std::string question_output(const Json& head, const Json& sheet, const Json& question,
                            const std::vector<std::size_t>& places) {
  std::string out = displayable(text(question, "explanation")) + "\n";
  const Json& items = field(head, "items");
  const Json& marks = field(sheet, "items");
  for (const std::size_t i : places) {
    out += "\n" + item_line(marks[i]) + "\n";
    if (const auto key = text_or_empty(items[i], "key"); !key.empty())
      out += "  key: " + displayable(key) + "\n";
    if (const auto evidence = text_or_empty(items[i], "evidence"); !evidence.empty())
      out += "  because: " + displayable(evidence) + "\n";
  }
  return out;
}

std::string waiting_words(const Json& sheet) {
  const auto waiting = count(sheet, "waiting");
  return fmt::format("{} answer{} for a person: no points are lost, and none are in the score yet.", waiting,
                     waiting == 1 ? " waits" : "s wait");
}

}  // namespace

std::string sheet_score(const Json& sheet) {
  return fmt::format("{}{} of {}", points_text(field(sheet, "sure")), find(sheet, "score") ? "" : " so far",
                     points_text(field(sheet, "max")));
}

Json gradescope_sheet(const Json& head, const Json& sheet) {
  auto places = places_by_question(field(head, "items"));
  Json tests = Json::array();
  for (const Json& question : field(sheet, "questions")) {
    if (number(field(question, "max"), "decimal").value_or(0) == 0) continue;  // lost
    Json test{{"name", displayable_line(text(question, "id"))},
              {"number", fmt::format("{}", tests.size() + 1)},
              {"max_score", number(field(question, "max"), "decimal").value_or(0)},
              {"output", question_output(head, sheet, question, places[text(question, "id")])},
              {"output_format", "text"},
              {"visibility", "visible"}};
    if (const Json* points = find(question, "points")) {
      test["score"] = number(*points, "decimal").value_or(0);
      test["status"] = *points == field(question, "max") ? "passed" : "failed";
    }
    tests.push_back(std::move(test));
  }
  Json out{
      {"score", number(field(sheet, "sure"), "decimal").value_or(0)},
      {"output_format", "text"},
      {"visibility", "visible"},
      {"tests", std::move(tests)},
      {"extra_data", {{"assay", {{"schema", text(head, "schema")}, {"status", text(sheet, "status")}}}}}};
  if (count(sheet, "waiting") > 0) out["output"] = waiting_words(sheet);
  return out;
}

std::string marks_csv_header(const Json& head) {
  std::string out = "\"id\",\"name\",\"status\",\"score\",\"sure\",\"max\",\"percent\",\"waiting\"";
  for (const Json& section : field(head, "sections")) out += "," + csv_cell("section " + text(section, "id"));
  for (const Json& question : field(head, "questions"))
    if (number(field(question, "max"), "decimal").value_or(0) != 0)
      out += "," + csv_cell(text(question, "id"));
  return out + "\r\n";
}

std::string marks_csv_row(const Json& sheet) {
  const auto max = number(field(sheet, "max"), "decimal").value_or(0);
  const Json* score = find(sheet, "score");
  const auto share =
      score && max > 0 ? two_decimals(100 * number(*score, "decimal").value_or(0) / max) : std::string{};
  std::string out = fmt::format("{},{},{},{},{},{},{},{}", csv_cell(text(sheet, "id")),
                                csv_cell(text_or_empty(sheet, "name")), csv_cell(text(sheet, "status")),
                                score ? decimal_cell(*score) : "", decimal_cell(field(sheet, "sure")),
                                decimal_cell(field(sheet, "max")), share, count(sheet, "waiting"));
  for (const Json& section : field(sheet, "sections")) out += "," + decimal_cell(field(section, "sure"));
  for (const Json& question : field(sheet, "questions"))
    if (number(field(question, "max"), "decimal").value_or(0) != 0)
      out += "," + decimal_cell(field(question, "points"));
  return out + "\r\n";
}

}  // namespace assay::graders::report
