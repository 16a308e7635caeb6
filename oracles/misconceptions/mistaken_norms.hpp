/// The mistakes in batch, layer, instance, group and root mean square normalisation: statistics over the wrong
/// elements, or taken for constants.
#pragma once

#include <vector>

#include "oracles/misconceptions.hpp"

namespace assay::oracles::mistakes {

std::vector<Misconception> mistaken_norms();

}  // namespace assay::oracles::mistakes
