#include "graders/own/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>

#include "fixtures/load.hpp"
#include "graders/data.hpp"
#include "graders/exams/cache.hpp"
#include "graders/file_bytes.hpp"
#include "graders/intake/sha256.hpp"
#include "graders/own/diagnostics.hpp"
#include "graders/sandbox/compiler_files.hpp"
#include "graders/sandbox/fd.hpp"
#include "graders/sandbox/process.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;
using fixtures::OwnFunctionSpec;
using Functions = std::vector<const OwnFunctionSpec*>;

constexpr std::chrono::seconds patience{120};
constexpr std::size_t most_libraries = 200;

std::string read_file(const fs::path& path) {
  return file_bytes(path).value_or("");
}

/// Written beside, then renamed: another run never sees half of it.
void write_file(const fs::path& path, const std::string& text) {
  const fs::path beside = path.string() + fmt::format(".{}", ::getpid());
  std::ofstream stream(beside, std::ios::binary);
  stream << text;
  stream.close();
  if (stream) return fs::rename(beside, path);
  fs::remove(beside);
  throw DataError("cannot write " + path.string() + "; set XDG_CACHE_HOME to a folder with room");
}

/// In the user's cache; where there is none that can be written, in a folder for this run.
fs::path cache_folder() {
  static const WorkFolder of_this_run;
  const fs::path cache = exams::user_cache(), folder = cache.empty() ? cache : cache / "own";
  std::error_code error;
  if (folder.empty() || (fs::create_directories(folder, error), error) || ::access(folder.c_str(), W_OK) != 0)
    return of_this_run.path();
  return folder;
}

/// The oldest libraries go where there are too many.
void prune(const fs::path& folder) {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    files.emplace_back(entry.last_write_time(ignored), entry.path());
  std::ranges::sort(files);
  for (std::size_t i = 0; i + 2 * most_libraries < files.size(); ++i) fs::remove(files[i].second, ignored);
}

/// The author's file, and for each function what the library exports. Lines around a function belong to its
/// place in assignment.toml, so that the compiler's errors do.
std::string wrapper_of(const fixtures::Assignment& assignment, const fs::path& file,
                       const Functions& functions) {
  std::string text = fmt::format("#include \"oracles/own_template.hpp\"\n#include \"{}\"\n", file.string());
  for (const OwnFunctionSpec* function : functions)
    text += fmt::format(
        "#line {0} \"{1}\"\n"
        "namespace {{ struct Own_{2} {{ static constexpr const char* name = \"{2}\"; template <class Scalar> "
        "static "
        "constexpr auto function = &::{2}<Scalar>; }}; }}\n"
        "extern \"C\" const assay::oracles::OwnFunction* assay_own_{2}() {{ static const "
        "assay::oracles::OwnTemplate<Own_{2}> function; return &function; }}\n",
        function->place.line, fs::canonical(assignment.file).string(), function->name);
  return text;
}

/// The options that this program's own headers need here, one a line.
std::vector<std::string> options(const fs::path& headers, const fs::path& folder) {
  std::vector<std::string> words{"-std=c++20",
                                 "-O1",
                                 "-fPIC",
                                 "-shared",
                                 "-DNDEBUG",
                                 "-D_GLIBCXX_ASSERTIONS",
                                 "-fvisibility-inlines-hidden",
                                 "-Werror=float-conversion",
                                 "-fmax-errors=20",
                                 "-fdiagnostics-color=never",
                                 "-fno-diagnostics-show-caret",
                                 "-I" + headers.string(),
                                 "-I" + folder.string()};
  std::istringstream lines(read_file(headers / "options"));
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) words.push_back(line);
  return words;
}

/// The files that a compilation read, as -MMD lists them: system headers are left out.
std::vector<fs::path> files_in(const fs::path& list) {
  std::istringstream words(read_file(list));
  std::vector<fs::path> files;
  std::string word;
  words >> word;  // the target
  std::string path;
  while (words >> word) {
    if (word == "\\") continue;
    if (word.ends_with('\\')) {  // a blank in the name
      path += word.substr(0, word.size() - 1) + " ";
      continue;
    }
    files.emplace_back(path + word);
    path.clear();
  }
  return files;
}

std::string digest_of(const std::vector<fs::path>& files) {
  std::string all;
  for (const fs::path& file : files) all += file.string() + " " + sha256(read_file(file)) + "\n";
  return sha256(all);
}

