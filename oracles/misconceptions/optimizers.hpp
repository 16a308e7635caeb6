/// What the mistakes in steps of optimizers share: the right step with other settings, inputs or state.
#pragma once

#include <string>

#include "oracles/attribute_access.hpp"
#include "oracles/misconceptions/mistaken.hpp"

namespace assay::oracles::mistakes {

/// Adam, AdamW, AMSGrad, Adamax, NAdam and RAdam.
std::vector<Misconception> adam_and_variants();

inline Tensors<Ball> with_setting(std::string_view operation, In a, Set s, std::string_view attribute,
                                  const std::string& text) {
  Attributes changed = s;
  changed[std::string(attribute)] = text;
  return right_forward(operation, a, changed);
}

/// 1 − rate for the rate.
inline std::string complement(const Rational& rate) {
  return Rational(Rational(1) - rate).str();
}

template <class Op>
Tensors<Ball> eps_inside(In a, Set s) {
  return with_setting(Op::name, a, s, "eps_placement", "inside");
}

template <class Op>
Tensors<Ball> decay_forgotten(In a, Set s) {
  return with_setting(Op::name, a, s, "weight_decay", "0");
}

template <class Op>
Tensors<Ball> gradient_added(In a, Set s) {
  Arguments<Ball> turned = a;
  for (Ball& element : turned.real[1].data) element = -element;
  return right_forward(Op::name, turned, s);
}

/// The state is 0 before each step.
template <class Op>
Tensors<Ball> state_not_carried(In a, Set s) {
  Arguments<Ball> fresh = a;
  for (std::size_t k = 2; k < a.real.size(); ++k) fresh.real[k] = Tensor<Ball>(a.real[0].shape);
  return right_forward(Op::name, fresh, s);
}

/// p + lr (p′ − p).
template <class Op>
Tensors<Ball> learning_rate_twice(In a, Set s, const AttributeSpec& lr) {
  Tensors<Ball> right = right_forward(Op::name, a, s);
  for (std::size_t i = 0; i < right[0].size(); ++i)
    right[0][i] = a.real[0][i] + real_attribute<Ball>(s, lr) * (right[0][i] - a.real[0][i]);
  return right;
}

inline constexpr std::string_view adds = "adds the gradient, where it is subtracted: it climbs the loss";
inline constexpr std::string_view eps_in_root = "adds eps under the root, where it is added to the root";
inline constexpr std::string_view forgets_decay = "forgets the weight decay";
inline constexpr std::string_view resets = "does not carry its state from step to step";
inline constexpr std::string_view multiplies_twice = "multiplies the step by the learning rate twice";

}  // namespace assay::oracles::mistakes
