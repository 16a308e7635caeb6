#include "graders/store/key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "graders/data.hpp"
#include "graders/file_bytes.hpp"
#include "graders/intake/sha256.hpp"
#include "graders/program_build.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;

/// Parts one after another, each with its length, so that no two lists look alike.
class Parts {
 public:
  Parts& operator<<(std::string_view part) {
    text_ += fmt::format("{}:", part.size());
    text_ += part;
    return *this;
  }
  Parts& operator<<(const std::vector<std::string>& parts) {
    *this << std::to_string(parts.size());
    for (const std::string& part : parts) *this << part;
    return *this;
  }
  std::string digest() const { return "sha256:" + sha256(text_); }

 private:
  std::string text_;
};

std::string bytes_of(const fs::path& file) {
  if (auto bytes = file_bytes(file)) return *std::move(bytes);
  throw std::runtime_error("cannot read " + file.string());
}

/// Of every file below a folder that `wanted` lets through, in an order of its own.
template <class Wanted>
void add_files(Parts& parts, const fs::path& folder, const Wanted& wanted) {
  std::vector<fs::path> files;
  for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator();
       ++entry) {
    if (!wanted(entry->path())) {
      entry.disable_recursion_pending();
      continue;
    }
    if (entry->is_regular_file()) files.push_back(entry->path());
  }
  std::ranges::sort(files);
  for (const fs::path& file : files)
    parts << file.lexically_relative(folder).string() << sha256(bytes_of(file));
}

std::set<fs::path> resolved(const std::vector<fs::path>& paths) {
  std::set<fs::path> all;
  for (const fs::path& path : paths) {
    std::error_code error;
    const fs::path real = fs::weakly_canonical(path, error);
    if (!error) all.insert(real.has_filename() ? real : real.parent_path());
  }
  return all;
}

}  // namespace

std::string folder_digest(const fixtures::Assignment& assignment, const std::vector<fs::path>& apart) {
  const fs::path folder = fs::canonical(assignment.folder);
  auto outside = apart;
  outside.push_back(folder / assignment.submissions);
  if (!assignment.empty.empty()) outside.push_back(folder / assignment.empty);
  for (const auto& known : assignment.known)
    if (known.path != assignment.reference) outside.push_back(folder / known.path);
  const auto none_of_it = resolved(outside);
  Parts parts;
  add_files(parts, folder, [&](const fs::path& path) {
    const std::string name = path.filename();
    return !name.starts_with('.') && !name.ends_with(".md") && !name.ends_with('~') &&
           !none_of_it.contains(path);
  });
  parts << assignment_digest(assignment);  // what it names may lie elsewhere
  return parts.digest();
}

std::string circumstances_digest(const fixtures::Assignment& assignment, const std::string& version,
                                 const Toolchain& toolchain, const SandboxReport& sandbox,
                                 const std::vector<fs::path>& apart) {
  Parts parts;
  parts << "assay/key/v1" << assignment.id << folder_digest(assignment, apart)
        << std::to_string(assignment.seed) << version << program_build() << toolchain.compiler()
        << toolchain.flags() << to_string(sandbox.tier) << sandbox.summary;
  for (const Layer& layer : sandbox.layers) parts << layer.name << layer.state;
  add_files(parts, driver_headers(), [](const fs::path&) { return true; });
  return parts.digest();
}

std::string result_key(const std::string& circumstances, const TakenIn& submission) {
  Parts parts;
  parts << circumstances << submission.work.problem << submission.notes;
  for (const HandedIn& file : submission.files) parts << file.name;
  for (const SourceFile& file : submission.work.files) parts << file.name << sha256(file.bytes);
  return parts.digest();
}

}  // namespace assay::graders
