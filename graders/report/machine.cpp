#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/report.hpp"
#include "graders/report/wording.hpp"

namespace assay::graders::report {
namespace {

constexpr std::string_view schema_id = "assay/results/v1";

void require_schema(const Json& results) {
  if (text(results, "schema") != schema_id)
    throw ReportError(fmt::format("results document: schema \"{}\", and this version reads \"{}\"",
                                  displayable_line(text(results, "schema"), 60), schema_id));
}

/// A number with the fewest digits that give it back: fractions survive, whatever the locale.
std::string shortest(double value) {
  return fmt::format("{}", value);
}

std::string points_cell(const Json* points) {
  return points ? shortest(number(*points, "decimal").value_or(0)) : std::string{};
}

std::string percent_cell(const Json& submission) {
  const Json* score = find(submission, "score");
  const auto max = number(field(submission, "max"), "decimal").value_or(0);
  if (!score || !(max > 0)) return {};
  return two_decimals(100 * number(*score, "decimal").value_or(0) / max);
}

std::string csv_header(const Json& results) {
  std::string out = "\"id\",\"status\",\"score\",\"max\",\"percent\",\"verdict\"";
  for (const Json& criterion : field(results, "criteria")) {
    const auto id = text(criterion, "id");
    out += fmt::format(",{},{}", csv_cell(id + " verdict"), csv_cell(id + " points"));
  }
  return out + "\r\n";
}

/// The criterion of a submission with this id; nullptr where it has none.
const Json* criterion_of(const Json& submission, const std::string& id) {
  for (const Json& criterion : field(submission, "criteria"))
    if (text(criterion, "id") == id) return &criterion;
  return nullptr;
}

std::string csv_row(const Json& results, const Json& submission) {
  std::string out =
      fmt::format("{},{},{},{},{},{}", csv_cell(text(submission, "id")), csv_cell(text(submission, "status")),
                  points_cell(find(submission, "score")), points_cell(find(submission, "max")),
                  percent_cell(submission), csv_cell(text(submission, "verdict")));
  for (const Json& declared : field(results, "criteria")) {
    const Json* criterion = criterion_of(submission, text(declared, "id"));
    out += fmt::format(",{},{}", criterion ? csv_cell(text(*criterion, "verdict")) : std::string{},
                       criterion ? points_cell(find(*criterion, "points")) : std::string{});
  }
  return out + "\r\n";
}

// --- Gradescope
// ---------------------------------------------------------------------------------------------

/// The text beside one test. A hidden test is for instructors, so it says everything; any other says what its
/// level allows.
std::string test_output(const Json& staff, const Json& student, const Json& submission,
                        const Json& declared) {
  const bool hidden = text(declared, "visibility") == "hidden";
  return explain_text(hidden ? staff : student, text(submission, "id"), text(declared, "id"));
}

Json gradescope_test(const Json& declared, const Json& criterion, std::size_t number_in_list,
                     const std::string& output) {
  const auto verdict = text(criterion, "verdict");
  Json test = {
      {"name", displayable_line(text(declared, "title"))},
      {"number", fmt::format("{}", number_in_list)},
      {"max_score", number(field(declared, "points"), "decimal").value_or(0)},
      {"output", output},
      {"output_format", "text"},
      {"visibility", text(declared, "visibility") == "hidden" ? "hidden" : "visible"},
      {"extra_data",
       {{"criterion", displayable_line(text(declared, "id"))}, {"verdict", displayable_line(verdict)}}}};
  if (const Json* points = find(criterion, "points")) {
    test["score"] = number(*points, "decimal").value_or(0);
    test["status"] = verdict == "accepted" ? "passed" : "failed";
  }
  return test;
}

std::string gradescope_message(const Json& submission) {
  if (!find(submission, "score"))
    return "Not graded: the grader failed, not your submission. No mark is lost; the course staff will grade "
           "it again.";
  std::vector<JsonRef> waiting;
  for (const Json& criterion : field(submission, "criteria"))
    if (field(criterion, "points").is_null()) waiting.emplace_back(field(criterion, "max"));
  if (waiting.empty()) return {};
  return fmt::format("{} points wait for a person to look and are not in the score yet.",
                     points_text(sum_points(waiting)));
}

}  // namespace

Json parse_results(std::string_view text) {
  Json results = Json::parse(text, nullptr, false);
  if (results.is_discarded()) {
    try {
      results = Json::parse(text);
    } catch (const Json::parse_error& error) {
      throw ReportError(fmt::format("not JSON: {}", displayable_line(error.what())));
    }
  }
  require_schema(results);
  return results;
}

std::string to_text(const Json& document) {
  return document.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string class_csv(const Json& results) {
  std::string out = csv_header(results);
  for (const Json& submission : sorted_by_id(results, "submissions")) out += csv_row(results, submission);
  return out;
}

Json gradescope_json(const Json& results, std::string_view submission_id) {
  const Json& submission = with_id(results, "submissions", submission_id, "submission");
  const Json student = for_student(results, submission_id);
  Json tests = Json::array();
  for (const Json& declared : field(results, "criteria")) {
    const bool hidden = text(declared, "visibility") == "hidden";
    const Json& shown = hidden ? submission : student["submissions"][0];
    const Json* criterion = criterion_of(shown, text(declared, "id"));
    if (!criterion) continue;
    tests.push_back(gradescope_test(declared, *criterion, tests.size() + 1,
                                    test_output(results, student, submission, declared)));
  }
  Json out = {{"output_format", "text"},
              {"visibility", "visible"},
              {"tests", std::move(tests)},
              {"extra_data",
               {{"assay",
                 {{"schema", schema_id},
                  {"status", text(submission, "status")},
                  {"digest", displayable_line(text_or_empty(submission, "digest"))}}}}}};
  if (const Json* score = find(submission, "score")) out["score"] = number(*score, "decimal").value_or(0);
  if (const auto message = gradescope_message(submission); !message.empty()) out["output"] = message;
  return out;
}

}  // namespace assay::graders::report
