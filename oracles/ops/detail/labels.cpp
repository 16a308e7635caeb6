#include "oracles/ops/detail/labels.hpp"

#include <cstdint>
#include <string>

namespace assay::oracles::ops::detail {

std::vector<std::size_t> checked_labels(std::string_view operation, std::string_view input,
                                        const IndexTensor& labels, std::size_t classes) {
  std::vector<std::size_t> indices;
  for (std::size_t n = 0; n < labels.size(); ++n) {
    const std::int64_t label = labels[n];
    if (label < 0 || static_cast<std::size_t>(label) >= classes)
      throw ShapeError(std::string(operation) + ": input \"" + std::string(input) + "\" holds " +
                       std::to_string(label) + " at index " + std::to_string(n) + "; it needs 0 to " +
                       std::to_string(classes - 1));
    indices.push_back(static_cast<std::size_t>(label));
  }
  return indices;
}

}  // namespace assay::oracles::ops::detail
