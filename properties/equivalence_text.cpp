#include "properties/equivalence_text.hpp"

#include <algorithm>

#include "properties/formula/lexer.hpp"
#include "properties/formula/node.hpp"

namespace assay::properties::equivalence {
namespace {

using formula::Formula;
using formula::FormulaError;
using formula::FormulaTooLarge;
using formula::Token;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Null if the formula language knows no such tokens.
std::optional<std::vector<Token>> tokens_of(std::string_view text) {
  try {
    formula::Lexer lexer(text);
    std::vector<Token> tokens;
    for (Token token = lexer.next(); token.role != Token::Role::end; token = lexer.next())
      tokens.push_back(std::move(token));
    return tokens;
  } catch (const FormulaError&) {
    return std::nullopt;
  }
}

std::vector<std::string> texts_of(const std::vector<Token>& tokens) {
  std::vector<std::string> texts;
  for (const Token& token : tokens) texts.push_back(token.text);
  return texts;
}

Traced traced(std::string text) {
  std::vector<std::size_t> origin(text.size() + 1);
  for (std::size_t i = 0; i < origin.size(); ++i) origin[i] = i;
  return {std::move(text), std::move(origin)};
}

/// Grows a text out of parts of another, and keeps the places.
class Growing {
 public:
  explicit Growing(const Traced& from) : from_(from) {}

  void copy(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) put(from_.text[i], from_.origin[i]);
  }
  /// `word` in the place of what stands from `begin` to `end`: apart from letters at either side.
  void replace(std::size_t begin, std::size_t end, const std::string& word) {
    if (!grown_.text.empty() && is_word(grown_.text.back())) put(' ', from_.origin[begin]);
    for (const char c : word) put(c, from_.origin[begin]);
    if (end < from_.text.size() && is_word(from_.text[end])) put(' ', from_.origin[end]);
  }
  Traced done() {
    grown_.origin.push_back(from_.origin.back());
    return std::move(grown_);
  }

 private:
  void put(char c, std::size_t origin) {
    grown_.text += c;
    grown_.origin.push_back(origin);
  }
  const Traced& from_;
  Traced grown_;
};

void blank(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) text[i] = ' ';
}

/// The place of the last sign of equality outside of brackets; npos if there is none.
std::size_t last_equality(std::string_view text) {
  int depth = 0;
  std::size_t last = text.npos;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (c != '=' || depth > 0) continue;
    const bool other = i > 0 && std::string_view("<>!").find(text[i - 1]) != std::string_view::npos;
    if (!other) last = i;
  }
  return last;
}

/// One name, with or without accents, subscripts and a list of arguments; or a derivative: no sign of
/// arithmetic outside of brackets.
bool is_plain_name(std::string_view text) {
  constexpr std::size_t longest = 160;
  if (text.size() > longest) return false;
  int depth = 0;
  bool lettered = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (depth == 0 && std::string_view("+-<>|,;").find(c) != std::string_view::npos) return false;
    if (depth == 0 && c == '*' && (i == 0 || text[i - 1] != '^')) return false;
    const bool letter = !(c >= '0' && c <= '9') && (is_word(c) || static_cast<unsigned char>(c) >= 0x80);
    if (!lettered && c >= '0' && c <= '9') return false;
    lettered = lettered || letter;
  }
  return lettered && depth == 0;
}

/// The last side of a chain of equations; the formula itself if it is none.
Formula last_side(const Formula& formula) {
  const formula::Node& root = formula.root();
  const auto is_equality = [](formula::Relation relation) { return relation == formula::Relation::equal; };
  if (root.kind != formula::Kind::compare || !std::ranges::all_of(root.relations, is_equality))
    return formula;
  return Formula(root.children.back());
}

