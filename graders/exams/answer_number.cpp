/// Numbers: 716, 7.1e2, 61,706, 22/7, 10 %, 8*3*3*3+8, chains of equalities.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "graders/escape.hpp"
#include "graders/exams/answer_reading.hpp"

namespace assay::graders::exams::reading {
namespace {

constexpr std::size_t longest = 400;

/// Words for what is counted, which may follow any number.
constexpr auto counted =
    std::to_array<std::string_view>({"parameter", "param",        "weight", "number",    "multiplication",
                                     "multiply",  "multiply-add", "mac",    "operation", "op",
                                     "flop",      "pixel",        "px",     "neuron",    "unit",
                                     "value",     "time",         "fold",   "x",         "point",
                                     "total",     "bias",         "byte"});

struct Factor {
  std::string_view word;
  const char* factor;
};
constexpr auto factors = std::to_array<Factor>({{"%", "1/100"},
                                                {"percent", "1/100"},
                                                {"k", "1000"},
                                                {"K", "1000"},
                                                {"thousand", "1000"},
                                                {"M", "1000000"},
                                                {"million", "1000000"},
                                                {"G", "1000000000"},
                                                {"billion", "1000000000"},
                                                {"KiB", "1024"},
                                                {"MiB", "1048576"},
                                                {"GiB", "1073741824"}});

bool closes(const Token& token) {
  return token.kind == Token::Kind::number || token.is(")") || token.is("]") || token.is("}");
}
bool opens(const Token& token) {
  return token.kind == Token::Kind::number || token.is("(") || token.is("[") || token.is("{");
}

/// "x" between two numbers multiplies.
void read_crosses(Tokens& tokens) {
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    const std::string word = lower(tokens[i].text);
    if (tokens[i].kind == Token::Kind::word && (word == "x" || word == "times") && closes(tokens[i - 1]) &&
        opens(tokens[i + 1]))
      tokens[i] = {Token::Kind::sign, "*", tokens[i].offset, tokens[i].length};
  }
}

/// One side of a chain: "8*3*3*3 + 8 parameters".
struct Side {
  Tokens tokens;      ///< the arithmetic
  Tokens tail;        ///< what follows it
  bool near = false;  ///< an "≈" stands before it
  mpq_class value, half_unit = 0;
  std::string expression, unit;
  std::optional<Unreadable> error;
};

bool has_number(const Tokens& tokens) {
  return std::ranges::any_of(tokens, [](const Token& token) { return token.kind == Token::Kind::number; });
}

/// "none" and "zero" are 0.
void read_zero(Tokens& tokens) {
  for (Token& token : tokens) {
    const std::string word = lower(token.text);
    if (token.kind == Token::Kind::word &&
        (word == "none" || word == "zero" || word == "no" || word == "nothing")) {
      token.kind = Token::Kind::number;
      token.text = "0";
    }
  }
}

std::vector<Side> sides_of(const Tokens& tokens) {
  std::vector<Side> sides(1);
  for (const Token& token : tokens)
    if (token.is("=") || token.is("≈") || (token.is(":") && !has_number(sides.back().tokens)))
      sides.emplace_back().near = token.is("≈");
    else
      sides.back().tokens.push_back(token);
  if (!has_number(sides.front().tokens) && sides.size() > 1) sides.erase(sides.begin());  // "total = 716"
  for (Side& side : sides) {
    auto last = std::find_if(side.tokens.rbegin(), side.tokens.rend(), [](const Token& token) {
      return closes(token) || token.text == "pi" || token.text == "e" || token.text == "\\pi";
    });
    side.tail.assign(last.base(), side.tokens.end());
    side.tokens.erase(last.base(), side.tokens.end());
    while (!side.tail.empty() && (side.tail.back().is(".") || side.tail.back().is(";"))) side.tail.pop_back();
  }
  return sides;
}

/// A number alone, or one times a power of ten, is as exact as its last printed digit.
std::optional<mpq_class> printed_unit(const Tokens& tokens) {
  std::span<const Token> rest(tokens);
  if (!rest.empty() && (rest.front().is("-") || rest.front().is("+"))) rest = rest.subspan(1);
  if (rest.empty() || rest.front().kind != Token::Kind::number) return {};
  const Token& number = rest.front();
  long exponent = -number.decimals;
  bool rounded = number.is_rounded;
  if (rest.size() > 1) {
    std::size_t next = 1;
    if (!rest[next++].is("*") || next + 2 > rest.size() || rest[next].text != "10" || !rest[next + 1].is("^"))
      return {};
    std::vector<const Token*> power;
    for (next += 2; next < rest.size(); ++next)
      if (!rest[next].is("{") && !rest[next].is("}") && !rest[next].is("(") && !rest[next].is(")"))
        power.push_back(&rest[next]);
    const bool negative = !power.empty() && power.front()->is("-");
    if (power.size() != (negative ? 2u : 1u) || power.back()->kind != Token::Kind::number ||
        power.back()->is_rounded || power.back()->text.size() > 3)
      return {};
    exponent += (negative ? -1 : 1) * std::stol(power.back()->text);
    rounded = true;
  }
  if (std::abs(exponent) > 400) return {};
  mpz_class power;
  mpz_ui_pow_ui(power.get_mpz_t(), 10, static_cast<unsigned long>(std::abs(exponent)));
  const mpq_class unit = exponent < 0 ? mpq_class(1, power) : mpq_class(power);
  return rounded ? mpq_class(unit / 2) : mpq_class(0);
}

/// "drop" of "drops" and "Drop."
std::string singular(std::string word) {
  word = lower(word);
  if (word == "bias" || word == "biases") return "bias";
  if (word.size() > 1 && word.ends_with('s')) word.pop_back();
  return word;
}

std::string joined(std::span<const Token> tokens) {
  std::string text;
  for (const Token& token : tokens)
    text += (text.empty() || token.is("-") || text.ends_with('-') ? "" : " ") + token.text;
  return text;
}

bool is_bytes(const std::string& unit) {
  return singular(unit) == "byte" || unit == "B";
}

/// The factor that a word behind the number stands for; none if it is no such word.
std::optional<mpq_class> factor_of(const Token& token, const std::string& unit) {
  const auto found = std::ranges::find(factors, token.text, &Factor::word);
  if (found == factors.end() || token.text == unit) return {};
  if (token.text.ends_with("iB") && !is_bytes(unit)) return {};
  return mpq_class(found->factor);
}

void read_tail(Side& side, const std::string& unit) {
  std::span<const Token> tail(side.tail);
  if (tail.empty()) return;
  if (const auto factor = factor_of(tail.front(), unit)) {
    const bool rounds = *factor > 1 && !tail.front().text.ends_with("iB");
    if (rounds && side.half_unit == 0 && side.expression.empty()) side.half_unit = mpq_class(1, 2);
    side.value *= *factor;
    side.half_unit *= *factor;
    side.unit = tail.front().text;
    tail = tail.subspan(1);
  }
  if (tail.empty()) return;
  const std::string words = joined(tail);
  const bool known = singular(words) == singular(unit) || (is_bytes(unit) && is_bytes(words)) ||
                     std::ranges::find(counted, singular(words)) != counted.end();
  if (!known)
    side.error = unreadable(words, tail.front().offset,
                            unit.empty() ? "the end of the number" : "\"" + unit + "\", or the end");
  side.unit += (side.unit.empty() ? "" : " ") + words;
}

void read_side(Side& side, const std::string& unit, std::size_t end) {
  const Evaluated evaluated = evaluate(side.tokens, end);
  if (!evaluated.value) {
    side.error = evaluated.error;
    return;
  }
  side.value = *evaluated.value;
  side.half_unit = evaluated.radius;
  if (const auto half = printed_unit(side.tokens))
    side.half_unit = side.near && *half == 0 ? mpq_class(1, 2) : *half;
  else
    side.expression = evaluated.expression;
  read_tail(side, unit);
}

/// All sides of a chain must be the same number, up to their printed digits.
NumberAnswer answer_of(const std::vector<Side>& sides) {
  const Side* best = &sides.back();
  bool equal = true;
  for (const Side& side : sides) {
    if (side.half_unit < best->half_unit) best = &side;
    for (const Side& other : sides)
      if (abs(side.value - other.value) > side.half_unit + other.half_unit) equal = false;
  }
  if (!equal) best = &sides.back();
  NumberAnswer answer{best->value, best->half_unit, best->expression, sides.back().unit};
  for (const Side& side : sides) {
    if (answer.expression.empty()) answer.expression = side.expression;
    if (!equal && side.value != best->value) answer.others.push_back(side.value);
  }
  if (!equal) answer.expression = best->expression;
  return answer;
}

std::optional<Answer> doubt_of(std::string_view text, const Tokens& tokens) {
  for (const Token& token : tokens)
    if (!token.doubt.empty())
      return Ambiguous{"\"" + displayable_line(text.substr(token.offset, token.length), 40) + "\" " +
                       token.doubt};
  for (const Token& token : tokens)
    if (token.is(",") || token.is(";")) return unreadable(token.text, token.offset, "one number");
  return {};
}

}  // namespace

Answer read_number(const fixtures::Item& item, std::string_view text) {
  if (text.size() > longest)
    return Unreadable{longest, fmt::format("found a text of {} bytes, expected a number of at most {}",
                                           text.size(), longest)};
  Tokens tokens = tokens_of(text, Commas::thousands);
  while (!tokens.empty() && (tokens.back().is(".") || tokens.back().is(";"))) tokens.pop_back();
  if (auto doubt = doubt_of(text, tokens)) return *std::move(doubt);
  read_crosses(tokens);
  if (tokens.size() == 1) read_zero(tokens);
  if (!has_number(tokens)) {
    for (const Token& token : tokens)
      if (token.kind == Token::Kind::word) return unreadable(token.text, token.offset, "a number");
    return unreadable(text, 0, "a number");
  }
  auto sides = sides_of(tokens);
  for (Side& side : sides) {
    read_side(side, item.unit, text.size());
    if (side.error) return *side.error;
  }
  return answer_of(sides);
}

}  // namespace assay::graders::exams::reading
