#include <algorithm>
#include <string>

#include "oracles/misconceptions/optimizers.hpp"
#include "oracles/ops/adam.hpp"
#include "oracles/ops/adamax.hpp"
#include "oracles/ops/adamw.hpp"
#include "oracles/ops/amsgrad.hpp"
#include "oracles/ops/nadam.hpp"
#include "oracles/ops/radam.hpp"

namespace assay::oracles::mistakes {

namespace {

Rational beta(Set s, std::size_t which) {
  return rationals_attribute(s, ops::detail::betas_attribute, 2)[which];
}

/// A step without the division by 1 − β₁ᵗ.
template <class Op>
Tensors<Ball> first_moment_uncorrected(In a, Set s) {
  Tensors<Ball> right = right_forward(Op::name, a, s);
  const Ball share = Ball(1) - pow(from_rational<Ball>(beta(s, 0)), ops::detail::step_of(s));
  for (std::size_t i = 0; i < right[0].size(); ++i)
    right[0][i] = a.real[0][i] + share * (right[0][i] - a.real[0][i]);
  return right;
}

template <class Op>
Tensors<Ball> betas_swapped(In a, Set s) {
  return with_setting(Op::name, a, s, "betas", beta(s, 1).str() + "," + beta(s, 0).str());
}

template <class Op>
Tensors<Ball> betas_complemented(In a, Set s) {
  return with_setting(Op::name, a, s, "betas", complement(beta(s, 0)) + "," + complement(beta(s, 1)));
}

template <class Op>
Tensors<Ball> bias_uncorrected(In a, Set s) {
  return with_setting(Op::name, a, s, "bias_correction", "false");
}

/// The correction of the step before; the very first, which has none, is right.
template <class Op>
Tensors<Ball> step_behind(In a, Set s) {
  return with_setting(Op::name, a, s, "step", std::to_string(std::max(1, ops::detail::step_of(s) - 1)));
}

/// Parameters as Adam would have them.
Tensors<Ball> parameters_of_adam(std::string_view operation, In a, Set s) {
  Tensors<Ball> right = right_forward(operation, a, s);
  right[0] = right_forward("adam", {{a.real[0], a.real[1], a.real[2], a.real[3]}, {}}, s)[0];
  return right;
}

/// The steps of the wrong optimizer, unchecked: it does not know all settings of the right one.
Tensors<Ball> decay_in_gradient(In a, Set s) {
  return ops::Adam::forward(a,
                            with(s, "weight_decay", text_attribute(s, ops::Adamw::weight_decay_attribute)));
}

Tensors<Ball> decay_beside_the_moments(In a, Set s) {
  return ops::Adamw::forward(a,
                             with(s, "weight_decay", text_attribute(s, ops::detail::weight_decay_attribute)));
}

Tensors<Ball> without_look_ahead(In a, Set s) {
  return ops::Adam::forward(a, with(s, "lr", text_attribute(s, ops::Nadam::lr_attribute)));
}

/// u′ = max(u, |g| + eps): β₂ = 1, which the checked step refuses.
Tensors<Ball> norm_never_decays(In a, Set s) {
  return ops::Adamax::forward(a, with(s, "betas", beta(s, 0).str() + ",1"));
}

Tensors<Ball> other_decay_rate(In a, Set s) {
  const bool scaled = choice_attribute(s, ops::Adamw::decay_rate_attribute) == 0;
  return right_forward("adamw", a, with(s, "decay_rate", scaled ? "unscaled" : "scaled"));
}

/// p − lr m̂ / (√v′ + eps): the correction of the first moment alone.
Tensors<Ball> second_moment_uncorrected(In a, Set s) {
  Tensors<Ball> right = right_forward("adam", a, s);
  if (!flag_attribute(s, ops::detail::bias_correction_attribute)) return right;
  const Ball first = Ball(1) - pow(from_rational<Ball>(beta(s, 0)), ops::detail::step_of(s));
  const Ball rate = real_attribute<Ball>(s, ops::detail::adam_lr_attribute) / first;
  const Ball eps = real_attribute<Ball>(s, ops::detail::adam_eps_attribute);
  for (std::size_t i = 0; i < right[0].size(); ++i)
    right[0][i] = a.real[0][i] - rate * right[1][i] / (sqrt(right[2][i]) + eps);
  return right;
}

constexpr std::string_view swapped = "swaps the two betas";
constexpr std::string_view uncorrected = "forgets the bias correction of the moments";
constexpr std::string_view uncorrected_first = "forgets the bias correction of the first moment";
constexpr std::string_view behind = "counts steps from 0, so that the bias correction lags a step behind";

std::vector<Misconception> of_adam() {
  using ops::Adam;
  return {
      wrong_result("adam.result.betas_complemented",
                   "weighs the old moment by 1 - beta and the gradient by beta", betas_complemented<Adam>),
      wrong_result("adam.result.betas_swapped", swapped, betas_swapped<Adam>),
      wrong_result("adam.result.decay_beside_the_moments",
                   "takes the weight decay off the parameters, as AdamW does, not into the gradient",
                   decay_beside_the_moments),
      wrong_result("adam.result.eps_inside_root", eps_in_root, eps_inside<Adam>),
      wrong_result("adam.result.gradient_added", adds, gradient_added<Adam>),
      wrong_result("adam.result.no_bias_correction", uncorrected, bias_uncorrected<Adam>),
      wrong_result("adam.result.second_moment_uncorrected",
                   "forgets the bias correction of the second moment", second_moment_uncorrected),
      wrong_result("adam.result.state_not_carried", resets, state_not_carried<Adam>),
      wrong_result("adam.result.step_from_zero", behind, step_behind<Adam>),
      wrong_result("adam.result.weight_decay_forgotten", forgets_decay, decay_forgotten<Adam>),
  };
}

}  // namespace

std::vector<Misconception> adam_and_variants() {
  using namespace ops;
  std::vector<Misconception> all = of_adam();
  const std::vector<Misconception> variants = {
      wrong_result("adamax.result.no_bias_correction", uncorrected_first, first_moment_uncorrected<Adamax>),
      wrong_result("adamax.result.norm_never_decays",
                   "keeps the largest gradient for ever: its norm does not decay by beta2",
                   norm_never_decays),
      wrong_result("adamw.result.decay_in_gradient",
                   "adds the weight decay to the gradient, so that it passes through the moments",
                   decay_in_gradient),
      wrong_result("adamw.result.decay_rate",
                   "multiplies the weight decay by the learning rate where it should not, or the reverse",
                   other_decay_rate),
      wrong_result("adamw.result.no_bias_correction", uncorrected, bias_uncorrected<Adamw>),
      wrong_result("adamw.result.weight_decay_forgotten", forgets_decay, decay_forgotten<Adamw>),
      wrong_result("amsgrad.result.current_second_moment",
                   "divides by the current second moment, where it is the largest so far",
                   [](In a, Set s) { return parameters_of_adam("amsgrad", a, s); }),
      wrong_result("amsgrad.result.no_bias_correction", uncorrected, bias_uncorrected<Amsgrad>),
      wrong_result("nadam.result.ascends", "adds the step to the parameters, where it is to be subtracted",
                   [](In a, Set s) {
                     Tensors<Ball> wrong = right_forward("nadam", a, s);
                     for (std::size_t i = 0; i < wrong[0].size(); ++i)
                       wrong[0][i] = 2 * a.real[0][i] - wrong[0][i];
                     return wrong;
                   }),
      wrong_result("nadam.result.no_look_ahead", "makes the step of Adam, which does not look ahead",
                   without_look_ahead),
      wrong_result("radam.result.never_rectified",
                   "never rectifies: it goes on with the step that is not divided by the second moment",
                   [](In a, Set s) { return with_setting("radam", a, s, "threshold", "1000000000"); }),
      wrong_result("radam.result.no_bias_correction", uncorrected_first, first_moment_uncorrected<Radam>),
  };
  all.insert(all.end(), variants.begin(), variants.end());
  return all;
}

}  // namespace assay::oracles::mistakes
