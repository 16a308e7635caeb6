/// Mistakes with sums over images and positions, and with biases.
#pragma once

#include <vector>

#include "oracles/misconceptions.hpp"

namespace assay::oracles::mistakes {

std::vector<Misconception> sums_and_biases();

}  // namespace assay::oracles::mistakes
