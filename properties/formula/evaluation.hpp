/// Evaluation of a tree on one number type. Internal: instantiated in evaluate_*.cpp.
///
/// evaluation.hpp: what each node does. evaluation_tensors.hpp: vectors and matrices. evaluation_calls.hpp:
/// functions of several arguments, operations of the catalogue, derivatives.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "properties/formula/item.hpp"

namespace assay::properties::formula {

/// The value of an enclosing sum's index.
using Bound = std::vector<std::pair<std::string_view, std::int64_t>>;

template <class T>
class Evaluation {
 public:
  Evaluation(const Names<T>& names, Steps& steps, Bound bound = {})
      : names_(names), arithmetic_(steps), bound_(std::move(bound)) {}

  /// Throws EvaluationError.
  Item<T> operator()(const Node& node);

 private:
  Item<T> child(const Node& node, std::size_t i) { return (*this)(*node.children[i]); }
  T number(const Node& node);
  std::int64_t whole(const Node& node);
  Truth truth(const Node& node) { return (*this)(node).truth(); }
  [[noreturn]] static void mismatch(std::size_t offset, const std::string& message) {
    throw ShapeMismatch(offset, message);
  }

  // ---- One kind of node each.
  Item<T> name(const Node& node);
  Item<T> constant(const Node& node);
  Item<T> infix(const Node& node);
  Item<T> index(const Node& node);
  Item<T> vector(const Node& node);
  Item<T> negated(const Node& node);
  Item<T> power(const Node& node);
  Item<T> compared(const Node& node);
  Item<T> logic(const Node& node);
  Item<T> choose(const Node& node);
  Item<T> reduce(const Node& node);
  Item<T> sum(const Node& node, std::int64_t low, std::int64_t high);
  Item<T> call(const Node& node);
  Item<T> operation(const Node& node);
  Item<T> derivative(const Node& node);

  // ---- Vectors and matrices (evaluation_tensors.hpp).
  template <class F>
  Item<T> combined(const Item<T>& a, const Item<T>& b, std::size_t offset, F each);
  template <class F>
  Item<T> mapped(const Item<T>& a, F each);
  Item<T> added(const Item<T>& a, const Item<T>& b, std::size_t offset);
  Item<T> subtracted(const Item<T>& a, const Item<T>& b, std::size_t offset);
  Item<T> multiplied(const Item<T>& a, const Item<T>& b, std::size_t offset);
  Item<T> divided(const Item<T>& a, const Item<T>& b, std::size_t offset);
  Item<T> elementwise(const Item<T>& a, const Item<T>& b, std::size_t offset);
  Item<T> product(const Item<T>& a, const Item<T>& b, std::size_t offset);
  Item<T> outer(const Tensor<T>& a, const Tensor<T>& b, std::size_t offset);
  Item<T> transposed(const Item<T>& a, std::size_t offset);
  Item<T> larger(const Item<T>& a, const Item<T>& b, std::size_t offset);
  Item<T> smaller(const Item<T>& a, const Item<T>& b, std::size_t offset);
  Truth compared(Relation relation, const Item<T>& a, const Item<T>& b, std::size_t offset);
  Item<T> selected(Truth condition, const Item<T>& a, const Item<T>& b, std::size_t offset);

  // ---- Functions (evaluation_calls.hpp).
  Item<T> over_elements(const Node& node);
  Item<T> folded(Function function, Item<T> a, const Item<T>& b, std::size_t offset);
  Item<T> norm(const Node& node);
  Item<T> length(const Node& node);
  Item<T> extreme_place(const Node& node);
  Item<T> indicator(Truth condition);

