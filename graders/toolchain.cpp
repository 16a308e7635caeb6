#include "graders/toolchain.hpp"

#include <cxxabi.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <regex>
#include <sstream>

#include "graders/file_bytes.hpp"
#include "graders/sandbox/compiler_files.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;

constexpr const char* objcopy_path = "/usr/bin/objcopy";

/// The flags of every compilation; an assignment adds its own after these.
std::vector<std::string> base_flags(const fixtures::Assignment& assignment) {
  return {"-std=" + assignment.standard,
          "-fmax-errors=20",
          "-ftemplate-depth=256",
          "-fconstexpr-ops-limit=5000000",
          "-fdiagnostics-color=never",
          "-ffile-prefix-map=/sub/=",
          "-I/sub",
          "-I/headers"};
}

std::string read_file(const fs::path& path) {
  if (auto bytes = file_bytes(path)) return *std::move(bytes);
  throw ToolchainError("cannot read " + path.string());
}

void write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream stream(path, std::ios::binary);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream.flush()) throw std::runtime_error("cannot write " + path.string());
}

/// What a box wrote may be anything: only a regular file of a sane size is taken, and only as a read-only
/// copy. Nothing if it is not that.
std::optional<fs::path> collect(const fs::path& from, const fs::path& to) {
  constexpr off_t largest = 64 << 20;
  const int source = ::open(from.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (source < 0) return std::nullopt;
  struct stat facts {};
  std::string bytes;
  if (::fstat(source, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size <= largest) {
    bytes.resize(static_cast<std::size_t>(facts.st_size));
    std::size_t have = 0;
    for (ssize_t got;
         have < bytes.size() && (got = ::read(source, bytes.data() + have, bytes.size() - have)) > 0;)
      have += static_cast<std::size_t>(got);
    bytes.resize(have);
  }
  ::close(source);
  if (bytes.empty()) return std::nullopt;
  write_file(to, bytes);
  using fs::perms;
  fs::permissions(to, perms::owner_read | perms::owner_exec | perms::group_read | perms::group_exec |
                          perms::others_read | perms::others_exec);
  return to;
}

std::string compile_failure(const BoxEnd& end, const fixtures::Limits& limits) {
  switch (end.cause) {
    case EndCause::cpu_limit:
    case EndCause::wall_limit:
      return fmt::format("compiling took more than {:g} s; something in it grows without end",
                         limits.compile_cpu_seconds);
    case EndCause::memory_limit:
      return "compiling took more memory than the compile box has";
    case EndCause::file_limit:
      return "compiling wrote more than the compile box allows";
    case EndCause::output_limit:
      return "the compiler printed more than the compile box allows";
    case EndCause::forbidden_call:
      return "compiling made a system call that the box does not allow";
    default:
      return "";
  }
}

/// A compiler never waits for anything but the processor.
bool starved(const BoxEnd& end, const fixtures::Limits& limits) {
  const std::chrono::duration<double> used = end.cpu;
  return end.cause == EndCause::wall_limit && used.count() < limits.compile_wall_seconds / 2;
}

/// The same of a driver, whose author reads it: the machine may be to blame.
std::string driver_failure(const BoxEnd& end, const fixtures::Limits& limits) {
  if (end.cause != EndCause::cpu_limit && end.cause != EndCause::wall_limit) {
    const std::string failure = compile_failure(end, limits);
    return failure.empty() ? failure : failure + "\n";
  }
  return fmt::format(
      "compiling took more than {:g} s of the processor or {:g} s of the clock; is the machine busy? The "
      "limits "
      "are compile_cpu_seconds and compile_wall_seconds of [limits]\n",
      limits.compile_cpu_seconds, limits.compile_wall_seconds);
}

/// The first line that tells the mistake, else the first line.
std::string first_error(const std::string& diagnostics) {
  std::istringstream lines(diagnostics);
  std::string line, first;
  while (std::getline(lines, line)) {
    if (first.empty()) first = line;
    if (line.find("rror: ") != std::string::npos || line.find("undefined reference") != std::string::npos ||
        line.find("multiple definition") != std::string::npos)
      return line;
  }
  return first;
}

/// Box paths mean nothing to a student, and the compiler's temporary names differ from run to run.
std::string for_people(const std::string& diagnostics) {
  static const std::regex temporary(R"(/tmp/cc[A-Za-z0-9]{6}\.)");
  static const std::regex box_path(R"((^|\s)(/sub/|/usr/bin/ld: ))");
  return std::regex_replace(std::regex_replace(diagnostics, temporary, "(compiled)."), box_path, "$1");
}

bool is_source(const std::string& name) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{".cpp", ".cc", ".cxx"},
                             [&](std::string_view ending) { return name.ends_with(ending); });
}

/// A submission's own tests are no part of its program.
bool is_test(const fixtures::Assignment& assignment, const std::string& name) {
  return std::ranges::any_of(assignment.criteria, [&](const fixtures::Criterion& criterion) {
    const auto* const tests = std::get_if<fixtures::Tests>(&criterion.settings);
    return tests && std::ranges::find(tests->files, name) != tests->files.end();
  });
}

}  // namespace

