/// Whether two formulas are the same, by exact values at points: never by looks. It always ends.
///
///   const Equivalence key(setting, {"diff(loss, w1)", place}, mistakes, 1);
///   key.compare("(yhat - y) v1").outcome                      // equal
///   key.compare(R"(\frac{dL}{dw_1} = (\hat{y} - y))").point   // {{"v1", "2"}, ...}
///
/// Points are drawn from the setting: dyadic fractions, small whole numbers, the ends of the bounds, and the
/// kinks and ties of both formulas. Where an answer leaves the fractions both are compared on balls:
/// different if these are disjoint, equal if they overlap at every point while tiny.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fixtures/exam.hpp"
#include "properties/formula/formula.hpp"

namespace assay::properties {

/// Raised where a formula of the pack cannot be read, or names what comes later.
struct WrittenFormulaError : std::invalid_argument {
  WrittenFormulaError(const std::string& message, std::string formula, fixtures::Place where,
                      std::size_t within)
      : std::invalid_argument(message), text(std::move(formula)), place(where), offset(within) {}
  std::string text;       ///< the formula
  fixtures::Place place;  ///< of its opening quote
  std::size_t offset;     ///< in it, in bytes
};

/// What a comparison found.
struct Comparison {
  enum class Outcome {
    equal,          ///< at every point; exactly, unless `digits` says to how many
    different,      ///< at a point that is shown
    cannot_tell,    ///< too few points decide: poles, too much work
    not_comparable  ///< another shape, a statement where a number is needed; `message` says so
  };
  Outcome outcome = Outcome::cannot_tell;
  std::size_t points = 0;   ///< compared
  std::size_t redrawn = 0;  ///< near-singular or outside of the domain, of the key's points and the answer's
  int digits = 0;           ///< decimal digits in which balls agree; 0: compared in fractions
  /// Where they differ: the smallest point found, and both values. Of its names those of the answer, and what
  /// the key depends on where it is not 0.
  std::vector<std::pair<std::string, std::string>> point;
  std::string expected, got;
  std::string message;
  /// A relation that holds at all points: "-1 times the key", "the key without 1[z1 > z2]", "differs only
  /// where z1 = z2". Empty if none was found; several equally good ones are joined by " or ".
  std::string relation;
  std::string mistake;  ///< id of the pack's mistake that equals the answer
};

/// One key with its points, made once for a class. Safe to share between threads.
class Equivalence {
 public:
  /// Throws WrittenFormulaError.
  Equivalence(const fixtures::Setting& setting, const fixtures::WrittenFormula& key,
              const std::vector<fixtures::KnownMistake>& mistakes, std::uint64_t seed);
  ~Equivalence();
  Equivalence(const Equivalence&) = delete;
  Equivalence& operator=(const Equivalence&) = delete;

  /// The answer as text, in any spelling of the formula language, with or without a left side ("dL/dw =
  /// ..."). Throws formula::FormulaError, and nothing else.
  Comparison compare(std::string_view answer) const;
  /// The key in one spelling.
  std::string key_text() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace assay::properties