  const Names<T>& names_;
  Arithmetic<T> arithmetic_;
  Bound bound_;
};

template <class T>
Item<T> Evaluation<T>::operator()(const Node& node) {
  arithmetic_.take(1, node.offset);
  switch (node.kind) {
    case Kind::number:
      if (node.whole) return {*node.whole};
      return {from_literal<T>(node)};
    case Kind::name:
      return name(node);
    case Kind::constant:
      return constant(node);
    case Kind::vector:
      return vector(node);
    case Kind::negate:
      return negated(node);
    case Kind::add:
    case Kind::subtract:
    case Kind::multiply:
    case Kind::elementwise:
    case Kind::divide:
      return infix(node);
    case Kind::power:
      return power(node);
    case Kind::index:
      return index(node);
    case Kind::compare:
      return compared(node);
    case Kind::negation:
    case Kind::conjunction:
    case Kind::disjunction:
    case Kind::implication:
      return logic(node);
    case Kind::call:
      return call(node);
    case Kind::operation:
      return operation(node);
    case Kind::reduce:
      return reduce(node);
    case Kind::choose:
      return choose(node);
    default:
      return derivative(node);
  }
}

template <class T>
Item<T> Evaluation<T>::constant(const Node& node) {
  if (is_statement(node)) return {oracles::truth(node.constant == Constant::yes)};
  return {arithmetic_.constant(node.constant, node.offset)};
}

template <class T>
T Evaluation<T>::number(const Node& node) {
  const Item<T> item = (*this)(node);
  if (!item.is_number()) mismatch(node.offset, "a number is needed here, not " + item.shape_text());
  return item.number();
}

template <class T>
std::int64_t Evaluation<T>::whole(const Node& node) {
  const Item<T> item = (*this)(node);
  if (item.is_whole()) return item.whole();
  if (item.is_number())
    if (const auto found = whole_of(item.number())) return *found;
  mismatch(node.offset, "a whole number is needed here");
}

template <class T>
Item<T> Evaluation<T>::name(const Node& node) {
  for (auto one = bound_.rbegin(); one != bound_.rend(); ++one)
    if (one->first == node.text) return {one->second};
  Item<T> value = names_.value(node.text, node.offset);
  if (value.is_tensor()) arithmetic_.take(value.tensor().size(), node.offset);
  return value;
}

template <class T>
Item<T> Evaluation<T>::infix(const Node& node) {
  const Item<T> a = child(node, 0);
  const Item<T> b = child(node, 1);
  switch (node.kind) {
    case Kind::add:
      return added(a, b, node.offset);
    case Kind::subtract:
      return subtracted(a, b, node.offset);
    case Kind::multiply:
      return multiplied(a, b, node.offset);
    case Kind::elementwise:
      return elementwise(a, b, node.offset);
    default:
      return divided(a, b, node.offset);
  }
}

/// Elements of a name are looked up in place: a sum over x[i] does not copy x for each i.
template <class T>
Item<T> Evaluation<T>::index(const Node& node) {
  std::vector<std::int64_t> places;
  for (std::size_t i = 1; i < node.children.size(); ++i) places.push_back(whole(*node.children[i]));
  const Node& base = *node.children[0];
  const auto is_bound = [&](const auto& one) { return one.first == base.text; };
  if (base.kind == Kind::name && std::ranges::none_of(bound_, is_bound)) {
    Item<T> found = names_.element(base.text, places, node.offset);
    if (found.is_tensor()) arithmetic_.take(found.tensor().size(), node.offset);
    return found;
  }
  const Item<T> whole_base = child(node, 0);
  const Tensor<T> tensor = whole_base.as_tensor();
  return item_of(tensor, part_of(tensor.shape, places, "the part in front", node.offset));
}

template <class T>
Item<T> Evaluation<T>::negated(const Node& node) {
  const Item<T> a = child(node, 0);
  if (a.is_whole() && a.whole() != std::numeric_limits<std::int64_t>::min()) return {-a.whole()};
  return mapped(a, [](const T& x) { return T(-x); });
}

template <class T>
Item<T> Evaluation<T>::power(const Node& node) {
  const Node& base = *node.children[0];
  const Item<T> y = child(node, 1);
  const std::size_t at = node.offset;
  if (!y.is_number()) mismatch(at, "an exponent is a number, not " + y.shape_text());
  // e^x has fewer roundings as exp; ||x||² is a sum of squares, exact and smooth where the norm has a kink.
  if (base.kind == Kind::constant && base.constant == Constant::e)
    return {arithmetic_.apply(Function::exp, y.number(), at)};
  const bool euclidean =
      base.kind == Kind::call && base.function == Function::norm && base.children.size() == 1;
  if (euclidean && y.is_whole() && y.whole() > 0 && y.whole() % 2 == 0) {
    const Tensor<T> x = child(base, 0).as_tensor();
    return {arithmetic_.power(arithmetic_.dot(x.data, x.data, at), y.whole() / 2, at)};
  }
  const Item<T> x = child(node, 0);
  if (x.is_whole() && y.is_whole())
    if (const auto exact = whole_power(x.whole(), y.whole())) return {*exact};
  if (x.rank() > 1) mismatch(at, "a power of a matrix may be meant elementwise or not; write X .* X or X*X");
  return mapped(x, [&](const T& one) {
    return y.is_whole() ? arithmetic_.power(one, y.whole(), at) : arithmetic_.power(one, y.number(), at);
  });
}

template <class T>
Item<T> Evaluation<T>::compared(const Node& node) {
  Truth all = Truth::yes;
  Item<T> left = child(node, 0);
  for (std::size_t i = 0; i < node.relations.size(); ++i) {
    Item<T> right = child(node, i + 1);
    all = all && compared(node.relations[i], left, right, node.offset);
    left = std::move(right);
  }
  return {all};
}

/// Kleene's logic. The right side is not evaluated where the left one decides: x != 0 and 1/x > 2.
template <class T>
Item<T> Evaluation<T>::logic(const Node& node) {
  Truth left = truth(*node.children[0]);
  if (node.kind == Kind::negation) return {!left};
  if (node.kind == Kind::implication) left = !left;
  const bool is_and = node.kind == Kind::conjunction;
  if (left == oracles::truth(!is_and)) return {left};
  const Truth right = truth(*node.children[1]);
  return {is_and ? left && right : left || right};
}

/// The first value whose condition holds. While conditions are open, the hull of all values that may be it.
template <class T>
Item<T> Evaluation<T>::choose(const Node& node) {
  std::vector<std::pair<Truth, Item<T>>> open;
  Item<T> last;
  bool found = false;
  const std::size_t count = node.children.size();
  for (std::size_t i = 0; i + 1 < count && !found; i += 2) {
    const Truth condition = truth(*node.children[i]);
    if (condition == Truth::no) continue;
    found = condition == Truth::yes;
    if (found)
      last = child(node, i + 1);
    else
      open.emplace_back(condition, child(node, i + 1));
  }
  if (!found && count % 2 == 1) {
    last = child(node, count - 1);
    found = true;
  }
  if (!found && open.empty()) throw EvaluationError(node.offset, "none of the cases applies");
  if (!found) last = open.back().second;
  for (auto one = open.rbegin(); one != open.rend(); ++one)
    last = selected(one->first, one->second, last, node.offset);
  return last;
}

template <class T>
Item<T> Evaluation<T>::reduce(const Node& node) {
  const std::int64_t low = whole(*node.children[0]), high = whole(*node.children[1]);
  const bool empty = high < low;
  // At once, not after a minute of work.
  if (!empty) {
    const std::uint64_t count = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    if (count >= arithmetic_.steps().left()) arithmetic_.steps().take(count, node.offset);
  }
  if (node.function == Function::sum) return sum(node, low, high);
  if (empty && node.function == Function::prod) return {std::int64_t{1}};
  if (empty) mismatch(node.offset, "an empty range has no maximum and no minimum");
  bound_.emplace_back(node.text, low);
  Item<T> result = child(node, 2);
  while (bound_.back().second < high) {
    ++bound_.back().second;
    result = folded(node.function, std::move(result), child(node, 2), node.offset);
  }
  bound_.pop_back();
  return result;
}

template <class T>
Item<T> Evaluation<T>::sum(const Node& node, std::int64_t low, std::int64_t high) {
  Item<T> wholes{std::int64_t{0}}, tensors;
  std::vector<T> numbers;
  bound_.emplace_back(node.text, low);
  for (bool more = low <= high; more;) {
    Item<T> term = child(node, 2);
    if (term.is_whole())
      wholes = added(wholes, term, node.offset);
    else if (term.is_number())
      numbers.push_back(term.number());
    else
      tensors = tensors.is_tensor() ? added(tensors, term, node.offset) : std::move(term);
    more = bound_.back().second < high;  // before the step: the largest whole number has no next
    bound_.back().second += more;
  }
  bound_.pop_back();
  const bool only_tensors =
      tensors.is_tensor() && numbers.empty() && wholes.is_whole() && wholes.whole() == 0;
  if (only_tensors) return tensors;
  if (tensors.is_tensor()) mismatch(node.offset, "the terms of a sum are numbers or vectors, not both");
  if (numbers.empty()) return wholes;
  if (!wholes.is_whole() || wholes.whole() != 0) numbers.push_back(wholes.number());
  return {arithmetic_.total(numbers, node.offset)};
}

}  // namespace assay::properties::formula
