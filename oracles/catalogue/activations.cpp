#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/leaky_relu.hpp"
#include "oracles/ops/relu.hpp"
#include "oracles/ops/sigmoid.hpp"
#include "oracles/ops/tanh.hpp"

namespace assay::oracles {

std::vector<Operation> activations() {
  using enum Exactness;
  return {
      catalogued<ops::LeakyRelu, balls_and_rationals>(),
      catalogued<ops::Relu, balls_and_rationals>(),
      catalogued<ops::Sigmoid>(),
      catalogued<ops::Tanh>(),
  };
}

}  // namespace assay::oracles
