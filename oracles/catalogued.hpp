/// From the template of an operation to its entry in the catalogue: the one place where templates are
/// instantiated.
#pragma once

#include <concepts>

#include "oracles/attribute_access.hpp"
#include "oracles/operation.hpp"
#include "oracles/tape.hpp"

namespace assay::oracles {

/// Throws ShapeError unless there is one shape for each input.
void check_input_count(const Operation& operation, std::size_t got);

/// The shapes of all inputs in the order of `Operation::inputs`; throws ShapeError where some are missing.
template <class T>
Shapes shapes_of(const Operation& operation, const Arguments<T>& arguments) {
  check_input_count(operation, arguments.real.size() + arguments.index.size());
  Shapes shapes;
  std::size_t reals = 0, indices = 0;
  for (const InputSpec& input : operation.inputs) {
    if (input.index ? indices == arguments.index.size() : reals == arguments.real.size())
      throw ShapeError(std::string(operation.name) + ": input \"" + std::string(input.name) + "\" needs " +
                       (input.index ? "integer labels" : "real numbers"));
    shapes.push_back(input.index ? arguments.index[indices++].shape : arguments.real[reals++].shape);
  }
  return shapes;
}

/// Throws ShapeError where an output would be too large to compute here; shapes alone may be of any size.
void check_sizes(const Operation& operation, const Shapes& outputs);

/// Throws ShapeError unless the upstream gradient has the shapes of the outputs.
void check_upstream(const Operation& operation, const Shapes& outputs, const Shapes& upstream);

/// The evaluators of one operation with every check in front: templates may assume that shapes fit.
template <class Op>
struct Checked {
  static const Operation& spec() {
    static const Operation operation = Op::spec();
    return operation;
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    check_input_count(spec(), inputs.size());
    check_attributes(Op::name, attributes, spec().attributes);
    return Op::output_shapes(inputs, attributes);
  }

  static Cost cost(const Shapes& inputs, const Attributes& attributes) {
    output_shapes(inputs, attributes);
    return Op::cost(inputs, attributes);
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    check_sizes(spec(), output_shapes(shapes_of(spec(), arguments), attributes));
    return Op::forward(arguments, attributes);
  }

  template <class T>
  static void check_call(const Arguments<T>& arguments, const Tensors<T>& upstream,
                         const Attributes& attributes) {
    Shapes given;
    for (const Tensor<T>& gradient : upstream) given.push_back(gradient.shape);
    const Shapes outputs = output_shapes(shapes_of(spec(), arguments), attributes);
    check_sizes(spec(), outputs);
    check_upstream(spec(), outputs, given);
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    check_call(arguments, upstream, attributes);
    return Op::vjp(arguments, upstream, attributes);
  }

  template <class T>
  static Evaluated<T> forward_and_vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                                      const Attributes& attributes) {
    check_call(arguments, upstream, attributes);
    return Op::forward_and_vjp(arguments, upstream, attributes);
  }

  template <class T>
  static Tensors<T> tape(const Arguments<T>& arguments, const Tensors<T>& upstream,
                         const Attributes& attributes) {
    check_call(arguments, upstream, attributes);
    return tape_vjp<Op>(spec(), arguments, upstream, attributes);
  }
};

/// Operations that state a vector-Jacobian product. Steps of optimizers and metrics do not.
template <class Op, class T>
concept Differentiated = requires(const Arguments<T>& a, const Tensors<T>& u, const Attributes& s) {
  { Op::vjp(a, u, s) } -> std::same_as<Tensors<T>>;
};

/// Operations that also state both at once, because they share most of the work.
template <class Op, class T>
concept JointlyEvaluated = requires(const Arguments<T>& a, const Tensors<T>& u, const Attributes& s) {
  { Op::forward_and_vjp(a, u, s) } -> std::same_as<Evaluated<T>>;
};

/// The evaluators of one number type. Floats have no tape: a rounded gradient proves nothing about another.
template <class Op, class T>
Evaluator<T> evaluator() {
  using Checks = Checked<Op>;
  Evaluator<T> result;
  result.forward = &Checks::template forward<T>;
  if constexpr (Differentiated<Op, T>) {
    result.vjp = &Checks::template vjp<T>;
    if constexpr (!std::floating_point<T>) result.tape_vjp = &Checks::template tape<T>;
    if constexpr (JointlyEvaluated<Op, T>) result.forward_and_vjp = &Checks::template forward_and_vjp<T>;
  }
  return result;
}

/// Which exact numbers an operation has: rationals only where its formula is piecewise rational.
enum class Exactness { balls, balls_and_rationals };

/// The entry of one operation.
template <class Op, Exactness exactness = Exactness::balls>
Operation catalogued() {
  using Checks = Checked<Op>;
  Operation operation = Op::spec();
  operation.output_shapes = &Checks::output_shapes;
  operation.cost = &Checks::cost;
  operation.ball = evaluator<Op, Ball>();
  operation.float64 = evaluator<Op, double>();
  operation.float32 = evaluator<Op, float>();
  if constexpr (exactness == Exactness::balls_and_rationals) operation.rational = evaluator<Op, Rational>();
  return operation;
}

}  // namespace assay::oracles
