/// Compares what a person wrote with one value: no formulas, no papers. Internal to the judge.
#pragma once

#include <optional>
#include <string>

#include "graders/exams/answer.hpp"
#include "graders/exams/key.hpp"

namespace assay::graders::exams {

/// How exact a number must be.
struct Precision {
  std::optional<mpq_class> within;  ///< the largest difference that still counts
  /// Half a unit of the last digit of the paper's own key, where that is a rounded one; else 0.
  mpq_class published = 0;
};

struct ValueMatch {
  enum class Outcome {
    same,
    different,
    open,          ///< a person decides: `message` says what
    other_layout,  ///< right, but for channels first or last
    other_kind,    ///< no answer of that kind: must not happen
  };
  Outcome outcome = Outcome::other_kind;
  std::string message;  ///< to the student
};

ValueMatch match(const KeyValue& key, const Answer& answer, const Precision& precision);

/// "224 (8*3*3*3 + 8)", "8x32x32 CHW", "true".
std::string in_words(const Answer& answer);

}  // namespace assay::graders::exams
