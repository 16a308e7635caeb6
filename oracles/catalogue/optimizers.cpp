#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"

namespace assay::oracles {

std::vector<Operation> optimizers() {
  return {};
}

}  // namespace assay::oracles
