#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/add.hpp"
#include "oracles/ops/affine.hpp"

namespace assay::oracles {

std::vector<Operation> linear() {
  using enum Exactness;
  return {
      catalogued<ops::Add, balls_and_rationals>(),
      catalogued<ops::Affine, balls_and_rationals>(),
  };
}

}  // namespace assay::oracles
