/// A formula with one thing wrong: what students forget. Internal.
#pragma once

#include <string>
#include <vector>

#include "properties/formula/formula.hpp"

namespace assay::properties::equivalence {

struct Mutation {
  std::string text;  ///< behind "the key ": "without 1[z1 > z2]"
  formula::Formula formula;
};

/// Each with one indicator, condition, maximum, summand, factor, sign or function dropped, one range of an
/// index off by one, or a mean that is a sum. Not more than a few hundred.
std::vector<Mutation> mutations_of(const formula::Formula& formula);

}  // namespace assay::properties::equivalence
