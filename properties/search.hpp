/// Looks for an instance on which a predicate has a wanted answer, and makes it small.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "properties/claim.hpp"

namespace assay::properties {

/// What evaluates instances: exact arithmetic, or a float format.
enum class Numbers { exact, float64, float32 };

/// Whether the claim means anything there.
bool speaks_of(const Predicate& predicate, Numbers numbers);

/// Whether each number has a counterpart in the format.
bool fits(const Case& instance, Numbers numbers);

/// The predicate at one instance. Exact: in fractions where it has them, else in balls of rising precision;
/// unknown where none decides. Floats: no where it does not hold, NaN included.
Truth evaluate(const Predicate& predicate, const Case& instance, Numbers numbers,
               const oracles::Misconception* planted = nullptr);

/// The second evaluation: gradients by the tape, on balls of a fixed high precision; where those cannot tell
/// (an equality), in fractions by the tape.
Truth evaluate_again(const Predicate& predicate, const Case& instance,
                     const oracles::Misconception* planted = nullptr);

struct Hunt {
  const Space& space;
  const Predicate& predicate;
  std::span<const Case> pinned = {};
  std::vector<const Assumption*> imposed = {};
  Numbers numbers = Numbers::exact;
  Truth wanted = Truth::no;
  std::size_t cases = 1000;
  std::uint64_t seed = 1;
  const oracles::Misconception* planted = nullptr;
  double seconds = 0;  ///< no draw begins later than this; 0: no limit
};

struct Catch {
  std::optional<Case> found;  ///< the smallest that was met
  std::size_t cases = 0;      ///< evaluated, shrinking aside
  std::size_t set_aside = 0;  ///< of these, undecided
  std::size_t given_up = 0;   ///< draws outside of the domain, or that an assumption refused
  std::size_t shrinks = 0;
};

Catch search(const Hunt& hunt);

/// The double of smallest magnitude, of the sign that `failing` has, at which `scalar` makes the predicate
/// fail in that format, all else as in `failing`: by bisection over the doubles between 0 and there. Exact
/// where failures, once begun, go on.
Case first_failure(const Predicate& predicate, const Case& failing, const std::string& scalar,
                   Numbers numbers);

}  // namespace assay::properties
