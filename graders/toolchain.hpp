/// Compiles, in the compile box: the driver once for the class, each submission once.
#pragma once

#include <filesystem>
#include <map>
#include <string>
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

class Toolchain {
 public:
  /// Compiles the assignment's driver. `work` is a private folder that outlives this object; `headers` holds
  /// assay/.
  Toolchain(const Sandbox& sandbox, const fixtures::Assignment& assignment, std::filesystem::path work,
            std::filesystem::path headers);

  /// Compiles and links a submission's files with the driver. Given headers are the author's, whatever was
  /// handed in.
  Compiled compile(const std::string& name, const std::vector<SourceFile>& files, unsigned slot) const;

  /// The functions a submission must define, as the linker names them -> as a person reads them.
  const std::map<std::string, std::string>& wanted_functions() const { return wanted_; }
  /// "g++ (Debian 12.2.0-14) 12.2.0"
  const std::string& compiler() const { return compiler_; }
  const std::vector<std::string>& flags() const { return flags_; }

 private:
  struct Outcome {
    BoxEnd end;
    std::filesystem::path output;
  };
  Outcome run(const char* program, const std::string& name, const std::vector<SourceFile>& files,
              const std::vector<std::string>& arguments, unsigned slot) const;
  void compile_driver();
  void share_driver(const Outcome& built, const std::string& complaint);
  std::vector<SourceFile> author_files() const;

  const Sandbox& sandbox_;
  const fixtures::Assignment& assignment_;
  std::filesystem::path work_;
  std::filesystem::path headers_;
  std::filesystem::path driver_;  ///< folder that holds driver.o
  std::vector<std::string> flags_;
  std::string compiler_;
  std::map<std::string, std::string> wanted_;
};

}  // namespace assay::graders
