/// Reads what a person wrote. Blank, unreadable and doubly marked are kept apart from wrong.
#pragma once

#include <gmpxx.h>

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fixtures/exam.hpp"

namespace assay::graders::exams {

struct Blank {};
/// Not understood: costs nothing, a person reads it again.
struct Unreadable {
  std::size_t offset = 0;  ///< in bytes
  std::string message;     ///< `found ")", expected a number`
};
/// Two marks where one is meant; the same.
struct Ambiguous {
  std::string message;
};
struct TruthAnswer {
  bool holds = false;
  int certainty = 0;  ///< 1 to 3 where the scheme asks for it: "T 3"
};
/// An exact number, or one with half a unit of its last printed digit to each side.
struct NumberAnswer {
  mpq_class value;
  mpq_class half_unit = 0;  ///< 0 for whole numbers, fractions and products
  std::string expression;   ///< "8*3*3*3 + 8", in one spelling; empty for a plain number
  std::string unit;
  /// Of a chain "32*256 = 8200" that is no equality: the values of the other sides. `value` is the last one.
  std::vector<mpq_class> others = {};
};
struct ShapeAnswer {
  std::vector<mpz_class> extents;
  std::string layout = {};  ///< "CHW" or "HWC" where the student says so
};
struct NamesAnswer {
  std::vector<std::string> names;  ///< sorted, each once, in the spelling of plain_name
};
struct WordAnswer {
  std::string word;  ///< one of the choices, as the pack spells it
};
/// A formula, statement, network or free text: judged elsewhere.
struct TextAnswer {
  std::string text;
};

using Answer = std::variant<Blank, Unreadable, Ambiguous, TruthAnswer, NumberAnswer, ShapeAnswer, NamesAnswer,
                            WordAnswer, TextAnswer>;

/// `text` as an answer to `item`. Never throws for anything a person may write.
Answer read_answer(const fixtures::Item& item, std::string_view text);

/// The options that "A, D", "a d", "AD", "i,iii" or "none" marks, by the last part of their ids; Blank,
/// Unreadable and Ambiguous otherwise. With options in cells of their own, see read_answer.
struct OptionsAnswer {
  std::map<std::string, bool> marked;  ///< item id -> marked
};
std::variant<Blank, Unreadable, Ambiguous, OptionsAnswer> read_options(
    const std::vector<const fixtures::Item*>& options, std::string_view text);

/// A name without the underscores that people put or leave out: "k1" for "k_1" and "k1".
std::string plain_name(std::string_view name);

}  // namespace assay::graders::exams
