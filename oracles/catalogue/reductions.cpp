#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"

namespace assay::oracles {

std::vector<Operation> reductions() {
  return {};
}

}  // namespace assay::oracles
