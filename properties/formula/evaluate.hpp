/// The public functions for one number type. Internal: each evaluate_*.cpp instantiates one.
#pragma once

#include "properties/formula/evaluation_calls.hpp"

namespace assay::properties::formula {

/// Puts back what is left.
struct Purse {
  Purse(Steps& taken, std::uint64_t& left) : steps(taken), rest(left) {}
  ~Purse() { rest = steps.left(); }
  Purse(const Purse&) = delete;
  Purse& operator=(const Purse&) = delete;
  Steps& steps;
  std::uint64_t& rest;
};

template <class T>
Value<T> evaluate(const Formula& formula, const Environment<T>& environment, std::uint64_t& left) {
  const EnvironmentNames<T> names(environment);
  Steps steps(left);
  const Purse purse(steps, left);
  Item<T> item = Evaluation<T>(names, steps)(formula.root());
  if (std::holds_alternative<Truth>(item.held)) return item.truth();
  if (item.is_tensor()) return std::move(item.tensor());
  return Tensor<T>::scalar(item.number());
}

template <class T>
Value<T> evaluate(const Formula& formula, const Environment<T>& environment) {
  std::uint64_t steps = environment.steps;
  return evaluate(formula, environment, steps);
}

template <class T>
T number(const Formula& formula, const Environment<T>& environment) {
  const EnvironmentNames<T> names(environment);
  Steps steps(environment.steps);
  if (is_statement(formula))
    throw ShapeMismatch(formula.root().offset, "a number is needed, not a statement");
  const Item<T> item = Evaluation<T>(names, steps)(formula.root());
  if (!item.is_number())
    throw ShapeMismatch(formula.root().offset, "a number is needed, not " + item.shape_text());
  return item.number();
}

template <class T>
Truth holds(const Formula& formula, const Environment<T>& environment) {
  const EnvironmentNames<T> names(environment);
  Steps steps(environment.steps);
  if (!is_statement(formula))
    throw ShapeMismatch(formula.root().offset, "a statement such as x > 0 is needed, not a number");
  return Evaluation<T>(names, steps)(formula.root()).truth();
}

}  // namespace assay::properties::formula
