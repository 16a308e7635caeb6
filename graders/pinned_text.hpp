/// A case as its author would pin it.
#pragma once

#include <string>

#include "properties/case.hpp"

namespace assay::graders {

/// "{ X = [[1, -0.5]], y = [0] }": an inline table of TOML, as in `pinned`. Each number reads back as itself.
std::string pinned_text(const properties::Case& one);

}  // namespace assay::graders
