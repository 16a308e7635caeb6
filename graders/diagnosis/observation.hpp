/// One answered case, as it came back.
#pragma once

#include <cstddef>
#include <vector>

#include "oracles/tensor.hpp"

namespace assay::graders {

struct Observation {
  std::size_t case_number = 0;
  std::vector<oracles::Tensor<double>> results;  ///< in the order of the function's results
};

using Observations = std::vector<Observation>;

}  // namespace assay::graders
