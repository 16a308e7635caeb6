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
  std::string example;   ///< a drawn case that shows it, as `pinned` takes it; empty where none was met
};

struct MistakeCoverage {
  /// Misconceptions of the catalogue about the functions' operations, for each function; without those that
  /// the oracle leaves nothing to be mistaken about, and those that are the same.
  std::size_t known = 0;
  std::vector<Uncaught> uncaught;
  std::vector<Uncaught> the_same;  ///< on every case that the assignment can give
};

/// How far to look.
struct CoverageEffort {
  std::size_t cases = 24;   ///< of each group, in which a mistake is looked for
  std::size_t draws = 100;  ///< of each group, before a mistake is said to be the same as the truth
};

/// Puts each known mistake in the place of the truth: it is caught where some criterion would certainly
/// refuse it, in one of the ways in which it can enter. Of the others, those are `the_same` that change no
/// result of their function on all cases and many further draws, in some hundred digits (a mean over rows
/// where there is one row). Functions whose truth is no enclosure are left out.
MistakeCoverage uncaught_mistakes(const Prepared& prepared, const CoverageEffort& effort = {});

}  // namespace assay::graders
