/// The findings for people and for machines.
#pragma once

#include <string>

#include "bench/figures.hpp"

namespace assay::bench {

/// Tables of at most 80 columns.
std::string to_text(const Findings& findings);

/// One JSON document; times are in seconds, what was not measured is null.
std::string to_json(const Findings& findings);

}  // namespace assay::bench
