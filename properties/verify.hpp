/// Puts claims to the test.
#pragma once

#include <cstdint>
#include <optional>

#include "properties/claim.hpp"
#include "properties/search.hpp"
#include "properties/verdict.hpp"

namespace assay::properties {

struct Effort {
  std::uint64_t seed = 1;
  std::optional<std::size_t> cases = {};  ///< instead of the claim's own number
  bool quick = false;                     ///< a tenth of the cases, fewer seeds of experiments
  bool floats = true;                     ///< ask float64 and float32 too
  Numbers subject = Numbers::exact;       ///< of whom claims about all or some instances are asked
  double seconds = 0;  ///< each search ends after these, and verdicts depend on the machine; 0: no limit
  bool prove = false;  ///< cover the domain by balls where no proof is stated
};

/// The same (question, effort) gives the same verdict on every machine. A refutation is re-checked by the
/// other derivation and on other numbers before it counts; one that does not stand is undecided.
Verdict verify(const Question& question, const Effort& effort);

/// The verdict on `question` where `planted` takes the place of its operation: a test that can see the
/// mistake refutes. Universal questions on the reals only; throws std::invalid_argument otherwise.
Verdict verify_with_mistake(const Question& question, const oracles::Misconception& planted,
                            const Effort& effort);

enum class Agreement { agrees, conditionally, contradicts, open, no_key };

/// Whether the verdict agrees with a published answer ("true" or "false").
Agreement agreement(const Verdict& verdict, std::string_view published);

}  // namespace assay::properties
