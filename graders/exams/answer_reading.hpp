/// What the readers of the single kinds of answers share. Internal.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graders/exams/answer.hpp"

namespace assay::graders::exams::reading {

/// A piece of a number or shape: a number in plain digits, a word, or a sign.
struct Token {
  enum class Kind { number, word, sign };
  Kind kind = Kind::sign;
  std::string text = {};    ///< numbers "61706", "7.1e2"; words as written; signs in one spelling: "*", "="
  std::size_t offset = 0;   ///< in the answer
  std::size_t length = 0;   ///< in the answer
  long decimals = 0;        ///< of numbers: digits after the point, less the exponent
  bool is_rounded = false;  ///< of numbers: printed with a point or an exponent
  std::string doubt = {};   ///< of numbers: why it can be read in two ways

  bool is(std::string_view sign) const { return kind == Kind::sign && text == sign; }
};
using Tokens = std::vector<Token>;

enum class Commas {
  thousands,  ///< "61,706" is one number
  separate,   ///< "(32, 32, 10)" is three
};
/// Dollar signs, blanks and LaTeX's spacing are left out.
Tokens tokens_of(std::string_view text, Commas commas);

/// The exact value of tokens that are arithmetic on numbers, or why there is none.
struct Evaluated {
  std::optional<mpq_class> value;
  mpq_class radius = 0;    ///< 0 unless the value is no fraction
  std::string expression;  ///< in one spelling
  Unreadable error;        ///< if there is no value
};
Evaluated evaluate(const Tokens& tokens, std::size_t end);

Answer read_truth(std::string_view text, bool option);
Answer read_number(const fixtures::Item& item, std::string_view text);
Answer read_shape(std::string_view text);
Answer read_names(std::string_view text);
Answer read_word(const std::vector<std::string>& choices, std::string_view text);

/// Empty, blanks, dashes, "?": nothing was answered.
bool is_blank(std::string_view text);
bool is_not_applicable(std::string_view text);  ///< "n/a"
std::string_view trimmed(std::string_view text);
/// ASCII letters only.
std::string lower(std::string_view text);
/// `found "kg", expected a number`.
Unreadable unreadable(std::string_view text, std::size_t offset, std::string_view expected);

}  // namespace assay::graders::exams::reading
