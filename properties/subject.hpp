/// Whatever can evaluate an operation for a claim: the catalogue on any number, by either of its two
/// derivations of a gradient, with or without a planted mistake.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "oracles/catalogue.hpp"
#include "oracles/misconceptions.hpp"

namespace assay::properties {

template <class T>
class Subject {
 public:
  using Inputs = oracles::Arguments<T>;
  using Tensors = oracles::Tensors<T>;

  /// Which derivation of a gradient is asked: the one stated by hand, or the tape's.
  enum class Derivation { stated, tape };

  /// A program that computes some of the operations; it gives nothing for the others.
  struct Program {
    std::function<std::optional<Tensors>(std::string_view operation, const Inputs&,
                                         const oracles::Attributes&)>
        values;
    /// For the upstream gradient of the first output.
    std::function<std::optional<Tensors>(std::string_view operation, const Inputs&,
                                         const oracles::Tensor<T>& upstream, const oracles::Attributes&)>
        gradients;
  };

  Subject() = default;
  explicit Subject(Derivation derivation) : derivation_(derivation) {}
  /// The catalogue with one operation done wrong; balls only.
  explicit Subject(const oracles::Misconception& planted) requires std::same_as<T, oracles::Ball>
      : planted_(&planted) {}
  /// The catalogue, but for what the program computes; it must outlive the subject. Balls only.
  explicit Subject(const Program& program) requires std::same_as<T, oracles::Ball> : program_(&program) {}

  /// The first output.
  oracles::Tensor<T> value(std::string_view operation, Tensors inputs,
                           const oracles::Attributes& attributes = {}) const {
    return value(operation, Inputs{std::move(inputs), {}}, attributes);
  }
  oracles::Tensor<T> value(std::string_view operation, const Inputs& inputs,
                           const oracles::Attributes& attributes = {}) const {
    return values(operation, inputs, attributes)[0];
  }
  Tensors values(std::string_view operation, const Inputs& inputs,
                 const oracles::Attributes& attributes = {}) const {
    if constexpr (std::same_as<T, oracles::Ball>) {
      if (planted_ && planted_->operation == operation && planted_->forward)
        return planted_->forward(inputs, attributes);
      if (program_)
        if (auto answered = program_->values(operation, inputs, attributes)) return std::move(*answered);
    }
    return evaluator(operation).forward(inputs, attributes);
  }

  /// The gradient with respect to every real input, for the upstream gradient of the first output.
  Tensors gradients(std::string_view operation, const Inputs& inputs, oracles::Tensor<T> upstream,
                    const oracles::Attributes& attributes = {}) const {
    Tensors all{std::move(upstream)};
    if constexpr (std::same_as<T, oracles::Ball>) {
      if (planted_ && planted_->operation == operation && planted_->vjp)
        return planted_->vjp(inputs, all, attributes);
      if (program_)
        if (auto answered = program_->gradients(operation, inputs, all[0], attributes))
          return std::move(*answered);
    }
    const oracles::Evaluator<T>& found = evaluator(operation);
    const bool by_tape = derivation_ == Derivation::tape && found.tape_vjp;
    return (by_tape ? found.tape_vjp : found.vjp)(inputs, all, attributes);
  }
  Tensors gradients(std::string_view operation, Tensors inputs, oracles::Tensor<T> upstream,
                    const oracles::Attributes& attributes = {}) const {
    return gradients(operation, Inputs{std::move(inputs), {}}, std::move(upstream), attributes);
  }

  /// An elementwise operation at one number; and the gradient that comes back through it.
  T at(std::string_view operation, const T& x, const oracles::Attributes& attributes = {}) const {
    return value(operation, Tensors{oracles::Tensor<T>::scalar(x)}, attributes)[0];
  }
  T back(std::string_view operation, const T& x, const T& upstream,
         const oracles::Attributes& attributes = {}) const {
    const Tensors result = gradients(operation, Tensors{oracles::Tensor<T>::scalar(x)},
                                     oracles::Tensor<T>::scalar(upstream), attributes);
    return result[0][0];
  }

 private:
  static const oracles::Evaluator<T>& evaluator(std::string_view operation) {
    const oracles::Operation& found = oracles::operation_named(operation);
    if constexpr (std::same_as<T, oracles::Ball>)
      return found.ball;
    else if constexpr (std::same_as<T, oracles::Rational>)
      return found.rational;
    else if constexpr (std::same_as<T, double>)
      return found.float64;
    else
      return found.float32;
  }

  Derivation derivation_ = Derivation::stated;
  const oracles::Misconception* planted_ = nullptr;
  const Program* program_ = nullptr;
};

}  // namespace assay::properties
