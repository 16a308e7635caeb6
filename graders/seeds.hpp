/// No false alarm: correct submissions keep all points, whatever seed the cases are drawn from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "graders/grade.hpp"
#include "graders/prepared.hpp"

namespace assay::graders {

/// From `first` on, one after the other.
struct Seeds {
  std::uint64_t first = 1;
  std::size_t count = 1;
};

/// A criterion that a correct submission did not pass on the cases of one seed.
struct Alarm {
  std::uint64_t seed = 0;
  std::string subject;    ///< "reference", "class/ben-carter"
  std::string criterion;  ///< empty where it is about the whole submission
  Verdict verdict = Verdict::wrong;
  std::string message;
  std::string input;  ///< the failing case, as `pinned` takes it in TOML; empty where there is none
};

struct SeedsReport {
  Seeds seeds;
  std::size_t finished = 0;           ///< seeds that were tried
  std::vector<std::string> subjects;  ///< the reference, and each known submission that is declared correct
  std::vector<std::string> criteria;  ///< whose cases are drawn
  std::vector<std::string> not_redrawn;  ///< the other criteria: they would be judged alike
  std::vector<Alarm> alarms;             ///< by seed, subject and criterion
  /// Nothing was lost, and nothing left open.
  bool passed() const { return finished == seeds.count && alarms.empty(); }
};

/// Called after each seed, from one thread at a time: seeds done, of how many, alarms so far.
using SeedsProgress = std::function<void(std::size_t done, std::size_t total, std::size_t alarms)>;

/// Compiles each correct submission once for each of `jobs` threads, and grades it on the cases of each seed
/// as a submission of a class is graded. An alarm is any verdict but `accepted`, among them those for which a
/// person must look, and a submission that is called nondeterministic. Throws ToolchainError where a correct
/// submission does not compile, fixtures::LoadError as `prepare` does.
SeedsReport check_seeds(const Prepared& prepared, const Toolchain& toolchain, const Sandbox& sandbox,
                        Seeds seeds, unsigned jobs, const SeedsProgress& progress);

}  // namespace assay::graders