class Compilation {
 public:
  Compilation(const fixtures::Assignment& assignment, const Functions& functions)
      : assignment_(assignment),
        functions_(functions),
        folder_(fs::canonical(assignment.folder)),
        headers_(fs::canonical(oracle_headers())),
        wrapper_(wrapper_of(assignment, folder_ / functions.front()->file, functions)),
        options_(options(headers_, folder_)),
        cache_(cache_folder()),
        list_(cache_ / (sha256(wrapper_ + fmt::format("{}", fmt::join(options_, "\n"))) + ".files")) {}

  /// The library, of the cache if it was compiled before from the same text; or compiled in any case.
  fs::path library(bool anew) {
    if (anew) return compile();
    if (const auto files = listed(); !files.empty())
      if (const fs::path kept = cache_ / (digest_of(files) + ".so"); fs::exists(kept)) return kept;
    return compile();
  }

 private:
  std::vector<fs::path> listed() const {
    std::istringstream lines(read_file(list_));
    std::vector<fs::path> files;
    for (std::string line; std::getline(lines, line);) files.emplace_back(line);
    return files;
  }

  fs::path compile() {
    const WorkFolder work;
    const fs::path source = work.path() / "own.cpp", output = work.path() / "own.so",
                   depends = work.path() / "own.d", said = work.path() / "said";
    std::ofstream(source) << wrapper_;
    std::vector<std::string> words{compiler_path};
    words.insert(words.end(), options_.begin(), options_.end());
    for (const std::string& word : {std::string("-MMD"), std::string("-MF"), depends.string(),
                                    source.string(), std::string("-o"), output.string()})
      words.push_back(word);
    const int status = run(words, said);
    if (status != 0) refuse(read_file(said));
    std::vector<fs::path> files = files_in(depends);
    std::erase(files, source);
    std::string text;
    for (const fs::path& file : files) text += file.string() + "\n";
    const fs::path library = cache_ / (digest_of(files) + ".so");
    write_file(library, read_file(output));
    write_file(list_, text);
    prune(cache_);
    return library;
  }

  int run(const std::vector<std::string>& words, const fs::path& said) const {
    if (::access(compiler_path, X_OK) != 0)
      throw DataError(
          fmt::format("{} is missing, which compiles {}", compiler_path, functions_.front()->file));
    const Fd nothing = lifted(checked(::open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null"));
    const Fd output =
        lifted(checked(::open(said.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), said.c_str()));
    Process process =
        Process::start(words, {{nothing.get(), 0}, {output.get(), 1}, {output.get(), 2}},
                       {"PATH=/usr/bin:/bin", "LC_ALL=C", "TMPDIR=" + said.parent_path().string()});
    if (!process.reap(patience))
      refuse(fmt::format("error: compiling takes more than {} s", patience.count()));
    return process.status();
  }

  /// At the function that the first error belongs to; all of them in the message.
  [[noreturn]] void refuse(const std::string& diagnostics) const {
    const auto errors = author_errors(diagnostics, folder_);
    const OwnFunctionSpec& first = *functions_.front();
    std::string text = fmt::format("{} does not compile as an oracle", first.file);
    for (const std::string& error : errors) text += "\n  " + error;
    if (errors.empty()) text += ":\n" + diagnostics.substr(0, 2000);
    throw fixtures::LoadError(assignment_.file, first.text_place, text);
  }

  const fixtures::Assignment& assignment_;
  const Functions& functions_;
  fs::path folder_, headers_;
  std::string wrapper_;
  std::vector<std::string> options_;
  fs::path cache_, list_;
};

}  // namespace

oracles::OwnFunctions compiled_functions(const fixtures::Assignment& assignment, const Functions& functions) {
  Compilation compilation(assignment, functions);
  void* handle = nullptr;
  // A damaged file in the cache is replaced.
  for (const bool anew : {false, true})
    if (!handle) handle = ::dlopen(compilation.library(anew).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const std::string reason = ::dlerror();
    throw fixtures::LoadError(assignment.file, functions.front()->text_place,
                              fmt::format("{} cannot be loaded: {}", functions.front()->file, reason));
  }
  oracles::OwnFunctions all;
  for (const OwnFunctionSpec* function : functions) {
    using Exported = const oracles::OwnFunction* (*)();
    const auto exported =
        reinterpret_cast<Exported>(::dlsym(handle, ("assay_own_" + function->name).c_str()));
    // The object is the library's, which is never unloaded.
    all.emplace_back(std::shared_ptr<const void>(), exported());
  }
  return all;
}

}  // namespace assay::graders
