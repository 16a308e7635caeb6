/// The author's own solutions, as a toolchain takes them.
#pragma once

#include <string>
#include <vector>

#include "fixtures/assignment.hpp"
#include "graders/toolchain.hpp"

namespace assay::graders {

/// The files that students hand in, of a folder of the assignment's; one that is not there is that of the
/// folder `otherwise`.
std::vector<SourceFile> files_of(const fixtures::Assignment& assignment, const std::string& folder,
                                 const std::string& otherwise);
/// Those of the reference solution.
std::vector<SourceFile> reference_files(const fixtures::Assignment& assignment);

}  // namespace assay::graders
