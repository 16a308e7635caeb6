/// Instances as evidence: their numbers exactly, and in a few words.
#pragma once

#include <string>

#include "properties/claim.hpp"
#include "properties/verdict.hpp"

namespace assay::properties {

Exhibit exhibit_of(const Case& found);

/// The author's note, or "x = 3/8, g = 1" in the order of the variables, cut where it gets long.
std::string brief(const Exhibit& exhibit, const Space& space);

/// " CLAUSE", or nothing.
std::string sentence(const std::string& clause);

}  // namespace assay::properties
