/// Losses of GANs that take the logarithm of a finished sigmoid, and a smooth hinge without a shift.
#pragma once

#include "oracles/operation.hpp"

namespace assay::oracles {

/// As the forms of unstable.hpp: in IEEE double, the arguments must fit.
Tensors<double> naive_discriminator(const Arguments<double>& arguments, const Attributes& attributes);
Tensors<double> naive_generator(const Arguments<double>& arguments, const Attributes& attributes);
Tensors<double> naive_smooth_hinge(const Arguments<double>& arguments, const Attributes& attributes);

}  // namespace assay::oracles
