/// Claims whose formulas are text.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

#include "fixtures/written_claims.hpp"
#include "properties/claim.hpp"

namespace assay::properties {

/// Raised where a formula cannot be read, or names what is not declared.
struct WrittenClaimError : std::invalid_argument {
  WrittenClaimError(const std::string& message, std::string formula, fixtures::Place where,
                    std::size_t within)
      : std::invalid_argument(message), text(std::move(formula)), place(where), offset(within) {}
  std::string text;       ///< the formula
  fixtures::Place place;  ///< of its opening quote
  std::size_t offset;     ///< in it, in bytes
};

/// The claim, its predicates made of formulas. Inputs of the hypothesis that are outside of it do not count.
/// Throws WrittenClaimError.
Claim to_claim(const fixtures::WrittenClaim& written);

}  // namespace assay::properties
