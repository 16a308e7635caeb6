/// Numbers, words and signs of an answer.
#include <algorithm>
#include <array>
#include <utility>

#include "graders/exams/answer_reading.hpp"

namespace assay::graders::exams::reading {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

using Spelling = std::pair<std::string_view, std::string_view>;
/// Longer spellings first where one begins another. An empty sign is left out.
constexpr auto spellings = std::to_array<Spelling>({
    {"\\times", "*"},   {"\\cdot", "*"}, {"\\ast", "*"},  {"\\div", "/"}, {"\\approx", "≈"},
    {"\\simeq", "≈"},   {"\\left", ""},  {"\\right", ""}, {"\\quad", ""}, {"\\Rightarrow", "="},
    {"\\implies", "="}, {"\\to", "="},   {"\\%", "%"},    {"\\,", ""},    {"\\;", ""},
    {"\\!", ""},        {"\\ ", ""},     {"\\(", ""},     {"\\)", ""},    {"\\[", ""},
    {"\\]", ""},        {"\\{", "("},    {"\\}", ")"},    {"**", "^"},    {"==", "="},
    {"=>", "="},        {"->", "="},     {"⇒", "="},      {"→", "="},     {"×", "*"},
    {"·", "*"},         {"⋅", "*"},      {"∙", "*"},      {"∗", "*"},     {"•", "*"},
    {"−", "-"},         {"–", "-"},      {"÷", "/"},      {"⁄", "/"},     {"≈", "≈"},
    {"≃", "≈"},         {"~", "≈"},      {"\u00a0", ""},  {"\u2009", ""}, {"\u202f", ""},
    {"\ufeff", ""},     {"$", ""},       {" ", ""},       {"\t", ""},     {"\n", ""},
    {"\r", ""},
});
constexpr std::array<std::string_view, 10> raised{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};

class Tokenizer {
 public:
  Tokenizer(std::string_view text, Commas commas) : text_(text), commas_(commas) {}

  Tokens run() {
    while (at_ < text_.size())
      if (starts_number())
        number();
      else if (!text_word() && !raised_digits() && !known_sign())
        word_or_sign();
    return std::move(tokens_);
  }

