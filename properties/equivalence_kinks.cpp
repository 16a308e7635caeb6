#include "properties/equivalence_kinks.hpp"

#include <algorithm>

#include "properties/formula/transform.hpp"

namespace assay::properties::equivalence {
namespace {

using formula::Function;
using formula::Kind;
using formula::Node;
using formula::NodePtr;
using formula::Relation;

constexpr std::size_t most_kinks = 24;

class Collector {
 public:
  std::vector<Kink> kinks;

  void visit(const NodePtr& node) {
    if (!node || kinks.size() >= most_kinks) return;
    if (node->kind == Kind::compare)
      for (std::size_t i = 0; i + 1 < node->children.size(); ++i)
        pair(node->children[i], node->children[i + 1], node->relations[i]);
    if (node->kind == Kind::call) call(*node);
    for (std::size_t i = 0; i < node->children.size(); ++i) {
      const bool body = node->kind == Kind::reduce && i == 2;
      if (body) indices_.push_back({node->text, Formula(node->children[0]), Formula(node->children[1])});
      visit(node->children[i]);
      if (body) indices_.pop_back();
    }
  }

 private:
  void pair(const NodePtr& a, const NodePtr& b, Relation relation = Relation::less) {
    const bool equality = relation == Relation::equal || relation == Relation::not_equal;
    add(formula::made_node(Kind::subtract, {a, b}),
        formula::to_text(Formula(a)) + " = " + formula::to_text(Formula(b)), equality);
  }

  void call(const Node& node) {
    const Function function = node.function;
    const bool turns_at_zero = function == Function::abs || function == Function::relu ||
                               function == Function::sign || function == Function::step;
    if (turns_at_zero) add(node.children[0], formula::to_text(Formula(node.children[0])) + " = 0");
    const bool chooses = function == Function::max || function == Function::min ||
                         function == Function::argmax || function == Function::argmin;
    if (!chooses) return;
    for (std::size_t i = 0; i < node.children.size(); ++i)
      for (std::size_t j = i + 1; j < node.children.size(); ++j) pair(node.children[i], node.children[j]);
    if (node.children.size() > 1) return;
    for (const auto& [i, j] : {std::pair{1, 2}, std::pair{2, 3}, std::pair{1, 3}})
      pair(element(node.children[0], i), element(node.children[0], j));
  }

  static NodePtr element(const NodePtr& of, int place) {
    return formula::made_node(Kind::index, {of, formula::whole_node(place)});
  }

  void add(const NodePtr& difference, std::string text, bool equality = false) {
    if (kinks.size() >= most_kinks || std::ranges::find(kinks, text, &Kink::text) != kinks.end()) return;
    const Names used = formula::free_names(Formula(difference));
    std::vector<Kink::Index> indices;
    for (const Kink::Index& index : indices_)
      if (used.contains(index.name)) indices.push_back(index);
    kinks.push_back({Formula(difference), std::move(text), std::move(indices), equality});
  }

