/// The compiler as folders and files to show in a compile box, and nothing else of the system.
#pragma once

#include <string>
#include <vector>

namespace assay::graders {

/// What compiles submissions, drivers and an assignment's own oracles.
inline constexpr const char* compiler_path = "/usr/bin/g++";

struct CompilerFiles {
  struct Link {
    std::string path, target;
  };
  std::vector<std::string> folders;  ///< shown read-only under their own names
  std::vector<std::string> files;    ///< single programs, symbolic links resolved
  std::vector<Link> links;           ///< the links on the way to them
  /// The oracles' own libraries lie among them, and are no business of a submission: covered in a box with
  /// namespaces (Landlock can only show whole folders).
  std::vector<std::string> covered_folders, covered_files;
};

/// Looks for g++ and clang++ with their headers, libraries and binary tools on this machine.
CompilerFiles find_compiler_files();

}  // namespace assay::graders
