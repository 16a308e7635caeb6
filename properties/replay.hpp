/// What a question is made of; and instances that were written down, evaluated again.
#pragma once

#include "fixtures/written_instance.hpp"
#include "properties/claim.hpp"
#include "properties/search.hpp"

namespace assay::properties {

/// The instance as the engine evaluates it, each number the nearest double. Inputs and whole numbers that it
/// does not name are drawn.
Case to_case(const fixtures::WrittenInstance& written, const Space& space);

/// What an instance of the claim consists of. Null for a claim that has none: counted, derived, tried out.
const Space* space_of(const Question& question);

/// What the claim may be true under: every condition that a verdict can name.
std::vector<Condition> conditions_of(const Question& question);

/// What the claim's conclusion does at one instance.
struct Replay {
  bool in_domain = true;  ///< the premise holds, and the format has the numbers
  Truth first = Truth::unknown;
  Truth again = Truth::unknown;  ///< by the second evaluation; in floats there is one only
};

/// Precondition: `space_of(question)`. Throws std::invalid_argument where the claim says nothing of that
/// format.
Replay replay(const Question& question, const Case& instance, Numbers numbers);

}  // namespace assay::properties
