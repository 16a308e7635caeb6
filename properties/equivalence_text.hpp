/// What a person wrote around a formula, taken away; other spellings of names, replaced. Internal.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "properties/formula/formula.hpp"

namespace assay::properties::equivalence {

/// Text with the places its bytes come from; one more for its end.
struct Traced {
  std::string text;
  std::vector<std::size_t> origin;
};

/// Symbols of a setting, other spelling -> name. A symbol that the formula language can read is replaced
/// where the same tokens stand, however they are spelt ("\hat y" for "\hat{y}"); of a subscripted one the
/// part in front
/// ("\hat{y}_i"). Others are replaced where the same bytes stand, and no letter or digit beside them.
class Symbols {
 public:
  explicit Symbols(const std::map<std::string, std::string>& symbols);
  Traced replaced(const Traced& text) const;

 private:
  struct Spelling {
    std::string raw;                  ///< as bytes, if there are no tokens
    std::vector<std::string> tokens;  ///< else
    std::string name;
  };
  const Spelling* match(const std::vector<std::string>& tokens, std::size_t at) const;
  Traced by_bytes(const Traced& text) const;
  Traced by_tokens(const Traced& text) const;

  std::vector<Spelling> spellings_;  ///< longest first
};

/// Without $ ... $, \( \), \[ \], and a full stop or comma at the end: blanks in their place.
std::string undressed(std::string_view text);

/// Where the right side of "dL/dw = ..." begins, if what stands before the last sign of equality begins with
/// a plain name or a derivative; npos otherwise.
std::size_t right_side(std::string_view text);

/// What a person wrote as a formula. An equation is one where `statement` asks for it: otherwise its right
/// side counts, the last one of several. Throws FormulaError at the place in `text`.
formula::Formula read_answer(std::string_view text, bool statement, const Symbols& symbols,
                             const formula::Vocabulary& vocabulary);

}  // namespace assay::properties::equivalence