std::string demangled(const std::string& symbol) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status), std::free);
  return status == 0 ? text.get() : symbol;
}

std::vector<std::string> undefined_symbols(const std::string& linker_output) {
  static constexpr std::string_view mark = "undefined reference to `";
  std::vector<std::string> symbols;
  for (std::size_t at = 0; (at = linker_output.find(mark, at)) != std::string::npos;) {
    at += mark.size();
    const std::size_t end = linker_output.find('\'', at);
    if (end == std::string::npos) break;
    symbols.push_back(linker_output.substr(at, end - at));
  }
  std::ranges::sort(symbols);
  // Not std::ranges::unique, whose subrange Clang 14 cannot compile with this library.
  symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  return symbols;
}

Toolchain::Toolchain(const Sandbox& sandbox, const fixtures::Assignment& assignment, fs::path work,
                     fs::path headers)
    : sandbox_(sandbox),
      assignment_(assignment),
      work_(std::move(work)),
      headers_(std::move(headers)),
      flags_(base_flags(assignment)) {
  const auto& own = assignment.compile_flags;
  flags_.insert(flags_.end(), own.begin(), own.end());
  const auto version = run(compiler_path, "compiler-version", {}, {"--version"}, 0);
  if (version.end.cause != EndCause::exited || version.end.exit_code != 0)
    throw ToolchainError(
        "the compiler does not start in the compile box: " + driver_failure(version.end, assignment_.limits) +
        version.end.detail + version.end.standard_error);
  compiler_ = version.end.standard_output.substr(0, version.end.standard_output.find('\n'));
  compile_driver();
}

BoxSpec Toolchain::compile_box(const std::string& name, const std::vector<SourceFile>& files,
                               unsigned slot) const {
  BoxSpec spec;
  spec.profile = BoxProfile::compile;
  spec.slot = slot;
  spec.source = sandbox_.make_folder(work_, name + "-sub", slot, false);
  spec.output = sandbox_.make_folder(work_, name + "-out", slot, true);
  for (const SourceFile& file : files) write_file(spec.source / file.name, file.bytes);
  spec.readable = {{headers_, "/headers"}};
  if (!driver_.empty()) spec.readable.emplace_back(driver_, "/driver");
  return spec;
}

Toolchain::Outcome Toolchain::run(const char* program, const std::string& name,
                                  const std::vector<SourceFile>& files,
                                  const std::vector<std::string>& arguments, unsigned slot,
                                  const Shown& shown) const {
  BoxSpec spec = compile_box(name, files, slot);
  spec.readable.insert(spec.readable.end(), shown.begin(), shown.end());
  spec.argv = {program};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  const auto& limits = assignment_.limits;
  spec.limits.cpu = std::chrono::milliseconds(static_cast<long>(limits.compile_cpu_seconds * 1000));
  spec.limits.wall = std::chrono::milliseconds(static_cast<long>(limits.compile_wall_seconds * 1000));
  spec.limits.memory_bytes = 2ull << 30;
  spec.limits.file_bytes = 64ull << 20;
  spec.limits.output_bytes = 1ull << 20;
  spec.limits.processes = 64;
  auto box = sandbox_.start(spec);
  return {box.wait(), spec.output};
}

Toolchain::Outcome Toolchain::run_on(const char* program, const std::string& name,
                                     const std::vector<SourceFile>& files,
                                     const std::vector<std::string>& arguments, unsigned slot,
                                     const Shown& shown) const {
  return run(program, name, with_author_files(files), arguments, slot, shown);
}

std::string Toolchain::free_name(const std::string& wish) const {
  std::string name = wish;
  for (int number = 2; fs::exists(work_ / (name + "-sub")); ++number)
    name = fmt::format("{}-{}", wish, number);
  return name;
}

