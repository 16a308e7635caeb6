#include "properties/formula/evaluate.hpp"

namespace assay::properties::formula {

template Value<Ball> evaluate<Ball>(const Formula&, const Environment<Ball>&);
template Value<Ball> evaluate<Ball>(const Formula&, const Environment<Ball>&, std::uint64_t&);
template Ball number<Ball>(const Formula&, const Environment<Ball>&);
template Truth holds<Ball>(const Formula&, const Environment<Ball>&);

}  // namespace assay::properties::formula
