/// The mistakes in the family `normalisation` that are not about means and variances.
#pragma once

#include "oracles/misconceptions/mistaken.hpp"

namespace assay::oracles::mistakes {

/// Unit vectors and local response normalisation.
std::vector<Misconception> lengths();
/// Dropout, penalties and thresholds.
std::vector<Misconception> regularisers();

}  // namespace assay::oracles::mistakes
