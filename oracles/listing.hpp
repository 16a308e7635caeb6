/// The catalogue as text, for the command line.
#pragma once

#include <string>
#include <vector>

namespace assay::oracles {

struct OperationListing {
  std::string name, inputs, outputs, attributes, formula, domain, source;
};

std::vector<OperationListing> operation_listing();

}  // namespace assay::oracles
