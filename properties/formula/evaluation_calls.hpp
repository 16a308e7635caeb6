/// Functions of several arguments, operations of the catalogue, derivatives. Internal.
#pragma once

#include <optional>

#include "properties/formula/evaluation_tensors.hpp"
#include "properties/formula/operations.hpp"

namespace assay::properties::formula {

template <class T>
Item<T> Evaluation<T>::indicator(Truth condition) {
  if (condition == Truth::unknown) return {T(select(condition, from_whole<T>(1), from_whole<T>(0)))};
  return {std::int64_t{condition == Truth::yes}};
}

template <class T>
Item<T> Evaluation<T>::call(const Node& node) {
  const std::size_t at = node.offset;
  switch (node.function) {
    case Function::indicator:
      return indicator(truth(*node.children[0]));
    case Function::transpose:
      return transposed(child(node, 0), at);
    case Function::length:
      return length(node);
    case Function::norm:
      return norm(node);
    case Function::argmax:
    case Function::argmin:
      return extreme_place(node);
    case Function::sum:
    case Function::prod:
    case Function::mean:
    case Function::max:
    case Function::min:
      return over_elements(node);
    case Function::dot: {
      const Item<T> a = child(node, 0), b = child(node, 1);
      if (a.rank() != 1 || b.rank() != 1 || a.tensor().size() != b.tensor().size())
        mismatch(at, "dot needs two vectors of one length, not " + a.shape_text() + " and " + b.shape_text());
      return {arithmetic_.dot(a.tensor().data, b.tensor().data, at)};
    }
    case Function::log:
      if (node.children.size() == 2) {
        const T base = arithmetic_.apply(Function::log, number(*node.children[1]), at);
        return mapped(child(node, 0), [&](const T& x) {
          return arithmetic_.over(arithmetic_.apply(Function::log, x, at), base, at);
        });
      }
      [[fallthrough]];
    default: {
      const Item<T> x = child(node, 0);
      const bool rounds = node.function == Function::floor || node.function == Function::ceil;
      if (rounds && x.is_whole()) return x;
      return mapped(x, [&](const T& one) { return arithmetic_.apply(node.function, one, at); });
    }
  }
}

template <class T>
Item<T> Evaluation<T>::folded(Function function, Item<T> a, const Item<T>& b, std::size_t offset) {
  if (function == Function::prod) return multiplied(a, b, offset);
  return function == Function::max ? larger(a, b, offset) : smaller(a, b, offset);
}

/// sum, prod, mean, max and min of one vector; max and min of several arguments, element by element.
template <class T>
Item<T> Evaluation<T>::over_elements(const Node& node) {
  const std::size_t at = node.offset;
  Item<T> first = child(node, 0);
  for (std::size_t i = 1; i < node.children.size(); ++i)
    first = folded(node.function, std::move(first), child(node, i), at);
  if (node.children.size() > 1 || !first.is_tensor()) return first;
  const std::vector<T>& data = first.tensor().data;
  if (data.empty() && node.function != Function::sum && node.function != Function::prod)
    mismatch(at, std::string(name_of(node.function)) + " of no elements");
  if (node.function == Function::sum) return {arithmetic_.total(data, at)};
  if (node.function == Function::mean)
    return {arithmetic_.over(arithmetic_.total(data, at),
                             from_whole<T>(static_cast<std::int64_t>(data.size())), at)};
  if (data.empty()) return {std::int64_t{1}};
  Item<T> result{data[0]};
  for (std::size_t i = 1; i < data.size(); ++i)
    result = folded(node.function, std::move(result), {data[i]}, at);
  return result;
}

/// The Euclidean norm (of matrices Frobenius'); of vectors also the sum and the maximum of magnitudes.
template <class T>
Item<T> Evaluation<T>::norm(const Node& node) {
  const std::size_t at = node.offset;
  const Item<T> x = child(node, 0);
  const std::vector<T> data = x.as_tensor().data;
  if (node.children.size() == 1)
    return {arithmetic_.apply(Function::sqrt, arithmetic_.dot(data, data, at), at)};
  if (x.rank() > 1) mismatch(at, "this norm of a matrix has several meanings");
  std::vector<T> magnitudes;
  for (const T& one : data) magnitudes.push_back(arithmetic_.apply(Function::abs, one, at));
  if (node.children[1]->kind == Kind::number) return {arithmetic_.total(magnitudes, at)};
  Item<T> largest{std::int64_t{0}};
  for (const T& one : magnitudes) largest = larger(largest, {one}, at);
  return largest;
}

/// The place of the largest (smallest) element of a vector, counted from 1; of several the first.
template <class T>
Item<T> Evaluation<T>::extreme_place(const Node& node) {
  const Item<T> x = child(node, 0);
  if (x.rank() != 1 || x.tensor().size() == 0)
    mismatch(node.offset, std::string(name_of(node.function)) + " needs a vector, not " + x.shape_text());
  const std::vector<T>& data = x.tensor().data;
  arithmetic_.take(data.size(), node.offset);
  std::size_t place = 0;
  for (std::size_t i = 1; i < data.size(); ++i) {
    const bool largest = node.function == Function::argmax;
    const Truth beats = largest ? less(data[place], data[i]) : less(data[i], data[place]);
    if (beats == Truth::unknown)
      throw EvaluationError(
          node.offset, "which element is the " + std::string(largest ? "largest" : "smallest") + " is open");
    if (beats == Truth::yes) place = i;
  }
  return {static_cast<std::int64_t>(place + 1)};
}

/// length(x) of a vector, or the rows of a matrix; length(x, k) of axis k, counted from 1.
template <class T>
Item<T> Evaluation<T>::length(const Node& node) {
  const Node& of = *node.children[0];
  const auto is_bound = [&](const auto& one) { return one.first == of.text; };
  const bool is_name = of.kind == Kind::name && std::ranges::none_of(bound_, is_bound);
  const Shape shape = is_name ? names_.shape(of.text, of.offset) : child(node, 0).as_tensor().shape;
  const std::int64_t axis = node.children.size() == 2 ? whole(*node.children[1]) : 1;
  if (axis < 1 || static_cast<std::uint64_t>(axis) > shape.size())
    mismatch(node.offset, "shape " + oracles::to_string(shape) + " has no axis " + std::to_string(axis));
  return {static_cast<std::int64_t>(shape[static_cast<std::size_t>(axis - 1)])};
}

template <class T>
Item<T> Evaluation<T>::operation(const Node& node) {
  std::vector<std::optional<Item<T>>> given;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    given.emplace_back();
    if (node.children[i]) given.back() = child(node, i);
  }
  Tensor<T> result = called<T>(node, given, names_, arithmetic_);
  if (result.shape.empty()) return {std::move(result[0])};
  return {std::move(result)};
}

