#include "graders/report/gradebook.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graders/report/report.hpp"
#include "graders/report/sheets_export.hpp"
#include "graders/report/wording.hpp"

namespace assay::graders::report {
namespace {

/// The assignment as the writers of gradebooks know a paper.
Json as_paper(const Json& results) {
  const Json& assignment = field(results, "assignment");
  return {{"exam", {{"title", field(assignment, "title")}, {"max", field(assignment, "points")}}}};
}

bool waits(const Json& submission) {
  return std::ranges::any_of(field(submission, "criteria"),
                             [](const Json& criterion) { return field(criterion, "points").is_null(); });
}

/// A submission as they know a sheet: a question for each criterion that its student may read about.
Json as_sheet(const Json& results, const Json& submission) {
  const std::string id = text(submission, "id");
  const Json seen = for_student(results, id);
  Json questions = Json::array();
  for (const Json& criterion : field(with_id(seen, "submissions", id, "submission"), "criteria")) {
    if (text(criterion, "verdict") == "hidden") continue;
    const std::string message = text_or_empty(criterion, "message");
    questions.push_back({{"id", field(criterion, "id")},
                         {"points", field(criterion, "points")},
                         {"max", field(criterion, "max")},
                         {"explanation", message.empty() ? verdict_text(criterion) : message}});
  }
  return {{"id", id},
          {"score", waits(submission) ? Json(nullptr) : field(submission, "score")},
          {"questions", std::move(questions)}};
}

template <class Row>
void add_rows(Gradebook& book, const Json& results, const Roster* roster, const Row& row) {
  for (const Json& submission : sorted_by_id(results, "submissions")) {
    const std::string id = text(submission, "id");
    const RosterPerson* const person = roster ? roster->find(id, "") : nullptr;
    if (roster && !person)
      book.not_listed.push_back(id);
    else
      book.csv += row(as_sheet(results, submission), person);
  }
}

}  // namespace

Gradebook canvas_gradebook(const Json& results, const Roster* roster) {
  const Json paper = as_paper(results);
  Gradebook book{canvas_header(paper, roster), canvas_warning(paper, roster), {}};
  add_rows(book, results, roster, canvas_row);
  return book;
}

Gradebook moodle_gradebook(const Json& results, const Roster* roster) {
  const Json paper = as_paper(results);
  Gradebook book{moodle_header(paper), moodle_warning(paper), {}};
  add_rows(book, results, roster, moodle_row);
  return book;
}

}  // namespace assay::graders::report
