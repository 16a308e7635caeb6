#include "oracles/misconceptions/optimizers.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "oracles/ops/adadelta.hpp"
#include "oracles/ops/adagrad.hpp"
#include "oracles/ops/clip_grad_norm.hpp"
#include "oracles/ops/clip_grad_value.hpp"
#include "oracles/ops/gradient_descent_quadratic.hpp"
#include "oracles/ops/gradient_descent_quartic.hpp"
#include "oracles/ops/momentum.hpp"
#include "oracles/ops/nesterov.hpp"
#include "oracles/ops/rmsprop.hpp"
#include "oracles/ops/sgd.hpp"

namespace assay::oracles::mistakes {

namespace {

// ---- Momentum ------------------------------------------------------------------------------------------

/// The step is made with the old velocity, the velocity updated afterwards.
Tensors<Ball> step_before_velocity(In a, Set s) {
  const bool classic = choice_attribute(s, ops::Momentum::form_attribute) == 1;
  const Ball factor = classic ? Ball(1) : Ball(-real_attribute<Ball>(s, ops::Momentum::lr_attribute));
  const Tensor<Ball> old = ops::detail::state_or_zero(a, 2);
  Tensors<Ball> right = right_forward("momentum", a, s);
  for (std::size_t i = 0; i < old.size(); ++i) right[0][i] = a.real[0][i] + factor * old[i];
  return right;
}

/// v' = μ v + lr g, and the step with it as the rule says.
Tensors<Ball> learning_rate_in_velocity(In a, Set s) {
  const Ball lr = real_attribute<Ball>(s, ops::Momentum::lr_attribute);
  Arguments<Ball> scaled = a;
  for (Ball& element : scaled.real[1].data) element *= lr;
  Tensors<Ball> wrong = right_forward("momentum", scaled, s);
  if (flag_attribute(s, ops::Momentum::nesterov_attribute))
    for (std::size_t i = 0; i < wrong[0].size(); ++i) wrong[0][i] -= lr * (a.real[1][i] - scaled.real[1][i]);
  return wrong;
}

/// w − lr (μ v + v'): ahead along the velocity of before, then the whole step.
Tensors<Ball> looks_ahead_with_old_velocity(In a, Set s) {
  Tensors<Ball> right = right_forward("momentum", a, s);
  if (!flag_attribute(s, ops::Momentum::nesterov_attribute)) return right;
  const Ball lr = real_attribute<Ball>(s, ops::Momentum::lr_attribute);
  const Ball mu = real_attribute<Ball>(s, ops::Momentum::momentum_attribute);
  const Tensor<Ball> old = ops::detail::state_or_zero(a, 2);
  for (std::size_t i = 0; i < old.size(); ++i) right[0][i] = a.real[0][i] - lr * (mu * old[i] + right[1][i]);
  return right;
}

// ---- Clipping ------------------------------------------------------------------------------------------

Tensors<Ball> always_rescaled(In a, Set s) {
  const Tensor<Ball> norm = right_forward("clip_grad_norm", a, s)[1];
  const Ball factor = real_attribute<Ball>(s, ops::ClipGradNorm::max_norm_attribute) /
                      (norm[0] + real_attribute<Ball>(s, ops::ClipGradNorm::eps_attribute));
  Tensor<Ball> g = a.real[0];
  for (Ball& element : g.data) element *= factor;
  return {g, norm};
}

Tensors<Ball> clipped_by_element(In a, Set s) {
  Tensors<Ball> right = right_forward("clip_grad_norm", a, s);
  const Ball limit = real_attribute<Ball>(s, ops::ClipGradNorm::max_norm_attribute);
  right[0] = a.real[0];
  for (Ball& element : right[0].data) element = min(max(element, Ball(-limit)), limit);
  return right;
}

/// Negative elements stay as they are.
Tensors<Ball> clipped_above_only(In a, Set s) {
  Tensors<Ball> right = right_forward("clip_grad_value", a, s);
  for (std::size_t i = 0; i < right[0].size(); ++i) right[0][i] = min(a.real[0][i], right[0][i]);
  return right;
}

// ---- Paths of gradient descent -------------------------------------------------------------------------

/// The learning rate is the last input of both.
Tensors<Ball> rate_held_constant(std::string_view operation, In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp(operation, a, u, s);
  right.back() = Tensor<Ball>::scalar(Ball(0));
  return right;
}

/// Of the upstream gradient, only what arrives at the last point.
Tensors<Ball> end_of_path_only(std::string_view operation, In a, Up u, Set s) {
  Tensor<Ball> last = u[0];
  const std::size_t width = last.size() / last.shape[0];
  for (std::size_t i = 0; i + width < last.size(); ++i) last[i] = Ball(0);
  return right_vjp(operation, a, {last}, s);
}

/// The whole gradient shrinks so that its largest element fits.
Tensors<Ball> rescaled_to_limit(In a, Set s) {
  Tensors<Ball> right = right_forward("clip_grad_value", a, s);
  Ball largest(0);
  for (const Ball& element : a.real[0].data) largest = max(largest, abs(element));
  if (less(Ball(0), largest) != Truth::yes) return right;
  const Ball factor =
      min(Ball(real_attribute<Ball>(s, ops::ClipGradValue::clip_value_attribute) / largest), Ball(1));
  for (std::size_t i = 0; i < right[0].size(); ++i) right[0][i] = factor * a.real[0][i];
  return right;
}

/// The square of the norm is compared with the limit, and divided by.
Tensors<Ball> squared_norm(In a, Set s) {
  Tensors<Ball> right = right_forward("clip_grad_norm", a, s);
  const Ball total = square(right[1][0]) + real_attribute<Ball>(s, ops::ClipGradNorm::eps_attribute);
  if (less(Ball(0), total) != Truth::yes) return right;
  const Ball factor =
      min(Ball(real_attribute<Ball>(s, ops::ClipGradNorm::max_norm_attribute) / total), Ball(1));
  for (std::size_t i = 0; i < right[0].size(); ++i) right[0][i] = factor * a.real[0][i];
  right[1][0] = square(right[1][0]);
  return right;
}

/// Divided by the squares themselves, for the plain step: without momentum, not centred, eps beside the root.
template <class Op>
Tensors<Ball> no_root(In a, Set s, const Ball& rate) {
  Tensors<Ball> right = right_forward(Op::name, a, s);
  const Ball eps = real_attribute<Ball>(s, Op::eps_attribute);
  const Tensor<Ball> g = ops::detail::decayed_gradient(a, s);
  for (std::size_t i = 0; i < g.size(); ++i) right[0][i] = a.real[0][i] - rate * g[i] / (right[1][i] + eps);
  return right;
}

Tensors<Ball> adagrad_without_root(In a, Set s) {
  using ops::Adagrad;
  const Ball earlier = Ball(ops::detail::step_of(s) - 1);
  return no_root<Adagrad>(a, s,
                          Ball(real_attribute<Ball>(s, Adagrad::lr_attribute) /
                               (1 + earlier * real_attribute<Ball>(s, Adagrad::lr_decay_attribute))));
}

Tensors<Ball> rmsprop_without_root(In a, Set s) {
  using ops::Rmsprop;
  const bool plain = rational_attribute(s, Rmsprop::momentum_attribute) == 0 &&
                     !flag_attribute(s, Rmsprop::centered_attribute);
  if (!plain) return right_forward("rmsprop", a, s);
  return no_root<Rmsprop>(a, s, real_attribute<Ball>(s, Rmsprop::lr_attribute));
}

/// The gradient enters the velocity with the weight 1 − μ. The unchecked step: Nesterov's refuses a dampening
/// where it is asked for, but has one.
Tensors<Ball> velocity_averaged(In a, Set s) {
  const std::string mu(text_attribute(s, ops::Momentum::momentum_attribute));
  return ops::Momentum::forward(a, with(with(s, "dampening", mu), "first_step", "damped"));
}

/// −b for b.
struct SignOfLinearTerm {
  static constexpr std::string_view operation = "gradient_descent_quadratic";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Arguments<T> other = a;
    for (T& element : other.real[1].data) element = -element;
    return ops::GradientDescentQuadratic::forward(other, s);
  }
};

/// The derivative of x⁴ / 2 taken for x³: half the right one.
struct DerivativeWithoutTwo {
  static constexpr std::string_view operation = "gradient_descent_quartic";
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Arguments<T> other = a;
    other.real[1][0] /= T(2);
    return ops::GradientDescentQuartic::forward(other, s);
  }
};

