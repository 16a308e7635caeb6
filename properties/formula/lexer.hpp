/// From bytes to tokens: plain, LaTeX and Unicode spellings of one thing become the same token.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "properties/formula/symbols.hpp"

namespace assay::properties::formula {

struct Token {
  enum class Role {
    end,
    number,   ///< "42", "0.1e-3", "0x1.8p+1"
    name,     ///< "x", "w'", "x_1", "softmax_cross_entropy", "sum": a variable or a word
    symbol,   ///< "+", "<=", "(", "||" ...; see Lexer
    command,  ///< LaTeX that has an argument of its own: "frac", "begin" ...
    string,   ///< "sum" in quotation marks, without them
    raised,   ///< a run of ² ³ ⁿ, as "23n"
    lowered,  ///< a run of ₁ ᵢ, as "1i"
  } role = Role::end;
  std::string text = {};
  std::size_t offset = 0;  ///< where it begins, and where it ends
  std::size_t end = 0;
  bool braced = false;  ///< a name whose subscript stood in braces: x_{12}

  bool is(std::string_view symbol) const { return role == Role::symbol && text == symbol; }
  bool is_name(std::string_view word) const { return role == Role::name && text == word; }
  /// and, or, not, implies: never names.
  bool is_connective() const {
    return is_name("and") || is_name("or") || is_name("not") || is_name("implies");
  }
};

/// Reads one token at a time, and can go back to any place. Symbols are
///
///   + - * .* / ^ < <= > >= = != ( ) [ ] { } \{ \} , ; & \\ .. | || _ $-less, and the words
///   floor( )floor ceil( )ceil partial top indicator prime element gradient
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  /// The token after the place, which moves behind it. Throws FormulaError for what begins no token.
  Token next();
  void go_to(std::size_t offset) { place_ = offset; }
  std::string_view text() const { return text_; }

 private:
  bool at(std::string_view what) const { return text_.substr(place_).starts_with(what); }
  char ahead(std::size_t distance = 0) const {
    return place_ + distance < text_.size() ? text_[place_ + distance] : '\0';
  }

  void skip_space();
  /// Places of no consequence: spaces, "$", "\,", "\left".
  bool skip_one();
  Token number();
  /// A name that begins with `first`, which has been read: subscripts and primes belong to it.
  Token name(std::size_t offset, std::string first);
  const Character* combining();
  Token command(std::size_t offset);
  Token character(std::size_t offset);
  /// \hat{y} and \mathbf{w}: the word in braces, or one letter.
  Token decorated(std::size_t offset, std::string_view style, std::string_view ending);
  Token symbol();
  Token quoted(char mark);
  Token made(Token::Role role, std::string text, std::size_t offset) const;
  std::string letters();

  std::string_view text_;
  std::size_t place_ = 0;
};

/// The character at `offset` and its length in bytes; length 0 where the bytes are no UTF-8.
struct Decoded {
  char32_t point = 0;
  std::size_t length = 0;
};
Decoded decode(std::string_view text, std::size_t offset);

}  // namespace assay::properties::formula
