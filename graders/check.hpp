/// The self-test of an assignment, before any student sees it: the reference scores everything, the empty
/// starting point nothing, and each known submission exactly what its author declared.
#pragma once

#include <string>
#include <vector>

#include "graders/grade.hpp"
#include "graders/prepared.hpp"

namespace assay::graders {

struct CheckLine {
  std::string subject;  ///< "reference", "empty", "class/ben-carter"
  bool passed = false;
  std::string expected;  ///< "20 of 20"
  std::vector<std::string> differences;
};

struct CheckReport {
  std::vector<CheckLine> lines;
  std::vector<std::string> warnings;
  bool passed() const;
};

/// Holds a graded submission against what its author declared.
CheckLine compare(const fixtures::KnownSubmission& declared, const Prepared& prepared,
                  const SubmissionResult& result);

/// Grades everything the assignment declares, on `jobs` threads, and programs that answer without any work: no
/// criterion may give them points.
CheckReport check_assignment(const Prepared& prepared, const Toolchain& toolchain, const Sandbox& sandbox,
                             unsigned jobs, const Progress& progress);

}  // namespace assay::graders
