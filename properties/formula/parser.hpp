/// From tokens to the tree, by recursive descent. Internal; the grammar is in docs/formulas.md.
///
/// parser.cpp: precedence. parser_primary.cpp: brackets, bars, LaTeX. parser_names.cpp: what a word means.
/// parser_calls.cpp: arguments. parser_sums.cpp: sums, products, derivatives.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "properties/formula/formula.hpp"
#include "properties/formula/lexer.hpp"
#include "properties/formula/node.hpp"

namespace assay::properties::formula {

class Parser {
 public:
  Parser(std::string_view text, const Vocabulary& vocabulary);
  NodePtr formula();

 private:
  // ---- Tokens.
  void advance() { now_ = lexer_.next(); }
  void go_to(std::size_t offset);
  /// The token behind the present one.
  Token ahead() const;
  bool accept(std::string_view symbol);
  bool accept_word(std::string_view word);
  void expect(std::string_view symbol, const std::string& expected);
  std::string shown(const Token& token) const;
  [[noreturn]] void fail(const std::string& expected) const { fail(now_, expected); }
  [[noreturn]] void fail(const Token& at, const std::string& expected) const;

  /// Counts nested brackets and the like; bars inside brackets are their own.
  class Deeper;
  class Bracket;

  // ---- Nodes. Each throws FormulaError where statements and numbers are mixed up.
  NodePtr made(Node node) const;
  NodePtr made(Kind kind, std::size_t offset, std::vector<NodePtr> children) const;
  NodePtr call(Function function, std::size_t offset, std::vector<NodePtr> children) const;
  NodePtr name_node(std::string name, std::size_t offset) const;
  NodePtr number_node(const std::string& text, std::size_t offset) const;
  NodePtr constant_node(Constant constant, std::size_t offset) const;
  void check_kinds(const Node& node) const;

  // ---- Precedence, from the loosest to the tightest.
  NodePtr expression();
  NodePtr disjunction();
  NodePtr conjunction();
  NodePtr negation();
  NodePtr comparison();
  NodePtr interval(std::size_t offset, NodePtr inside);
  NodePtr additive();
  NodePtr term();
  NodePtr unary();
  NodePtr power();
  NodePtr postfix();
  NodePtr primary();

  std::optional<Relation> relation() const;
  NodePtr exponent();
  NodePtr raised(NodePtr base);
  NodePtr raised_exponent();
  bool accept_transposition();
  NodePtr times(Kind kind, std::size_t offset, NodePtr left, NodePtr right) const;
  bool begins_indicator() const;
  bool begins_operand() const;
  void refuse_ambiguous_factor() const;
  void refuse_raised_index() const;

  // ---- Brackets and bars.
  NodePtr number();
  NodePtr symbol();
  NodePtr group(std::string_view open, std::string_view close);
  NodePtr list();
  bool listed(std::vector<NodePtr>& elements);
  NodePtr bars();
  NodePtr norm(std::size_t offset, NodePtr inside);
  NodePtr indicator(std::size_t offset);
  NodePtr subscript(NodePtr base);
  std::vector<NodePtr> lowered_list(const Token& token);

  // ---- LaTeX.
  NodePtr command();
  NodePtr latex_argument();
  NodePtr fraction(std::size_t offset);
  NodePtr root(std::size_t offset);
  NodePtr environment();
  NodePtr cases(std::size_t offset);
  NodePtr matrix(std::size_t offset);
  void end_environment(const std::string& name);

  // ---- Names.
  bool declared(std::string_view name) const { return vocabulary_.names.contains(name); }
  bool bound(std::string_view name) const;
  bool known(std::string_view name) const { return declared(name) || bound(name); }
  NodePtr name();
  NodePtr resolved(const Token& token);
  NodePtr subscripted(const Token& token);
  NodePtr element(const std::string& text, std::size_t offset, bool subscripted = false) const;
  NodePtr split_subscript(const Token& token);
  NodePtr first_letter(const Token& token);
  bool means_nothing(const Token& token) const;
  std::size_t first_factor(std::string_view text) const;
  bool divides(std::string_view letters) const;
  void join_digits(Token& token);
  NodePtr respelt(const std::string& text, std::size_t offset) const;
  NodePtr family(const std::string& text, std::size_t offset) const;
  bool runs(const std::string& text) const;
  bool verbatim(const Token& token, std::size_t from) const;
  bool differential(const Token& token) const;
  std::vector<NodePtr> indices(std::string_view subscript, std::size_t offset) const;
  [[noreturn]] void refuse_name(const Token& token) const;

  // ---- Functions and operations.
  struct Given {
    std::vector<NodePtr> positional;
    std::vector<std::pair<Token, NodePtr>> inputs;
    std::vector<std::pair<Token, std::string>> attributes;
  };
  NodePtr application(const FunctionSpec& spec, const Token& token);
  NodePtr bare_application(const FunctionSpec& spec, const Token& token);
  NodePtr arguments_of(const FunctionSpec* spec, const oracles::Operation* operation, const Token& token);
  NodePtr function_call(const FunctionSpec& spec, const Token& token, std::vector<NodePtr> arguments);
  NodePtr operation_call(const oracles::Operation& operation, const Token& token, Given given);
  Given arguments(const oracles::Operation* operation, bool only_operation);
  bool takes(const oracles::Operation& operation, const Token& name) const;
  std::string attribute_text();
  std::string attribute_word();
  NodePtr subscript_of_logarithm(const Token& base);
  NodePtr logarithm(const Token& token, NodePtr base);

  // ---- Sums, products, maxima over an index; derivatives.
  NodePtr ranged_call(Function function, const Token& token);
  NodePtr big_operator(Function function, const Token& token, const Token* index);
  NodePtr big_operator_body(Function function, std::size_t offset, const Token& index, NodePtr low,
                            NodePtr high, std::optional<std::pair<Relation, NodePtr>> condition);
  NodePtr upper_bound();
  NodePtr implied_bound(const Node& body, const std::string& index, std::vector<std::string>& inner) const;
  NodePtr partial();
  bool begins_derivative() const;
  bool accept_differential();
  NodePtr derivative_fraction(std::size_t offset);
  NodePtr variable();
  NodePtr derivative(std::size_t offset, NodePtr of, NodePtr variable) const;
  int derivative_order();

  const Vocabulary& vocabulary_;
  Lexer lexer_;
  Token now_;
  int nesting_ = 0;
  int bars_ = 0;                                      ///< open bars in the present brackets
  int rows_ = 0;                                      ///< environments that are open: "&" is theirs
  std::size_t behind_bare_ = std::string_view::npos;  ///< where the argument of "log x" ended
  std::vector<std::string> bound_;                    ///< indices of the enclosing sums
};

class Parser::Deeper {
 public:
  explicit Deeper(Parser& parser) : parser_(parser) {
    if (parser_.nesting_ == deepest_nesting)
      throw FormulaTooLarge(parser_.now_.offset, parser_.shown(parser_.now_),
                            "at most " + std::to_string(deepest_nesting) + " brackets within each other");
    ++parser_.nesting_;
  }
  ~Deeper() { --parser_.nesting_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  Parser& parser_;
};

class Parser::Bracket {
 public:
  explicit Bracket(Parser& parser, int bars = 0)
      : parser_(parser), outer_(std::exchange(parser.bars_, bars)) {}
  ~Bracket() { parser_.bars_ = outer_; }
  Bracket(const Bracket&) = delete;
  Bracket& operator=(const Bracket&) = delete;

 private:
  Parser& parser_;
  int outer_;
};

}  // namespace assay::properties::formula
