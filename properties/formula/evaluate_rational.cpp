#include "properties/formula/evaluate.hpp"

namespace assay::properties::formula {

template Value<Rational> evaluate<Rational>(const Formula&, const Environment<Rational>&);
template Value<Rational> evaluate<Rational>(const Formula&, const Environment<Rational>&, std::uint64_t&);
template Rational number<Rational>(const Formula&, const Environment<Rational>&);
template Truth holds<Rational>(const Formula&, const Environment<Rational>&);

}  // namespace assay::properties::formula
