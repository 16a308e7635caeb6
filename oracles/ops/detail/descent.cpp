#include "oracles/ops/detail/descent.hpp"

#include <string>

namespace assay::oracles::ops::detail {

std::size_t steps_of(const Attributes& attributes) {
  constexpr std::int64_t most = 1000000;
  const std::int64_t steps = integer_attribute(attributes, steps_attribute);
  if (steps < 0 || steps > most)
    refuse_attribute(attributes, steps_attribute, "an integer from 0 to " + std::to_string(most));
  return static_cast<std::size_t>(steps);
}

}  // namespace assay::oracles::ops::detail
