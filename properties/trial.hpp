/// Statistical claims: an experiment over many seeds.
#pragma once

#include "properties/verify.hpp"

namespace assay::properties {

/// Runs the paired experiment of that id until its interval decides. Throws std::invalid_argument for an
/// unknown one.
Verdict verdict_of_trial(const Question& question, const Trial& test, const Effort& effort);

}  // namespace assay::properties
