#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/l2_penalty.hpp"

namespace assay::oracles {

std::vector<Operation> normalisation() {
  using enum Exactness;
  return {
      catalogued<ops::L2Penalty, balls_and_rationals>(),
  };
}

}  // namespace assay::oracles