/// In a statement a comma outside of brackets is an "and".
std::string with_ands(std::string text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(' || text[i] == '[' || text[i] == '{') ++depth;
    if (text[i] == ')' || text[i] == ']' || text[i] == '}') --depth;
    if (depth == 0 && (text[i] == ',' || text[i] == ';') && (i == 0 || text[i - 1] != '\\')) text[i] = '&';
  }
  return text;
}

/// Errors are told at their place in what was written.
Formula parse_traced(const Traced& text, const formula::Vocabulary& vocabulary) {
  const auto origin = [&](std::size_t offset) { return text.origin[std::min(offset, text.text.size())]; };
  try {
    return formula::parse(text.text, vocabulary);
  } catch (const FormulaTooLarge& error) {
    throw FormulaTooLarge(origin(error.offset), error.found, error.expected);
  } catch (const FormulaError& error) {
    throw FormulaError(origin(error.offset), error.found, error.expected);
  }
}

}  // namespace

Symbols::Symbols(const std::map<std::string, std::string>& symbols) {
  for (const auto& [raw, name] : symbols) {
    const auto tokens = tokens_of(raw);
    const bool readable = tokens && !tokens->empty();
    spellings_.push_back({raw, readable ? texts_of(*tokens) : std::vector<std::string>{}, name});
  }
  std::ranges::stable_sort(spellings_, [](const Spelling& a, const Spelling& b) {
    return a.tokens.size() != b.tokens.size() ? a.tokens.size() > b.tokens.size()
                                              : a.raw.size() > b.raw.size();
  });
}

Traced Symbols::replaced(const Traced& text) const {
  return spellings_.empty() ? text : by_tokens(by_bytes(text));
}

Traced Symbols::by_bytes(const Traced& text) const {
  Growing grown(text);
  for (std::size_t at = 0; at < text.text.size();) {
    const auto fits = [&](const Spelling& one) {
      if (!one.tokens.empty() || one.raw.empty() || text.text.compare(at, one.raw.size(), one.raw) != 0)
        return false;
      const std::size_t end = at + one.raw.size();
      const bool joined =
          is_word(one.raw[0]) && at > 0 && (is_word(text.text[at - 1]) || text.text[at - 1] == '\\');
      return !joined && !(is_word(one.raw.back()) && end < text.text.size() && is_word(text.text[end]));
    };
    const auto found = std::ranges::find_if(spellings_, fits);
    const std::size_t length = found == spellings_.end() ? 1 : found->raw.size();
    if (found == spellings_.end())
      grown.copy(at, at + 1);
    else
      grown.replace(at, at + length, found->name);
    at += length;
  }
  return grown.done();
}

const Symbols::Spelling* Symbols::match(const std::vector<std::string>& tokens, std::size_t at) const {
  for (const Spelling& one : spellings_) {
    if (one.tokens.empty() || at + one.tokens.size() > tokens.size()) continue;
    const auto first = tokens.begin() + static_cast<std::ptrdiff_t>(at);
    if (std::equal(one.tokens.begin(), one.tokens.end(), first)) return &one;
  }
  // Of a name with a subscript, the part in front.
  for (const Spelling& one : spellings_)
    if (one.tokens.size() == 1 && tokens[at].starts_with(one.tokens[0] + "_")) return &one;
  return nullptr;
}

Traced Symbols::by_tokens(const Traced& text) const {
  const auto tokens = tokens_of(text.text);
  if (!tokens) return text;  // the parser will say where
  const std::vector<std::string> texts = texts_of(*tokens);
  Growing grown(text);
  std::size_t done = 0;
  for (std::size_t i = 0; i < tokens->size();) {
    const Spelling* found = match(texts, i);
    if (!found) {
      ++i;
      continue;
    }
    grown.copy(done, (*tokens)[i].offset);
    const bool longer = found->tokens.size() == 1 && texts[i] != found->tokens[0];
    std::string word = found->name;
    if (longer) word += "_{" + texts[i].substr(found->tokens[0].size() + 1) + "}";
    const Token& last = (*tokens)[i + found->tokens.size() - 1];
    grown.replace((*tokens)[i].offset, last.end, word);
    done = last.end;
    i += found->tokens.size();
  }
  grown.copy(done, text.text.size());
  return grown.done();
}

std::string undressed(std::string_view written) {
  std::string text(written);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '$') text[i] = ' ';
    if (text[i] != '\\' || i + 1 >= text.size()) continue;
    const bool mark = std::string_view("()[]").find(text[i + 1]) != std::string_view::npos;
    if (mark) blank(text, i, i + 2);
    ++i;  // "\\[" is the end of a row and a bracket
  }
  constexpr std::string_view behind = " \t\r\n.,;";
  for (std::size_t end = text.size(); end > 0 && behind.find(text[end - 1]) != behind.npos; --end)
    if (text[end - 1] != ' ') {
      if (end > 1 && text[end - 2] == '\\') break;  // a thin space
      text[end - 1] = ' ';
    }
  return text;
}

std::size_t right_side(std::string_view text) {
  const std::size_t last = last_equality(text);
  if (last == text.npos) return text.npos;
  std::string_view before = text.substr(0, last);
  for (std::size_t sign = last_equality(before); sign != before.npos; sign = last_equality(before))
    before = before.substr(0, sign);
  if (before.ends_with(':')) before.remove_suffix(1);
  return is_plain_name(before) ? last + 1 : text.npos;
}

Formula read_answer(std::string_view written, bool statement, const Symbols& symbols,
                    const formula::Vocabulary& vocabulary) {
  const auto parse_text = [&](std::string text) {
    return parse_traced(symbols.replaced(traced(std::move(text))), vocabulary);
  };
  if (written.size() > formula::longest_text) return formula::parse(written, vocabulary);  // says so
  const std::string plain = undressed(written);
  if (statement) {
    try {
      return parse_text(plain);
    } catch (const FormulaError&) {
      const std::string joined = with_ands(plain);
      if (joined == plain) throw;
      return parse_text(joined);
    }
  }
  const std::size_t begin = right_side(plain);
  if (begin != plain.npos) {
    std::string right = plain;
    blank(right, 0, begin);
    try {
      return last_side(parse_text(right));
    } catch (const FormulaError&) {
      try {
        return last_side(parse_text(plain));
      } catch (const FormulaError&) {
      }
      throw;
    }
  }
  return last_side(parse_text(plain));
}

}  // namespace assay::properties::equivalence
