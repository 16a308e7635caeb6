/// Canvas's gradebook import: five columns about the student, then the assignment's.
#include <fmt/format.h>

#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/sheets_export.hpp"

namespace assay::graders::report {
namespace {

bool holds(std::string_view title, std::string_view word) {
  std::string lower;
  for (const char c : title) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower.find(word) != std::string::npos;
}

/// Canvas takes such columns for its own, and drops them without a word.
bool looks_computed(std::string_view title) {
  const bool whole = holds(title, "current") || holds(title, "final");
  if (whole && (holds(title, "score") || holds(title, "points") || holds(title, "grade"))) return true;
  return holds(title, "override") &&
         (holds(title, "score") || holds(title, "grade") || holds(title, "status"));
}

std::string column_of(const Json& head, const Roster* roster) {
  const std::string title = displayable_line(text(field(head, "exam"), "title"));
  const std::string known = roster ? roster->column_for(title) : "";
  return known.empty() ? title : known;
}

std::string student_cells(const Json& sheet, const RosterPerson* person) {
  if (!person)
    return fmt::format("{},,{},{},", csv_cell(text_or_empty(sheet, "name")), csv_cell(text(sheet, "id")),
                       csv_cell(text_or_empty(sheet, "email")));
  std::string cells;
  for (const std::string_view column : {"Student", "ID", "SIS User ID", "SIS Login ID", "Section"})
    cells += (cells.empty() ? "" : ",") + csv_cell(person->cell(column));
  return cells;
}

}  // namespace

std::string canvas_header(const Json& head, const Roster* roster) {
  return fmt::format(
      "Student,ID,SIS User ID,SIS Login ID,Section,{}\r\n"
      "    Points Possible,,,,,{}\r\n",
      csv_cell(column_of(head, roster)), points_text(field(field(head, "exam"), "max")));
}

std::string canvas_row(const Json& sheet, const RosterPerson* person) {
  const Json* score = find(sheet, "score");
  return fmt::format("{},{}\r\n", student_cells(sheet, person), score ? points_text(*score) : "");
}

std::string canvas_warning(const Json& head, const Roster* roster) {
  const std::string column = column_of(head, roster);
  if (looks_computed(column))
    return fmt::format(
        "Canvas drops a column named \"{}\", as if it had computed it; give the paper another title", column);
  if (roster && roster->column_for(displayable_line(text(field(head, "exam"), "title"))).empty())
    return fmt::format("the roster has no column \"{}\": Canvas will make a new assignment of that name",
                       column);
  return {};
}

}  // namespace assay::graders::report
