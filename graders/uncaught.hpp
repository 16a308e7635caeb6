/// Which known mistakes an assignment's cases would not show.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "graders/prepared.hpp"

namespace assay::graders {

struct Uncaught {
  std::string function;
  std::string id;        ///< the misconception's
  std::string sentence;  ///< continues "the submission ..."
};

struct MistakeCoverage {
  std::size_t known =
      0;  ///< misconceptions of the catalogue about the functions' operations, for each function
  std::vector<Uncaught> uncaught;
};

/// Puts each known mistake in the place of the truth, on up to `most_cases` cases of each group: it is caught
/// where some criterion would certainly refuse it, in one of the ways in which it can enter. What is left
/// either needs other cases, or is no mistake for this assignment (a mean over classes where there is one
/// sum). Functions whose truth is no enclosure are left out.
MistakeCoverage uncaught_mistakes(const Prepared& prepared, std::size_t most_cases = 24);

}  // namespace assay::graders
