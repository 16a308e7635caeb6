/// What steps of optimizers share: shapes, state that may be left out, settings and their limits.
///
/// A step has the inputs parameters p, gradient g and its state, all of one shape, and the outputs p′ and the
/// new state, in the same order. State that is left out is 0, as before the first step. The counter `step` is
/// that of the step to be taken, from 1. Nothing here has a gradient: a step is not differentiated.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/operation.hpp"

namespace assay::oracles::ops::detail {

inline constexpr AttributeSpec weight_decay_attribute{
    "weight_decay", "0", "strength of the L2 penalty: weight_decay * parameters is added to the gradient"};
inline constexpr AttributeSpec step_attribute{"step", "1", "which step this is, counted from 1",
                                              AttributeKind::integer};
inline constexpr AttributeSpec betas_attribute{
    "betas", "0.9,0.999", "decay rates of the first and the second moment", AttributeKind::reals};
inline constexpr AttributeSpec eps_placement_attribute{
    "eps_placement", "outside",
    "where eps is added: outside the root (PyTorch), or inside it, under the root", AttributeKind::choice,
    "outside|inside"};
inline constexpr AttributeSpec adam_eps_placement_attribute{
    "eps_placement", "outside",
    "where eps is added: outside, to the root of the corrected second moment (PyTorch); inside, under that "
    "root; uncorrected, to the root of the moment before the correction (Kingma and Ba's epsilon hat, "
    "TensorFlow)",
    AttributeKind::choice, "outside|inside|uncorrected"};

/// parameters, gradient and the optional state. Moments named in `not_negative` are drawn from 0.1 to 5.
std::vector<InputSpec> step_inputs(std::initializer_list<std::string_view> state,
                                   std::string_view not_negative = {});
std::vector<OutputSpec> step_outputs(std::initializer_list<std::string_view> state);

/// Samples of shapes (2, 3), (4), () ... one for each entry, every other one without state; at least one
/// with.
std::vector<Sample> step_samples(std::size_t states, const std::vector<Attributes>& attributes);

/// p′ and the state. Throws ShapeError where gradient or state are not like the parameters.
Shapes step_shapes(std::string_view operation, const std::vector<InputSpec>& inputs, const Shapes& shapes);

/// Throws ShapeError unless the attribute is at least 0.
void require_not_negative(const Attributes& attributes, std::initializer_list<AttributeSpec> specs);
/// Throws ShapeError unless the attribute is positive.
void require_positive(const Attributes& attributes, const AttributeSpec& spec);
/// Throws ShapeError unless the attribute is at least 0 and less than 1.
void require_rate(const Attributes& attributes, const AttributeSpec& spec);
/// Throws ShapeError unless both betas are at least 0 and less than 1.
void require_betas(const Attributes& attributes);

/// The step from 1 to `most`. Throws ShapeError beyond.
int step_of(const Attributes& attributes, int most = 1000000);

/// (β₁, β₂).
template <class T>
std::pair<T, T> betas_of(const Attributes& attributes) {
  const std::vector<Rational> betas = rationals_attribute(attributes, betas_attribute, 2);
  return {from_rational<T>(betas[0]), from_rational<T>(betas[1])};
}

/// A state, or zeros like the parameters.
template <class T>
Tensor<T> state_or_zero(const Arguments<T>& arguments, std::size_t input) {
  const Tensor<T>&parameters = arguments.real[0], &state = arguments.real[input];
  return state.shape == parameters.shape ? state : Tensor<T>(parameters.shape);
}

/// Whether a state was given: an empty tensor of parameters has all the state there can be.
template <class T>
bool has_state(const Arguments<T>& arguments, std::size_t input) {
  return arguments.real[input].shape == arguments.real[0].shape;
}

/// g + λ p with the weight decay λ; g itself, not rounded, if there is none.
template <class T>
Tensor<T> decayed_gradient(const Arguments<T>& arguments, const Attributes& attributes) {
  const Tensor<T>& parameters = arguments.real[0];
  Tensor<T> gradient = arguments.real[1];
  if (rational_attribute(attributes, weight_decay_attribute) == 0) return gradient;
  const T decay = real_attribute<T>(attributes, weight_decay_attribute);
  for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] += decay * parameters[i];
  return gradient;
}

/// β old + (1 − β) x. Honest too: old + (1 − β)(x − old).
template <class T>
T moving_average(const T& beta, const T& old, const T& x) {
  return either([&] { return T(beta * old + (T(1) - beta) * x); },
                [&] { return T(old + (T(1) - beta) * (x - old)); });
}

/// The moving average of squares; the products associate in either way.
template <class T>
T moving_average_of_squares(const T& beta, const T& old, const T& x) {
  return either([&] { return moving_average(beta, old, T(x * x)); },
                [&] { return T(beta * old + (T(1) - beta) * x * x); });
}

/// p − a b / d. Honest: any association of the product and the quotient. Throws ShapeError for 0/0, which is
/// left where eps is 0 and no gradient ever was.
template <class T>
T stepped(std::string_view operation, const T& p, const T& a, const T& b, const T& d) {
  if (equal(d, T(0)) == Truth::yes)
    throw ShapeError(std::string(operation) +
                     ": a step is divided by 0, because eps and a second moment are 0; it needs eps > 0");
  return either([&] { return T(p - a * b / d); }, [&] { return T(p - a * (b / d)); },
                [&] { return T(p - a / d * b); });
}

}  // namespace assay::oracles::ops::detail
