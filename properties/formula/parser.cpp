#include "properties/formula/parser.hpp"

#include <algorithm>
#include <limits>

#include "oracles/numeric/functions.hpp"

namespace assay::properties::formula {

Parser::Parser(std::string_view text, const Vocabulary& vocabulary) : vocabulary_(vocabulary), lexer_(text) {
  if (text.size() > longest_text)
    throw FormulaTooLarge(longest_text, std::to_string(text.size()) + " bytes",
                          "at most " + std::to_string(longest_text));
  advance();
}

NodePtr Parser::formula() {
  NodePtr root = expression();
  if (now_.role != Token::Role::end) fail("an operator or the end");
  return root;
}

// ---- Tokens -------------------------------------------------------------------------------------------

void Parser::go_to(std::size_t offset) {
  lexer_.go_to(offset);
  advance();
}

Token Parser::ahead() const {
  Lexer copy = lexer_;
  return copy.next();
}

bool Parser::accept(std::string_view symbol) {
  if (!now_.is(symbol)) {
    // The bars of "|a|b||" come in pairs that belong to two.
    if (symbol != "|" || !now_.is("||") || lexer_.text()[now_.offset] != '|') return false;
    go_to(now_.offset + 1);
    return true;
  }
  advance();
  return true;
}

bool Parser::accept_word(std::string_view word) {
  if (!now_.is_name(word)) return false;
  advance();
  return true;
}

void Parser::expect(std::string_view symbol, const std::string& expected) {
  if (!accept(symbol)) fail(expected);
}

std::string Parser::shown(const Token& token) const {
  if (token.role == Token::Role::end) return "the end";
  constexpr std::size_t enough = 40;
  const std::string_view text = lexer_.text().substr(token.offset, token.end - token.offset);
  return "\"" + std::string(text.substr(0, enough)) + (text.size() > enough ? "..." : "") + "\"";
}

void Parser::fail(const Token& at, const std::string& expected) const {
  throw FormulaError(at.offset, shown(at), expected);
}

// ---- Nodes --------------------------------------------------------------------------------------------

bool is_statement(const Node& node) {
  switch (node.kind) {
    case Kind::compare:
    case Kind::negation:
    case Kind::conjunction:
    case Kind::disjunction:
    case Kind::implication:
      return true;
    case Kind::constant:
      return node.constant == Constant::yes || node.constant == Constant::no;
    case Kind::choose:
      return is_statement(*node.children[1]);
    default:
      return false;
  }
}

namespace {

/// Whether the child must be a statement; the values of a case distinction are all alike.
bool wants_statement(const Node& node, std::size_t child) {
  switch (node.kind) {
    case Kind::negation:
    case Kind::conjunction:
    case Kind::disjunction:
    case Kind::implication:
      return true;
    case Kind::call:
      return node.function == Function::indicator;
    case Kind::choose:
      if (child % 2 == 0 && child + 1 < node.children.size()) return true;
      return is_statement(*node.children[1]);
    default:
      return false;
  }
}

}  // namespace

void Parser::check_kinds(const Node& node) const {
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (!node.children[i]) continue;
    const Node& child = *node.children[i];
    if (wants_statement(node, i) == is_statement(child)) continue;
    if (is_statement(child))
      throw FormulaError(child.offset, "a statement", "a number; 1[...] makes one of a statement");
    throw FormulaError(child.offset, "a number", "a statement such as x > 0");
  }
}

NodePtr Parser::made(Node node) const {
  check_kinds(node);
  for (const NodePtr& child : node.children)
    if (child) node.depth = std::max(node.depth, child->depth + 1);
  if (node.depth > deepest_formula)
    throw FormulaTooLarge(node.offset, "a chain of " + std::to_string(node.depth) + " operations",
                          "at most " + std::to_string(deepest_formula));
  return std::make_shared<const Node>(std::move(node));
}

NodePtr Parser::made(Kind kind, std::size_t offset, std::vector<NodePtr> children) const {
  return made(Node{.kind = kind, .offset = offset, .children = std::move(children)});
}

NodePtr Parser::call(Function function, std::size_t offset, std::vector<NodePtr> children) const {
  return made(
      Node{.kind = Kind::call, .offset = offset, .children = std::move(children), .function = function});
}

NodePtr Parser::name_node(std::string name, std::size_t offset) const {
  return made(Node{.kind = Kind::name, .offset = offset, .text = std::move(name)});
}

NodePtr Parser::constant_node(Constant constant, std::size_t offset) const {
  return made(Node{.kind = Kind::constant, .offset = offset, .constant = constant});
}

