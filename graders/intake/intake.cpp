#include "graders/intake/intake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include <fcntl.h>

#include "graders/escape.hpp"
#include "graders/intake/collector.hpp"
#include "graders/intake/sources.hpp"
#include "graders/sandbox/fd.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;

std::string folded(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// The name without its extension, as something that can be a file name and stand in a table.
std::string id_of(const fs::path& path) {
  std::string name = path.filename().empty() ? path.parent_path().filename() : path.filename();
  if (name == "." || name == "..") name = fs::absolute(path).lexically_normal().parent_path().filename();
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    if (folded(name).ends_with(".tar.gz"))
      name.resize(name.size() - 7);
    else if (const std::size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0)
      name.resize(dot);
  }
  std::string id = displayable_line(name, 100);
  for (char& c : id) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
    const bool kept = plain || (byte >= '0' && byte <= '9') || byte >= 0x80 ||
                      std::string_view("_.-@+").find(c) != std::string_view::npos;
    if (!kept) c = '_';
  }
  if (id.empty() || id.front() == '.' || id.front() == '-') id.insert(0, "_");
  return id;
}

/// Lists and tables that lie beside submissions in a class folder.
bool is_beside(const fs::path& path) {
  constexpr std::array<std::string_view, 11> extensions{".csv", ".json", ".txt", ".md",   ".toml",  ".yaml",
                                                        ".yml", ".html", ".log", ".xlsx", ".sqlite"};
  const std::string extension = folded(path.extension());
  return std::ranges::count(extensions, extension) != 0;
}

/// One submission holds an expected file. A folder with several things in it, none of them that, is a class:
/// its loose sources are ada.cpp, ben.cpp ... A lone source of another name is one submission that misnamed
/// its file.
bool is_one_submission(const fs::path& folder, const FileRules& rules) {
  std::size_t sources = 0, others = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename();
    const bool is_folder = entry.is_directory(ignored);
    if (!is_folder && std::ranges::count(rules.expected, name) != 0) return true;
    if (!is_folder && is_cpp_source(name))
      ++sources;
    else if (is_folder || is_archive(entry.path()))
      ++others;
  }
  const bool one_file_each = rules.expected.size() == 1;
  return sources > 0 && (one_file_each ? sources + others == 1 : others == 0);
}

void read_single_file(const fs::path& path, Collector& collector) {
  const fs::path parent = path.parent_path().empty() ? "." : path.parent_path();
  const Fd folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::string name = path.filename();
  if (auto bytes = read_regular_file(folder.get(), name, name, collector))
    collector.add_only(name, std::move(*bytes));
}

Submission read_one(const fs::path& path, const FileRules& rules) {
  Submission submission;
  submission.id = id_of(path);
  submission.origin = path;
  Collector collector(rules);
  std::error_code error;
  const fs::file_status about = fs::symlink_status(path, error);
  if (fs::is_directory(about))
    read_folder(path, collector);
  else if (fs::is_symlink(about))
    collector.refuse("it is a symbolic link");
  else if (is_archive(path))
    read_archive(path, collector);
  else if (is_cpp_file(path.string()) || std::ranges::count(rules.expected, path.filename().string()) != 0)
    read_single_file(path, collector);
  else
    collector.refuse("it is neither a folder, nor a .zip or .tar.gz, nor a C++ file");
  collector.finish(submission);
  return submission;
}

/// A class has one entry per student; what is hidden or no submission at all is passed over.
std::vector<fs::path> members(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename();
    if (name.starts_with('.') || name == "__MACOSX" || is_beside(entry.path())) continue;
    found.push_back(entry.path());
  }
  return found;
}

/// Two students may not overwrite each other's feedback, on a disk that ignores case either.
void make_unique(std::vector<Submission>& batch) {
  std::ranges::sort(batch, [](const Submission& a, const Submission& b) {
    return a.id != b.id ? a.id < b.id : a.origin < b.origin;
  });
  std::set<std::string> taken;
  for (Submission& submission : batch) {
    const std::string wanted = submission.id;
    for (int n = 2; !taken.insert(folded(submission.id)).second; ++n)
      submission.id = fmt::format("{}-{}", wanted, n);
  }
  std::ranges::sort(batch, {}, &Submission::id);
}

}  // namespace

std::vector<Submission> take_in(const std::vector<fs::path>& paths,
                                const std::vector<std::string>& expected_files,
                                const std::vector<std::string>& given_files) {
  const FileRules rules{expected_files, given_files};
  std::vector<fs::path> origins;
  for (const fs::path& path : paths) {
    std::error_code error;
    if (!fs::exists(path, error))
      throw std::runtime_error(
          fmt::format("no such file or folder: {}", displayable_line(path.string(), 400)));
    // The caller's own links are followed; only what lies below is suspect.
    const fs::path real = fs::is_symlink(path, error) ? fs::canonical(path) : path;
    if (!fs::is_directory(real, error) || is_one_submission(real, rules))
      origins.push_back(real);
    else
      for (const fs::path& member : members(real)) origins.push_back(member);
  }
  std::vector<Submission> batch;
  for (const fs::path& origin : origins) batch.push_back(read_one(origin, rules));
  make_unique(batch);
  return batch;
}

}  // namespace assay::graders
