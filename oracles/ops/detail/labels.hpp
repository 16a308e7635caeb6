/// Class labels as indices.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "oracles/tensor.hpp"

namespace assay::oracles::ops::detail {

/// The labels as array indices. Throws ShapeError where one is not in 0 .. classes-1:
/// `softmax_cross_entropy: input "labels" holds 3 at index 0; it needs 0 to 2`.
std::vector<std::size_t> checked_labels(std::string_view operation, std::string_view input,
                                        const IndexTensor& labels, std::size_t classes);

}  // namespace assay::oracles::ops::detail