void Toolchain::forget(const std::string& name) const {
  {
    const std::lock_guard lock(compiling_once_);
    std::erase_if(compiled_once_, [&](const auto& one) { return one.first.starts_with(name + "-"); });
  }
  std::error_code error;  // of no matter: the whole folder goes at the end of the run
  std::vector<fs::path> left;
  for (fs::directory_iterator entry(work_, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().filename().string().starts_with(name + "-")) left.push_back(entry->path());
  for (const fs::path& path : left) fs::remove_all(path, error);
}

std::vector<std::string> Toolchain::sources_in_box(const std::vector<SourceFile>& files) const {
  std::vector<std::string> sources;
  for (const SourceFile& file : files)
    if (is_source(file.name) && !is_test(assignment_, file.name) &&
        std::ranges::find(assignment_.given, file.name) == assignment_.given.end())
      sources.push_back("/sub/" + file.name);
  return sources;
}

/// Given headers are the author's, whatever was handed in.
std::vector<SourceFile> Toolchain::with_author_files(const std::vector<SourceFile>& files) const {
  auto all = author_files();
  for (const SourceFile& file : files)
    if (std::ranges::find(assignment_.given, file.name) == assignment_.given.end()) all.push_back(file);
  return all;
}

std::vector<SourceFile> Toolchain::author_files() const {
  std::vector<SourceFile> files;
  for (const std::string& given : assignment_.given)
    files.push_back({given, read_file(assignment_.folder / given)});
  return files;
}

/// The linker, given the driver alone, tells which functions a submission must define. These references are
/// made weak, so that a missing function is address 0 (its criteria are lost) and not a failed link
/// (everything lost). Only the driver's references are weak: a helper that the student forgot stays a link
/// error.
void Toolchain::compile_driver() {
  const std::string source = (assignment_.folder / assignment_.driver).string();
  auto files = author_files();
  files.push_back({"driver.cpp", read_file(source)});
  auto arguments = flags_;
  arguments.insert(arguments.end(), {"-c", "/sub/driver.cpp", "-o", "/out/driver.o"});
  share_driver(run(compiler_path, "driver", files, arguments, 0), source + ": the driver does not compile");

  const auto link = run(compiler_path, "driver-link", {},
                        {"-static", "/driver/driver.o", "-o", "/out/program", "-Wl,--no-demangle"}, 0);
  std::vector<std::string> weaken;
  for (const std::string& symbol : undefined_symbols(link.end.standard_error)) {
    wanted_[symbol] = demangled(symbol);
    weaken.push_back("--weaken-symbol=" + symbol);
  }
  if (wanted_.empty())
    throw ToolchainError(source + ": the driver exports nothing that a submission must define\n" +
                         link.end.standard_error);
  weaken.insert(weaken.end(), {"/driver/driver.o", "/out/driver.o"});
  share_driver(run(objcopy_path, "driver-weak", {}, weaken, 0),
               source + ": the driver's functions cannot be made optional");
}

/// Takes driver.o out of a box, to where every later box can read it.
void Toolchain::share_driver(const Outcome& built, const std::string& complaint) {
  const fs::path shared = work_ / "driver-shared";
  fs::create_directories(shared);
  fs::permissions(shared, fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
  fs::remove(shared / "driver.o");
  const bool ended_well = built.end.cause == EndCause::exited && built.end.exit_code == 0;
  if (!ended_well || !collect(built.output / "driver.o", shared / "driver.o"))
    throw ToolchainError(complaint + ":\n" + driver_failure(built.end, assignment_.limits) +
                         built.end.detail + for_people(built.end.standard_error));
  driver_ = shared;
}

Compiled Toolchain::compile(const std::string& name, const std::vector<SourceFile>& files, unsigned slot,
                            Build build) const {
  std::vector<std::string> arguments{"-static"};
  if (build == Build::sanitized)
    arguments = {"-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
                 "-fno-omit-frame-pointer"};
  const auto sources = sources_in_box(files);
  arguments.insert(arguments.end(), sources.begin(), sources.end());
  arguments.insert(arguments.end(), {"/driver/driver.o", "-o", "/out/program"});
  return make(name, files, arguments, "program", slot);
}

struct Toolchain::Once {
  std::mutex compiling;
  std::optional<Compiled> compiled;  ///< unless the harness failed: then it is tried again
};

Compiled Toolchain::compile_once(const std::string& name, const std::vector<SourceFile>& files, unsigned slot,
                                 Build build) const {
  std::shared_ptr<Once> once;
  {
    const std::lock_guard lock(compiling_once_);
    auto& kept = compiled_once_[name];
    if (!kept) kept = std::make_shared<Once>();
    once = kept;
  }
  const std::lock_guard lock(once->compiling);
  if (once->compiled) return *once->compiled;
  Compiled compiled = compile(free_name(name), files, slot, build);
  if (compiled.verdict != Verdict::harness_error) once->compiled = compiled;
  return compiled;
}

Compiled Toolchain::make(const std::string& name, const std::vector<SourceFile>& files,
                         const std::vector<std::string>& arguments, const std::string& product, unsigned slot,
                         const Shown& shown) const {
  std::vector<std::string> all = flags_;
  all.insert(all.end(), arguments.begin(), arguments.end());
  const auto built = run(compiler_path, name, with_author_files(files), all, slot, shown);
  Compiled result;
  result.diagnostics = for_people(built.end.standard_error);
  if (built.end.cause == EndCause::sandbox_failed || built.end.cause == EndCause::killed) {
    result.message = "the compile box failed: " + built.end.detail;
    return result;
  }
  if (starved(built.end, assignment_.limits)) {
    result.message =
        "the compiler was not given half a processor until its time on the clock was over: the machine is "
        "too busy; "
        "grade again, or raise compile_wall_seconds";
    return result;
  }
  if (built.end.cause == EndCause::exited && built.end.exit_code == 0) {
    if (const auto made = collect(built.output / product, work_ / (name + "-" + product))) {
      result.verdict = Verdict::accepted;
      result.program = *made;
      return result;
    }
  }
  result.verdict = Verdict::did_not_compile;
  result.message = compile_failure(built.end, assignment_.limits);
  if (result.message.empty()) result.message = first_error(result.diagnostics);
  return result;
}

}  // namespace assay::graders
