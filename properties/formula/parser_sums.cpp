#include <algorithm>
#include <cctype>
#include <utility>

#include "properties/formula/parser.hpp"

namespace assay::properties::formula {

namespace {

bool ranges(Function function) {
  return function == Function::sum || function == Function::prod || function == Function::max ||
         function == Function::min;
}

}  // namespace

/// sum(i = 1..n, body) and sum(i, 1, n, body); null for sum(x). max(a, b, c, d) has four arguments too: there
/// the first must be a name that means nothing else.
NodePtr Parser::ranged_call(Function function, const Token& token) {
  if (!ranges(function) || !now_.is("(")) return nullptr;
  Lexer copy = lexer_;
  const Token index = copy.next(), behind = copy.next();
  if (index.role != Token::Role::name || find_constant(index.text) || index.is_connective()) return nullptr;
  const bool sums = function == Function::sum || function == Function::prod;
  const bool fresh = sums || (!vocabulary_.open() && !find_function(index.text) && means_nothing(index));
  if (!behind.is("=") && !(behind.is(",") && fresh)) return nullptr;
  const Bracket inner(*this);
  advance();
  advance();
  const bool dots = accept("=");
  if (!dots) advance();
  NodePtr low = additive();
  if (dots)
    expect("..", "\"..\" between the bounds of the index");
  else
    expect(",", "\",\" and the upper bound of the index");
  NodePtr high = additive();
  expect(",", "\",\" and what is to be combined");
  bound_.push_back(index.text);
  NodePtr body = expression();
  bound_.pop_back();
  expect(")", "an operator or \")\"");
  return made(Node{.kind = Kind::reduce,
                   .offset = token.offset,
                   .children = {low, high, body},
                   .text = index.text,
                   .function = function});
}

/// \sum_{i=1}^{n}, \sum_i, \sum_{j \ne y}, and the same of \prod, \max, \min. `index` is the subscript where
/// the lexer has read it as part of the word (sum_i).
NodePtr Parser::big_operator(Function function, const Token& token, const Token* index) {
  if (index) {
    const bool name =
        index->role == Token::Role::name && !find_constant(index->text) && !index->is_connective();
    if (!name || std::isdigit(static_cast<unsigned char>(index->text[0])))
      fail(*index, "the name of an index");
    return big_operator_body(function, token.offset, *index, nullptr, upper_bound(), std::nullopt);
  }
  const Bracket inner(*this);
  expect("_", "\"_\"");
  const bool braces = accept("{");
  const Token name = now_;
  if (name.role != Token::Role::name || find_constant(name.text) || name.is_connective())
    fail("the name of an index");
  advance();
  NodePtr low;
  std::optional<std::pair<Relation, NodePtr>> condition;
  if (braces) {
    bool restricted = !accept("=");
    if (!restricted) {
      low = additive();
      restricted = accept(",");
      if (restricted && !accept_word(name.text)) fail("the index and its condition, as in {j=1, j != y}");
    }
    if (const auto found = relation(); restricted && found) {
      bound_.push_back(name.text);  // the condition may use the index: j != y_j
      advance();
      condition.emplace(*found, additive());
      bound_.pop_back();
    }
    expect("}", "an operator or \"}\"");
  }
  return big_operator_body(function, token.offset, name, low, upper_bound(), std::move(condition));
}

NodePtr Parser::upper_bound() {
  if (now_.role == Token::Role::raised) return raised_exponent();
  if (!accept("^")) return nullptr;
  return primary();
}

NodePtr Parser::big_operator_body(Function function, std::size_t offset, const Token& index, NodePtr low,
                                  NodePtr high, std::optional<std::pair<Relation, NodePtr>> condition) {
  if (condition && function != Function::sum && function != Function::prod)
    fail(index, "bounds of the index; a condition is for sums and products");
  bound_.push_back(index.text);
  NodePtr body = term();
  bound_.pop_back();
  std::vector<std::string> inner;
  if (!high) high = implied_bound(*body, index.text, inner);
  if (!high) fail(index, "bounds, as in _{" + index.text + "=1}^{n}, or a vector with this index");
  if (!low) low = number_node("1", index.offset);
  if (condition) {
    Node compare{.kind = Kind::compare, .offset = index.offset};
    compare.children = {name_node(index.text, index.offset), condition->second};
    compare.relations = {condition->first};
    NodePtr neutral = number_node(function == Function::sum ? "0" : "1", index.offset);
    body = made(Kind::choose, offset, {made(std::move(compare)), body, neutral});
  }
  return made(Node{.kind = Kind::reduce,
                   .offset = offset,
                   .children = {low, high, body},
                   .text = index.text,
                   .function = function});
}

/// The length of the first variable that has `index` as an index: the bound that the author did not write.
NodePtr Parser::implied_bound(const Node& body, const std::string& index,
                              std::vector<std::string>& inner) const {
  if (body.kind == Kind::reduce && body.text == index) return nullptr;
  const auto is_index = [&](const std::string& name) {
    return name == index || bound(name) || std::ranges::find(inner, name) != inner.end();
  };
  for (std::size_t k = 1; body.kind == Kind::index && k < body.children.size(); ++k) {
    const Node& base = *body.children[0];
    const Node& place = *body.children[k];
    if (place.kind != Kind::name || place.text != index || base.kind != Kind::name || is_index(base.text))
      continue;
    std::vector<NodePtr> arguments{body.children[0]};
    if (k > 1) arguments.push_back(number_node(std::to_string(k), place.offset));
    return call(Function::length, place.offset, std::move(arguments));
  }
  NodePtr found;
  if (body.kind == Kind::reduce) inner.push_back(body.text);
  for (const NodePtr& child : body.children)
    if (child && !found) found = implied_bound(*child, index, inner);
  if (body.kind == Kind::reduce) inner.pop_back();
  return found;
}

// ---- Derivatives --------------------------------------------------------------------------------------

NodePtr Parser::derivative(std::size_t offset, NodePtr of, NodePtr by) const {
  return made(Kind::derivative, offset, {std::move(of), std::move(by)});
}

NodePtr Parser::variable() {
  const Token token = now_;
  if (token.role != Token::Role::name) fail("a variable to differentiate by");
  NodePtr found = postfix();
  return function_call(*find_function("diff"), token, {number_node("1", token.offset), found})->children[1];
}

/// ∂f/∂x, and ∂/∂x f.
NodePtr Parser::partial() {
  const std::size_t offset = now_.offset;
  expect("partial", "\"∂\"");
  NodePtr of = now_.is("/") ? nullptr : postfix();
  expect("/", "\"/\" and the variable to differentiate by");
  expect("partial", "\"∂\" and the variable to differentiate by");
  NodePtr by = variable();
  if (!of) of = term();
  return derivative(offset, of, by);
}

/// dx or d: the d is none of the author's names, and what follows it is one letter or a declared name.
bool Parser::differential(const Token& token) const {
  if (token.role != Token::Role::name || lexer_.text()[token.offset] != 'd' || known(token.text))
    return false;
  if (token.text == "d") return true;
  const std::string_view rest = std::string_view(token.text).substr(1);
  const std::string_view base = rest.substr(0, rest.find('_'));
  return known(rest) || known(base) || (vocabulary_.open() && base.size() == 1);
}

/// Behind \frac: {\partial ...}{\partial ...} or {d ...}{d ...}.
bool Parser::begins_derivative() const {
  if (!now_.is("{")) return false;
  Lexer copy = lexer_;
  Token token = copy.next();
  if (token.is("partial")) return true;
  if (!differential(token)) return false;
  for (int depth = 1; depth > 0; token = copy.next()) {
    if (token.role == Token::Role::end) return false;
    depth += token.is("{") ? 1 : token.is("}") ? -1 : 0;
  }
  if (!token.is("{")) return false;
  token = copy.next();
  // {d} alone below the line is a division by d.
  return differential(token) && (token.text.size() > 1 || copy.next().role == Token::Role::name);
}

bool Parser::accept_differential() {
  if (accept("partial")) return true;
  if (!differential(now_)) return false;
  go_to(now_.offset + 1);  // dx is d and x
  return true;
}

int Parser::derivative_order() {
  const bool power = now_.role == Token::Role::raised || now_.is("^");
  if (!power) return 1;
  if (now_.is("^")) advance();
  const bool braces = accept("{");
  if (now_.text != "1" && now_.text != "2") fail("a first or second derivative");
  const int order = now_.text == "1" ? 1 : 2;
  advance();
  if (braces) expect("}", "\"}\"");
  return order;
}

NodePtr Parser::derivative_fraction(std::size_t offset) {
  const Bracket inner(*this);
  expect("{", "\"{\"");
  if (!accept_differential()) fail("\\partial");
  const int order = derivative_order();
  NodePtr of = now_.is("}") ? nullptr : expression();
  expect("}", "an operator or \"}\"");
  expect("{", "\"{\" and the variable to differentiate by");
  std::vector<NodePtr> by;
  while (!now_.is("}")) {
    if (!accept_differential()) fail("\\partial and the variable to differentiate by");
    const NodePtr one = variable();
    const int times = derivative_order();
    by.insert(by.end(), static_cast<std::size_t>(times), one);
  }
  if (static_cast<int>(by.size()) != order) fail("as many variables as the order of the derivative");
  advance();
  if (!of) of = term();
  for (auto one = by.rbegin(); one != by.rend(); ++one) of = derivative(offset, of, *one);
  return of;
}

}  // namespace assay::properties::formula
