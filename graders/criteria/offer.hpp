/// Which operation of the catalogue a function of an assignment computes, as its oracle says.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graders/prepared.hpp"
#include "oracles/attributes.hpp"

namespace assay::oracles {
struct Operation;
}

namespace assay::graders {

/// One operation on the function's own inputs, or its gradient for an upstream gradient of its first output.
struct Offer {
  const PreparedFunction* function = nullptr;
  const oracles::Operation* operation = nullptr;
  oracles::Attributes attributes;
  bool gradient = false;
  std::vector<std::string> inputs;   ///< of the function, for each of the operation's; empty where left out
  std::string upstream;              ///< of the function; empty where it is 1
  std::vector<std::string> answers;  ///< result for each output (or real input); empty where it gives none
};

/// Of functions that compute in double.
std::vector<Offer> offers_of(const Prepared& prepared);

/// The offer for this call; null if none.
const Offer* find_offer(const std::vector<Offer>& offers, std::string_view operation,
                        const oracles::Attributes& attributes, bool gradient);

}  // namespace assay::graders
