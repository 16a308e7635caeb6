#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/accuracy.hpp"
#include "oracles/ops/f1.hpp"
#include "oracles/ops/knn.hpp"
#include "oracles/ops/layer_table.hpp"
#include "oracles/ops/precision.hpp"
#include "oracles/ops/recall.hpp"

namespace assay::oracles {

std::vector<Operation> metrics() {
  using enum Exactness;
  return {
      catalogued<ops::Accuracy, balls_and_rationals>(),  catalogued<ops::F1, balls_and_rationals>(),
      catalogued<ops::Knn, balls_and_rationals>(),       catalogued<ops::LayerTable, balls_and_rationals>(),
      catalogued<ops::Precision, balls_and_rationals>(), catalogued<ops::Recall, balls_and_rationals>(),
  };
}

}  // namespace assay::oracles
