/// The folder of a marked class: results.json, marks.csv, canvas.csv, moodle.csv, index.html, and for each
/// student students/ID.html and gradescope/ID.json. Written as the sheets come, in their order.
#pragma once

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "graders/exams/mark_class.hpp"
#include "graders/report/fields.hpp"
#include "graders/report/sheets_pages.hpp"
#include "graders/report/sheets_roster.hpp"

namespace assay::graders::report {

class SheetsFolder {
 public:
  /// Makes the folders and starts the files; they get their names when they are complete. With `anonymous`
  /// there are no files for Canvas and Moodle. Throws ReportError where something cannot be written.
  SheetsFolder(std::filesystem::path folder, const Json& head, const Roster* roster, bool anonymous);
  ~SheetsFolder();

  /// Chooses the file name of the sheet that comes next. False if there was a sheet with this id.
  bool announce(const std::string& id);

  /// Writes the student's own files and makes the rows of all others; by many threads at once.
  exams::Texts render(const exams::MarkedSheet& sheet) const;
  /// Appends the rows; in order.
  void take(const exams::Texts& texts);
  /// Completes the files.
  void finish(const Json& tail);

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }
  static constexpr std::size_t table_row = 0;  ///< of the texts: the row for the terminal

 private:
  struct Growing {
    std::string name;
    std::ofstream stream;
  };
  enum File : std::size_t { results, marks, rows, canvas, moodle, file_count };

  void start(File file, const std::string& name, const std::string& text);
  void complete(File file);
  void write(const std::filesystem::path& file, const std::string& text) const;
  void remove_others(const std::filesystem::path& folder, const std::string& ending) const;
  std::string stem_of(const std::string& id) const;

  std::filesystem::path folder_;
  const Json& head_;
  SheetPages pages_;
  const Roster* roster_;
  bool anonymous_;
  std::array<Growing, file_count> files_;
  bool first_ = true;
  mutable std::mutex mutex_;                  ///< of the names
  std::map<std::string, std::string> stems_;  ///< id -> file name without ending
  std::set<std::string> used_;                ///< all of these
  std::map<std::string, int> next_;           ///< of equal names, the number that comes next
};

}  // namespace assay::graders::report
