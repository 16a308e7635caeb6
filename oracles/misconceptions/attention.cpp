#include "oracles/misconceptions/mistaken.hpp"

namespace assay::oracles::mistakes {

std::vector<Misconception> attention() {
  return {};
}

}  // namespace assay::oracles::mistakes
