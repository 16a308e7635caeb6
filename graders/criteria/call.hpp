/// One call of a submission's function on a case.
#pragma once

#include "graders/prepared.hpp"
#include "graders/session.hpp"

namespace assay::graders {

/// What an earlier call might have left in an output parameter: no zeros, nothing repeated at once.
oracles::Value leftovers(const oracles::Shape& shape, fixtures::NumberFormat format);

/// `expected` gives the shapes of what the function writes in place. A reply of kind `values` fits.
Reply call(Session& in, const PreparedFunction& function, const properties::Case& one,
           const oracles::Expected& expected);

/// Makes an input hold what came back, in the input's own format; labels stay as they are.
void put(oracles::Value& input, const oracles::Tensor<double>& got);

/// Why it gave no values: a missing function is named as the author declares it.
Ending ending_of(Session& session, const PreparedFunction& function, const Reply& reply);

/// "N = 100, D = 4": the extents of the case that the function's inputs have.
std::string sizes_of(const Prepared& prepared, const PreparedFunction& function, const properties::Case& one);

}  // namespace assay::graders
