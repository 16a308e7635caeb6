/// A marked class for other systems, from the parts of its results document. Text that a spreadsheet would
/// run as a formula gets an apostrophe; a score that still waits for a person is left blank, never lower.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "graders/report/fields.hpp"
#include "graders/report/sheets_roster.hpp"

namespace assay::graders::report {

/// Gradescope's results.json for one student: one test for each question.
Json gradescope_sheet(const Json& head, const Json& sheet);

/// marks.csv: one row for each student, the points of each section and question.
std::string marks_csv_header(const Json& head);
std::string marks_csv_row(const Json& sheet);

/// Canvas's gradebook, two head rows. `person`: the student's row of the roster; null: made from the sheet.
std::string canvas_header(const Json& head, const Roster* roster);
std::string canvas_row(const Json& sheet, const RosterPerson* person);
/// What Canvas would make of the column's name; empty if nothing odd.
std::string canvas_warning(const Json& head, const Roster* roster);

/// Moodle's grade import: grade and feedback together, since feedback alone wipes grades.
std::string moodle_header(const Json& head);
std::string moodle_row(const Json& sheet, const RosterPerson* person);
std::string moodle_warning(const Json& head);

/// "12.5 of 20", "12.5 so far of 20".
std::string sheet_score(const Json& sheet);

}  // namespace assay::graders::report
