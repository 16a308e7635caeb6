#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/log_softmax.hpp"
#include "oracles/ops/logsumexp.hpp"
#include "oracles/ops/softmax.hpp"

namespace assay::oracles {

std::vector<Operation> normalised_exponentials() {
  return {
      catalogued<ops::LogSoftmax>(),
      catalogued<ops::LogSumExp>(),
      catalogued<ops::Softmax>(),
  };
}

}  // namespace assay::oracles
