#include "graders/report/sheets_folder.hpp"

#include <fmt/format.h>

#include <cctype>
#include <nlohmann/json.hpp>

#include "graders/report/report.hpp"
#include "graders/report/sheets_document.hpp"
#include "graders/report/sheets_export.hpp"
#include "graders/report/sheets_pages.hpp"

namespace assay::graders::report {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_stem = 80;

/// A file name from what a student may have chosen.
std::string plain(const std::string& id) {
  std::string stem;
  for (const char c : id.substr(0, longest_stem)) {
    const bool letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
    stem += letter || c == '-' || c == '_' || (c == '.' && !stem.empty()) ? c : '_';
  }
  return stem.empty() ? "sheet" : stem;
}

/// The document's text without what closes it.
std::string opened(const Json& head) {
  std::string text = to_text(head);
  text.erase(text.rfind("\n}"));
  return text + ",\n  \"submissions\": [";
}

std::string one_line(const Json& document) {
  return document.dump(-1, ' ', true, Json::error_handler_t::replace);
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw ReportError(fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
}

}  // namespace

SheetsFolder::SheetsFolder(fs::path folder, const Json& head, const Roster* roster, bool anonymous)
    : folder_(std::move(folder)), head_(head), pages_(head), roster_(roster), anonymous_(anonymous) {
  make_folder(folder_ / "students");
  make_folder(folder_ / "gradescope");
  start(results, "results.json", opened(head));
  start(marks, "marks.csv", marks_csv_header(head));
  start(rows, "rows.html", "");
  if (anonymous_) return;
  start(canvas, "canvas.csv", canvas_header(head, roster));
  start(moodle, "moodle.csv", moodle_header(head));
}

SheetsFolder::~SheetsFolder() {
  for (Growing& file : files_) {
    if (file.name.empty()) continue;
    file.stream.close();
    std::error_code ignored;
    fs::remove(folder_ / (file.name + ".part"), ignored);
  }
}

void SheetsFolder::start(File file, const std::string& name, const std::string& text) {
  files_[file].name = name;
  files_[file].stream.open(folder_ / (name + ".part"), std::ios::binary | std::ios::trunc);
  files_[file].stream << text;
  if (!files_[file].stream.flush()) throw ReportError((folder_ / name).string() + ": cannot be written");
}

void SheetsFolder::complete(File file) {
  Growing& growing = files_[file];
  if (growing.name.empty()) return;
  growing.stream.close();
  if (!growing.stream)
    throw ReportError((folder_ / growing.name).string() + ": cannot be written; is the disk full?");
  fs::rename(folder_ / (growing.name + ".part"), folder_ / growing.name);
  growing.name.clear();
}

void SheetsFolder::write(const fs::path& file, const std::string& text) const {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << text;
  if (!stream.flush()) throw ReportError(file.string() + ": cannot be written");
}

bool SheetsFolder::announce(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = stems_.try_emplace(id);
  if (!is_new) return false;
  const std::string stem = plain(id);
  int& next = next_[stem];
  do {
    entry->second = next == 0 ? stem : fmt::format("{}-{}", stem, next + 1);
    ++next;
  } while (!used_.insert(entry->second).second);
  return true;
}

std::string SheetsFolder::stem_of(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  return stems_.at(id);
}

exams::Texts SheetsFolder::render(const exams::MarkedSheet& sheet) const {
  const std::string stem = stem_of(sheet.id);
  const Json json = sheet_json(sheet);
  write(folder_ / "students" / (stem + ".html"), pages_.page(json));
  write(folder_ / "gradescope" / (stem + ".json"), to_text(gradescope_sheet(head_, json)));
  exams::Texts texts{sheets_table_row(json), one_line(json), marks_csv_row(json),
                     sheet_row(json, "students/" + stem + ".html")};
  if (anonymous_) return texts;
  const RosterPerson* const person = roster_ ? roster_->find(sheet.id, sheet.email) : nullptr;
  const bool unknown = roster_ && !person;  // one unknown student stops a whole import
  texts.push_back(unknown ? "" : canvas_row(json, person));
  texts.push_back(unknown ? "" : moodle_row(json, person));
  return texts;
}

void SheetsFolder::take(const exams::Texts& texts) {
  files_[results].stream << (first_ ? "\n    " : ",\n    ") << texts[1 + results];
  first_ = false;
  for (std::size_t file = marks; 1 + file < texts.size(); ++file) files_[file].stream << texts[1 + file];
}

/// What an earlier run left of students who are not in this one.
void SheetsFolder::remove_others(const fs::path& folder, const std::string& ending) const {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const fs::path file = entry.path();
    if (entry.is_regular_file() && file.extension() == ending && !used_.contains(file.stem().string()))
      fs::remove(file);
  }
}

void SheetsFolder::finish(const Json& tail) {
  remove_others(folder_ / "students", ".html");
  remove_others(folder_ / "gradescope", ".json");
  files_[results].stream << "\n  ]," << to_text(tail).substr(1);
  complete(results);
  complete(marks);
  complete(canvas);
  complete(moodle);
  std::map<std::string, std::string> pages;  // of those whom the page names
  for (const Json& item : field(tail, "analysis"))
    for (const Json& id : field(item, "waiting"))
      pages[id.get<std::string>()] = "students/" + stem_of(id.get<std::string>()) + ".html";
  const PageHalves page = sheets_page(head_, tail, pages);
  files_[rows].stream.close();
  std::ifstream table(folder_ / "rows.html.part", std::ios::binary);
  std::ofstream index(folder_ / "index.html.part", std::ios::binary | std::ios::trunc);
  index << page.before;
  if (!first_) index << table.rdbuf();
  index << page.after;
  if (!index.flush())
    throw ReportError((folder_ / "index.html").string() + ": cannot be written; is the disk full?");
  index.close();
  fs::rename(folder_ / "index.html.part", folder_ / "index.html");
}

}  // namespace assay::graders::report