/// The derivative by reverse-mode differentiation of this very evaluation, one sweep for each element of the
/// value. At a kink balls get the whole subdifferential, as everywhere in the oracles.
template <class T>
Item<T> Evaluation<T>::derivative(const Node& node) {
  if constexpr (Level<T>::depth == 2) {
    throw NotDifferentiable(node.offset, "derivatives of the third order are not taken");
  } else {
    const Node& by = *node.children[1];
    const bool element = by.kind == Kind::index;
    const std::string& name = element ? by.children[0]->text : by.text;
    Tensor<T> at = names_.value(name, by.offset).as_tensor();
    Part part{0, at.size(), at.shape};
    if (element) {
      std::vector<std::int64_t> places;
      for (std::size_t i = 1; i < by.children.size(); ++i) places.push_back(whole(*by.children[i]));
      part = part_of(at.shape, places, name, by.offset);
    }
    Tape<T> tape;
    Tensor<Var<T>> variables(at.shape);
    for (std::size_t i = 0; i < at.size(); ++i)
      variables[i] = i - part.first < part.size ? tape.variable(at[i]) : Var<T>(at[i]);
    const LiftedNames<T> lifted(names_, name, variables);
    const std::uint64_t before = arithmetic_.steps().left();
    const Tensor<Var<T>> value =
        Evaluation<Var<T>>(lifted, arithmetic_.steps(), bound_)(*node.children[0]).as_tensor();
    const std::uint64_t sweep = before - arithmetic_.steps().left() + part.size;
    Tensor<T> result(part.shape);
    result.shape.insert(result.shape.begin(), value.shape.begin(), value.shape.end());
    result.data.clear();
    const T one = from_whole<T>(1);
    for (const Var<T>& output : value.data) {
      arithmetic_.steps().take(sweep, node.offset);
      const std::vector<T> slopes = tape.cotangents({&output, 1}, {&one, 1});
      for (std::size_t i = 0; i < part.size; ++i)
        result.data.push_back(slopes[variables[part.first + i].node]);
    }
    if (result.shape.empty()) return {std::move(result[0])};
    return {std::move(result)};
  }
}

}  // namespace assay::properties::formula
