#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/batch_norm.hpp"
#include "oracles/ops/diagonal_lasso.hpp"
#include "oracles/ops/dropout.hpp"
#include "oracles/ops/group_norm.hpp"
#include "oracles/ops/instance_norm.hpp"
#include "oracles/ops/l1_penalty.hpp"
#include "oracles/ops/l2_normalize.hpp"
#include "oracles/ops/l2_penalty.hpp"
#include "oracles/ops/layer_norm.hpp"
#include "oracles/ops/local_response_norm.hpp"
#include "oracles/ops/rms_norm.hpp"
#include "oracles/ops/soft_threshold.hpp"

namespace assay::oracles {

std::vector<Operation> normalisation() {
  using enum Exactness;
  return {
      catalogued<ops::BatchNorm>(),
      catalogued<ops::DiagonalLasso, balls_and_rationals>(),
      catalogued<ops::Dropout, balls_and_rationals>(),
      catalogued<ops::GroupNorm>(),
      catalogued<ops::InstanceNorm>(),
      catalogued<ops::L1Penalty, balls_and_rationals>(),
      catalogued<ops::L2Normalize>(),
      catalogued<ops::L2Penalty, balls_and_rationals>(),
      catalogued<ops::LayerNorm>(),
      catalogued<ops::LocalResponseNorm>(),
      catalogued<ops::RmsNorm>(),
      catalogued<ops::SoftThreshold, balls_and_rationals>(),
  };
}

}  // namespace assay::oracles
