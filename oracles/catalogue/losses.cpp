#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/softmax_cross_entropy.hpp"

namespace assay::oracles {

std::vector<Operation> losses() {
  return {
      catalogued<ops::SoftmaxCrossEntropy>(),
  };
}

}  // namespace assay::oracles
