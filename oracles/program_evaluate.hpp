/// Runs a Program on one number type. Internal to oracles/: heavy headers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/evaluator_of.hpp"
#include "oracles/numeric/numbers.hpp"
#include "oracles/numeric/rounding.hpp"
#include "oracles/operation.hpp"
#include "oracles/own_function.hpp"
#include "oracles/program.hpp"
#include "oracles/value.hpp"

namespace assay::oracles {

/// `choose(step, operation)` gives the evaluator to use; the default is the catalogue's own.
template <class T>
class ProgramRun {
 public:
  using Choose = std::function<Evaluator<T>(std::size_t step, const Operation&)>;

  /// Inputs that are no doubles, such as the results of an earlier run; they win over the others.
  using Carried = std::map<std::string, Tensor<T>, std::less<>>;

  /// With `round_inputs`, balls in a FormatScope admit the rounding of each input to the format.
  ProgramRun(const Program& program, const Bindings& inputs, Choose choose = catalogue_evaluator,
             bool round_inputs = false, const Carried* carried = nullptr)
      : program_(program),
        choose_(std::move(choose)),
        round_inputs_(round_inputs),
        carried_(carried),
        values_(program.slots()) {
    for (const auto& step : program.steps())
      std::visit([&](const auto& what) { run(step, what, inputs); }, step.what);
  }

  const Tensor<T>& real(Program::Slot slot) const { return std::get<Tensor<T>>(values_[slot]); }
  const Shape& shape(Program::Slot slot) const {
    return is_real(slot) ? real(slot).shape : std::get<IndexTensor>(values_[slot]).shape;
  }
  bool is_real(Program::Slot slot) const { return std::holds_alternative<Tensor<T>>(values_[slot]); }

 private:
  using Slotted = std::variant<std::monostate, Tensor<T>, IndexTensor>;

  static Evaluator<T> catalogue_evaluator(std::size_t, const Operation& operation) {
    return evaluator_of<T>(operation);
  }
  std::size_t number_of(const Program::Step& step) const {
    return static_cast<std::size_t>(&step - program_.steps().data());
  }

  void run(const Program::Step& step, const Program::Input& input, const Bindings& inputs) {
    if (carried_ && carried_->contains(input.name)) {
      values_[step.first] = carried_->at(input.name);
      return;
    }
    const auto found = inputs.find(input.name);
    if (found == inputs.end()) return;  // only an error if something uses it
    values_[step.first] = std::visit([&](const auto& tensor) { return convert(tensor); }, found->second);
  }

  void run(const Program::Step& step, const Program::Constant& constant, const Bindings&) {
    values_[step.first] = Tensor<T>::scalar(real_from_text<T>(constant.text));
  }

  void run(const Program::Step& step, const Program::Absent& left_out, const Bindings&) {
    if (left_out.index)
      values_[step.first] = IndexTensor(absent);
    else
      values_[step.first] = Tensor<T>(absent);
  }

  void run(const Program::Step& step, const Program::Call& call, const Bindings&) {
    const auto evaluator = choose_(number_of(step), *call.operation);
    auto outputs = evaluator.forward(arguments_of(call), call.attributes);
    for (std::size_t i = 0; i < outputs.size(); ++i) values_[step.first + i] = std::move(outputs[i]);
  }

  void run(const Program::Step& step, const Program::Own& own, const Bindings&) {
    auto outputs = own.function->values(arguments_of(own));
    if (outputs.size() != step.outputs)
      throw OwnFunctionError(own.function->name() + " gave " + std::to_string(outputs.size()) +
                             " results, not " + std::to_string(step.outputs));
    for (std::size_t i = 0; i < outputs.size(); ++i)
      values_[step.first + i] = from_balls(std::move(outputs[i]));
  }

  void run(const Program::Step& step, const Program::Gradient& gradient, const Bindings&) {
    std::vector<Tensor<T>> cotangents(program_.slots());
    std::vector<bool> reached(program_.slots(), false);
    cotangents[gradient.target] = upstream_of(gradient);
    reached[gradient.target] = true;
    const auto needed = program_.depending_on(gradient.with_respect_to);
    for (std::size_t i = program_.steps().size(); i-- > 0;) {
      const Program::Step& earlier = program_.steps()[i];
      if (earlier.first >= step.first) continue;  // not evaluated yet
      const auto* const call = std::get_if<Program::Call>(&earlier.what);
      if (call && std::ranges::any_of(call->arguments, [&](Program::Slot slot) { return needed[slot]; }))
        pull_back(earlier, *call, cotangents, reached);
      else if (const auto* const own = std::get_if<Program::Own>(&earlier.what))
        pull_back(earlier, *own, cotangents, reached);
    }
    for (std::size_t i = 0; i < gradient.with_respect_to.size(); ++i) {
      const Program::Slot slot = gradient.with_respect_to[i];
      if (!is_real(slot)) throw ShapeError("a gradient with respect to labels does not exist");
      values_[step.first + i] = reached[slot] ? cotangents[slot] : Tensor<T>(real(slot).shape);
    }
  }

  Tensor<T> upstream_of(const Program::Gradient& gradient) const {
    const Shape& shape = real(gradient.target).shape;
    if (!gradient.upstream) {
      if (!shape.empty())
        throw ShapeError("gradient() of a value of shape " + to_string(shape) +
                         " needs an upstream gradient of that shape as its third argument");
      return Tensor<T>::scalar(T(1));
    }
    const Tensor<T>& upstream = real(*gradient.upstream);
    if (upstream.shape != shape)
      throw ShapeError("the upstream gradient has shape " + to_string(upstream.shape) + ", the target " +
                       to_string(shape));
    return upstream;
  }

