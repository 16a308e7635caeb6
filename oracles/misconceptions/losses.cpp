#include "oracles/misconceptions/losses.hpp"

#include <algorithm>
#include <iterator>

namespace assay::oracles::mistakes {

std::vector<Misconception> losses() {
  std::vector<Misconception> all;
  for (auto* const kind :
       {binary_losses, classification_losses, margin_losses, regression_losses, representation_losses})
    std::ranges::copy(kind(), std::back_inserter(all));
  return all;
}

}  // namespace assay::oracles::mistakes
