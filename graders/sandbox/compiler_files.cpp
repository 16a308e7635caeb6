#include "graders/sandbox/compiler_files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace assay::graders {
namespace {

namespace fs = std::filesystem;

bool below_a_folder(const CompilerFiles& tools, const std::string& path) {
  return std::ranges::any_of(tools.folders, [&](const std::string& f) { return path.starts_with(f + "/"); });
}

/// Walks the links from `path` to a real file, such as g++ -> g++-12 -> x86_64-linux-gnu-g++-12.
void add_program(CompilerFiles& tools, fs::path path) {
  std::error_code error;
  for (int hop = 0; hop < 16 && fs::is_symlink(path, error); ++hop) {
    if (below_a_folder(tools, path)) return;
    const fs::path target = fs::read_symlink(path, error);
    const bool known = std::ranges::any_of(tools.links, [&](const auto& l) { return l.path == path; });
    if (!known) tools.links.push_back({path, target});
    path = (path.parent_path() / target).lexically_normal();
  }
  if (!fs::is_regular_file(path, error) || below_a_folder(tools, path)) return;
  if (std::ranges::count(tools.files, path.string()) == 0) tools.files.push_back(path);
}

void add_folder(CompilerFiles& tools, const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error) && !fs::is_symlink(path, error)) tools.folders.push_back(path);
}

bool is_multiarch(const std::string& name) {
  return name.find("-linux-") != std::string::npos;
}

/// FLINT, Arb and Boost.Multiprecision, by the names of their headers and libraries.
bool is_oracle_library(const std::string& name) {
  constexpr std::array<std::string_view, 5> prefixes{"libflint", "libarb", "arb", "acb", "flint"};
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

void cover_oracle_libraries(CompilerFiles& tools, const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!is_oracle_library(entry.path().filename()) || entry.is_symlink(error)) continue;
    (entry.is_directory(error) ? tools.covered_folders : tools.covered_files).push_back(entry.path());
  }
}

}  // namespace

CompilerFiles find_compiler_files() {
  CompilerFiles tools;
  for (const char* folder : {"/usr/include", "/usr/lib/gcc", "/usr/lib64", "/usr/libexec/gcc"})
    add_folder(tools, folder);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/usr/lib", error)) {
    const std::string name = entry.path().filename();
    if (is_multiarch(name) || name.starts_with("llvm-")) add_folder(tools, entry.path());
    if (is_multiarch(name)) cover_oracle_libraries(tools, entry.path());
  }
  cover_oracle_libraries(tools, "/usr/include");
  if (fs::is_directory("/usr/include/boost/multiprecision", error))
    tools.covered_folders.push_back("/usr/include/boost/multiprecision");
  for (const char* folder : {"/lib", "/lib64"}) {
    if (fs::is_symlink(folder, error))
      tools.links.push_back({folder, fs::read_symlink(folder, error)});
    else
      add_folder(tools, folder);
  }
  for (const char* program : {"g++", "gcc", "c++", "cc", "cpp", "clang++", "clang", "as", "ld", "ld.bfd",
                              "ld.gold", "ld.lld", "ar", "ranlib", "nm", "strip", "objcopy", "addr2line"})
    add_program(tools, fs::path("/usr/bin") / program);
  std::ranges::sort(tools.folders);
  return tools;
}

}  // namespace assay::graders
