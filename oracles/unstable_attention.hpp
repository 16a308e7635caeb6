/// Attention whose softmax takes exponentials of the scores themselves.
#pragma once

#include "oracles/operation.hpp"

namespace assay::oracles {

/// As the forms of unstable.hpp: in IEEE double, the arguments must fit.
Tensors<double> naive_attention(const Arguments<double>& arguments, const Attributes& attributes);
Tensors<double> naive_patch_attention(const Arguments<double>& arguments, const Attributes& attributes);

}  // namespace assay::oracles