namespace {

/// Beyond 9999 a few characters of text would ask for many thousand digits.
bool has_modest_exponent(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  const std::size_t mark = text.find_first_of(hexadecimal ? "pP" : "eE");
  if (mark == text.npos) return true;
  const std::size_t first = text.find_first_of("123456789", mark);
  return first == text.npos || text.size() - first <= 4;
}

}  // namespace

NodePtr Parser::number_node(const std::string& text, std::size_t offset) const {
  Node node{.kind = Kind::number, .offset = offset, .text = text};
  try {
    if (!has_modest_exponent(text)) throw oracles::NumberTextError(text);
    node.number = oracles::parse_rational(text);
  } catch (const oracles::NumberTextError&) {
    throw FormulaError(offset, "\"" + text.substr(0, 40) + "\"",
                       "a number, its exponent within 9999 of zero");
  }
  node.nearest = oracles::nearest_double(node.number);
  node.nearest_single = oracles::nearest_float(node.number);
  const oracles::Rational& value = node.number;
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  if (denominator(value) == 1 && value <= largest) node.whole = static_cast<std::int64_t>(numerator(value));
  return made(std::move(node));
}

// ---- Precedence ---------------------------------------------------------------------------------------

NodePtr Parser::expression() {
  const Deeper guard(*this);
  NodePtr left = disjunction();
  const std::size_t offset = now_.offset;
  if (!accept_word("implies")) return left;
  return made(Kind::implication, offset, {left, expression()});
}

NodePtr Parser::disjunction() {
  NodePtr left = conjunction();
  for (std::size_t offset = now_.offset; accept_word("or"); offset = now_.offset)
    left = made(Kind::disjunction, offset, {left, conjunction()});
  return left;
}

NodePtr Parser::conjunction() {
  NodePtr left = negation();
  // In cases and matrices "&" parts the columns.
  for (std::size_t offset = now_.offset; accept_word("and") || (rows_ == 0 && accept("&"));
       offset = now_.offset)
    left = made(Kind::conjunction, offset, {left, negation()});
  return left;
}

NodePtr Parser::negation() {
  const std::size_t offset = now_.offset;
  if (!now_.is_name("not")) return comparison();
  const Deeper guard(*this);
  advance();
  return made(Kind::negation, offset, {negation()});
}

std::optional<Relation> Parser::relation() const {
  constexpr Relation all[] = {Relation::less,          Relation::less_equal, Relation::greater,
                              Relation::greater_equal, Relation::equal,      Relation::not_equal};
  for (const Relation one : all)
    if (now_.is(name_of(one))) return one;
  return std::nullopt;
}

NodePtr Parser::comparison() {
  const std::size_t offset = now_.offset;
  Node node{.kind = Kind::compare, .offset = offset, .children = {additive()}};
  if (accept("element")) return interval(offset, node.children[0]);
  while (const auto found = relation()) {
    if (node.relations.empty()) node.offset = now_.offset;
    advance();
    node.relations.push_back(*found);
    node.children.push_back(additive());
  }
  return node.relations.empty() ? node.children[0] : made(std::move(node));
}

NodePtr Parser::additive() {
  NodePtr left = term();
  for (;;) {
    const std::size_t offset = now_.offset;
    const bool plus = now_.is("+");
    if (!plus && !now_.is("-")) return left;
    advance();
    left = made(plus ? Kind::add : Kind::subtract, offset, {left, term()});
  }
}

/// Multiplication without a sign binds like one with it, from left to right: 1/2x is (1/2)x.
NodePtr Parser::term() {
  NodePtr left = unary();
  for (;;) {
    const std::size_t offset = now_.offset;
    if (accept("*")) {
      left = times(Kind::multiply, offset, left, unary());
    } else if (accept("/")) {
      left = made(Kind::divide, offset, {left, unary()});
    } else if (accept(".*")) {
      left = times(Kind::elementwise, offset, left, unary());
    } else if (begins_operand()) {
      refuse_ambiguous_factor();
      left = times(Kind::multiply, offset, left, power());
    } else {
      return left;
    }
  }
}

/// What may follow a factor as another one. A number may not: "x 2" is a slip of the pen more often than 2x.
bool Parser::begins_operand() const {
  using Role = Token::Role;
  if (begins_indicator()) return true;
  if (now_.role == Role::name) return !now_.is_connective();
  if (now_.role == Role::command) return now_.text != "end";
  if (now_.role != Role::symbol) return false;
  if (now_.text == "|" || now_.text == "||") return bars_ == 0;
  static constexpr std::string_view opening[] = {"(",      "[",     "{",       "\\{",
                                                 "floor(", "ceil(", "partial", "indicator"};
  return std::ranges::find(opening, now_.text) != std::end(opening);
}

