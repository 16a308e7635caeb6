/// The name of a mistake: plain data, one part of a criterion's result.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace assay::graders {

struct Explanation {
  std::string id;        ///< a misconception's, "relation.twice", or two of these joined by " + "
  std::string sentence;  ///< continues "the submission ..."

  bool operator==(const Explanation&) const = default;
};

/// A mistake that agrees with every case that was looked at, or cannot be told to disagree.
struct Diagnosis : Explanation {
  std::vector<std::string> results;  ///< those it explains
  std::size_t looked_at = 0;         ///< cases
  std::size_t consistent_cases = 0;  ///< those it fits; where it does not, its own value is too uncertain
  std::size_t telling_cases = 0;     ///< of these, the cases on which the answer is wrong, and as it predicts
  std::vector<Explanation> alternatives;  ///< that fit as well
};

}  // namespace assay::graders
