#include "oracles/misconceptions/mistaken.hpp"

namespace assay::oracles::mistakes {

std::vector<Misconception> reductions() {
  return {};
}

}  // namespace assay::oracles::mistakes
