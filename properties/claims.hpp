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
std::vector<Claim> adversarial();
std::vector<Claim> approximation();
std::vector<Claim> backpropagation();
std::vector<Claim> conditioning();
std::vector<Claim> costs();
std::vector<Claim> dead_units();
std::vector<Claim> descent();
std::vector<Claim> direction();
std::vector<Claim> dropout();
std::vector<Claim> embeddings();
std::vector<Claim> expressiveness();
std::vector<Claim> filters();
std::vector<Claim> gradients();
std::vector<Claim> initialisation();
std::vector<Claim> linear_classifiers();
std::vector<Claim> momentum();
std::vector<Claim> neighbours();
std::vector<Claim> nonlinearities();
std::vector<Claim> optimizers();
std::vector<Claim> pooling();
std::vector<Claim> practice();
std::vector<Claim> regularisation();
std::vector<Claim> scaling();
std::vector<Claim> shapes();
std::vector<Claim> softmax();
std::vector<Claim> symmetry();
std::vector<Claim> training();
}  // namespace topics

}  // namespace assay::properties
