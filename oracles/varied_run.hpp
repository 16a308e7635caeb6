/// Runs a program on balls, right or varied. Internal to oracles/: heavy headers.
#pragma once

#include <string>
#include <vector>

#include "oracles/mistake.hpp"
#include "oracles/numeric/numbers.hpp"
#include "oracles/program.hpp"
#include "oracles/value.hpp"

namespace assay::oracles {

/// The named results of one run; `variation` may be null.
std::vector<Tensor<Ball>> run_varied(const Program& program, const Variation* variation,
                                     const std::vector<std::string>& results, const Bindings& inputs);

}  // namespace assay::oracles