  std::vector<Kink::Index> indices_;
};

}  // namespace

std::vector<Kink> kinks_of(const Formula& formula) {
  Collector collector;
  try {
    collector.visit(std::make_shared<const Node>(formula.root()));
  } catch (const formula::FormulaError&) {
    // A difference that is too long; those found so far will do.
  }
  return std::move(collector.kinks);
}

/// A kink's difference as a function of one number.
struct Turns::Line {
  const Drawn& base;
  const Scalar& along;
  const Range& range;
  const Formula& difference;
  Names needed;
  std::size_t component = 0;
};

std::vector<Formula> Turns::instances(const Kink& kink, const Drawn& base) {
  std::vector<Formula> found{kink.difference};
  const Site site = settled_.site(base, settled_.needs(kink.difference), budget_);
  for (const Kink::Index& index : kink.indices) {
    const auto bound = [&](const Formula& formula) -> std::optional<std::int64_t> {
      const auto value = exact_value(formula, site.fractions, budget_);
      if (!value || !value->is_exact() || value->size() != 1) return std::nullopt;
      const Rational number = value->exact()[0];
      if (denominator(number) != 1 || abs(number) > 1000) return std::nullopt;
      return static_cast<std::int64_t>(numerator(number));
    };
    const auto low = bound(index.low), high = bound(index.high);
    if (!low || !high) return {};
    std::vector<Formula> next;
    constexpr std::int64_t most_values = 3;
    constexpr std::size_t most_instances = 6;
    for (std::int64_t i = *low; i <= std::min(*high, *low + most_values - 1); ++i)
      for (const Formula& one : found)
        if (next.size() < most_instances)
          next.push_back(formula::substitute(one, {{index.name, Formula(formula::whole_node(i))}}));
    found = std::move(next);
  }
  return found;
}

std::optional<Rational> Turns::at(const Line& line, const Rational& t) {
  Drawn moved = line.base;
  moved.real.at(line.along.name)[line.along.element] = t;
  const Site site = settled_.site(std::move(moved), line.needed, budget_);
  const auto value = exact_value(line.difference, site.fractions, budget_);
  if (!value || !value->is_exact() || line.component >= value->size()) return std::nullopt;
  return value->exact()[line.component];
}

/// The root of the line through two values, if it is one; true if the third value lies on the line, too.
bool Turns::solve_linear(const Line& line, const std::string& tie, std::vector<Root>& roots) {
  const Rational &low = line.range.low, &high = line.range.high;
  const Rational middle = line.range.nearest((low + 2 * high) / 3);
  const auto a = at(line, low), b = at(line, high), c = at(line, middle);
  if (!a || !b || !c) return false;
  if (*a + (*b - *a) * (middle - low) / (high - low) != *c) return false;
  if (*a == *b) return true;
  const Rational root = low - *a * (high - low) / (*b - *a);
  if (line.range.admits(root)) roots.push_back({root, tie});
  return true;
}

/// Zeros among a row of values, and what bisection finds between two of different signs.
void Turns::scan(const Line& line, const std::string& tie, std::vector<Root>& roots) {
  constexpr int pieces = 12;
  std::optional<Rational> before, value_before;
  const Rational width = line.range.high - line.range.low;
  for (int i = 0; i <= pieces; ++i) {
    const Rational t = line.range.nearest(line.range.low + width * i / pieces);
    if (before && t == *before) continue;
    const auto value = at(line, t);
    if (value && *value == 0) roots.push_back({t, tie});
    if (value && value_before && (*value < 0) != (*value_before < 0) && *value != 0 && *value_before != 0)
      bisect(line, tie, *before, t, *value < 0, roots);
    before = t;
    value_before = value;
  }
}

void Turns::bisect(const Line& line, const std::string& tie, Rational low, Rational high, bool falls,
                   std::vector<Root>& roots) {
  constexpr int halvings = 24;
  for (int i = 0; i < halvings; ++i) {
    const Rational middle = (low + high) / 2;
    const auto value = at(line, middle);
    if (!value) return;
    if (*value == 0) low = high = middle;
    if (*value == 0) break;
    ((*value < 0) == falls ? high : low) = middle;
  }
  const Rational root = simplest_between(low, high);
  const auto value = at(line, root);
  if (!line.range.admits(root)) return;
  roots.push_back({root, value && *value == 0 ? tie : ""});
}

std::vector<Turns::Root> Turns::roots(const Drawn& base, const Scalar& along,
                                      const std::vector<Kink>& kinks) {
  std::vector<Root> found;
  const Range& range = points_.range(along.name);
  constexpr std::size_t most_components = 3;
  for (const Kink& kink : kinks) {
    const Names needed = settled_.needs(kink.difference);
    if (!needed.contains(along.name) && kink.indices.empty()) continue;
    for (const Formula& one : instances(kink, base)) {
      Line line{base, along, range, one, needed};
      for (line.component = 0; line.component < most_components; ++line.component) {
        if (!at(line, range.low) && !at(line, range.high)) break;
        if (!solve_linear(line, kink.text, found)) scan(line, kink.text, found);
      }
    }
  }
  std::ranges::stable_sort(found, {}, &Root::at);
  const auto same = [](const Root& a, const Root& b) { return a.at == b.at; };
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
  return found;
}

std::vector<Turn> Turns::turns(const Drawn& base, const Scalar& along, const std::vector<Root>& roots) const {
  std::vector<Turn> found;
  const Range& range = points_.range(along.name);
  const auto add = [&](const Rational& t, const std::string& tie) {
    if (!range.admits(t)) return;
    found.push_back({base, tie});
    found.back().drawn.real.at(along.name)[along.element] = t;
  };
  if (roots.empty()) return found;
  Rational before = range.low;
  for (const Root& root : roots) {
    add((before + root.at) / 2, "");
    add(root.at, root.tie);
    before = root.at;
  }
  add((before + range.high) / 2, "");
  return found;
}

Names Turns::ties(const Drawn& drawn, const std::vector<Kink>& kinks) {
  Names found;
  for (const Kink& kink : kinks) {
    const Site site = settled_.site(drawn, settled_.needs(kink.difference), budget_);
    for (const Formula& one : instances(kink, drawn)) {
      const auto value = exact_value(one, site.fractions, budget_);
      if (value && value->is_exact() &&
          std::ranges::find(value->exact().data, Rational(0)) != value->exact().data.end())
        found.insert(kink.text);
    }
  }
  return found;
}

}  // namespace assay::properties::equivalence
