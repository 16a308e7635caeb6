#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/adadelta.hpp"
#include "oracles/ops/adagrad.hpp"
#include "oracles/ops/adam.hpp"
#include "oracles/ops/adamax.hpp"
#include "oracles/ops/adamw.hpp"
#include "oracles/ops/amsgrad.hpp"
#include "oracles/ops/clip_grad_norm.hpp"
#include "oracles/ops/clip_grad_value.hpp"
#include "oracles/ops/gradient_descent_quadratic.hpp"
#include "oracles/ops/gradient_descent_quartic.hpp"
#include "oracles/ops/momentum.hpp"
#include "oracles/ops/nadam.hpp"
#include "oracles/ops/nesterov.hpp"
#include "oracles/ops/radam.hpp"
#include "oracles/ops/rmsprop.hpp"
#include "oracles/ops/sgd.hpp"

namespace assay::oracles {

std::vector<Operation> optimizers() {
  using enum Exactness;
  return {
      catalogued<ops::Adadelta>(),
      catalogued<ops::Adagrad>(),
      catalogued<ops::Adam>(),
      catalogued<ops::Adamax, balls_and_rationals>(),
      catalogued<ops::Adamw>(),
      catalogued<ops::Amsgrad>(),
      catalogued<ops::ClipGradNorm>(),
      catalogued<ops::ClipGradValue, balls_and_rationals>(),
      catalogued<ops::GradientDescentQuadratic, balls_and_rationals>(),
      catalogued<ops::GradientDescentQuartic, balls_and_rationals>(),
      catalogued<ops::Momentum, balls_and_rationals>(),
      catalogued<ops::Nadam>(),
      catalogued<ops::Nesterov, balls_and_rationals>(),
      catalogued<ops::Radam>(),
      catalogued<ops::Rmsprop>(),
      catalogued<ops::Sgd, balls_and_rationals>(),
  };
}

}  // namespace assay::oracles
