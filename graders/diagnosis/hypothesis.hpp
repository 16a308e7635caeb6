/// Mistakes as hypotheses: each says, for every case, what the program would have returned.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "graders/diagnosis/diagnosis.hpp"
#include "graders/diagnosis/sample.hpp"
#include "oracles/mistake.hpp"

namespace assay::graders::diagnosis {

/// How good an explanation is; those of one kind are equally good.
enum class Kind {
  plain,      ///< what comes back has nothing to do with a calculation: zeros, an echo
  known,      ///< one mistake of the catalogue
  relation,   ///< a relation between the answer and the right one, found without the catalogue
  combined,   ///< two mistakes at once
  elsewhere,  ///< only where the answer is wrong is explained, not what it is
};

struct Hypothesis : Explanation {
  Kind kind = Kind::known;
  /// What would be computed for a case; nothing where the hypothesis does not apply to it.
  std::function<std::optional<oracles::Variation>(const Sample&)> variation;
  bool in_float = false;                ///< computed in float, where the result travels as a double
  std::size_t least_telling = 1;        ///< cases that must speak for it
  std::vector<std::size_t> known = {};  ///< places of its mistakes in the table of known ones
};

/// Every mistake of the catalogue at every place of the function's program.
std::vector<Hypothesis> known_mistakes(const PreparedFunction& function);

/// Relations of one result (a place in the function's list): factors, offsets, other orders.
std::vector<Hypothesis> relations(const PreparedFunction& function, std::size_t result,
                                  const std::vector<Sample>& samples);

/// Float arithmetic inside double.
Hypothesis float_arithmetic();

/// Both at once; nothing where they are changes of the same step.
std::optional<Hypothesis> combined(const Hypothesis& first, const Hypothesis& second);

}  // namespace assay::graders::diagnosis