  /// The gradients that arrived at the outputs of a step; none where none did.
  Tensors<T> arrived(const Program::Step& step, const std::vector<Tensor<T>>& cotangents,
                     const std::vector<bool>& reached) const {
    bool any = false;
    Tensors<T> upstream;
    for (Program::Slot slot = step.first; slot < step.first + step.outputs; ++slot) {
      any = any || reached[slot];
      upstream.push_back(reached[slot] ? cotangents[slot] : Tensor<T>(real(slot).shape));
    }
    return any ? upstream : Tensors<T>();
  }

  void pull_back(const Program::Step& step, const Program::Own& own, std::vector<Tensor<T>>& cotangents,
                 std::vector<bool>& reached) const {
    OwnFunction::Values upstream;
    for (const Tensor<T>& gradient : arrived(step, cotangents, reached))
      upstream.push_back(to_balls(gradient));
    if (upstream.empty()) return;
    const auto gradients = own.function->gradients(arguments_of(own), upstream);
    for (std::size_t i = 0; i < own.arguments.size(); ++i)
      if (is_real(own.arguments[i]))
        accumulate(own.arguments[i], from_balls(gradients.at(i)), cotangents, reached);
  }

  /// One step backwards; nothing to do where no gradient arrived.
  void pull_back(const Program::Step& step, const Program::Call& call, std::vector<Tensor<T>>& cotangents,
                 std::vector<bool>& reached) const {
    const Tensors<T> upstream = arrived(step, cotangents, reached);
    if (upstream.empty()) return;
    const auto vjp = choose_(number_of(step), *call.operation).vjp;
    if (!vjp) throw ShapeError(std::string(call.operation->name) + " has no gradient");
    const auto gradients = vjp(arguments_of(call), upstream, call.attributes);
    std::size_t next = 0;
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
      const InputSpec& input = call.operation->inputs[i];
      if (input.index) continue;
      const Tensor<T>& gradient = gradients.at(next++);
      if (input.differentiable) accumulate(call.arguments[i], gradient, cotangents, reached);
    }
  }

  static void accumulate(Program::Slot slot, const Tensor<T>& gradient, std::vector<Tensor<T>>& cotangents,
                         std::vector<bool>& reached) {
    if (!reached[slot]) {
      cotangents[slot] = gradient;
      reached[slot] = true;
      return;
    }
    for (std::size_t i = 0; i < gradient.size(); ++i) cotangents[slot][i] += gradient[i];
  }

  Arguments<T> arguments_of(const Program::Call& call) const {
    Arguments<T> arguments;
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
      const Slotted& value = values_[call.arguments[i]];
      const InputSpec& spec = call.operation->inputs[i];
      if (std::holds_alternative<std::monostate>(value))
        throw ShapeError("input '" + std::string(spec.name) + "' of " + std::string(call.operation->name) +
                         " has no value");
      if (spec.index != std::holds_alternative<IndexTensor>(value))
        throw ShapeError(
            "input '" + std::string(spec.name) + "' of " + std::string(call.operation->name) +
            (spec.index ? " takes labels, not real numbers" : " takes real numbers, not labels"));
      if (spec.index)
        arguments.index.push_back(std::get<IndexTensor>(value));
      else
        arguments.real.push_back(std::get<Tensor<T>>(value));
    }
    return arguments;
  }

  OwnFunction::Arguments arguments_of(const Program::Own& own) const {
    OwnFunction::Arguments arguments;
    for (const Program::Slot slot : own.arguments) {
      const Slotted& value = values_[slot];
      if (std::holds_alternative<std::monostate>(value))
        throw OwnFunctionError(own.function->name() + ": argument " + std::to_string(arguments.size() + 1) +
                               " has no value");
      if (is_real(slot))
        arguments.emplace_back(to_balls(real(slot)));
      else
        arguments.emplace_back(std::get<IndexTensor>(value));
    }
    return arguments;
  }

  /// Functions of one's own compute in balls alone; of those, floats are the midpoints.
  static Tensor<Ball> to_balls(const Tensor<T>& numbers) {
    if constexpr (std::is_same_v<T, Ball>) {
      return numbers;
    } else {
      Tensor<Ball> balls(numbers.shape);
      for (std::size_t i = 0; i < numbers.size(); ++i) balls[i] = Ball(numbers[i]);
      return balls;
    }
  }
  static Tensor<T> from_balls(Tensor<Ball> balls) {
    if constexpr (std::is_same_v<T, Ball>) {
      return balls;
    } else {
      Tensor<T> numbers(balls.shape);
      for (std::size_t i = 0; i < balls.size(); ++i) numbers[i] = static_cast<T>(midpoint_double(balls[i]));
      return numbers;
    }
  }

  Slotted convert(const IndexTensor& labels) const { return labels; }
  template <class F>
  Slotted convert(const Tensor<F>& numbers) const {
    Tensor<T> result(numbers.shape);
    for (std::size_t i = 0; i < numbers.size(); ++i) result[i] = T(numbers[i]);
    if constexpr (std::is_same_v<T, Ball>)
      if (round_inputs_)
        for (Ball& number : result.data) detail::admit_rounding(arb(number), 1);
    return result;
  }

  const Program& program_;
  Choose choose_;
  bool round_inputs_;
  const Carried* carried_;
  std::vector<Slotted> values_;
};

}  // namespace assay::oracles
