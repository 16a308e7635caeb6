/// New formulas out of old ones. Whatever comes out is as well-formed as what parse gives: kinds fit, depths
/// are right, and no name falls into the hands of a sum that uses it as its index.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "properties/formula/node.hpp"

namespace assay::properties::formula {

/// Formulas of more nodes than this are not made: FormulaTooLarge.
inline constexpr std::size_t most_nodes = 20000;

/// `node` with other children, as many as it has (null where it has null). Throws FormulaTooLarge for chains
/// that grow too long.
NodePtr with_children(const Node& node, std::vector<NodePtr> children);

NodePtr whole_node(std::int64_t value);
NodePtr name_node(std::string name);
/// add, subtract, multiply, negate ...
NodePtr made_node(Kind kind, std::vector<NodePtr> children);
NodePtr call_node(Function function, std::vector<NodePtr> children);

/// The number of nodes, counted as often as they are met; stops at most_nodes + 1.
std::size_t size_of(const Node& node);

/// Every free occurrence of a name by a formula: of the outer x in sum(i = 1..n, x[i]) only. An index that
/// would capture a name of the new formula gets a new name. The variable of a derivative stays, and so does
/// what depends on it inside: diff(f, x) has no other x than its own.
Formula substitute(const Formula& formula, const std::map<std::string, Formula, std::less<>>& by);

}  // namespace assay::properties::formula
