#include "properties/formula/lexer.hpp"

#include <algorithm>
#include <array>

#include "properties/formula/formula.hpp"
#include "properties/formula/symbols.hpp"

namespace assay::properties::formula {

namespace {

// The locale must not decide what a letter is.
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_alphanumeric(char c) {
  return is_digit(c) || is_letter(c);
}
bool is_hexadecimal(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Longest first.
constexpr std::array<std::string_view, 31> ascii_symbols{
    "||", "<=", ">=", "==", "!=", "&&", "**", ".*", "..", "+", "-", "*", "/", "^", "<", ">",
    "=",  "(",  ")",  "[",  "]",  "{",  "}",  ",",  ";",  "&", "|", "_", ":", "'", "@"};

/// The space after these commands is theirs: "\," is a thin space.
constexpr std::string_view spacing_commands = ",;:! ";

}  // namespace

Decoded decode(std::string_view text, std::size_t offset) {
  const auto byte = [&](std::size_t i) {
    return offset + i < text.size() ? static_cast<unsigned char>(text[offset + i]) : 0u;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, offset < text.size() ? 1u : 0u};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  char32_t point = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0u) != 0x80u) return {};
    point = (point << 6) | (byte(i) & 0x3Fu);
  }
  // Overlong forms, surrogates and what lies beyond Unicode are no characters.
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (first < 0xC2 || point < least[length] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000))
    return {};
  return {point, length};
}

Token Lexer::made(Token::Role role, std::string text, std::size_t offset) const {
  return {role, std::move(text), offset, place_};
}

std::string Lexer::letters() {
  const std::size_t begin = place_;
  while (is_letter(ahead())) ++place_;
  return std::string(text_.substr(begin, place_ - begin));
}

bool Lexer::skip_one() {
  const char c = ahead();
  if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '$' || c == '~') {
    ++place_;
    return place_ <= text_.size();
  }
  if (c == '\\') {
    if (place_ + 1 < text_.size() && spacing_commands.find(ahead(1)) != spacing_commands.npos) {
      place_ += 2;
      return true;
    }
    const std::size_t begin = place_++;
    const Command* found = find_command(letters());
    if (found && found->role == Command::Role::skip) return true;
    place_ = begin;
    return false;
  }
  if (static_cast<unsigned char>(c) < 0x80) return false;
  const Decoded decoded = decode(text_, place_);
  const Character* found = decoded.length ? find_character(decoded.point) : nullptr;
  if (!found || found->role != Character::Role::space) return false;
  place_ += decoded.length;
  return true;
}

void Lexer::skip_space() {
  while (place_ < text_.size() && skip_one()) {
  }
}

Token Lexer::next() {
  skip_space();
  const std::size_t offset = place_;
  if (place_ >= text_.size()) return made(Token::Role::end, "", text_.size());
  const char c = ahead();
  if (is_digit(c) || (c == '.' && is_digit(ahead(1)))) return number();
  if (is_letter(c)) {
    std::string first = letters();
    while (is_alphanumeric(ahead())) first += text_[place_++];
    return name(offset, std::move(first));
  }
  if (c == '\\') return command(offset);
  if (static_cast<unsigned char>(c) >= 0x80) return character(offset);
  if (c == '"') return quoted(c);
  return symbol();
}

/// A letter after the digits ends the number, unless it begins an exponent: "2e" is 2 times e. "1..n" is a
/// range.
Token Lexer::number() {
  const std::size_t offset = place_;
  const bool hexadecimal = ahead() == '0' && (ahead(1) == 'x' || ahead(1) == 'X') &&
                           (is_hexadecimal(ahead(2)) || (ahead(2) == '.' && is_hexadecimal(ahead(3))));
  const auto is_part = [&](char c) { return hexadecimal ? is_hexadecimal(c) : is_digit(c); };
  if (hexadecimal) place_ += 2;
  while (is_part(ahead())) ++place_;
  if (ahead() == '.' && ahead(1) != '.' && ahead(1) != '*') {
    ++place_;
    while (is_part(ahead())) ++place_;
  }
  const char mark = static_cast<char>(ahead() | 0x20);  // to lower case
  if (mark == (hexadecimal ? 'p' : 'e')) {
    const std::size_t sign = ahead(1) == '+' || ahead(1) == '-';
    if (is_digit(ahead(1 + sign))) {
      place_ += 1 + sign;
      while (is_digit(ahead())) ++place_;
    }
  }
  return made(Token::Role::number, std::string(text_.substr(offset, place_ - offset)), offset);
}

Token Lexer::name(std::size_t offset, std::string text) {
  bool braced = false;
  for (;;) {
    if (ahead() == '\'') {
      ++place_;
      text += '\'';
    } else if (at("′")) {
      place_ += std::string_view("′").size();
      text += '\'';
    } else if (const Character* accent = combining()) {
      text += accent->text;
    } else if ((ahead() == '_' && is_alphanumeric(ahead(1))) || (at("\\_") && is_alphanumeric(ahead(2)))) {
      place_ += ahead() == '\\';
      text += text_[place_++];
      while (is_alphanumeric(ahead())) text += text_[place_++];
    } else if (ahead() == '_' && ahead(1) == '{') {
      std::size_t end = place_ + 2;
      while (end < text_.size() && is_alphanumeric(text_[end])) ++end;
      if (end == place_ + 2 || end >= text_.size() || text_[end] != '}')
        break;  // an expression: the parser's
      text += '_';
      text += text_.substr(place_ + 2, end - place_ - 2);
      place_ = end + 1;
      braced = true;
    } else {
      break;
    }
  }
  Token token = made(Token::Role::name, std::move(text), offset);
  token.braced = braced;
  return token;
}

