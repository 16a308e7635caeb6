#include "properties/formula/parser.hpp"

namespace assay::properties::formula {

NodePtr Parser::primary() {
  const Deeper guard(*this);
  switch (now_.role) {
    case Token::Role::number:
      return number();
    case Token::Role::name:
      return name();
    case Token::Role::command:
      return command();
    case Token::Role::symbol:
      return symbol();
    default:
      fail("a number, a name or a bracket");
  }
}

/// A number; or 1[condition], the indicator function.
NodePtr Parser::number() {
  const Token token = now_;
  advance();
  const bool bracket = now_.is("[") || now_.is("\\{") || now_.is("_");
  if (token.text == "1" && bracket && now_.offset == token.end) return indicator(token.offset);
  return number_node(token.text, token.offset);
}

NodePtr Parser::symbol() {
  const std::size_t offset = now_.offset;
  if (now_.is("(")) return group("(", ")");
  if (now_.is("{")) return group("{", "}");
  if (now_.is("\\{")) return group("\\{", "\\}");
  if (now_.is("[")) return list();
  if (now_.is("|") || now_.is("||")) return bars();
  if (now_.is("partial")) return partial();
  if (now_.is("floor(")) return call(Function::floor, offset, {group("floor(", ")floor")});
  if (now_.is("ceil(")) return call(Function::ceil, offset, {group("ceil(", ")ceil")});
  if (accept("indicator")) return indicator(offset);
  fail("a number, a name or a bracket");
}

NodePtr Parser::group(std::string_view open, std::string_view close) {
  const Bracket inner(*this);
  expect(open, "an opening bracket");
  NodePtr inside = expression();
  const std::string mark(close == ")floor" ? "⌋" : close == ")ceil" ? "⌉" : close);
  expect(close, "an operator or \"" + mark + "\"");
  return inside;
}

/// [a, b, c] is a vector, [a,] one of one element; [statement] is 1 where it holds and 0 where it does not,
/// as with Iverson; and [a + b] is a bracket like any other.
NodePtr Parser::list() {
  const std::size_t offset = now_.offset;
  std::vector<NodePtr> elements;
  const bool comma = listed(elements);
  if (elements.size() > 1 || comma) return made(Kind::vector, offset, std::move(elements));
  if (is_statement(*elements[0])) return call(Function::indicator, offset, std::move(elements));
  return elements[0];
}

/// Appends what stands in square brackets; whether there was a comma behind the last element.
bool Parser::listed(std::vector<NodePtr>& elements) {
  const Bracket inner(*this);
  expect("[", "\"[\"");
  for (;;) {
    elements.push_back(expression());
    if (!accept(",")) break;
    if (accept("]")) return true;
  }
  expect("]", "an operator, \",\" or \"]\"");
  return false;
}

/// |x| and ||x||, each with bars of its own inside.
NodePtr Parser::bars() {
  const std::size_t offset = now_.offset;
  const bool twice = now_.is("||");
  NodePtr inside;
  {
    const Bracket inner(*this, 1);
    advance();
    inside = expression();
    if (twice)
      expect("||", "an operator or \"||\"");
    else
      expect("|", "an operator or \"|\"");
  }
  return twice ? norm(offset, inside) : call(Function::abs, offset, {inside});
}

/// A lowered 1, 2 or ∞ says which norm.
NodePtr Parser::norm(std::size_t offset, NodePtr inside) {
  if (now_.role == Token::Role::lowered) {
    const Token which = now_;
    advance();
    return function_call(*find_function("norm"), which, {inside, number_node(which.text, which.offset)});
  }
  if (!accept("_")) return call(Function::norm, offset, {inside});
  const Token which = now_;
  const bool braces = accept("{");
  NodePtr order = now_.role == Token::Role::number ? number() : name();
  if (braces) expect("}", "\"}\"");
  return function_call(*find_function("norm"), which, {inside, order});
}

/// What follows the 1: brackets of any kind, or a subscript. A comma is an "and".
NodePtr Parser::indicator(std::size_t offset) {
  accept("_");
  const std::string_view close = now_.is("[") ? "]" : now_.is("\\{") ? "\\}" : now_.is("{") ? "}" : ")";
  if (close == ")" && !now_.is("(")) fail("an opening bracket");
  const Bracket inner(*this);
  advance();
  NodePtr condition = expression();
  for (std::size_t comma = now_.offset; accept(","); comma = now_.offset)
    condition = made(Kind::conjunction, comma, {condition, expression()});
  expect(close, "an operator or \"" + std::string(close) + "\"");
  return call(Function::indicator, offset, {condition});
}

/// A statement in brackets counts 1 or 0 as a factor: delta (z > 0), delta 1(z > 0).
NodePtr Parser::times(Kind kind, std::size_t offset, NodePtr left, NodePtr right) const {
  const auto is_one = [](const NodePtr& node) { return node->kind == Kind::number && node->text == "1"; };
  if (is_statement(*left)) left = call(Function::indicator, left->offset, {left});
  if (!is_statement(*right)) return made(kind, offset, {left, right});
  right = call(Function::indicator, right->offset, {right});
  if (is_one(left)) return right;
  if (left->kind == Kind::multiply && is_one(left->children[1]))
    return made(Kind::multiply, left->offset, {left->children[0], right});
  return made(kind, offset, {left, right});
}

/// "1" with a bracket or a subscript right behind it, as in delta 1[z > 0].
bool Parser::begins_indicator() const {
  if (now_.role != Token::Role::number || now_.text != "1") return false;
  const std::string_view behind = lexer_.text().substr(std::min(now_.end, lexer_.text().size()));
  return behind.starts_with('[') || behind.starts_with('(') || behind.starts_with('{') ||
         behind.starts_with("_{") || behind.starts_with("\\{");
}

/// x in (a, b] is a < x <= b.
NodePtr Parser::interval(std::size_t offset, NodePtr inside) {
  const Bracket inner(*this);
  const bool with_low = now_.is("[");
  if (!accept("[") && !accept("(")) fail("an interval, as in (0, 1]");
  NodePtr low = additive();
  expect(",", "an operator or \",\"");
  NodePtr high = additive();
  const bool with_high = now_.is("]");
  if (!accept("]") && !accept(")")) fail("an operator, \")\" or \"]\"");
  Node node{.kind = Kind::compare, .offset = offset, .children = {low, inside, high}};
  node.relations = {with_low ? Relation::less_equal : Relation::less,
                    with_high ? Relation::less_equal : Relation::less};
  return made(std::move(node));
}

/// base_i, base_{i, j+1}, base₁ where the base is no bare name.
NodePtr Parser::subscript(NodePtr base) {
  const Token token = now_;
  std::vector<NodePtr> children{base};
  if (token.role == Token::Role::lowered) {
    advance();
    for (NodePtr& place : lowered_list(token)) children.push_back(std::move(place));
    return made(Kind::index, token.offset, std::move(children));
  }
  expect("_", "\"_\"");
  if (now_.is("{")) {
    const Bracket inner(*this);
    advance();
    do children.push_back(expression());
    while (accept(","));
    expect("}", "an operator, \",\" or \"}\"");
  } else {
    children.push_back(now_.role == Token::Role::number ? number() : name());
  }
  return made(Kind::index, token.offset, std::move(children));
}

std::vector<NodePtr> Parser::lowered_list(const Token& token) {
  std::vector<NodePtr> places = indices(token.text, token.offset);
  if (places.empty()) fail(token, "lowered digits, or lowered names of indices");
  return places;
}

// ---- LaTeX --------------------------------------------------------------------------------------------

NodePtr Parser::command() {
  const Token token = now_;
  advance();
  if (token.text == "sqrt") return root(token.offset);
  if (token.text == "begin") return environment();
  if (token.text == "end") fail(token, "a number, a name or a bracket");
  return fraction(token.offset);
}

/// {expression}, or one token; of a number, one digit: \frac12.
NodePtr Parser::latex_argument() {
  if (now_.is("{")) return group("{", "}");
  if (now_.role != Token::Role::number) return primary();
  const Token token = now_;
  go_to(token.offset + 1);
  return number_node(token.text.substr(0, 1), token.offset);
}

NodePtr Parser::fraction(std::size_t offset) {
  if (begins_derivative()) return derivative_fraction(offset);
  NodePtr above = latex_argument();
  return made(Kind::divide, offset, {above, latex_argument()});
}

/// \sqrt{x}, \sqrt[n]{x}.
NodePtr Parser::root(std::size_t offset) {
  if (!now_.is("[")) return call(Function::sqrt, offset, {latex_argument()});
  const std::size_t degree_offset = now_.offset;
  NodePtr degree = group("[", "]");
  NodePtr base = latex_argument();
  NodePtr one = number_node("1", degree_offset);
  return made(Kind::power, offset, {base, made(Kind::divide, degree_offset, {one, degree})});
}

NodePtr Parser::environment() {
  const Bracket inner(*this);
  expect("{", "\"{\"");
  const Token which = now_;
  advance();
  expect("}", "\"}\"");
  NodePtr result;
  ++rows_;
  if (which.is_name("cases"))
    result = cases(which.offset);
  else if (which.is_name("bmatrix") || which.is_name("pmatrix") || which.is_name("matrix"))
    result = matrix(which.offset);
  else
    fail(which, "cases, bmatrix, pmatrix or matrix");
  --rows_;
  end_environment(which.text);
  return result;
}

void Parser::end_environment(const std::string& name) {
  if (now_.role != Token::Role::command || now_.text != "end")
    fail("an operator, \"\\\\\" or \\end{" + name + "}");
  advance();
  expect("{", "\"{\"");
  if (!accept_word(name)) fail(name);
  expect("}", "\"}\"");
}

/// Rows "value & condition", the last one perhaps "value & otherwise".
NodePtr Parser::cases(std::size_t offset) {
  Node node{.kind = Kind::choose, .offset = offset};
  NodePtr otherwise;
  while (!otherwise) {
    NodePtr value = expression();
    accept(",");
    expect("&", "\"&\" before the condition");
    if (accept_word("otherwise") || accept_word("else")) {
      otherwise = value;
    } else {
      if (!accept_word("if") && !accept_word("for")) accept_word("when");
      node.children.push_back(expression());
      node.children.push_back(value);
    }
    accept(",");
    const bool more = accept("\\\\");
    if (!more || (now_.role == Token::Role::command && now_.text == "end")) break;
  }
  if (node.children.empty()) throw FormulaError(offset, "no condition", "a row with a condition");
  if (otherwise) node.children.push_back(otherwise);
  return made(std::move(node));
}

/// A vector if every row has one element.
NodePtr Parser::matrix(std::size_t offset) {
  std::vector<NodePtr> rows, column;
  bool more = true;
  while (more) {
    std::vector<NodePtr> row;
    do row.push_back(expression());
    while (accept("&"));
    if (row.size() == 1) column.push_back(row[0]);
    rows.push_back(made(Kind::vector, offset, std::move(row)));
    more = accept("\\\\") && !(now_.role == Token::Role::command && now_.text == "end");
  }
  return made(Kind::vector, offset, column.size() == rows.size() ? std::move(column) : std::move(rows));
}

}  // namespace assay::properties::formula
