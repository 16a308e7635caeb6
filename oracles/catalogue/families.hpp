/// The lists the catalogue is made of, one file each, so that a change to one operation recompiles one
/// family.
#pragma once

#include <vector>

#include "oracles/operation.hpp"

namespace assay::oracles {

std::vector<Operation> activations();
std::vector<Operation> attention();
std::vector<Operation> linear();
std::vector<Operation> losses();
std::vector<Operation> metrics();
std::vector<Operation> normalisation();
std::vector<Operation> normalised_exponentials();
std::vector<Operation> optimizers();
std::vector<Operation> pooling();
std::vector<Operation> reductions();

}  // namespace assay::oracles
