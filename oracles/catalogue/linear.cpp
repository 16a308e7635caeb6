#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/add.hpp"
#include "oracles/ops/affine.hpp"
#include "oracles/ops/conv1d.hpp"
#include "oracles/ops/conv2d.hpp"
#include "oracles/ops/conv3d.hpp"
#include "oracles/ops/conv_transpose2d.hpp"
#include "oracles/ops/embedding.hpp"
#include "oracles/ops/fold.hpp"
#include "oracles/ops/matmul.hpp"
#include "oracles/ops/unfold.hpp"

namespace assay::oracles {

std::vector<Operation> linear() {
  using enum Exactness;
  return {
      catalogued<ops::Add, balls_and_rationals>(),
      catalogued<ops::Affine, balls_and_rationals>(),
      catalogued<ops::Conv1d, balls_and_rationals>(),
      catalogued<ops::Conv2d, balls_and_rationals>(),
      catalogued<ops::Conv3d, balls_and_rationals>(),
      catalogued<ops::ConvTranspose2d, balls_and_rationals>(),
      catalogued<ops::Embedding, balls_and_rationals>(),
      catalogued<ops::Fold, balls_and_rationals>(),
      catalogued<ops::Matmul, balls_and_rationals>(),
      catalogued<ops::Unfold, balls_and_rationals>(),
  };
}

}  // namespace assay::oracles
