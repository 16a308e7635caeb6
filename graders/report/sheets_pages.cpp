#include "graders/report/sheets_pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/page_parts.hpp"
#include "graders/report/render.hpp"
#include "graders/report/sheets_export.hpp"

namespace assay::graders::report {
namespace {

constexpr auto outcomes = std::to_array<OutcomeWords>({
    {"right", "good", "+", "right"},
    {"wrong", "wrong", "x", "wrong"},
    {"partly", "unstable", "~", "partly right"},
    {"followed", "good", "+", "right after the earlier answer"},
    {"blank", "absent", "o", "left blank"},
    {"unreadable", "person", "?", "could not be read; a person looks at it"},
    {"ambiguous", "person", "?", "can be read in two ways; a person looks at it"},
    {"for-person", "person", "?", "a person marks it"},
    {"cannot-tell", "person", "?", "could not be decided; a person looks at it"},
    {"voided", "good", "=", "voided: full points for everybody"},
    {"lost", "absent", "-", "the question was lost and is not marked"},
});

std::string label_of(const std::string& id) {
  return displayable_line(id.substr(id.rfind('.') + 1), 40);
}

/// An option is marked or left; what else was written stands there as it is.
void put_answer(Json& view, const Json& item, const Json& mark, std::string_view kind) {
  const bool option =
      text(item, "answer") == "option" && kind != "person" && text(mark, "outcome") != "blank";
  view["state"] = option ? (flag(mark, "marked") ? "marked" : "left") : "";
  view["written"] = option ? "" : shown(mark, "written");
  const std::string understood = shown(mark, "understood");
  const bool plain = option || text(item, "answer") == "true-false" || understood == view["written"];
  view["understood"] = plain ? "" : understood;
  if (text(item, "answer") != "option") return;
  if (view["key"] == "true" || view["key"] == "false")
    view["key"] = view["key"] == "true" ? "belongs" : "does not belong";
  if (option) view["message"] = "";  // that it belongs or not
}

Json item_view(const Json& item, const Json& mark, bool alone) {
  const OutcomeWords& words = outcome_words(text(mark, "outcome"));
  const Json* points = find(mark, "points");
  const bool worth = !alone && number(field(mark, "max"), "decimal").value_or(0) != 0;
  Json view{{"kind", words.kind},
            {"mark", words.mark},
            {"words", words.words},
            {"label", alone ? "" : label_of(text(item, "id"))},
            {"text", shown(item, "text")},
            {"points", ""},
            {"key", shown(item, "key")},
            {"product", shown(item, "product")},
            {"how", shown(item, "how")},
            {"evidence", shown(item, "evidence")},
            {"message", shown(mark, "message")},
            {"mistake", shown(mark, "mistake_text")},
            {"elsewhere", flag(mark, "charged_elsewhere")},
            {"comment", shown(mark, "comment")},
            {"ambiguous", shown(item, "ambiguous")}};
  if (worth)
    view["points"] =
        fmt::format("{}/{}", points ? points_text(*points) : "-", points_text(field(mark, "max")));
  if (view["mistake"] == view["message"]) view["message"] = "";
  if (text_or_empty(item, "product") == text_or_empty(item, "key")) view["product"] = "";
  put_answer(view, item, mark, words.kind);
  return view;
}

std::string_view question_kind(const Json& question) {
  const Json* points = find(question, "points");
  if (!points) return "person";
  if (*points == field(question, "max")) return "good";
  return number(*points, "decimal").value_or(0) > 0 ? "unstable" : "wrong";
}

std::string_view mark_of(std::string_view kind) {
  return kind == "person" ? "?" : kind == "good" ? "+" : kind == "unstable" ? "~" : "x";
}

/// The template with its style sheets in place: partials would be read anew for every student.
const std::string& styled_template() {
  static const std::string whole = [] {
    std::string text(sheet_template);
    for (const auto& [partial, style] :
         {std::pair{"{{> style}}", page_style}, {"{{> sheets_style}}", sheets_style}})
      text.replace(text.find(partial), std::string_view(partial).size(), style);
    return text;
  }();
  return whole;
}

std::size_t hash_of(const std::vector<JsonRef>& parts) {
  std::size_t hash = parts.size();
  for (const Json& part : parts) hash = hash * 31 + std::hash<Json>()(part);
  return hash;
}

std::string waiting_words(const Json& sheet) {
  const std::size_t waiting = count(sheet, "waiting");
  if (waiting == 0) return {};
  return fmt::format("{} answer{} for a person; nothing is lost by that, and nothing is in the score yet",
                     waiting, waiting == 1 ? " waits" : "s wait");
}

}  // namespace

const OutcomeWords& outcome_words(std::string_view outcome) {
  const auto found = std::ranges::find(outcomes, outcome, &OutcomeWords::id);
  return found == outcomes.end() ? outcomes[8] : *found;
}

SheetPages::SheetPages(const Json& head) : head_(head) {
  const Json &questions = field(head, "questions"), &items = field(head, "items"),
             &sections = field(head, "sections");
  std::map<std::string, std::size_t> section_places;
  for (std::size_t s = 0; s < sections.size(); ++s) section_places[text(sections[s], "id")] = s;
  section_of_.resize(questions.size());
  for (std::size_t q = 0; q < questions.size(); ++q) {
    places_[text(questions[q], "id")] = q;
    section_of_[q] = section_places.at(text(questions[q], "section"));
  }
  items_.resize(questions.size());
  for (std::size_t i = 0; i < items.size(); ++i) items_[places_.at(text(items[i], "question"))].push_back(i);
}

Json SheetPages::question_view(const Json& sheet, const Json& question, std::size_t place) const {
  const Json& declared = field(head_, "questions")[place];
  const auto kind = question_kind(question);
  const Json* points = find(question, "points");
  const std::string score = points_text(points ? *points : field(question, "sure"));
  const bool alone = items_[place].size() == 1 && text_or_empty(declared, "text").empty();
  Json items = Json::array();
  for (const std::size_t i : items_[place])
    items.push_back(item_view(field(head_, "items")[i], field(sheet, "items")[i], alone));
  const bool single = items.size() == 1;  // a blank is no mistake
  const Json kind_shown = single ? items[0]["kind"] : Json(kind);
  const Json mark_shown = single ? items[0]["mark"] : Json(mark_of(kind));
  return {
      {"id", displayable_line(text(question, "id"))},
      {"text", shown(declared, "text")},
      {"kind", kind_shown},
      {"mark", mark_shown},
      {"points", fmt::format("{}/{}{}", score, points_text(field(question, "max")), points ? "" : " so far")},
      {"explanation", shown(question, "explanation")},
      {"items", std::move(items)}};
}

std::string SheetPages::article(const Json& sheet, const Json& question, std::size_t place) const {
  const Json& marks = field(sheet, "items");
  std::vector<JsonRef> depends{question};
  for (const std::size_t i : items_[place]) depends.emplace_back(marks[i]);
  const std::size_t hash = hash_of(depends);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = articles_.find(hash); found != articles_.end())
      for (const auto& [key, text] : found->second)
        if (std::equal(key.begin(), key.end(), depends.begin(), depends.end(), std::equal_to<Json>()))
          return text;
  }
  std::string text = render_template(sheet_question_template, question_view(sheet, question, place));
  const std::lock_guard lock(mutex_);
  if (known_++ < most_articles)
    articles_[hash].emplace_back(std::vector<Json>(depends.begin(), depends.end()), text);
  return text;
}

