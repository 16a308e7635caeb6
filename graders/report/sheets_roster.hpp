/// Who is in the course: a Canvas gradebook export, a Moodle export, or a CSV with a column `id`.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assay::graders::report {

struct RosterPerson {
  std::map<std::string, std::string> cells;  ///< column -> text, as the file has them
  std::size_t row = 0;
  bool has_sheet = false;

  std::string cell(std::string_view column) const;  ///< "" where there is none
};

class Roster {
 public:
  /// Throws fixtures::LoadError: no such file, no column that identifies a student, a student twice.
  explicit Roster(const std::filesystem::path& file);

  /// By id, then e-mail address, in any of the columns that identify a student; null if unknown.
  const RosterPerson* find(std::string_view id, std::string_view email) const;
  /// False if the student is unknown.
  bool note_sheet(std::string_view id, std::string_view email);
  const std::vector<RosterPerson>& people() const { return people_; }
  /// The roster's column for this paper: `Title`, or Canvas's `Title (12345)`; empty if there is none.
  std::string column_for(std::string_view title) const;

 private:
  void add(RosterPerson person, const std::filesystem::path& file);

  std::vector<std::string> columns_;
  std::vector<RosterPerson> people_;
  std::map<std::string, std::size_t, std::less<>> by_key_;
};

}  // namespace assay::graders::report
