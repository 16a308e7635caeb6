#include "properties/formula/evaluate.hpp"

namespace assay::properties::formula {

template Value<double> evaluate<double>(const Formula&, const Environment<double>&);
template Value<double> evaluate<double>(const Formula&, const Environment<double>&, std::uint64_t&);
template double number<double>(const Formula&, const Environment<double>&);
template Truth holds<double>(const Formula&, const Environment<double>&);

}  // namespace assay::properties::formula
