/// Grades submissions: compile, run every group of cases, judge, add up.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "graders/outcome.hpp"
#include "graders/prepared.hpp"
#include "graders/sandbox/box.hpp"
#include "graders/schedule.hpp"
#include "graders/toolchain.hpp"

namespace assay::graders {

struct Subject;

/// One submission as the pipeline needs it.
struct Work {
  std::string id;
  std::vector<SourceFile> files;
  std::string problem;  ///< intake's; a submission with a problem is not compiled
};

SubmissionResult grade_submission(const Prepared& prepared, const Toolchain& toolchain,
                                  const Sandbox& sandbox, const Work& work, const std::string& folder_name,
                                  unsigned slot);

/// The same of a submission that is compiled; `result` tells of the compilation.
SubmissionResult grade_compiled(const Subject& subject, SubmissionResult result);

/// Called after each finished submission, from one thread at a time.
using Progress =
    std::function<void(std::size_t done, std::size_t total, const std::string& id, const SubmissionResult&)>;

struct ClassRun {
  std::vector<SubmissionResult> results;  ///< in the order of the submissions, whatever the number of jobs
  std::vector<bool> finished;             ///< false where the run was interrupted first
};

/// Grades submissions as grade_in_turn() does; nothing of one stays behind when it is taken. One submission's
/// trouble never stops the others.
void grade_each(const Prepared& prepared, const Toolchain& toolchain, const Sandbox& sandbox,
                const std::vector<const Work*>& submissions, unsigned jobs, const Take& take);

/// Grades a class on `jobs` threads. One submission's trouble never stops the others.
ClassRun grade_class(const Prepared& prepared, const Toolchain& toolchain, const Sandbox& sandbox,
                     const std::vector<Work>& submissions, unsigned jobs, const Progress& progress);

}  // namespace assay::graders
