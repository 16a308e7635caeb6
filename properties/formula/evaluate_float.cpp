// The tape takes whole numbers as numbers: all of its own are small enough for a float.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#include "oracles/tape.hpp"
#pragma GCC diagnostic pop

#include "properties/formula/evaluate.hpp"

namespace assay::properties::formula {

template Value<float> evaluate<float>(const Formula&, const Environment<float>&);
template Value<float> evaluate<float>(const Formula&, const Environment<float>&, std::uint64_t&);
template float number<float>(const Formula&, const Environment<float>&);
template Truth holds<float>(const Formula&, const Environment<float>&);

}  // namespace assay::properties::formula
