#include "graders/report/sheets_roster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "fixtures/csv.hpp"
#include "fixtures/load.hpp"
#include "graders/escape.hpp"

namespace assay::graders::report {
namespace {

using fixtures::LoadError;

/// Columns that identify a student, the surest first: Canvas, Moodle, our own.
constexpr auto key_columns =
    std::to_array<std::string_view>({"id", "ID", "SIS User ID", "SIS Login ID", "idnumber", "ID number",
                                     "username", "Username", "email", "Email", "Email address"});

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// Canvas puts a row of points under its header, and one of "Muted" or blanks.
bool is_a_student(const RosterPerson& person) {
  if (person.cell("Student").find("Points Possible") != std::string::npos) return false;
  return std::ranges::any_of(key_columns,
                             [&](std::string_view column) { return !person.cell(column).empty(); });
}

}  // namespace

std::string RosterPerson::cell(std::string_view column) const {
  const auto found = cells.find(std::string(column));
  return found == cells.end() ? "" : found->second;
}

Roster::Roster(const std::filesystem::path& file) {
  fixtures::CsvReader reader(file);
  fixtures::CsvRow row;
  if (!reader.next(row))
    throw LoadError(file, {}, "is empty; a roster has a header and a row for each student");
  columns_ = row.cells;
  const bool known = std::ranges::any_of(columns_, [](const std::string& column) {
    return std::ranges::find(key_columns, column) != key_columns.end();
  });
  if (!known)
    throw LoadError(
        file, {row.number, 1},
        "no column identifies the students; expected id, \"SIS User ID\" (Canvas), idnumber, username or "
        "email (Moodle)");
  while (reader.next(row)) {
    if (!row.broken.empty()) throw LoadError(file, {row.number, row.cells.size() + 1}, row.broken);
    RosterPerson person;
    person.row = row.number;
    for (std::size_t i = 0; i < std::min(row.cells.size(), columns_.size()); ++i)
      person.cells[columns_[i]] = row.cells[i];
    if (is_a_student(person)) add(std::move(person), file);
  }
}

void Roster::add(RosterPerson person, const std::filesystem::path& file) {
  for (const std::string_view column : key_columns) {
    const std::string key = lower(person.cell(column));
    if (key.empty()) continue;
    const auto [found, is_new] = by_key_.try_emplace(key, people_.size());
    if (!is_new && found->second != people_.size())
      throw LoadError(file, {person.row, 1},
                      fmt::format("\"{}\" is in row {} already; each student may stand in a roster once",
                                  displayable_line(key, 60), people_[found->second].row));
  }
  people_.push_back(std::move(person));
}

const RosterPerson* Roster::find(std::string_view id, std::string_view email) const {
  for (const std::string_view key : {id, email}) {
    const auto found = by_key_.find(lower(key));
    if (!key.empty() && found != by_key_.end()) return &people_[found->second];
  }
  return nullptr;
}

bool Roster::note_sheet(std::string_view id, std::string_view email) {
  const RosterPerson* const person = find(id, email);
  if (person) people_[static_cast<std::size_t>(person - people_.data())].has_sheet = true;
  return person != nullptr;
}

std::string Roster::column_for(std::string_view title) const {
  for (const std::string& column : columns_)
    if (column == title) return column;
  for (const std::string& column : columns_)
    if (column.starts_with(std::string(title) + " (") && column.ends_with(')')) return column;
  return {};
}

}  // namespace assay::graders::report
