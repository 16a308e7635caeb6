/// The system calls a box may make, as seccomp filters.
#pragma once

#include <cstddef>

#include "graders/sandbox/fd.hpp"

namespace assay::graders {

/// A filter as the bytes the kernel takes, in a sealed memory file.
struct Filter {
  Fd file;
  std::size_t rules = 0;  ///< system calls named, for the summary
};

/// Run box: only computing, threads and open pipes; everything else kills the process, except what honest
/// libraries try and can do without, which fails gently.
Filter run_filter();

/// Compile box: everything but what no compiler needs and what would reach out of the box.
Filter compile_filter();

}  // namespace assay::graders
