/// assay check-exam: the derived key of a paper beside the published one, before any sheet is marked.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "fixtures/load.hpp"
#include "fixtures/nearest.hpp"
#include "graders/cli/commands.hpp"
#include "graders/cli/terminal.hpp"
#include "graders/data.hpp"
#include "graders/exams/cache.hpp"
#include "graders/exams/key.hpp"
#include "graders/report/exam_key_report.hpp"
#include "graders/report/report.hpp"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;
namespace exams = graders::exams;
namespace report = graders::report;

/// Folders of the exams that come with Assay, by name.
std::vector<fs::path> shipped_exams() {
  std::vector<fs::path> folders;
  std::error_code error;
  const fs::path all = graders::data_folder() / "exams";
  if (!fs::is_directory(all, error)) return folders;
  for (const auto& entry : fs::directory_iterator(fs::canonical(all)))
    if (fs::exists(entry.path() / "exam.toml", error)) folders.push_back(entry.path());
  std::ranges::sort(folders);
  return folders;
}

void show_claims(std::size_t count, std::size_t total) {
  if (!isatty(STDERR_FILENO)) return;
  fmt::print(stderr, "\r\033[K{} of {} claims verified", count, total);
  if (count == total) fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
}

}  // namespace

fs::path find_exam(const fs::path& named) {
  return find_shipped(named, shipped_exams(), "exam");
}

int check_exam(const CheckExamOptions& options) {
  const fixtures::Exam exam = fixtures::load_exam(find_exam(options.exam));
  const fs::path cache = options.fresh ? fs::path() : exams::user_cache();
  const exams::DerivedKeys keys =
      exams::derive_keys(exam, options.seed, jobs_or_processors(options.jobs), cache, show_claims);
  const auto problems = exams::pack_problems(exam, keys);
  const report::ExamKeyCounts counts = report::count_keys(exam, keys, problems);
  if (options.json) {
    fmt::print("{}", report::to_text(report::exam_key_json(exam, keys, problems)));
  } else {
    fmt::print("{}\n", report::exam_key_table(exam, keys));
    if (!problems.empty()) fmt::print("{}\n", report::pack_problem_text(exam, problems));
    fmt::print("{}", report::exam_key_summary(exam, counts));
  }
  return counts.disagreeing > 0 || counts.problems > 0 ? falls_short : done;
}

int list_exams(bool as_json) {
  nlohmann::json entries = nlohmann::json::array();
  for (const fs::path& folder : shipped_exams()) {
    const fixtures::Exam exam = fixtures::load_exam(folder);
    entries.push_back({{"id", exam.id},
                       {"title", exam.title},
                       {"source", exam.source},
                       {"folder", folder.string()},
                       {"items", exam.items.size()}});
    if (!as_json) fmt::print("{:<16} {:>4} items  {}\n", exam.id, exam.items.size(), exam.title);
  }
  if (as_json)
    fmt::print("{}", report::to_text(entries));
  else
    fmt::print("\n{} exams; {} check-exam ID derives the key of one\n", entries.size(), program_name());
  return done;
}

}  // namespace assay::cli
