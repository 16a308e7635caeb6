/// Many claims on several threads.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "properties/claim.hpp"
#include "properties/verify.hpp"

namespace assay::properties {

/// One claim and what was found.
struct Finding {
  const Claim* claim = nullptr;
  Verdict verdict;
  double seconds = 0;
};

/// All of them, on `jobs` threads; `on_finding` is called in the order of `claims`, each as soon as those
/// before it are there. A claim whose test throws is undecided, and says why.
std::vector<Finding> verify_all(std::span<const Claim* const> claims, const Effort& effort, unsigned jobs,
                                const std::function<void(const Finding&)>& on_finding = {});

}  // namespace assay::properties
