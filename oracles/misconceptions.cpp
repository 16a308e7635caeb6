#include "oracles/misconceptions.hpp"

#include <algorithm>
#include <vector>

#include "oracles/misconceptions/families.hpp"

namespace assay::oracles {

namespace {

std::vector<Misconception> all_misconceptions() {
  using namespace mistakes;
  std::vector<Misconception> all;
  for (auto* const family : {activations, attention, linear, losses, metrics, normalisation,
                             normalised_exponentials, optimizers, pooling, reductions})
    std::ranges::copy(family(), std::back_inserter(all));
  std::ranges::sort(all, {}, &Misconception::id);
  return all;
}

}  // namespace

std::span<const Misconception> misconceptions() {
  static const std::vector<Misconception> all = all_misconceptions();
  return all;
}

}  // namespace assay::oracles
