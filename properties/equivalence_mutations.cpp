#include "properties/equivalence_mutations.hpp"

#include <functional>

#include "properties/formula/transform.hpp"

namespace assay::properties::equivalence {
namespace {

using formula::call_node;
using formula::Formula;
using formula::Function;
using formula::Kind;
using formula::made_node;
using formula::Node;
using formula::NodePtr;
using formula::Relation;
using formula::whole_node;

constexpr std::size_t most_mutations = 300;

std::string text_of(const NodePtr& node) {
  constexpr std::size_t readable = 60;
  const std::string text = formula::to_text(Formula(node));
  return text.size() <= readable ? text : text.substr(0, readable) + "...";
}

/// 1[c] as people write it, not indicator(c).
std::string indicator_text(const NodePtr& condition) {
  return "1[" + text_of(condition) + "]";
}

class Mutations {
 public:
  using Rebuild = std::function<NodePtr(const NodePtr&)>;  ///< the whole formula around a changed part

  void visit(const NodePtr& node, const Rebuild& rebuild) {
    if (found_.size() >= most_mutations) return;
    rebuild_ = &rebuild;
    change(node);
    for (std::size_t i = 0; i < node->children.size(); ++i) {
      // The variable of a derivative, and the index of an element's owner, stay what they are.
      if (!node->children[i] || (node->kind == Kind::derivative && i == 1)) continue;
      const Rebuild around = [&](const NodePtr& changed) {
        std::vector<NodePtr> children = node->children;
        children[i] = changed;
        return rebuild(formula::with_children(*node, std::move(children)));
      };
      visit(node->children[i], around);
    }
  }
  std::vector<Mutation> found() && { return std::move(found_); }

 private:
  void add(const NodePtr& changed, std::string text) {
    if (found_.size() < most_mutations) found_.push_back({std::move(text), Formula((*rebuild_)(changed))});
  }

  void change(const NodePtr& node) {
    switch (node->kind) {
      case Kind::call:
        return call(node);
      case Kind::choose:
        return choose(node);
      case Kind::reduce:
        return reduce(node);
      case Kind::compare:
        return compare(node);
      case Kind::conjunction:
      case Kind::disjunction:
        add(node->children[0], "without " + text_of(node->children[1]));
        add(node->children[1], "without " + text_of(node->children[0]));
        return;
      case Kind::vector:
        return;
      default:
        return arithmetic(node);
    }
  }

  void arithmetic(const NodePtr& node) {
    if (node->children.size() != 2 && node->kind != Kind::negate) return;
    const NodePtr& a = node->children[0];
    const NodePtr b = node->children.size() == 2 ? node->children[1] : nullptr;
    switch (node->kind) {
      case Kind::negate:
        return add(a, "without the sign of " + text_of(node));
      case Kind::add:
      case Kind::subtract: {
        const bool sum = node->kind == Kind::add;
        add(a, "without the term " + text_of(b));
        add(sum ? b : made_node(Kind::negate, {b}), "without the term " + text_of(a));
        return add(made_node(sum ? Kind::subtract : Kind::add, {a, b}),
                   "with the other sign of " + text_of(b));
      }
      case Kind::multiply:
      case Kind::elementwise:
        add(a, "without the factor " + text_of(b));
        return add(b, "without the factor " + text_of(a));
      case Kind::divide:
        add(a, "without the division by " + text_of(b));
        return add(made_node(Kind::multiply, {a, b}),
                   "with a multiplication by " + text_of(b) + " for the division");
      case Kind::power:
        return add(a, "without the power of " + text_of(node));
      default:
        return;
    }
  }

  void call(const NodePtr& node) {
    const auto& children = node->children;
    switch (node->function) {
      case Function::indicator:
        add(whole_node(1), "without " + indicator_text(children[0]));
        return add(call_node(Function::indicator, {made_node(Kind::negation, {children[0]})}),
                   "with the opposite of " + indicator_text(children[0]));
      case Function::max:
      case Function::min:
        for (std::size_t i = 0; i < children.size() && children.size() > 1; ++i) drop_argument(node, i);
        return;
      case Function::mean:
        return add(call_node(Function::sum, children), "with a sum for the mean: without 1/n");
      case Function::sum:
        return add(call_node(Function::mean, children), "with a mean for the sum");
      case Function::dot:
      case Function::length:
      case Function::argmax:
      case Function::argmin:
      case Function::norm:
      case Function::prod:
        return;
      default:
        if (children.size() == 1) add(children[0], "without " + std::string(name_of(node->function)));
    }
  }

