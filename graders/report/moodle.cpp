/// Moodle's grade import from CSV.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "graders/escape.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/sheets_export.hpp"

namespace assay::graders::report {
namespace {

/// The first of the person's cells that holds something.
std::string first_of(const RosterPerson& person, std::initializer_list<std::string_view> columns) {
  for (const std::string_view column : columns)
    if (const std::string cell = person.cell(column); !cell.empty()) return cell;
  return {};
}

std::string student_cells(const Json& sheet, const RosterPerson* person) {
  if (person)
    return fmt::format("{},{},{},{},{}",
                       csv_cell(first_of(*person, {"idnumber", "ID number", "SIS User ID", "id"})),
                       csv_cell(first_of(*person, {"username", "Username", "SIS Login ID"})),
                       csv_cell(first_of(*person, {"email", "Email", "Email address"})),
                       csv_cell(first_of(*person, {"firstname", "First name"})),
                       csv_cell(first_of(*person, {"lastname", "Last name", "Surname"})));
  const std::string name = text_or_empty(sheet, "name");
  const std::size_t last = name.find_last_of(' ');
  const bool two = last != std::string::npos;
  return fmt::format("{},\"\",{},{},{}", csv_cell(text(sheet, "id")), csv_cell(text_or_empty(sheet, "email")),
                     csv_cell(two ? name.substr(0, last) : ""), csv_cell(two ? name.substr(last + 1) : name));
}

/// One line for each question that lost something.
std::string feedback(const Json& sheet) {
  std::string lines;
  for (const Json& question : field(sheet, "questions"))
    if (field(question, "points") != field(question, "max"))
      lines += fmt::format("{}{}: {}", lines.empty() ? "" : "\n", text(question, "id"),
                           text(question, "explanation"));
  return lines.empty() ? "everything right" : displayable(lines, 4000);
}

}  // namespace

std::string moodle_header(const Json& head) {
  const std::string title = displayable_line(text(field(head, "exam"), "title"));
  return fmt::format("idnumber,username,email,firstname,lastname,{},{}\r\n", csv_cell(title),
                     csv_cell(title + " feedback"));
}

std::string moodle_row(const Json& sheet, const RosterPerson* person) {
  const Json* score = find(sheet, "score");
  return fmt::format("{},{},{}\r\n", student_cells(sheet, person), score ? points_text(*score) : "",
                     score ? csv_cell(feedback(sheet)) : "");
}

std::string moodle_warning(const Json& head) {
  const double max = number(field(field(head, "exam"), "max"), "decimal").value_or(0);
  if (max <= 100) return {};
  return fmt::format(
      "the paper has {} points: Moodle stops an import at grades over 100; make the grade item with that "
      "maximum first",
      points_text(field(field(head, "exam"), "max")));
}

}  // namespace assay::graders::report
