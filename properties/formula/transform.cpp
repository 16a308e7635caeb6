#include "properties/formula/transform.hpp"

#include <algorithm>
#include <set>

namespace assay::properties::formula {

namespace {

using Names = std::set<std::string, std::less<>>;
using Replacements = std::map<std::string, Formula, std::less<>>;

void count(const Node& node, std::size_t& total) {
  if (++total > most_nodes) return;
  for (const NodePtr& child : node.children)
    if (child) count(*child, total);
}

std::string fresh_name(std::string index, const Names& taken) {
  while (taken.contains(index)) index += "'";
  return index;
}

class Substitution {
 public:
  NodePtr operator()(const NodePtr& node, const Replacements& by) {
    if (!node || by.empty()) return node;
    if (++nodes_ > most_nodes)
      throw FormulaTooLarge(node->offset, "a formula of more than " + std::to_string(most_nodes) + " parts",
                            "definitions that use each other less often");
    if (node->kind == Kind::name) {
      const auto found = by.find(node->text);
      if (found == by.end()) return node;
      nodes_ += size_of(found->second.root());
      return std::make_shared<const Node>(found->second.root());
    }
    if (node->kind == Kind::reduce) return reduced(*node, by);
    if (node->kind == Kind::derivative) return derived(*node, by);
    std::vector<NodePtr> children;
    for (const NodePtr& child : node->children) children.push_back((*this)(child, by));
    return children == node->children ? node : with_children(*node, std::move(children));
  }

 private:
  NodePtr reduced(const Node& node, const Replacements& by) {
    std::vector<NodePtr> children{(*this)(node.children[0], by), (*this)(node.children[1], by)};
    Replacements inside = by;
    inside.erase(node.text);
    const Names free = free_names(Formula(node.children[2]));
    Names taken;
    for (const auto& [name, formula] : inside)
      if (free.contains(name)) taken.merge(free_names(formula));
    Node copy = node;
    if (taken.contains(node.text)) {
      taken.insert(free.begin(), free.end());
      copy.text = fresh_name(node.text, taken);
      inside.emplace(node.text, Formula(name_node(copy.text)));
    }
    children.push_back((*this)(node.children[2], inside));
    return with_children(copy, std::move(children));
  }

  NodePtr derived(const Node& node, const Replacements& by) {
    const Node& variable = *node.children[1];
    const std::string& name = variable.kind == Kind::index ? variable.children[0]->text : variable.text;
    Replacements inside = by;
    inside.erase(name);
    std::vector<NodePtr> children{(*this)(node.children[0], inside)};
    if (variable.kind == Kind::index) {
      std::vector<NodePtr> places{variable.children[0]};
      for (std::size_t i = 1; i < variable.children.size(); ++i)
        places.push_back((*this)(variable.children[i], by));
      children.push_back(with_children(variable, std::move(places)));
    } else {
      children.push_back(node.children[1]);
    }
    return with_children(node, std::move(children));
  }

  std::size_t nodes_ = 0;
};

}  // namespace

NodePtr with_children(const Node& node, std::vector<NodePtr> children) {
  Node copy = node;
  copy.children = std::move(children);
  copy.depth = 1;
  for (const NodePtr& child : copy.children)
    if (child) copy.depth = std::max(copy.depth, child->depth + 1);
  if (copy.depth > deepest_formula)
    throw FormulaTooLarge(node.offset, "a chain of " + std::to_string(copy.depth) + " operations",
                          "at most " + std::to_string(deepest_formula));
  return std::make_shared<const Node>(std::move(copy));
}

NodePtr whole_node(std::int64_t value) {
  if (value < 0) return made_node(Kind::negate, {whole_node(-value)});
  Node node{.kind = Kind::number, .text = std::to_string(value)};
  node.number = oracles::Rational(static_cast<long long>(value));
  node.nearest = static_cast<double>(value);
  node.nearest_single = static_cast<float>(value);
  node.whole = value;
  return std::make_shared<const Node>(std::move(node));
}

NodePtr name_node(std::string name) {
  return std::make_shared<const Node>(Node{.kind = Kind::name, .text = std::move(name)});
}

NodePtr made_node(Kind kind, std::vector<NodePtr> children) {
  return with_children(Node{.kind = kind}, std::move(children));
}

NodePtr call_node(Function function, std::vector<NodePtr> children) {
  return with_children(Node{.kind = Kind::call, .function = function}, std::move(children));
}

std::size_t size_of(const Node& node) {
  std::size_t total = 0;
  count(node, total);
  return total;
}

Formula substitute(const Formula& formula, const Replacements& by) {
  return Formula(Substitution()(std::make_shared<const Node>(formula.root()), by));
}

}  // namespace assay::properties::formula
