#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/max.hpp"
#include "oracles/ops/mean.hpp"
#include "oracles/ops/norm.hpp"
#include "oracles/ops/prod.hpp"
#include "oracles/ops/sum.hpp"
#include "oracles/ops/var.hpp"

namespace assay::oracles {

std::vector<Operation> reductions() {
  using enum Exactness;
  return {
      catalogued<ops::Max, balls_and_rationals>(),
      catalogued<ops::Mean, balls_and_rationals>(),
      catalogued<ops::Norm>(),
      catalogued<ops::Prod, balls_and_rationals>(),
      catalogued<ops::Sum, balls_and_rationals>(),
      catalogued<ops::Var, balls_and_rationals>(),
  };
}

}  // namespace assay::oracles
