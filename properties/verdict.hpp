/// What a test of a claim found, with the evidence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oracles/numeric/truth.hpp"
#include "properties/case.hpp"

namespace assay::properties {

/// The strength of what was found. Nothing is called proved that was only sampled.
enum class Standing {
  proved,         ///< on the stated domain
  witnessed,      ///< an existential claim, by an exact instance
  supported,      ///< no drawn instance fails
  estimated,      ///< a statistical claim: an effect with its interval
  conditional,    ///< refuted as stated, upheld under named assumptions
  refuted,        ///< an instance fails, re-checked by a second evaluation
  undecided,      ///< the test did not settle it
  not_checkable,  ///< no test can
};

/// "proved", "not-checkable" ...
std::string_view to_text(Standing standing);

/// One instance, its numbers exactly: "3/8", "0x1.3p-1022".
struct Exhibit {
  Case instance;
  std::vector<std::pair<std::string, std::string>> values;
};

/// An assumption under which a claim is upheld, by its id: "no_bias".
struct Condition {
  std::string id;
  std::string text;

  bool operator==(const Condition&) const = default;
};

/// How a number format fares with the same claim.
struct FloatFinding {
  std::string_view format;  ///< "float64", "float32"
  oracles::Truth holds = oracles::Truth::unknown;
  std::optional<Exhibit> failure;
  std::size_t cases = 0;
};

struct Verdict {
  Standing standing = Standing::undecided;
  oracles::Truth answer = oracles::Truth::unknown;  ///< to the claim as stated
  std::string summary;                              ///< one or two sentences
  std::string evidence;                             ///< in a few words, for a table
  std::string domain;
  std::optional<Exhibit> exhibit;     ///< the counterexample or the witness
  std::vector<Condition> conditions;  ///< under which it is upheld, each sufficient
  bool jointly = false;               ///< the conditions suffice together only
  std::vector<FloatFinding> floats;
  std::size_t cases = 0;      ///< instances evaluated
  std::size_t set_aside = 0;  ///< instances on which the highest precision did not decide
  std::size_t shrinks = 0;
  std::uint64_t seed = 0;
};

}  // namespace assay::properties