constexpr std::string_view constant_rate = "treats the learning rate as a constant, of gradient 0";
constexpr std::string_view last_point =
    "drops the gradient that arrives at the earlier points of the path, keeping that of the last";

}  // namespace

std::vector<Misconception> optimizers() {
  using namespace ops;
  std::vector<Misconception> all = {
      wrong_result("adadelta.result.rho_complemented",
                   "weighs the old averages by 1 - rho and the new squares by rho",
                   [](In a, Set s) {
                     return with_setting("adadelta", a, s, "rho",
                                         complement(rational_attribute(s, Adadelta::rho_attribute)));
                   }),
      wrong_result("adadelta.result.state_not_carried", resets, state_not_carried<Adadelta>),
      wrong_result("adadelta.result.step_average_not_updated", "never updates the average of squared steps",
                   [](In a, Set s) {
                     Tensors<Ball> right = right_forward("adadelta", a, s);
                     right[2] = ops::detail::state_or_zero(a, 3);
                     return right;
                   }),
      wrong_result("adagrad.result.eps_inside_root", eps_in_root, eps_inside<Adagrad>),
      wrong_result("adagrad.result.gradient_added", adds, gradient_added<Adagrad>),
      wrong_result("adagrad.result.no_root", "divides by the sum of squares, without its root",
                   adagrad_without_root),
      wrong_result("adagrad.result.sum_not_carried",
                   "divides by the size of this gradient alone, where the squares of all are summed",
                   state_not_carried<Adagrad>),
      wrong_result("clip_grad_norm.result.always_rescaled",
                   "rescales every gradient to the largest norm, shorter ones as well", always_rescaled),
      wrong_result("clip_grad_norm.result.clipped_by_element",
                   "clips each element, where the whole gradient shrinks by one factor", clipped_by_element),
      wrong_result("clip_grad_norm.result.squared_norm", "forgets the root of the norm", squared_norm),
      wrong_result("clip_grad_value.result.rescaled",
                   "rescales the whole gradient, where only the elements beyond the limit are cut off",
                   rescaled_to_limit),
      wrong_result("clip_grad_value.result.negative_not_clipped",
                   "clips from above only: large negative elements stay", clipped_above_only),
      wrong_operation<SignOfLinearTerm>("gradient_descent_quadratic.sign_of_linear_term",
                                        "adds b to A x in the derivative, where it is subtracted"),
      wrong_operation<DerivativeWithoutTwo>("gradient_descent_quartic.derivative_without_two",
                                            "forgets the factor 2 of the derivative"),
      wrong_gradient(
          "gradient_descent_quadratic.gradient.last_point_only", last_point,
          [](In a, Up u, Set s) { return end_of_path_only("gradient_descent_quadratic", a, u, s); }),
      wrong_gradient(
          "gradient_descent_quadratic.gradient.learning_rate_constant", constant_rate,
          [](In a, Up u, Set s) { return rate_held_constant("gradient_descent_quadratic", a, u, s); }),
      wrong_gradient("gradient_descent_quartic.gradient.last_point_only", last_point,
                     [](In a, Up u, Set s) { return end_of_path_only("gradient_descent_quartic", a, u, s); }),
      wrong_gradient(
          "gradient_descent_quartic.gradient.learning_rate_constant", constant_rate,
          [](In a, Up u, Set s) { return rate_held_constant("gradient_descent_quartic", a, u, s); }),
      wrong_result("momentum.result.gradient_added", adds, gradient_added<Momentum>),
      wrong_result("momentum.result.learning_rate_twice", multiplies_twice,
                   [](In a, Set s) { return learning_rate_twice<Momentum>(a, s, Momentum::lr_attribute); }),
      wrong_result("momentum.result.velocity_averaged",
                   "weighs the gradient by 1 - momentum in the velocity, as a moving average",
                   velocity_averaged),
      wrong_result("momentum.result.learning_rate_in_velocity",
                   "multiplies by the learning rate in the velocity, and again in the step",
                   learning_rate_in_velocity),
      wrong_result("momentum.result.looks_ahead_with_old_velocity",
                   "looks ahead along the velocity of before, and then makes the whole step",
                   looks_ahead_with_old_velocity),
      wrong_result("momentum.result.no_look_ahead", "makes the plain step where Nesterov's was asked for",
                   [](In a, Set s) { return with_setting("momentum", a, s, "nesterov", "false"); }),
      wrong_result("momentum.result.step_before_velocity",
                   "makes the step with the velocity of before, and updates it afterwards",
                   step_before_velocity),
      wrong_result("momentum.result.velocity_not_carried", "does not carry the velocity from step to step",
                   state_not_carried<Momentum>),
      wrong_result("momentum.result.weight_decay_forgotten", forgets_decay, decay_forgotten<Momentum>),
      wrong_result("nesterov.result.gradient_added", adds, gradient_added<Nesterov>),
      wrong_result("nesterov.result.plain_momentum",
                   "adds the velocity alone, the step of plain momentum, to parameters that are looked ahead",
                   [](In a, Set s) { return with_setting("nesterov", a, s, "form", "sutskever"); }),
      wrong_result("nesterov.result.velocity_not_carried", "does not carry the velocity from step to step",
                   state_not_carried<Nesterov>),
      wrong_result("rmsprop.result.alpha_complemented",
                   "weighs the old average by 1 - alpha and the new square by alpha",
                   [](In a, Set s) {
                     return with_setting("rmsprop", a, s, "alpha",
                                         complement(rational_attribute(s, Rmsprop::alpha_attribute)));
                   }),
      wrong_result("rmsprop.result.average_not_carried", resets, state_not_carried<Rmsprop>),
      wrong_result("rmsprop.result.eps_inside_root", eps_in_root, eps_inside<Rmsprop>),
      wrong_result("sgd.result.gradient_added", adds, gradient_added<Sgd>),
      wrong_result("rmsprop.result.no_root", "divides by the average of squares, without its root",
                   rmsprop_without_root),
      wrong_result("sgd.result.learning_rate_twice", multiplies_twice,
                   [](In a, Set s) { return learning_rate_twice<Sgd>(a, s, Sgd::lr_attribute); }),
      wrong_result("sgd.result.step_left_out", "leaves the parameters as they are",
                   [](In a, Set) { return Tensors<Ball>{a.real[0]}; }),
      wrong_result("sgd.result.weight_decay_forgotten", forgets_decay, decay_forgotten<Sgd>),
  };
  std::ranges::copy(adam_and_variants(), std::back_inserter(all));
  return all;
}

}  // namespace assay::oracles::mistakes
