/// The catalogue of claims.
///
/// To add one: a block in the file of its topic in properties/claims/.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "properties/claim.hpp"

namespace assay::properties {

/// All claims, sorted by id (numbers by value). They live as long as the program.
std::span<const Claim> claims();

/// The claim of that id, or null.
const Claim* find_claim(std::string_view id);

/// Claims whose id matches a shell pattern: "cs231n-2019.tf.*".
std::vector<const Claim*> claims_like(std::string_view pattern);

namespace topics {
std::vector<Claim> activations();
std::vector<Claim> symmetry();
std::vector<Claim> softmax();
}  // namespace topics

}  // namespace assay::properties
