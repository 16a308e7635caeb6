#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/adaptive_avg_pool2d.hpp"
#include "oracles/ops/avg_pool1d.hpp"
#include "oracles/ops/avg_pool2d.hpp"
#include "oracles/ops/global_avg_pool2d.hpp"
#include "oracles/ops/max_pool1d.hpp"
#include "oracles/ops/max_pool2d.hpp"
#include "oracles/ops/upsample_bilinear2d.hpp"
#include "oracles/ops/upsample_nearest2d.hpp"
#include "oracles/ops/zero_pad2d.hpp"

namespace assay::oracles {

std::vector<Operation> pooling() {
  using enum Exactness;
  return {
      catalogued<ops::AdaptiveAvgPool2d, balls_and_rationals>(),
      catalogued<ops::AvgPool1d, balls_and_rationals>(),
      catalogued<ops::AvgPool2d, balls_and_rationals>(),
      catalogued<ops::GlobalAvgPool2d, balls_and_rationals>(),
      catalogued<ops::MaxPool1d, balls_and_rationals>(),
      catalogued<ops::MaxPool2d, balls_and_rationals>(),
      catalogued<ops::UpsampleBilinear2d, balls_and_rationals>(),
      catalogued<ops::UpsampleNearest2d, balls_and_rationals>(),
      catalogued<ops::ZeroPad2d, balls_and_rationals>(),
  };
}

}  // namespace assay::oracles
