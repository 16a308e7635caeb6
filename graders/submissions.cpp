#include "graders/submissions.hpp"

#include <algorithm>
#include <fstream>
#include <regex>
#include <utility>

#include "graders/file_bytes.hpp"
#include "graders/intake/intake.hpp"
#include "graders/intake/sha256.hpp"

namespace assay::graders {
namespace {

TakenIn prepare_work(Submission submission) {
  TakenIn taken;
  taken.digest = "sha256:" + submission.digest;
  taken.work.id = std::move(submission.id);
  taken.work.problem = std::move(submission.problem);
  taken.notes = std::move(submission.notes);
  for (SubmissionFile& file : submission.files) {
    taken.files.push_back({std::move(file.name), file.bytes.size()});
    taken.work.files.push_back({std::move(file.safe_name), std::move(file.bytes)});
  }
  return taken;
}

/// Files of the author's besides the driver that some kinds compile: variants, suites, and what a submission
/// is measured against.
void add_what_it_runs(const fixtures::Assignment& assignment, const fixtures::Criterion& criterion,
                      std::vector<std::filesystem::path>& files) {
  const auto solution = [&](const std::string& folder) {
    for (const std::string& file : assignment.files) files.push_back(assignment.folder / folder / file);
  };
  const auto& settings = criterion.settings;
  const auto* const tests = std::get_if<fixtures::Tests>(&settings);
  const auto* const suite = std::get_if<fixtures::Suite>(&settings);
  if (tests || suite || std::holds_alternative<fixtures::Speed>(settings) ||
      std::holds_alternative<fixtures::Memory>(settings))
    solution(assignment.reference);
  if (tests)
    for (const auto& variant : tests->variants) solution(variant.folder);
  if (suite)
    for (const std::string& file : suite->files) files.push_back(assignment.folder / file);
}

/// A C++ file of the author's and what it includes of the assignment's folder.
void add_with_included(const std::filesystem::path& file, std::vector<std::filesystem::path>& files) {
  static const std::regex include(R"re(\s*#\s*include\s*"([^"]+)".*)re");
  if (std::ranges::find(files, file) != files.end() || !std::filesystem::is_regular_file(file)) return;
  files.push_back(file);
  std::ifstream stream(file);
  std::smatch match;
  for (std::string line; std::getline(stream, line);)
    if (std::regex_match(line, match, include)) add_with_included(file.parent_path() / match[1].str(), files);
}

/// What the assignment's own oracles are made of.
void add_own_truths(const fixtures::Assignment& assignment, std::vector<std::filesystem::path>& files) {
  for (const auto& own : assignment.own)
    if (!own.file.empty()) add_with_included(assignment.folder / own.file, files);
  for (const auto& function : assignment.functions)
    if (function.reference_truth)
      for (const std::string& file : assignment.files)
        add_with_included(assignment.folder / assignment.reference / file, files);
}

}  // namespace

std::vector<TakenIn> take_in_work(const std::vector<std::filesystem::path>& paths,
                                  const fixtures::Assignment& assignment) {
  std::vector<TakenIn> all;
  for (Submission& submission : take_in(paths, assignment.files, assignment.given))
    all.push_back(prepare_work(std::move(submission)));
  return all;
}

std::string assignment_digest(const fixtures::Assignment& assignment) {
  std::vector<std::filesystem::path> files{assignment.file, assignment.folder / assignment.driver};
  for (const std::string& given : assignment.given) files.push_back(assignment.folder / given);
  add_own_truths(assignment, files);
  for (const auto& criterion : assignment.criteria) add_what_it_runs(assignment, criterion, files);
  std::string all;
  for (const auto& path : files) {
    const std::string bytes = file_bytes(path).value_or("");
    // Lengths keep the borders between files.
    all += path.filename().string() + ":" + std::to_string(bytes.size()) + ":" + bytes;
  }
  return "sha256:" + sha256(all);
}

}  // namespace assay::graders
