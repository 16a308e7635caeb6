/// The tree of a formula. Internal: users hold a Formula.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oracles/numeric/rational.hpp"
#include "properties/formula/formula.hpp"
#include "properties/formula/symbols.hpp"

namespace assay::properties::formula {

using NodePtr = std::shared_ptr<const Node>;

/// What a node does with its children, in order.
enum class Kind {
  number,       ///< `number`, written as `text`; never negative
  name,         ///< `text`: a variable, or the index of an enclosing sum
  constant,     ///< `constant`
  vector,       ///< the elements
  negate,       ///< -a
  add,          ///< a + b
  subtract,     ///< a - b
  multiply,     ///< a * b
  elementwise,  ///< a .* b
  divide,       ///< a / b
  power,        ///< a ^ b
  transpose,    ///< transpose(a)
  index,        ///< a[b] or a[b, c]
  compare,      ///< a < b <= c: one more child than `relations`
  negation,     ///< not a
  conjunction,  ///< a and b
  disjunction,  ///< a or b
  implication,  ///< a implies b
  call,         ///< `function` of all children
  operation,    ///< `operation` of the catalogue; null children are inputs left out
  reduce,       ///< `function` over the index `text` from a to b of c
  choose,       ///< if(condition, value, condition, value, ..., otherwise): the last may be missing
  derivative,   ///< of a with respect to b, a name or an index of a name
};

struct Node {
  Kind kind;
  std::size_t offset = 0;  ///< of the text that says what the node does
  std::vector<NodePtr> children = {};
  std::string text = {};
  int depth = 1;

  // Of numbers.
  oracles::Rational number = {};
  double nearest = 0;  ///< the nearest double, and the nearest float: evaluation needs them often
  float nearest_single = 0;
  std::optional<std::int64_t> whole = {};

  Constant constant = Constant::pi;
  Function function = Function::exp;
  std::vector<Relation> relations = {};
  const oracles::Operation* operation = nullptr;
  oracles::Attributes attributes = {};
  std::string output = {};  ///< of an operation; empty: the first
};

/// Whether the value of a node is a Truth; evident from its kind.
bool is_statement(const Node& node);

}  // namespace assay::properties::formula