/// A hat or a bar above the letter just read; skipped. Null where there is none.
const Character* Lexer::combining() {
  if (static_cast<unsigned char>(ahead()) < 0x80) return nullptr;
  const Decoded decoded = decode(text_, place_);
  const Character* found = decoded.length ? find_character(decoded.point) : nullptr;
  if (!found || found->role != Character::Role::accent) return nullptr;
  place_ += decoded.length;
  return found;
}

Token Lexer::command(std::size_t offset) {
  ++place_;
  const char c = ahead();
  if (place_ < text_.size() && !is_letter(c)) {
    ++place_;
    if (c == '\\') return made(Token::Role::symbol, "\\\\", offset);
    if (c == '{') return made(Token::Role::symbol, "\\{", offset);
    if (c == '}') return made(Token::Role::symbol, "\\}", offset);
    if (c == '|') return made(Token::Role::symbol, "||", offset);
    if (c == '&') return made(Token::Role::name, "and", offset);
    place_ = offset + 1;
  }
  const std::string word = letters();
  if (const std::string_view letter = greek_letter(word); !letter.empty())
    return name(offset, std::string(letter));
  const Command* found = find_command(word);
  if (!found) {
    place_ = offset;
    throw FormulaError(offset, "\"\\" + word + "\"", "a LaTeX command that formulas know");
  }
  using Role = Command::Role;
  if (found->role == Role::word) return made(Token::Role::name, std::string(found->text), offset);
  if (found->role == Role::symbol) return made(Token::Role::symbol, std::string(found->text), offset);
  if (found->role == Role::own) return made(Token::Role::command, word, offset);
  return decorated(offset, found->name, found->text);
}

Token Lexer::decorated(std::size_t offset, std::string_view style, std::string_view ending) {
  skip_space();
  const bool braces = ahead() == '{';
  if (braces) ++place_;
  skip_space();
  const std::size_t begin = place_;
  std::string word;
  if (ahead() == '\\') {
    ++place_;
    word = greek_letter(letters());
  } else if (braces) {
    // A subscript is part of the word, as in a name; "\\_" is how LaTeX writes the line.
    for (;;) {
      const std::size_t line = at("\\_") ? 2 : at("_") ? 1 : 0;
      if (!is_alphanumeric(ahead(line)) || (line > 0 && word.empty())) break;
      place_ += line;
      if (line > 0) word += '_';
      word += text_[place_++];
    }
  } else if (is_alphanumeric(ahead())) {
    word = text_[place_++];
  }
  skip_space();
  if (word.empty() || (braces && ahead() != '}'))
    throw FormulaError(begin, begin < text_.size() ? "other text" : "the end",
                       "one word or letter after \\" + std::string(style));
  if (braces) ++place_;
  // The many ways to write an indicator function.
  if (style.starts_with("math") && (word == "1" || (word == "I" && style != "mathbf" && style != "mathrm")))
    return made(Token::Role::symbol, "indicator", offset);
  if (is_digit(word[0])) return made(Token::Role::number, word, offset);
  return name(offset, word + std::string(ending));
}

Token Lexer::character(std::size_t offset) {
  const Decoded decoded = decode(text_, place_);
  const Character* found = decoded.length ? find_character(decoded.point) : nullptr;
  if (!found || found->role == Character::Role::accent)
    throw FormulaError(offset,
                       decoded.length ? "\"" + std::string(text_.substr(offset, decoded.length)) + "\""
                                      : "a byte that is no text",
                       "a character that formulas know");
  place_ += decoded.length;
  const std::string text(found->text);
  using Role = Character::Role;
  if (found->role == Role::word) return made(Token::Role::name, text, offset);
  if (found->role == Role::letter) return name(offset, text);
  if (found->role == Role::prime) return made(Token::Role::symbol, "prime", offset);
  if (found->role == Role::symbol) return made(Token::Role::symbol, text, offset);
  std::string run = text;
  for (;;) {
    const Decoded more = decode(text_, place_);
    const Character* next = more.length ? find_character(more.point) : nullptr;
    if (!next || next->role != found->role) break;
    run += next->text;
    place_ += more.length;
  }
  return made(found->role == Role::raised ? Token::Role::raised : Token::Role::lowered, run, offset);
}

Token Lexer::symbol() {
  const std::size_t offset = place_;
  if (at(".T") && !is_alphanumeric(ahead(2)) && ahead(2) != '_') {
    place_ += 2;
    return made(Token::Role::symbol, ".T", offset);
  }
  const auto found = std::ranges::find_if(ascii_symbols, [&](std::string_view symbol) { return at(symbol); });
  if (found == ascii_symbols.end()) {
    const char c = ahead();
    throw FormulaError(offset,
                       c < ' ' || c == '\x7f' ? "a control character" : "\"" + std::string(1, c) + "\"",
                       "a character that formulas know");
  }
  place_ += found->size();
  if (*found == "&&") return made(Token::Role::name, "and", offset);
  const std::string_view meant = *found == "==" ? "=" : *found == "**" ? "^" : *found == "@" ? "*" : *found;
  return made(Token::Role::symbol, std::string(meant), offset);
}

Token Lexer::quoted(char mark) {
  const std::size_t offset = place_;
  const std::size_t end = text_.find(mark, offset + 1);
  if (end == text_.npos) throw FormulaError(text_.size(), "the end", "a closing quotation mark");
  place_ = end + 1;
  return made(Token::Role::string, std::string(text_.substr(offset + 1, end - offset - 1)), offset);
}

}  // namespace assay::properties::formula