Json SheetPages::section_view(const Json& sheet, std::size_t place) const {
  const Json &section = field(head_, "sections")[place], &mark = field(sheet, "sections")[place];
  std::string questions;
  for (const Json& question : field(sheet, "questions"))
    if (const std::size_t q = places_.at(text(question, "id")); section_of_[q] == place)
      questions += article(sheet, question, q);
  return {
      {"anchor", fmt::format("section-{}", place + 1)},
      {"title", shown(section, "title")},
      {"score", fmt::format("{} of {}", points_text(field(mark, "sure")), points_text(field(mark, "max")))},
      {"scheme", shown(section, "scheme")},
      {"floor", shown(section, "floor")},
      {"rule", shown(section, "rule")},
      {"questions", std::move(questions)}};
}

std::string SheetPages::page(const Json& sheet) const {
  const Json& exam = field(head_, "exam");
  Json sections = Json::array();
  for (std::size_t s = 0; s < field(head_, "sections").size(); ++s)
    if (Json view = section_view(sheet, s); view["questions"] != "") sections.push_back(std::move(view));
  const std::string id = displayable_line(text(sheet, "id")),
                    name = displayable_line(text_or_empty(sheet, "name"));
  return render_template(styled_template(),
                         {{"title", shown(exam, "title")},
                          {"source", shown(exam, "source")},
                          {"id", id},
                          {"who", name.empty() ? id : fmt::format("{} ({})", name, id)},
                          {"score", sheet_score(sheet)},
                          {"floor", shown(exam, "floor")},
                          {"waiting", waiting_words(sheet)},
                          {"note", shown(exam, "note")},
                          {"sections", std::move(sections)},
                          {"generator", "assay " + text(field(head_, "generator"), "version")}});
}

std::string sheet_row(const Json& sheet, const std::string& file) {
  const std::string id = displayable_line(text(sheet, "id")),
                    name = displayable_line(text_or_empty(sheet, "name"), 80);
  const auto max = number(field(sheet, "max"), "decimal").value_or(0);
  const auto sure = number(field(sheet, "sure"), "decimal").value_or(0);
  const double share = max > 0 ? std::clamp(100 * sure / max, 0.0, 100.0) : 0;
  const std::size_t waiting = count(sheet, "waiting");
  std::string sections;
  for (const Json& section : field(sheet, "sections"))
    sections += fmt::format("{}{}&nbsp;{}/{}", sections.empty() ? "" : ", ",
                            html(displayable_line(text(section, "id"))), points_text(field(section, "sure")),
                            points_text(field(section, "max")));
  return fmt::format(
      "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"{}\">{}</a>{}{}</th>"
      "<td role=\"cell\" class=\"num\">{}<svg class=\"share\" viewBox=\"0 0 100 10\" "
      "preserveAspectRatio=\"none\" "
      "aria-hidden=\"true\"><rect class=\"track\" width=\"100\" height=\"10\"/><rect class=\"bar\" "
      "width=\"{:.1f}\" "
      "height=\"10\"/></svg></td><td role=\"cell\"><small>{}</small></td></tr>\n",
      html(file), html(id), name.empty() ? "" : fmt::format("<small>{}</small>", html(name)),
      waiting ? fmt::format("<small class=\"person\">{} for a person</small>", waiting) : "",
      html(sheet_score(sheet)), share, sections);
}

}  // namespace assay::graders::report
