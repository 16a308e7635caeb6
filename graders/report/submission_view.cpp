#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "graders/escape.hpp"
#include "graders/report/evidence.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/mistakes.hpp"
#include "graders/report/page_view.hpp"
#include "graders/report/pictures.hpp"
#include "graders/report/values.hpp"
#include "graders/report/wording.hpp"

namespace assay::graders::report {
namespace {

Json table_view(const ValueView& value, const Slice& slice) {
  Json rows = Json::array();
  for (std::size_t r = 0; r < slice.rows.size(); ++r)
    rows.push_back(
        {{"head", r < slice.row_heads.size() ? slice.row_heads[r] : ""}, {"cells", slice.rows[r]}});
  return {{"name", value.name},
          {"label", slice.label},
          {"type", value.kind},
          {"has_heads", !slice.heads.empty()},
          {"has_row_heads", !slice.row_heads.empty()},
          {"heads", slice.heads},
          {"rows", std::move(rows)}};
}

Json input_view(const Json& input) {
  const auto value = lay_out(input);
  Json tables = Json::array();
  if (!value.scalar)
    for (const auto& slice : value.slices) tables.push_back(table_view(value, slice));
  return {{"name", value.name},
          {"type", value.kind},
          {"exact", value.exact},
          {"scalar", value.scalar && !value.slices.empty() ? value.slices[0].rows[0][0] : ""},
          {"tables", std::move(tables)},
          {"note", value.note}};
}

/// Position of a number of ulps on an axis of 360 units from 0.1 to 1e17, logarithmic.
std::string on_gauge(double ulps) {
  const double decades = std::log10(std::clamp(ulps, 0.1, 1e17)) + 1;
  return fmt::format("{:.1f}", decades * 20);
}

void add_gauge(Json& view, const Json& counterexample) {
  const auto error = number(counterexample, "error_ulps"),
             allowance = number(counterexample, "allowance_ulps");
  view["gauge"] = error && allowance && std::isfinite(*error);
  if (!view["gauge"].get<bool>()) return;
  view["error_x"] = on_gauge(*error);
  view["allowed_x"] = on_gauge(*allowance);
  view["gauge_label"] = fmt::format("Error {} ulps, allowed {} ulps", figure(*error), figure(*allowance));
}

Json evidence_view(const Json& criterion) {
  const auto evidence = evidence_of(criterion);
  if (!evidence) return false;
  Json inputs = Json::array();
  for (const Json& input : evidence->inputs) inputs.push_back(input_view(input));
  Json view = {{"heading", evidence->heading},
               {"inputs", std::move(inputs)},
               {"shapes", evidence->shapes},
               {"element", evidence->element},
               {"expected", evidence->expected},
               {"expected_same", evidence->digits.expected_same},
               {"expected_rest", evidence->digits.expected_rest},
               {"got_same", evidence->digits.got_same},
               {"got_rest", evidence->digits.got_rest},
               {"radius", evidence->radius},
               {"error", evidence->error},
               {"allowance", evidence->allowance},
               {"ratio", evidence->ratio}};
  add_gauge(view, field(criterion, "counterexample"));
  return view;
}

std::string worth(const Json& criterion) {
  const Json& points = field(criterion, "points");
  const auto max = points_text(field(criterion, "max"));
  return points.is_null() ? fmt::format("no points given, worth {}", max)
                          : fmt::format("{} of {} points", points_text(points), max);
}

/// In a list the points earned are plain from its label.
std::string worth_in_list(const Json& criterion) {
  const auto max = points_text(field(criterion, "max"));
  return max == "1" ? "1 point" : max + " points";
}

Json looks_like_view(const Json& criterion) {
  Json views = Json::array();
  for (const LooksLike& words : looks_like(criterion))
    views.push_back({{"what", words.what}, {"evidence", words.evidence}, {"as_well", words.as_well}});
  return views;
}

Json finding_view(const Json& results, const Json& criterion, const Json& mark, const std::string& anchor) {
  const Json& declared = with_id(results, "criteria", text(criterion, "id"), "criterion");
  return {{"title", displayable_line(text(declared, "title"))},
          {"kind", mark["kind"]},
          {"mark", mark["mark"]},
          {"verdict", verdict_text(criterion)},
          {"message", displayable(text_or_empty(criterion, "message"))},
          {"points", worth(criterion)},
          {"looks_like", looks_like_view(criterion)},
          {"evidence", evidence_view(criterion)},
          {"pictures", pictures_view(criterion, fmt::format("{}-c{}", anchor, text(mark, "nr")))},
          {"standard_error", displayable(text_or_empty(criterion, "standard_error"))},
          {"advice", advice_for(criterion)}};
}

/// Criteria about which there is no more to say than their name.
/// What was ignored or renamed when the submission was taken in, and what mistakes cost.
Json notes_view(const Json& submission) {
  Json shown = Json::array();
  if (const Json* notes = find(submission, "notes"))
    for (const Json& note : *notes) shown.push_back(displayable(note.get<std::string>()));
  for (const auto& sentences : {price_sentences(submission), unpriced_sentences(submission)})
    for (const std::string& sentence : sentences) shown.push_back(sentence);
  if (const Json* differs = find(submission, "nondeterminism")) shown.push_back(text(*differs, "sentence"));
  return shown;
}

Json list_view(const char* label, const char* kind, Json items) {
  for (std::size_t i = 0; i < items.size(); ++i) items[i]["comma"] = i + 1 < items.size();
  return {{"label", label}, {"kind", kind}, {"items", std::move(items)}};
}

struct Sorted {
  Json findings = Json::array(), accepted = Json::array(), not_run = Json::array(), hidden = Json::array();
};

void say_advice_once(Json& findings) {
  std::set<std::string> said;
  for (Json& finding : findings)
    if (!said.insert(finding["advice"].get<std::string>()).second) finding["advice"] = "";
}

Sorted sort_out(const Json& results, const Json& submission, const Json& marks, const std::string& anchor) {
  Sorted out;
  std::size_t place = 0;
  for (const Json& criterion : field(submission, "criteria")) {
    const Json& mark = marks[place++];
    const auto verdict = text(criterion, "verdict");
    const Json item = {{"name", mark["name"]}, {"points", worth_in_list(criterion)}};
    if (verdict == "accepted")
      out.accepted.push_back(item);
    else if (verdict == "hidden")
      out.hidden.push_back(item);
    else if (verdict == "did_not_compile" ||
             (verdict == "harness_error" && text(submission, "status") == verdict))
      out.not_run.push_back(item);
    else
      out.findings.push_back(finding_view(results, criterion, mark, anchor));
  }
  say_advice_once(out.findings);
  return out;
}

}  // namespace

Json submission_view(const Json& results, const Json& submission, std::size_t place) {
  const Json marks = marks_view(results, submission);
  Sorted sorted = sort_out(results, submission, marks, anchor(place));
  Json lists = Json::array();
  if (!sorted.not_run.empty()) lists.push_back(list_view("Not run", "absent", std::move(sorted.not_run)));
  if (!sorted.accepted.empty()) lists.push_back(list_view("Accepted", "good", std::move(sorted.accepted)));
  if (!sorted.hidden.empty())
    lists.push_back(list_view("Judged and hidden", "hidden", std::move(sorted.hidden)));
  const Json* compile = find(submission, "compile");
  const Json* hidden_max = find(submission, "hidden_max");
  return {{"anchor", anchor(place)},
          {"id", displayable_line(text(submission, "id"))},
          {"score", score_text(submission)},
          {"hidden_max", hidden_max ? points_text(*hidden_max) : ""},
          {"kind", to_string(words_for(text(submission, "verdict")).kind)},
          {"worst", worst_text(submission)},
          {"marks", marks},
          {"notes", notes_view(submission)},
          {"diagnostics", compile ? displayable(text_or_empty(*compile, "diagnostics"), 8192) : ""},
          {"findings", std::move(sorted.findings)},
          {"lists", std::move(lists)}};
}

}  // namespace assay::graders::report
