/// Compiles, in the compile box: the driver once for the class, each submission once.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "fixtures/assignment.hpp"
#include "graders/sandbox/box.hpp"
#include "graders/verdict.hpp"

namespace assay::graders {

/// The author's or the machine's fault: the driver or the reference does not build.
struct ToolchainError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct SourceFile {
  std::string name;  ///< as the box sees it: [A-Za-z0-9_.-]+, no leading dash or dot
  std::string bytes;
};

struct Compiled {
  Verdict verdict = Verdict::harness_error;  ///< accepted, did_not_compile, or harness_error
  std::string diagnostics;                   ///< raw compiler output
  std::string message;                       ///< one line for the report
  std::filesystem::path program;             ///< the static binary
};

enum class Build {
  plain,      ///< a static program for the run box
  sanitized,  ///< with address and undefined-behaviour sanitizers: dynamic, for a box of the compile profile
};

/// Symbols that the linker, asked not to demangle, reports as undefined; sorted.
std::vector<std::string> undefined_symbols(const std::string& linker_output);
/// "softmax(std::vector<double> const&)"; the symbol itself where it is no mangled name.
std::string demangled(const std::string& symbol);

class Toolchain {
 public:
  /// Compiles the assignment's driver. `work` is a private folder that outlives this object; `headers` holds
  /// assay/.
  Toolchain(const Sandbox& sandbox, const fixtures::Assignment& assignment, std::filesystem::path work,
            std::filesystem::path headers);

  /// Compiles and links a submission's files with the driver. Given headers are the author's, whatever was
  /// handed in.
  Compiled compile(const std::string& name, const std::vector<SourceFile>& files, unsigned slot,
                   Build build = Build::plain) const;

  /// The same, and once only for one name, until it is forgotten.
  Compiled compile_once(const std::string& name, const std::vector<SourceFile>& files, unsigned slot,
                        Build build) const;

  /// A file or folder of the machine -> where a box shows it, read-only.
  using Shown = std::vector<std::pair<std::filesystem::path, std::string>>;

  /// The same from flags and further arguments, among them "-o /out/PRODUCT"; `program` is then that file.
  Compiled make(const std::string& name, const std::vector<SourceFile>& files,
                const std::vector<std::string>& arguments, const std::string& product, unsigned slot,
                const Shown& shown = {}) const;

  /// What one run of a program of the toolchain left behind.
  struct Outcome {
    BoxEnd end;
    std::filesystem::path output;
  };
  /// Runs it in a compile box that holds a submission's files and the given ones in /sub. `name` is that of a
  /// folder that does not exist yet.
  Outcome run_on(const char* program, const std::string& name, const std::vector<SourceFile>& files,
                 const std::vector<std::string>& arguments, unsigned slot, const Shown& shown = {}) const;
  /// A box as for compiling, with these files in /sub; what runs in it is not set yet.
  BoxSpec compile_box(const std::string& name, const std::vector<SourceFile>& files, unsigned slot) const;
  /// "/sub/net.cpp" ...: those of a submission's files that are compiled; its tests are not.
  std::vector<std::string> sources_in_box(const std::vector<SourceFile>& files) const;
  /// `wish`, or with a number behind it, so that no folder of this name is there.
  std::string free_name(const std::string& wish) const;

  /// Removes what compilations under this name, or a name that begins with it and a dash, left behind.
  void forget(const std::string& name) const;

  /// The functions a submission must define, as the linker names them -> as a person reads them.
  const std::map<std::string, std::string>& wanted_functions() const { return wanted_; }
  /// "g++ (Debian 12.2.0-14) 12.2.0"
  const std::string& compiler() const { return compiler_; }
  const std::vector<std::string>& flags() const { return flags_; }

 private:
  struct Once;
  Outcome run(const char* program, const std::string& name, const std::vector<SourceFile>& files,
              const std::vector<std::string>& arguments, unsigned slot, const Shown& shown = {}) const;
  void compile_driver();
  void share_driver(const Outcome& built, const std::string& complaint);
  std::vector<SourceFile> author_files() const;
  std::vector<SourceFile> with_author_files(const std::vector<SourceFile>& files) const;

  const Sandbox& sandbox_;
  const fixtures::Assignment& assignment_;
  std::filesystem::path work_;
  std::filesystem::path headers_;
  std::filesystem::path driver_;  ///< folder that holds driver.o
  std::vector<std::string> flags_;
  std::string compiler_;
  std::map<std::string, std::string> wanted_;
  mutable std::mutex compiling_once_;
  mutable std::map<std::string, std::shared_ptr<Once>> compiled_once_;
};

}  // namespace assay::graders
