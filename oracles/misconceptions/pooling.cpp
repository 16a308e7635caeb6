#include "oracles/misconceptions/mistaken.hpp"

namespace assay::oracles::mistakes {

std::vector<Misconception> pooling() {
  return {};
}

}  // namespace assay::oracles::mistakes
