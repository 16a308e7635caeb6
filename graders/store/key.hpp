/// What decides a grade, as a name: two gradings with the same key give the same result.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "fixtures/assignment.hpp"
#include "graders/sandbox/box.hpp"
#include "graders/submissions.hpp"
#include "graders/toolchain.hpp"

namespace assay::graders {

/// Everything beside a submission: the assignment's folder but for what is handed in to it or written for
/// people (`*.md`, hidden files, the demo class), its seed, Assay's version and build, the headers of the
/// driver, the compiler, the flags, and the isolation.
///
/// `version`: of Assay. `apart`: paths that may lie in the assignment's folder and are none of it, such as
/// submissions and reports. Throws std::runtime_error where a file cannot be read.
std::string circumstances_digest(const fixtures::Assignment& assignment, const std::string& version,
                                 const Toolchain& toolchain, const SandboxReport& sandbox,
                                 const std::vector<std::filesystem::path>& apart);

/// The digest of the assignment's folder alone.
std::string folder_digest(const fixtures::Assignment& assignment,
                          const std::vector<std::filesystem::path>& apart);

/// "sha256:...", of the circumstances and of everything about a submission but its id: names, bytes, what was
/// noted when it was taken in.
std::string result_key(const std::string& circumstances, const TakenIn& submission);

}  // namespace assay::graders
