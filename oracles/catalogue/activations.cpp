#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/celu.hpp"
#include "oracles/ops/elu.hpp"
#include "oracles/ops/gelu.hpp"
#include "oracles/ops/hardsigmoid.hpp"
#include "oracles/ops/hardswish.hpp"
#include "oracles/ops/hardtanh.hpp"
#include "oracles/ops/heaviside.hpp"
#include "oracles/ops/leaky_relu.hpp"
#include "oracles/ops/log_sigmoid.hpp"
#include "oracles/ops/mish.hpp"
#include "oracles/ops/prelu.hpp"
#include "oracles/ops/relu.hpp"
#include "oracles/ops/relu6.hpp"
#include "oracles/ops/selu.hpp"
#include "oracles/ops/sigmoid.hpp"
#include "oracles/ops/silu.hpp"
#include "oracles/ops/softplus.hpp"
#include "oracles/ops/softshrink.hpp"
#include "oracles/ops/softsign.hpp"
#include "oracles/ops/tanh.hpp"
#include "oracles/ops/tanhshrink.hpp"

namespace assay::oracles {

std::vector<Operation> activations() {
  using enum Exactness;
  return {
      catalogued<ops::Celu>(),
      catalogued<ops::Elu>(),
      catalogued<ops::Gelu>(),
      catalogued<ops::HardSigmoid, balls_and_rationals>(),
      catalogued<ops::HardSwish, balls_and_rationals>(),
      catalogued<ops::HardTanh, balls_and_rationals>(),
      catalogued<ops::Heaviside, balls_and_rationals>(),
      catalogued<ops::LeakyRelu, balls_and_rationals>(),
      catalogued<ops::LogSigmoid>(),
      catalogued<ops::Mish>(),
      catalogued<ops::PRelu, balls_and_rationals>(),
      catalogued<ops::Relu, balls_and_rationals>(),
      catalogued<ops::Relu6, balls_and_rationals>(),
      catalogued<ops::Selu>(),
      catalogued<ops::Sigmoid>(),
      catalogued<ops::Silu>(),
      catalogued<ops::Softplus>(),
      catalogued<ops::Softshrink, balls_and_rationals>(),
      catalogued<ops::Softsign, balls_and_rationals>(),
      catalogued<ops::Tanh>(),
      catalogued<ops::Tanhshrink>(),
  };
}

}  // namespace assay::oracles
