/// Verdicts on claims, kept from run to run: a paper's claims take up to a minute, and never change.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "properties/verdict.hpp"

namespace assay::graders::exams {

/// What a key needs of a verdict.
struct ClaimVerdict {
  properties::Standing standing = properties::Standing::undecided;
  oracles::Truth answer = oracles::Truth::unknown;
  std::string summary;
  std::string evidence;
  std::string instance;                 ///< the counterexample or witness: "x = 3/8, g = 1"
  std::vector<std::string> conditions;  ///< ids
  bool jointly = false;

  bool operator==(const ClaimVerdict&) const = default;
};
using Verdicts = std::map<std::string, ClaimVerdict, std::less<>>;

/// Verdicts on claims of the catalogue; ids that it does not have are left out. `progress` is called for what
/// must be verified: not for what the cache holds. With an empty `cache` nothing is kept.
Verdicts verdicts_on(const std::vector<std::string>& claims, std::uint64_t seed, unsigned jobs,
                     const std::filesystem::path& cache,
                     const std::function<void(std::size_t done, std::size_t total)>& progress = {});

/// The file in `cache` that belongs to this program and seed.
std::filesystem::path verdict_file(const std::filesystem::path& cache, std::uint64_t seed);

/// $XDG_CACHE_HOME/assay, or ~/.cache/assay; empty if neither is known.
std::filesystem::path user_cache();

}  // namespace assay::graders::exams
