#include "oracles/misconceptions/mistaken.hpp"

namespace assay::oracles::mistakes {

std::vector<Misconception> optimizers() {
  return {};
}

}  // namespace assay::oracles::mistakes
