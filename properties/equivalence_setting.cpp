#include "properties/equivalence_setting.hpp"

#include <algorithm>

#include "oracles/numeric/precision.hpp"
#include "properties/formula/transform.hpp"

namespace assay::properties::equivalence {
namespace {

using formula::Environment;
using formula::FormulaError;
using formula::Kind;
using formula::Node;
using formula::NodePtr;

formula::Vocabulary vocabulary_of(const fixtures::Setting& setting) {
  formula::Vocabulary vocabulary;
  for (const auto& [name, input] : setting.inputs) vocabulary.names.insert(name);
  for (const auto& [name, dimension] : setting.dimensions) vocabulary.names.insert(name);
  for (const auto& [name, formula] : setting.define) vocabulary.names.insert(name);
  if (vocabulary.names.empty()) vocabulary.names.insert("'");  // a name that nobody can write: not open
  return vocabulary;
}

const std::string& variable_of(const Node& derivative) {
  const Node& by = *derivative.children[1];
  return by.kind == Kind::index ? by.children[0]->text : by.text;
}

/// The first variable of a derivative inside that satisfies; null if there is none.
template <class Condition>
const Node* find_derivative(const Node& node, const Condition& condition) {
  if (node.kind == Kind::derivative && condition(variable_of(node))) return &node;
  for (const NodePtr& child : node.children)
    if (child)
      if (const Node* found = find_derivative(*child, condition)) return found;
  return nullptr;
}

template <class T>
void set_whole(Environment<T>& environment, const Drawn& drawn) {
  for (const auto& [name, labels] : drawn.labels) environment.index.emplace(name, labels);
  for (const auto& [name, extent] : drawn.extents)
    environment.index.emplace(name, oracles::IndexTensor::scalar(static_cast<std::int64_t>(extent)));
}

}  // namespace

Settled::Settled(const fixtures::Setting& setting)
    : base_(std::make_shared<const Base>(Base{setting, vocabulary_of(setting), Symbols(setting.symbols)})) {
  Names known;
  for (const auto& [name, input] : setting.inputs) known.insert(name);
  for (const auto& [name, dimension] : setting.dimensions) known.insert(name);
  for (const auto& [name, written] : setting.define) {
    const Formula formula = read(written, false);
    if (formula::is_statement(formula))
      throw WrittenFormulaError("a definition is a number or a vector; 1[...] makes one of a statement",
                                written.text, written.place, 0);
    for (const std::string& used : formula::free_names(formula))
      if (!known.contains(used))
        throw WrittenFormulaError(
            "\"" + name + "\" uses \"" + used + "\", which is defined at its place or later", written.text,
            written.place, 0);
    define(name, formula);
    known.insert(name);
  }
  if (setting.where.text.empty()) return;
  where_ = closed(read(setting.where, true));
  if (!formula::is_statement(*where_))
    throw WrittenFormulaError("the hypothesis is a number; it must be a statement such as x > 0",
                              setting.where.text, setting.where.place, 0);
  where_needs_ = needs(*where_);
}

const Definition* Settled::definition(std::string_view name) const {
  const auto found = std::ranges::find(definitions_, name, &Definition::name);
  return found == definitions_.end() ? nullptr : &*found;
}

Formula Settled::read(const fixtures::WrittenFormula& text, bool statement) const {
  try {
    return read_answer(text.text, statement, symbols(), vocabulary());
  } catch (const FormulaError& error) {
    throw WrittenFormulaError(error.what(), text.text, text.place, error.offset);
  }
}

void Settled::define(const std::string& name, const Formula& formula) {
  definitions_.push_back({name, formula, closed(formula), needs(formula)});
}

Names Settled::needs(const Formula& formula) const {
  Names all;
  for (const std::string& name : formula::free_names(formula)) {
    all.insert(name);
    if (const Definition* found = definition(name)) all.insert(found->needs.begin(), found->needs.end());
  }
  return all;
}

Formula Settled::inlined(const Formula& formula, const std::string& variable) const {
  const Names needed = needs(formula);
  std::map<std::string, Formula, std::less<>> written_out;
  for (const Definition& one : definitions_)
    if (one.name != variable && needed.contains(one.name) && one.needs.contains(variable))
      written_out.emplace(one.name, formula::substitute(one.closed, written_out));
  Formula result = formula::substitute(formula, written_out);
  const auto hidden = [&](const std::string& name) { return written_out.contains(name); };
  if (const Node* inner = find_derivative(result.root(), hidden))
    throw FormulaError(formula.root().offset,
                       "a derivative by \"" + variable_of(*inner) + "\" within one by \"" + variable + "\"",
                       "derivatives by names that do not depend on each other");
  return result;
}

NodePtr Settled::closed_node(const NodePtr& node) const {
  if (!node) return node;
  std::vector<NodePtr> children;
  for (const NodePtr& child : node->children) children.push_back(closed_node(child));
  if (node->kind == Kind::derivative) {
    const Formula body = inlined(Formula(children[0]), variable_of(*node));
    children[0] = std::make_shared<const Node>(body.root());
  }
  return children == node->children ? node : formula::with_children(*node, std::move(children));
}

Formula Settled::closed(const Formula& formula) const {
  return Formula(closed_node(std::make_shared<const Node>(formula.root())));
}

Settled Settled::changed(const std::string& name, const Formula& formula) const {
  Settled result;
  result.base_ = base_;
  result.where_ = where_;
  result.where_needs_ = where_needs_;
  for (const Definition& one : definitions_)
    result.define(one.name, one.name == name ? formula : one.written);
  return result;
}

Site Settled::site(Drawn drawn, const Names& needed, Budget& budget) const {
  Site result{.drawn = std::move(drawn), .fractions = {}};
  for (const auto& [name, tensor] : result.drawn.real) result.fractions.real.emplace(name, tensor);
  set_whole(result.fractions, result.drawn);
  for (const Definition& one : definitions_) {
    if (!needed.contains(one.name)) continue;
    auto value = exact_value(one.closed, result.fractions, budget);
    if (value && value->is_exact())
      result.fractions.real.emplace(one.name, std::move(std::get<Tensor<Rational>>(value->held)));
  }
  return result;
}

Environment<Ball> Settled::balls(const Site& site, const Names& needed, Budget& budget) const {
  Environment<Ball> result;
  set_whole(result, site.drawn);
  for (const auto& [name, tensor] : site.fractions.real) {
    if (!needed.contains(name)) continue;
    Tensor<Ball>& balls = result.real.emplace(name, Tensor<Ball>(tensor.shape)).first->second;
    for (std::size_t i = 0; i < tensor.size(); ++i) balls[i] = oracles::to_ball(tensor[i]);
  }
  for (const Definition& one : definitions_) {
    if (!needed.contains(one.name) || result.real.contains(one.name)) continue;
    Value value = ball_value(one.closed, result, budget);
    if (value.is_ball()) result.real.emplace(one.name, std::move(std::get<Tensor<Ball>>(value.held)));
  }
  return result;
}

Value Settled::value(const Formula& formula, const Site& site, const Names& needed, Budget& budget) const {
  if (auto exact = exact_value(formula, site.fractions, budget)) return std::move(*exact);
  const oracles::PrecisionScope scope(base_bits);
  return ball_value(formula, balls(site, needed, budget), budget);
}

bool Settled::admits(const Site& site, Budget& budget) const {
  if (!where_) return true;
  const Value value = this->value(*where_, site, where_needs_, budget);
  return value.is_truth() && std::get<Truth>(value.held) == Truth::yes;
}

}  // namespace assay::properties::equivalence
