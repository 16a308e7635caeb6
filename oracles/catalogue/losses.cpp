#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/l2_penalty.hpp"
#include "oracles/ops/softmax_cross_entropy.hpp"

namespace assay::oracles {

std::vector<Operation> losses() {
  using enum Exactness;
  return {
      catalogued<ops::L2Penalty, balls_and_rationals>(),
      catalogued<ops::SoftmaxCrossEntropy>(),
  };
}

}  // namespace assay::oracles
