#include "oracles/ops/detail/adam.hpp"

namespace assay::oracles::ops::detail {

void require_adam(const Attributes& attributes) {
  require_not_negative(attributes, {adam_lr_attribute, adam_eps_attribute});
  require_betas(attributes);
  step_of(attributes);
}

}  // namespace assay::oracles::ops::detail
