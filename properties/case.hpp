/// One case: the inputs of one call.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "oracles/value.hpp"

namespace assay::properties {

struct Case {
  oracles::Bindings inputs;
  std::map<std::string, std::size_t> extents;  ///< of the named dimensions
  std::string pinned;                          ///< the author's note, if the author chose this case
};

}  // namespace assay::properties
