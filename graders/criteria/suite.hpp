/// Programs of GoogleTest tests: built from objects in compile boxes, and asked test by test in a run box.
///
/// What such a program says is said by a process in which the student's code runs: weaker evidence than an
/// answer that is compared outside.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "graders/criteria/kind.hpp"

namespace assay::graders {

/// Empty, or why no tests can be built on this machine, and what to install.
std::string why_no_googletest();

/// The trusted main program of every suite, compiled once: an object file.
Compiled compile_test_runner(const Toolchain& toolchain, const std::string& name, unsigned slot);

/// One object file of all sources among `files`; without sources the path is empty.
Compiled compile_object(const Toolchain& toolchain, const std::string& name,
                        const std::vector<SourceFile>& files, const std::vector<std::string>& sources,
                        unsigned slot);

/// The functions that a compiled suite calls and does not define, as the linker names them; nothing where the
/// linker did not come to say so.
std::optional<std::vector<std::string>> functions_called(const Toolchain& toolchain, const std::string& name,
                                                         const std::vector<std::filesystem::path>& objects,
                                                         unsigned slot);

/// An object file with a stand-in for each of these functions, which a submission's own takes the place of.
/// One that is called ends its test as TestEnd::missing tells.
Compiled compile_stand_ins(const Toolchain& toolchain, const std::string& name,
                           const std::vector<std::string>& functions, unsigned slot);

/// A static program of these object files and of GoogleTest's libraries; `further` arguments of the compiler.
Compiled link_tests(const Toolchain& toolchain, const std::string& name,
                    const std::vector<std::filesystem::path>& objects, unsigned slot,
                    const std::vector<std::string>& further = {});

/// What became of one test.
struct TestEnd {
  enum class Kind { passed, failed, skipped, unknown, stopped };
  Kind kind = Kind::stopped;
  std::string place;  ///< of the first assertion that failed, "net_test.cpp:12"; by the program's own word
  Ending ending;      ///< `stopped`: why the program did not come to say so
  /// `stopped`: the number of the stand-in that it called, by the program's own word.
  std::optional<std::size_t> missing = {};
};

/// A linked program of tests. Each test that does not pass has been run again alone in a fresh process.
class TestProgram {
 public:
  TestProgram(const Subject& subject, std::filesystem::path program)
      : subject_(subject), program_(std::move(program)) {}

  /// "Suite.Test" of every test that is not disabled, in the order of the program; else why not.
  std::optional<std::vector<std::string>> names(Ending& why_not);
  TestEnd run(const std::string& name);
  /// Asks for a test that does not exist. True if it passes: then somebody answers in place of the tests.
  bool answers_for_nothing();

 private:
  Session start() const;
  TestEnd ask(const std::string& name);

  const Subject& subject_;
  std::filesystem::path program_;
  std::optional<Session> session_;
};

}  // namespace assay::graders