/// log x y may be log(x) y or log(xy): nobody can tell. log x log y is clear.
void Parser::refuse_ambiguous_factor() const {
  if (now_.offset != behind_bare_) return;
  if (now_.role == Token::Role::name && find_function(now_.text) && !known(now_.text)) return;
  fail("an operator, or brackets around the argument of the function before it");
}

NodePtr Parser::unary() {
  const std::size_t offset = now_.offset;
  if (!now_.is("-") && !now_.is("+")) return power();
  const Deeper guard(*this);
  const bool minus = now_.is("-");
  advance();
  return minus ? made(Kind::negate, offset, {unary()}) : unary();
}

/// a^b^c is a^(b^c).
NodePtr Parser::power() {
  NodePtr base = postfix();
  for (;;) {
    const std::size_t offset = now_.offset;
    if (now_.role == Token::Role::raised) {
      base = raised(base);
    } else if (accept("^")) {
      refuse_raised_index();
      if (accept_transposition())
        base = call(Function::transpose, offset, {base});
      else
        base = made(Kind::power, offset, {base, exponent()});
    } else {
      return base;
    }
  }
}

/// x^{(i)} is the i-th example to most authors and the i-th power to this grammar: nobody shall guess.
void Parser::refuse_raised_index() const {
  if (!now_.is("{")) return;
  Lexer copy = lexer_;
  if (!copy.next().is("(")) return;
  (void)copy.next();
  if (copy.next().is(")") && copy.next().is("}"))
    fail("an exponent without brackets, x^{i}; or an index, x_i");
}

NodePtr Parser::exponent() {
  const Deeper guard(*this);
  const std::size_t offset = now_.offset;
  if (accept("-")) return made(Kind::negate, offset, {exponent()});
  if (accept("+")) return exponent();
  return power();
}

/// x², x⁻¹, xⁿ, xᵀ.
NodePtr Parser::raised(NodePtr base) {
  const std::size_t offset = now_.offset;
  if (now_.text == "T" && !known("T")) {
    advance();
    return call(Function::transpose, offset, {base});
  }
  return made(Kind::power, offset, {base, raised_exponent()});
}

NodePtr Parser::raised_exponent() {
  const Token token = now_;
  advance();
  std::string_view text = token.text;
  const bool minus = text.starts_with('-');
  if (minus) text.remove_prefix(1);
  NodePtr above;
  if (!text.empty() && text.find_first_not_of("0123456789") == text.npos)
    above = number_node(std::string(text), token.offset);
  else if (text.size() == 1 && text != "-" && (vocabulary_.open() || known(text)))
    above = name_node(std::string(text), token.offset);
  else
    fail(token, "raised digits, or one raised letter that is a declared name");
  return minus ? made(Kind::negate, token.offset, {above}) : above;
}

/// After "^": T (unless it is a declared name), ⊤, \top, with or without braces.
bool Parser::accept_transposition() {
  const auto is_mark = [&](const Token& token) {
    return token.is("top") || (token.is_name("T") && !known("T"));
  };
  if (is_mark(now_)) {
    advance();
    return true;
  }
  if (!now_.is("{")) return false;
  Lexer copy = lexer_;
  if (!is_mark(copy.next()) || !copy.next().is("}")) return false;
  lexer_ = copy;
  advance();
  return true;
}

NodePtr Parser::postfix() {
  NodePtr base = primary();
  for (;;) {
    const std::size_t offset = now_.offset;
    // Numbers have no elements: 2[x + 1] and [x > 0][y > 0] are products.
    const bool indicates = base->kind == Kind::call && base->function == Function::indicator;
    if (base->kind == Kind::number || indicates) return base;
    if (now_.is("[")) {
      std::vector<NodePtr> children{base};
      listed(children);
      const bool condition = children.size() == 2 && is_statement(*children[1]);
      base = condition ? times(Kind::multiply, offset, base, children[1])
                       : made(Kind::index, offset, std::move(children));
    } else if (now_.is(".T")) {
      advance();
      base = call(Function::transpose, offset, {base});
    } else if (now_.is("_") || now_.role == Token::Role::lowered) {
      base = subscript(base);
    } else {
      return base;
    }
  }
}

}  // namespace assay::properties::formula
