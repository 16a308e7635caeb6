/// Operations of the catalogue inside a formula, on numbers and on variables of a tape. Internal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "oracles/evaluator_of.hpp"
#include "oracles/operation.hpp"
#include "properties/formula/item.hpp"

namespace assay::properties::formula {

/// "(N, C)" has two axes; nothing is known of "(...)" and "(like X)".
std::optional<std::size_t> axes_of(std::string_view symbolic_shape);
/// As the command line does: an input with fewer axes than its operation has gets axes of length 1 in front.
Shape padded(const Shape& shape, std::string_view symbolic_shape);

/// The steps of one call, so many times. Throws TooMuchWork, and ShapeError where the inputs do not fit.
void take_steps(const Node& node, const oracles::Shapes& inputs, std::size_t times, Steps& steps);
std::size_t output_place(const Node& node);

using oracles::evaluator_of;

/// Runs `call`, whose exceptions become EvaluationErrors of this place.
template <class F>
auto at_place(const Node& node, F call) {
  try {
    return call();
  } catch (const EvaluationError&) {
    throw;
  } catch (const oracles::ShapeError& error) {
    throw ShapeMismatch(node.offset, error.what());
  } catch (const std::domain_error& error) {
    throw EvaluationError(node.offset, error.what());
  }
}

/// The output asked for.
template <class T>
Tensor<T> computed(const Node& node, const oracles::Arguments<T>& arguments,
                   const Subject<BaseOf<T>>& subject, Steps& steps);

template <class T>
oracles::Shapes shapes_of(const Node& node, const oracles::Arguments<T>& arguments) {
  oracles::Shapes shapes;
  std::size_t real = 0, index = 0;
  for (const oracles::InputSpec& input : node.operation->inputs)
    shapes.push_back(input.index ? arguments.index[index++].shape : arguments.real[real++].shape);
  return shapes;
}

/// Of plain numbers.
template <class T>
Tensor<T> forward(const Node& node, const oracles::Arguments<T>& arguments, const Subject<T>& subject,
                  Steps& steps) {
  if (!evaluator_of<T>(*node.operation).forward)
    throw NotRational(node.offset, std::string(node.operation->name) + " has no exact value in fractions");
  return at_place(node, [&] {
    take_steps(node, shapes_of(node, arguments), 1, steps);
    return subject.values(node.operation->name, arguments, node.attributes).at(output_place(node));
  });
}

/// Each element of the output as a node of the tape, with the gradient that the operation states by hand.
template <class U>
Tensor<Var<U>> recorded(const Node& node, const oracles::Arguments<Var<U>>& arguments,
                        const oracles::Arguments<U>& values, const Tensor<U>& plain,
                        const Subject<U>& subject, Steps& steps) {
  const std::string name(node.operation->name);
  if (!evaluator_of<U>(*node.operation).vjp || node.operation->outputs.size() > 1)
    throw NotDifferentiable(node.offset, name + " has no gradient here");
  at_place(node, [&] { take_steps(node, shapes_of(node, values), 3 * plain.size(), steps); });
  Tensor<Var<U>> result(plain.shape);
  for (std::size_t k = 0; k < plain.size(); ++k) {
    Tensor<U> upstream(plain.shape);
    for (std::size_t i = 0; i < plain.size(); ++i) upstream[i] = U(i == k);
    const oracles::Tensors<U> slopes =
        at_place(node, [&] { return subject.gradients(name, values, upstream, node.attributes); });
    std::vector<typename Tape<U>::Edge> edges;
    for (std::size_t input = 0; input < slopes.size(); ++input)
      for (std::size_t i = 0; i < slopes[input].size(); ++i)
        edges.push_back({arguments.real[input][i].node, slopes[input][i]});
    result[k] = Tape<U>::record(plain[k], edges);
  }
  return result;
}

/// Under a derivative: the values first, then the gradient, if any input varies.
template <class U>
Tensor<Var<U>> followed(const Node& node, const oracles::Arguments<Var<U>>& arguments,
                        const Subject<BaseOf<U>>& subject, Steps& steps) {
  oracles::Arguments<U> values{{}, arguments.index};
  bool varies = false;
  for (const Tensor<Var<U>>& input : arguments.real) {
    Tensor<U>& copy = values.real.emplace_back(input.shape);
    for (std::size_t i = 0; i < input.size(); ++i) {
      copy[i] = input[i].value;
      varies = varies || input[i].node != Var<U>::constant;
    }
  }
  const Tensor<U> plain = computed<U>(node, values, subject, steps);
  if (varies) {
    if constexpr (Level<U>::depth > 0)
      throw NotDifferentiable(node.offset,
                              "a second derivative through " + std::string(node.operation->name));
    else
      return recorded(node, arguments, values, plain, subject, steps);
  }
  Tensor<Var<U>> result(plain.shape);
  for (std::size_t k = 0; k < plain.size(); ++k) result[k] = Var<U>(plain[k]);
  return result;
}

template <class T>
Tensor<T> computed(const Node& node, const oracles::Arguments<T>& arguments,
                   const Subject<BaseOf<T>>& subject, Steps& steps) {
  if constexpr (Level<T>::depth == 0)
    return forward(node, arguments, subject, steps);
  else
    return followed(node, arguments, subject, steps);
}

template <class T>
oracles::IndexTensor whole_tensor(const Tensor<T>& tensor, const std::string& input, std::size_t offset) {
  oracles::IndexTensor result(tensor.shape);
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const auto whole = whole_of(tensor[i]);
    if (!whole) throw ShapeMismatch(offset, "input \"" + input + "\" needs whole numbers");
    result[i] = *whole;
  }
  return result;
}

/// Sorts the inputs into real ones and labels, and calls.
template <class T>
Tensor<T> called(const Node& node, const std::vector<std::optional<Item<T>>>& given, const Names<T>& names,
                 const Arithmetic<T>& arithmetic) {
  oracles::Arguments<T> arguments;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const oracles::InputSpec& input = node.operation->inputs[i];
    Tensor<T> tensor = given[i] ? given[i]->as_tensor() : Tensor<T>(oracles::absent);
    if (given[i]) tensor.shape = padded(tensor.shape, input.shape);
    for (const T& x : tensor.data)
      if (is_extreme(underlying(x)))
        throw TooMuchWork(node.offset, "an operation meets a number beyond 2^1048576 or below its inverse");
    if (input.index)
      arguments.index.push_back(whole_tensor(tensor, std::string(input.name), node.offset));
    else
      arguments.real.push_back(std::move(tensor));
  }
  return computed<T>(node, arguments, names.subject(), arithmetic.steps());
}

}  // namespace assay::properties::formula
