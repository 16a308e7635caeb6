#include "graders/report/sheets_document.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "graders/escape.hpp"

namespace assay::graders::report {
namespace {

using exams::Outcome;
using fixtures::Exam;
using fixtures::Item;

constexpr std::size_t longest_answer = 2000;

Json points_json(const Points& points) {
  Json json = Json::object();  // there are a hundred on a sheet, and a list of pairs would copy them
  json.emplace("exact", exact_text(points));
  json.emplace("decimal", points.get_d());
  return json;
}

Json points_json(const std::optional<Points>& points) {
  return points ? points_json(*points) : Json(nullptr);
}

void put(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

Json rubric_json(const fixtures::RubricKey& rubric) {
  Json lines = Json::array();
  for (const fixtures::RubricLine& line : rubric.lines)
    lines.push_back(
        {{"id", line.id}, {"text", line.text}, {"points", points_json(parse_points(line.points))}});
  return lines;
}

Json item_json(const SheetsContext& context, const Item& item, const exams::Unit& unit, const Points& worth) {
  Json json{
      {"id", item.id},         {"section", unit.section},
      {"question", unit.id},   {"kind", item.kind},
      {"text", item.text},     {"answer", fixtures::to_text(item.answer)},
      {"scored", item.scored}, {"max", points_json(item.scored && item.lost.empty() ? worth : Points(0))}};
  if (const exams::DerivedKey* key = context.keys.find(item.id)) {
    put(json, "key", key->text);
    put(json, "product", key->product);
    put(json, "how", key->how);
    put(json, "evidence", key->evidence);
    put(json, "why_not", key->why_not);
    put(json, "key_problem", key->problem);
  }
  if (const auto* rubric = std::get_if<fixtures::RubricKey>(&item.key)) {
    json["rubric"] = rubric_json(*rubric);
    put(json, "rubric_because", rubric->why);
    if (!rubric->claims.empty()) json["claims"] = rubric->claims;
  }
  if (item.published) json["published"] = *item.published;
  put(json, "acknowledged", item.acknowledged);
  put(json, "ambiguous", item.ambiguous);
  put(json, "voided", item.voided);
  put(json, "lost", item.lost);
  return json;
}

Json items_json(const SheetsContext& context) {
  std::vector<Json> items(context.exam.items.size());
  for (const exams::Unit& unit : context.units)
    for (const exams::Unit::Member& member : unit.members)
      items[member.item] = item_json(context, context.exam.items[member.item], unit, member.worth);
  return items;
}

/// What a question may bring: its items' points, less what is lost.
Points possible_of(const Exam& exam, const exams::Unit& unit) {
  std::vector<exams::Part> parts;
  for (const exams::Unit::Member& member : unit.members) {
    const Item& item = exam.items[member.item];
    exams::Part part;
    part.worth = member.worth;
    part.option = item.answer == fixtures::AnswerKind::option;
    part.judgement.outcome = item.lost.empty() ? Outcome::right : Outcome::lost;
    if (item.scored) parts.push_back(part);
  }
  return exams::score(unit.rules, parts).possible;
}

std::string rule_of(const exams::Unit& unit) {
  std::string rule = exams::in_words(unit.scheme);
  if (unit.rules.any_of > 0) rule += fmt::format("; the best {} count", unit.rules.any_of);
  if (!unit.rules.charge_once.empty()) rule += "; a mistake made twice is charged once";
  return rule;
}

Json questions_json(const SheetsContext& context) {
  Json questions = Json::array();
  for (const exams::Unit& unit : context.units) {
    Json json{{"id", unit.id},
              {"section", unit.section},
              {"text", unit.question ? unit.question->text : ""},
              {"rule", rule_of(unit)},
              {"by_shares", unit.by_shares},
              {"max", points_json(possible_of(context.exam, unit))}};
    if (unit.question && unit.question->published) json["published"] = *unit.question->published;
    questions.push_back(std::move(json));
  }
  return questions;
}

Json sections_json(const SheetsContext& context) {
  Json sections = Json::array();
  for (const fixtures::Section& section : context.exam.sections) {
    Points possible = 0;
    for (const exams::Unit& unit : context.units)
      if (unit.section == section.id) possible += possible_of(context.exam, unit);
    Json json{{"id", section.id},
              {"title", section.title},
              {"scheme", exams::in_words(section.scheme)},
              {"floor", exams::in_words(section.floor)},
              {"max", points_json(possible)}};
    put(json, "rule", section.rule);
    put(json, "acknowledged", section.acknowledged);
    if (section.points) json["printed"] = points_json(parse_points(*section.points));
    sections.push_back(std::move(json));
  }
  return sections;
}

Json mark_json(const exams::ItemMark& mark) {
  Json json{{"id", mark.item},
            {"outcome", exams::to_text(mark.judgement.outcome)},
            {"points", points_json(mark.points)},
            {"max", points_json(mark.possible)},
            {"written", displayable(mark.written, longest_answer)}};
  put(json, "understood", displayable(mark.judgement.understood, longest_answer));
  put(json, "message", displayable(mark.judgement.message, longest_answer));
  put(json, "mistake", mark.judgement.mistake);
  put(json, "mistake_text", mark.judgement.mistake_text);
  put(json, "comment", displayable(mark.comment, longest_answer));
  if (mark.judgement.certainty > 0) json["certainty"] = mark.judgement.certainty;
  if (mark.marked) json["marked"] = true;
  if (mark.charged_elsewhere) json["charged_elsewhere"] = true;
  if (mark.by_person) json["by_person"] = true;
  return json;
}

Json frequencies(const std::vector<std::pair<std::string, std::size_t>>& counts) {
  Json json = Json::array();
  for (const auto& [text, count] : counts) json.push_back({{"text", text}, {"count", count}});
  return json;
}

Json statistics_json(const std::string& id, const exams::ItemStatistics& item) {
  constexpr std::size_t shown = 5;
  Json outcomes = Json::object();
  for (std::size_t o = 0; o < exams::ItemStatistics::outcome_count; ++o)
    if (item.outcomes[o] > 0)
      outcomes[std::string(exams::to_text(static_cast<Outcome>(o)))] = item.outcomes[o];
  const auto discrimination = item.with_rest.value();
  const auto difficulty = item.difficulty();
  Json mistakes = Json::array();
  for (const auto& [mistake, what] : item.mistakes)
    mistakes.push_back({{"id", mistake}, {"text", what.first}, {"count", what.second}});
  return {{"id", id},
          {"outcomes", std::move(outcomes)},
          {"decided", item.decided},
          {"marked", item.marked},
          {"difficulty", difficulty ? Json(difficulty->get_d()) : Json(nullptr)},
          {"discrimination", discrimination ? Json(*discrimination) : Json(nullptr)},
          {"wrong_answers", frequencies(item.wrong.top(shown))},
          {"mistakes", std::move(mistakes)},
          {"waiting", item.waiting}};
}

Json problems_json(const std::vector<fixtures::SheetProblem>& problems, bool anonymous) {
  Json json = Json::array();
  for (const fixtures::SheetProblem& problem : problems)
    json.push_back({{"file", anonymous ? "" : displayable_line(problem.file.filename().string())},
                    {"line", problem.place.line},
                    {"column", problem.place.column},
                    {"message", displayable_line(problem.message, longest_answer)}});
  return json;
}

}  // namespace

Json sheets_head(const SheetsContext& context) {
  const Exam& exam = context.exam;
  Json sections = sections_json(context);
  Points possible = 0;
  for (const exams::Unit& unit : context.units) possible += possible_of(exam, unit);
  Json about{{"id", exam.id},
             {"title", exam.title},
             {"seed", std::to_string(context.seed)},
             {"floor", exams::in_words(exam.floor)},
             {"max", points_json(possible)}};
  put(about, "source", exam.source);
  put(about, "note", exam.note);
  put(about, "acknowledged", exam.acknowledged);
  if (exam.points) about["printed"] = points_json(parse_points(*exam.points));
  return {{"schema", "assay/results/v1"},
          {"kind", "exam"},
          {"generator", {{"name", "assay"}, {"version", context.version}}},
          {"audience", "staff"},
          {"anonymous", context.anonymous},
          {"exam", std::move(about)},
          {"sections", std::move(sections)},
          {"questions", questions_json(context)},
          {"items", items_json(context)}};
}

Json sheet_json(const exams::MarkedSheet& sheet) {
  Json sections = Json::array(), questions = Json::array(), items = Json::array();
  for (const exams::SectionMark& section : sheet.sections)
    sections.push_back({{"id", section.id},
                        {"sure", points_json(section.sure)},
                        {"max", points_json(section.possible)},
                        {"waiting", section.for_person}});
  for (const exams::QuestionMark& question : sheet.questions)
    questions.push_back({{"id", question.id},
                         {"points", points_json(question.points)},
                         {"sure", points_json(question.sure)},
                         {"max", points_json(question.possible)},
                         {"explanation", question.explanation}});
  for (const exams::ItemMark& mark : sheet.items) items.push_back(mark_json(mark));
  Json json{{"id", sheet.id},
            {"status", sheet.for_person > 0 ? "waiting" : "marked"},
            {"score", sheet.for_person > 0 ? Json(nullptr) : points_json(sheet.score)},
            {"sure", points_json(sheet.score)},
            {"max", points_json(sheet.possible)},
            {"waiting", sheet.for_person},
            {"sections", std::move(sections)},
            {"questions", std::move(questions)},
            {"items", std::move(items)}};
  put(json, "name", sheet.name);
  put(json, "email", sheet.email);
  return json;
}

Json sheets_tail(const SheetsContext& context, const exams::ItemAnalysis& analysis,
                 const std::vector<fixtures::SheetProblem>& problems) {
  Json items = Json::array(), means = Json::array();
  for (std::size_t i = 0; i < analysis.items().size(); ++i)
    items.push_back(statistics_json(context.exam.items[i].id, analysis.items()[i]));
  const auto section_means = analysis.section_means();
  for (std::size_t s = 0; s < section_means.size(); ++s)
    means.push_back({{"id", context.exam.sections[s].id}, {"sure", points_json(section_means[s])}});
  return {{"analysis", std::move(items)},
          {"summary",
           {{"submissions", analysis.sheets()},
            {"marked", analysis.sheets() - analysis.waiting_sheets()},
            {"waiting", analysis.waiting_sheets()},
            {"mean", points_json(analysis.mean())},
            {"median", points_json(analysis.median())},
            {"histogram", analysis.histogram()},
            {"section_means", std::move(means)}}},
          {"problems", problems_json(problems, context.anonymous)}};
}

}  // namespace assay::graders::report