 private:
  bool starts_number() const {
    return is_digit(text_[at_]) || (text_[at_] == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]));
  }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool follows(std::string_view piece) const { return text_.substr(at_).starts_with(piece); }

  std::string digits() {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return std::string(text_.substr(from, at_ - from));
  }

  /// The length of a separator of thousands that three digits, and no fourth, follow; 0 if there is none.
  std::size_t thousands(std::string_view separator) const {
    if (!follows(separator)) return 0;
    std::size_t end = at_ + separator.size(), count = 0;
    for (; end < text_.size() && is_digit(text_[end]); ++end) ++count;
    return count == 3 ? separator.size() : 0;
  }

  /// Groups of three digits behind the first group, all with the same separator.
  void groups(std::string& number) {
    if (commas_ == Commas::separate || number.size() > 3 || number.starts_with('0')) return;
    for (const std::string_view separator :
         {",", "{,}", "\\,", "'", "’", "_", " ", "\u00a0", "\u2009", "\u202f"})
      while (const std::size_t length = thousands(separator)) {
        at_ += length;
        number += digits();
      }
  }

  void number() {
    Token token{.kind = Token::Kind::number, .offset = at_};
    token.text = digits();
    groups(token.text);
    if (peek() == '.' && is_digit(peek(1))) {
      ++at_;
      const std::string fraction = digits();
      token.decimals = static_cast<long>(fraction.size());
      token.is_rounded = true;
      token.text += (token.text.empty() ? "0." : ".") + fraction;
    } else if (peek() == '.' && !is_letter(peek(1))) {
      ++at_;  // the end of a sentence
    }
    exponent(token);
    doubts(token);
    token.length = at_ - token.offset;
    tokens_.push_back(std::move(token));
  }

  void exponent(Token& token) {
    if (peek() != 'e' && peek() != 'E') return;
    const std::size_t sign = follows("e−") || follows("E−") ? 4 : peek(1) == '-' || peek(1) == '+' ? 2 : 1;
    if (!is_digit(peek(sign))) return;
    const bool negative = sign == 4 || peek(1) == '-';
    at_ += sign;
    const std::string power = digits();
    token.text += (negative ? "e-" : "e") + power;
    token.is_rounded = true;
    if (power.size() < 6) token.decimals -= (negative ? -1 : 1) * std::stol(power);
  }

  /// "1,5" and "1.234.567" may mean different numbers.
  void doubts(Token& token) {
    const bool comma = commas_ == Commas::thousands && peek() == ',' && is_digit(peek(1));
    const bool point = peek() == '.' && is_digit(peek(1));
    if (!comma && !point) return;
    while (is_digit(peek()) || ((peek() == ',' || peek() == '.') && is_digit(peek(1)))) ++at_;
    token.doubt = comma ? "may have a decimal comma, or be two numbers; write 1.5 for one and a half"
                        : "has several points; write 1234567 without them";
  }

  /// `\text{ parameters}` is what stands in the brackets.
  bool text_word() {
    for (const std::string_view command : {"\\text{", "\\mathrm{", "\\operatorname{"}) {
      if (!follows(command)) continue;
      const std::size_t close = text_.find('}', at_);
      if (close == text_.npos) return false;
      const std::size_t from = at_ + command.size();
      for (at_ = from; at_ < close;)
        if (is_letter(text_[at_]))
          word();
        else
          ++at_;
      at_ = close + 1;
      return true;
    }
    return false;
  }

  bool raised_digits() {
    const std::size_t from = at_;
    constexpr std::string_view minus = "⁻";
    const bool negative = follows(minus);
    if (negative) at_ += minus.size();
    std::string power;
    for (bool more = true; more;) {
      more = false;
      for (std::size_t digit = 0; digit < raised.size(); ++digit)
        if (follows(raised[digit])) {
          power += static_cast<char>('0' + digit);
          at_ += raised[digit].size();
          more = true;
        }
    }
    if (power.empty()) {
      at_ = from;
      return false;
    }
    tokens_.push_back({.kind = Token::Kind::sign, .text = "^", .offset = from, .length = at_ - from});
    if (negative)
      tokens_.push_back({.kind = Token::Kind::sign, .text = "-", .offset = from, .length = at_ - from});
    tokens_.push_back({.kind = Token::Kind::number, .text = power, .offset = from, .length = at_ - from});
    return true;
  }

  bool known_sign() {
    for (const auto& [spelling, sign] : spellings) {
      if (!follows(spelling)) continue;
      // `\to` is no beginning of another command.
      if (spelling.starts_with('\\') && is_letter(spelling.back()) && is_letter(peek(spelling.size())))
        continue;
      if (!sign.empty())
        tokens_.push_back({.text = std::string(sign), .offset = at_, .length = spelling.size()});
      at_ += spelling.size();
      return true;
    }
    return false;
  }

  void word() {
    const std::size_t from = at_;
    if (text_[at_] == '\\') ++at_;
    while (at_ < text_.size() && is_letter(text_[at_])) ++at_;
    tokens_.push_back({.kind = Token::Kind::word,
                       .text = std::string(text_.substr(from, at_ - from)),
                       .offset = from,
                       .length = at_ - from});
  }

  void word_or_sign() {
    if (is_letter(text_[at_]) || (text_[at_] == '\\' && is_letter(peek(1)))) return word();
    const std::size_t from = at_++;
    while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80) ++at_;
    tokens_.push_back(
        {.text = std::string(text_.substr(from, at_ - from)), .offset = from, .length = at_ - from});
  }

  std::string_view text_;
  Commas commas_;
  std::size_t at_ = 0;
  Tokens tokens_;
};

}  // namespace

Tokens tokens_of(std::string_view text, Commas commas) {
  return Tokenizer(text, commas).run();
}

}  // namespace assay::graders::exams::reading
