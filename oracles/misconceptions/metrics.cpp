#include "oracles/misconceptions/mistaken.hpp"

namespace assay::oracles::mistakes {

std::vector<Misconception> metrics() {
  return {};
}

}  // namespace assay::oracles::mistakes
