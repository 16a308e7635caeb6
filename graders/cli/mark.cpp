/// assay mark: answer sheets in, marks and reports out.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "fixtures/load.hpp"
#include "fixtures/sheet.hpp"
#include "graders/cli/commands.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/escape.hpp"
#include "graders/exams/cache.hpp"
#include "graders/exams/item_analysis.hpp"
#include "graders/exams/mark_class.hpp"
#include "graders/exams/pseudonym.hpp"
#include "graders/report/figures.hpp"
#include "graders/report/report.hpp"
#include "graders/report/sheets_document.hpp"
#include "graders/report/sheets_export.hpp"
#include "graders/report/sheets_folder.hpp"
#include "graders/report/sheets_pages.hpp"
#include "graders/sandbox/interrupt.hpp"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;
namespace exams = graders::exams;
namespace report = graders::report;
using fixtures::Sheet;
using fixtures::SheetProblem;

/// Ends the reading of a class.
struct Interrupted {};

bool is_sheet(const fs::path& file) {
  return file.extension() == ".toml" || file.extension() == ".csv";
}

/// The files in a fixed order; of a folder, those directly in it.
std::vector<fs::path> files_of(const std::vector<fs::path>& sheets) {
  std::vector<fs::path> files;
  for (const fs::path& sheet : sheets) {
    if (!fs::is_directory(sheet)) {
      files.push_back(sheet);
      continue;
    }
    std::vector<fs::path> inside;
    for (const auto& entry : fs::directory_iterator(sheet))
      if (is_sheet(entry.path()) && entry.path().filename() != "exam.toml") inside.push_back(entry.path());
    std::ranges::sort(inside);
    if (inside.empty()) throw InputError(sheet.string() + ": there is no .csv or .toml file in this folder");
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

/// Reads the class, sheet by sheet, and collects what could not be used.
class Class {
 public:
  Class(const MarkOptions& options, const fixtures::Exam& exam, report::SheetsFolder& folder,
        report::Roster* roster, exams::Pseudonyms* pseudonyms)
      : options_(options), exam_(exam), folder_(folder), roster_(roster), pseudonyms_(pseudonyms) {}

  void read(const std::function<void(Sheet&&)>& put) {
    for (const fs::path& file : files_of(options_.sheets)) {
      const std::size_t before = problems_.size();
      try {
        const auto found =
            fixtures::read_sheets(file, exam_, [&](Sheet&& sheet) { take(std::move(sheet), put); });
        problems_.insert(problems_.end(), found.begin(), found.end());
      } catch (const fixtures::LoadError& error) {
        for (const auto& problem : error.problems)
          problems_.push_back({file, problem.place, problem.message});
      }
      std::ranges::stable_sort(problems_.begin() + static_cast<std::ptrdiff_t>(before), problems_.end(), {},
                               [](const SheetProblem& problem) { return problem.place.line; });
    }
  }

  const std::vector<SheetProblem>& problems() const { return problems_; }
  std::size_t count() const { return count_; }

 private:
  void take(Sheet&& sheet, const std::function<void(Sheet&&)>& put) {
    if (graders::interrupted()) throw Interrupted{};
    const fixtures::Place place{sheet.row, sheet.row > 0 ? 1u : 0u};
    if (roster_ && !roster_->note_sheet(sheet.id, sheet.email))
      problems_.push_back(
          {sheet.file, place,
           fmt::format("{} is not in the roster; marked, and left out of canvas.csv and moodle.csv",
                       graders::displayable_line(sheet.id, 60))});
    if (pseudonyms_) {
      sheet.id = pseudonyms_->note(sheet.id, sheet.name, sheet.email);
      sheet.name.clear();
      sheet.email.clear();
    }
    if (!folder_.announce(sheet.id)) {
      problems_.push_back({sheet.file, place,
                           fmt::format("{} was read already; the first sheet counts, this one is not marked",
                                       graders::displayable_line(sheet.id, 60))});
      return;
    }
    ++count_;
    put(std::move(sheet));
  }

  const MarkOptions& options_;
  const fixtures::Exam& exam_;
  report::SheetsFolder& folder_;
  report::Roster* roster_;
  exams::Pseudonyms* pseudonyms_;
  std::vector<SheetProblem> problems_;
  std::size_t count_ = 0;
};

/// A counter that rewrites itself on a terminal; nothing otherwise.
void show_count(std::size_t done) {
  static const bool terminal = isatty(STDERR_FILENO) != 0;
  if (!terminal || done % 20 != 0) return;
  fmt::print(stderr, "\r\033[K{} sheets marked", done);
  std::fflush(stderr);
}

void end_count() {
  if (isatty(STDERR_FILENO)) fmt::print(stderr, "\r\033[K");
}

void print_problems(const std::vector<SheetProblem>& problems) {
  constexpr std::size_t most = 20;
  for (std::size_t i = 0; i < std::min(problems.size(), most); ++i) {
    const SheetProblem& problem = problems[i];
    const std::string file = graders::displayable_line(problem.file.string());
    const char* const line = problem.file.extension() == ".csv" ? "row" : "line";
    const std::string place = problem.place.line == 0 ? ""
                                                      : fmt::format("{} {}, column {}: ", line,
                                                                    problem.place.line, problem.place.column);
    fmt::print(stderr, "assay: {}: {}{}\n", file, place, graders::displayable_line(problem.message, 400));
  }
  if (problems.size() > most)
    fmt::print(stderr, "assay: and {} more problems; all are in results.json\n", problems.size() - most);
}

void print_warnings(const nlohmann::json& head, const report::Roster* roster, bool anonymous) {
  if (anonymous) {
    fmt::print(stderr, "assay: canvas.csv and moodle.csv are left out: they need names\n");
    return;
  }
  for (const std::string& warning : {report::canvas_warning(head, roster), report::moodle_warning(head)})
    if (!warning.empty())
      fmt::print(stderr, "assay: warning: {}\n", report::wrap(warning, 400).substr(0, 400));
  if (!roster) return;
  const auto missing =
      std::ranges::count_if(roster->people(), [](const auto& person) { return !person.has_sheet; });
  if (missing > 0) fmt::print(stderr, "assay: {} of the roster have no sheet\n", missing);
}

void print_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::cout << stream.rdbuf() << std::flush;
}

void print_foot(const nlohmann::json& tail, const report::SheetsFolder& folder) {
  fmt::print("\n{}Report:  {}\nMarks:   {}\n", report::sheets_table_foot(tail),
             folder.path("index.html").string(), folder.path("marks.csv").string());
}

/// Claims take a minute at first; afterwards they are remembered.
void show_claims(std::size_t count, std::size_t total) {
  if (!isatty(STDERR_FILENO)) return;
  fmt::print(stderr, "\r\033[KThe key: {} of {} claims verified", count, total);
  if (count == total) fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
}

/// Everything that marking needs, in the order in which it is made.
struct Paper {
  explicit Paper(const MarkOptions& options)
      : exam(fixtures::load_exam(find_exam(options.exam))),
        keys(exams::derive_keys(exam, options.seed, jobs_or_processors(options.jobs), exams::user_cache(),
                                show_claims)),
        judge(exam, keys, options.seed),
        marker(exam, keys, judge) {}

  fixtures::Exam exam;
  exams::DerivedKeys keys;
  exams::Judge judge;
  exams::Marker marker;
};

int mark_all(const MarkOptions& options, const Paper& paper, report::Roster* roster,
             exams::Pseudonyms* pseudonyms) {
  const report::SheetsContext context{paper.exam,    paper.keys,   paper.marker.units(),
                                      ASSAY_VERSION, options.seed, pseudonyms != nullptr};
  const nlohmann::json head = report::sheets_head(context);
  report::SheetsFolder folder(options.out, head, roster, pseudonyms != nullptr);
  exams::ItemAnalysis analysis(paper.exam, paper.marker.units());
  Class sheets(options, paper.exam, folder, roster, pseudonyms);
  std::string head_line = report::sheets_table_head(head);
  const auto take = [&](const exams::MarkedSheet& sheet, const exams::Texts& texts) {
    folder.take(texts);
    analysis.add(sheet);
    if (!options.json)
      fmt::print("{}{}", std::exchange(head_line, ""), texts[report::SheetsFolder::table_row]);
    show_count(analysis.sheets());
  };
  exams::mark_class(paper.marker, jobs_or_processors(options.jobs),
                    {[&](const auto& put) { sheets.read(put); },
                     [&](const exams::MarkedSheet& sheet) { return folder.render(sheet); }, take});
  end_count();
  print_problems(sheets.problems());
  if (sheets.count() == 0) throw InputError("no sheet could be read");
  const nlohmann::json tail = report::sheets_tail(context, analysis, sheets.problems());
  folder.finish(tail);
  print_warnings(head, roster, pseudonyms != nullptr);
  if (options.json)
    print_file(folder.path("results.json"));
  else
    print_foot(tail, folder);
  return sheets.problems().empty() ? done : falls_short;
}

template <class T>
T* pointer(std::optional<T>& value) {
  return value ? &*value : nullptr;
}

}  // namespace

int mark(const MarkOptions& options) try {
  end_cleanly_on_signals();
  for (const fs::path& sheet : options.sheets)
    if (!fs::exists(sheet)) throw InputError(sheet.string() + ": there is no such file or folder");
  std::optional<report::Roster> roster;
  if (!options.roster.empty()) roster.emplace(options.roster);
  std::optional<exams::Pseudonyms> pseudonyms;
  if (!options.key_file.empty()) pseudonyms.emplace(options.key_file);
  const Paper paper(options);
  return mark_all(options, paper, pointer(roster), pointer(pseudonyms));
} catch (const Interrupted&) {
  fmt::print(stderr, "\nInterrupted: nothing was completed; run again, it starts afresh\n");
  return interrupted;
} catch (const exams::PseudonymError& error) {
  throw InputError(error.what());
} catch (const report::ReportError& error) {
  throw InputError(error.what());
}

}  // namespace assay::cli