  void drop_argument(const NodePtr& node, std::size_t i) {
    std::vector<NodePtr> rest = node->children;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    const NodePtr changed = rest.size() == 1 ? rest[0] : formula::with_children(*node, std::move(rest));
    add(changed, "with " + text_of(changed) + " for " + text_of(node));
  }

  void choose(const NodePtr& node) {
    const auto& children = node->children;
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
      const Node& condition = *children[i];
      const bool other_than = condition.kind == Kind::compare && condition.relations.size() == 1 &&
                              condition.relations[0] == Relation::not_equal;
      add(children[i + 1], other_than ? "with " + text_of(condition.children[0]) + " = " +
                                            text_of(condition.children[1]) + " in it as well"
                                      : "without the condition " + text_of(children[i]));
    }
    if (children.size() % 2 == 1 && !excludes(*node))
      add(children.back(), "with only the case that " + text_of(children[0]) + " does not hold");
    if (children.size() == 3)
      add(formula::with_children(*node, {children[0], children[2], children[1]}),
          "with both cases of " + text_of(children[0]) + " exchanged");
    if (excludes(*node))
      add(children[2], "with " + text_of(children[0]->children[0]) + " = " +
                           text_of(children[0]->children[1]) + " in it as well");
  }

  /// if(c = y, 0, f): a sum over all but y.
  static bool excludes(const Node& node) {
    const auto& children = node.children;
    const Node& condition = *children[0];
    return children.size() == 3 && condition.kind == Kind::compare && condition.relations.size() == 1 &&
           condition.relations[0] == Relation::equal && children[1]->kind == Kind::number &&
           children[1]->whole == 0;
  }

  void reduce(const NodePtr& node) {
    const NodePtr &low = node->children[0], &high = node->children[1], &body = node->children[2];
    const auto with = [&](const NodePtr& from, const NodePtr& to) {
      add(formula::with_children(*node, {from, to, body}),
          "with " + node->text + " from " + text_of(from) + " to " + text_of(to));
    };
    const NodePtr one = whole_node(1);
    with(made_node(Kind::add, {low, one}), high);
    with(low, made_node(Kind::subtract, {high, one}));
    with(low, made_node(Kind::add, {high, one}));
    if (low->whole == 1) with(whole_node(0), high);
  }

  void compare(const NodePtr& node) {
    for (std::size_t i = 0; i < node->relations.size(); ++i) {
      Node copy = *node;
      copy.relations[i] = opposite(node->relations[i]);
      if (copy.relations[i] != node->relations[i])
        add(std::make_shared<const Node>(copy),
            "with " + text_of(std::make_shared<const Node>(copy)) + " for " + text_of(node));
      if (node->relations.size() < 2) continue;
      // a < x < b without one end.
      Node shorter = *node;
      const std::size_t first = i == 0 ? 0 : i + 1;
      shorter.relations.erase(shorter.relations.begin() + static_cast<std::ptrdiff_t>(i));
      shorter.children.erase(shorter.children.begin() + static_cast<std::ptrdiff_t>(first));
      add(std::make_shared<const Node>(shorter),
          "with " + text_of(std::make_shared<const Node>(shorter)) + " for " + text_of(node));
    }
  }

  /// Strict for not strict, and the other way round.
  static Relation opposite(Relation relation) {
    switch (relation) {
      case Relation::less:
        return Relation::less_equal;
      case Relation::less_equal:
        return Relation::less;
      case Relation::greater:
        return Relation::greater_equal;
      case Relation::greater_equal:
        return Relation::greater;
      default:
        return relation;
    }
  }

  const Rebuild* rebuild_ = nullptr;
  std::vector<Mutation> found_;
};

}  // namespace

std::vector<Mutation> mutations_of(const Formula& formula) {
  Mutations mutations;
  try {
    mutations.visit(std::make_shared<const Node>(formula.root()), [](const NodePtr& node) { return node; });
  } catch (const formula::FormulaError&) {
    // A chain that grows too long; those found so far will do.
  }
  return std::move(mutations).found();
}

}  // namespace assay::properties::equivalence
