#pragma once

#include <string>

namespace assay::graders {

/// What names this very program: a digest of the linker's build id, or, without one, of the program's file.
const std::string& program_build();

}  // namespace assay::graders
