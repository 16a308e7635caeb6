/// Holds hypotheses against the answers to one group of cases.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "graders/diagnosis/hypothesis.hpp"

namespace assay::graders::diagnosis {

/// An explanation that fits every sample, and the samples that speak for it.
struct Candidate : Explanation {
  Kind kind = Kind::known;
  std::set<std::size_t> telling;  ///< places in the samples
  std::size_t undecided = 0;      ///< samples on which the mistake's own value is too uncertain to tell
};

/// What may explain one result.
struct Inquiry {
  std::size_t result = 0;  ///< place in the function's list
  std::vector<Sample> samples;
  std::vector<Candidate> candidates;  ///< in the order in which they were tried
};

/// Tries plain answers, the catalogue and relations, then pairs, then places where the answer is wrong; stops
/// at the first kind that explains anything. `unrepeatable`: no failure came back in a fresh process.
/// `unstable`: ordinary inputs are answered rightly, extreme ones are not.
Inquiry inquire(const CaseGroup& group, std::size_t result, std::vector<Sample> samples, bool unrepeatable,
                bool unstable);

}  // namespace assay::graders::diagnosis
