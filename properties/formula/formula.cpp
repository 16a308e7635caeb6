#include "properties/formula/formula.hpp"

#include <algorithm>

#include "properties/formula/lexer.hpp"
#include "properties/formula/node.hpp"
#include "properties/formula/parser.hpp"

namespace assay::properties::formula {

FormulaError::FormulaError(std::size_t where, std::string what_stood_there, std::string what_may_stand_there)
    : std::invalid_argument("found " + what_stood_there + ", expected " + what_may_stand_there),
      offset(where),
      found(std::move(what_stood_there)),
      expected(std::move(what_may_stand_there)) {}

std::string pointed(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::size_t before = offset == 0 ? text.npos : text.rfind('\n', offset - 1);
  const std::size_t begin = before == text.npos ? 0 : before + 1;
  const std::size_t end = std::min(text.find('\n', begin), text.size());
  // Long lines: what stands around the place.
  constexpr std::size_t around = 60;
  const std::size_t first = offset - begin > around ? offset - around : begin;
  const std::size_t last = std::min(end, offset + around);
  std::string line = first > begin ? "..." : "", caret(line.size(), ' ');
  for (std::size_t at = first; at < last;) {
    const Decoded decoded = decode(text, at);
    const bool shown =
        decoded.length > 0 && decoded.point >= 0x20 && !(decoded.point >= 0x7F && decoded.point < 0xA0);
    const std::size_t length = decoded.length > 0 ? decoded.length : 1;
    line += shown ? std::string(text.substr(at, length)) : decoded.point == '\t' ? " " : "?";
    at += length;
    if (at <= offset) caret += ' ';
  }
  return line + (last < end ? "..." : "") + "\n" + caret + "^";
}

Formula parse(std::string_view text, const Vocabulary& vocabulary) {
  return Formula(Parser(text, vocabulary).formula());
}

bool is_statement(const Formula& formula) {
  return is_statement(formula.root());
}

namespace {

bool same(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.children.size() != b.children.size()) return false;
  // The text of a number and of a call is how it was spelt, not what it is.
  const bool named = a.kind == Kind::name || a.kind == Kind::reduce;
  if (named && a.text != b.text) return false;
  if (a.number != b.number || a.constant != b.constant || a.function != b.function ||
      a.relations != b.relations || a.operation != b.operation || a.attributes != b.attributes ||
      a.output != b.output)
    return false;
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    if (!a.children[i] != !b.children[i]) return false;
    if (a.children[i] && !same(*a.children[i], *b.children[i])) return false;
  }
  return true;
}

using Names = std::set<std::string, std::less<>>;

void collect(const Node& node, std::vector<std::string_view>& bound, Names& names) {
  if (node.kind == Kind::name && std::ranges::find(bound, node.text) == bound.end()) names.insert(node.text);
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const bool body = node.kind == Kind::reduce && i == 2;
    if (body) bound.push_back(node.text);
    if (node.children[i]) collect(*node.children[i], bound, names);
    if (body) bound.pop_back();
  }
}

}  // namespace

bool Formula::operator==(const Formula& other) const {
  return same(*root_, *other.root_);
}

std::set<std::string, std::less<>> free_names(const Formula& formula) {
  Names names;
  std::vector<std::string_view> bound;
  collect(formula.root(), bound, names);
  return names;
}

}  // namespace assay::properties::formula
