#include <algorithm>
#include <string>

#include "oracles/attribute_access.hpp"
#include "oracles/misconceptions/mistaken.hpp"
#include "oracles/ops/adadelta.hpp"
#include "oracles/ops/adagrad.hpp"
#include "oracles/ops/adam.hpp"
#include "oracles/ops/adamax.hpp"
#include "oracles/ops/adamw.hpp"
#include "oracles/ops/clip_grad_norm.hpp"
#include "oracles/ops/momentum.hpp"
#include "oracles/ops/nadam.hpp"
#include "oracles/ops/nesterov.hpp"
#include "oracles/ops/radam.hpp"
#include "oracles/ops/rmsprop.hpp"
#include "oracles/ops/sgd.hpp"

namespace assay::oracles::mistakes {

namespace {

// ---- The right step with other settings or inputs -------------------------------------------------------

Tensors<Ball> with(std::string_view operation, In a, Set s, std::string_view attribute,
                   const std::string& text) {
  Attributes changed = s;
  changed[std::string(attribute)] = text;
  return right_forward(operation, a, changed);
}

/// 1 − rate for the rate.
std::string complement(const Rational& rate) {
  return Rational(Rational(1) - rate).str();
}

template <class Op>
Tensors<Ball> eps_inside(In a, Set s) {
  return with(Op::name, a, s, "eps_placement", "inside");
}

template <class Op>
Tensors<Ball> decay_forgotten(In a, Set s) {
  return with(Op::name, a, s, "weight_decay", "0");
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
  return with(Op::name, a, s, "betas", beta(s, 1).str() + "," + beta(s, 0).str());
}

template <class Op>
Tensors<Ball> betas_complemented(In a, Set s) {
  return with(Op::name, a, s, "betas", complement(beta(s, 0)) + "," + complement(beta(s, 1)));
}

template <class Op>
Tensors<Ball> bias_uncorrected(In a, Set s) {
  return with(Op::name, a, s, "bias_correction", "false");
}

/// The correction of the step before; the very first, which has none, is right.
template <class Op>
Tensors<Ball> step_behind(In a, Set s) {
  return with(Op::name, a, s, "step", std::to_string(std::max(1, ops::detail::step_of(s) - 1)));
}

/// Parameters as Adam would have them.
Tensors<Ball> parameters_of_adam(std::string_view operation, In a, Set s) {
  Tensors<Ball> right = right_forward(operation, a, s);
  right[0] = right_forward("adam", {{a.real[0], a.real[1], a.real[2], a.real[3]}, {}}, s)[0];
  return right;
}

[[maybe_unused]] Tensors<Ball> decay_in_gradient(In a, Set s) {
  return with("adam", a, s, "weight_decay",
              std::string(text_attribute(s, ops::Adamw::weight_decay_attribute)));
}

[[maybe_unused]] Tensors<Ball> without_look_ahead(In a, Set s) {
  Attributes as_adam = s;
  as_adam["lr"] = std::string(text_attribute(s, ops::Nadam::lr_attribute));
  return parameters_of_adam("nadam", a, as_adam);
}

[[maybe_unused]] Tensors<Ball> infinity_norm_kept(In a, Set s) {
  return with("adamax", a, s, "betas", beta(s, 0).str() + ",1");
}

// ---- Momentum ------------------------------------------------------------------------------------------

/// The gradient enters the velocity with the weight 1 − μ.
[[maybe_unused]] Tensors<Ball> velocity_averaged(In a, Set s) {
  Attributes averaged = s;
  averaged["dampening"] = std::string(text_attribute(s, ops::Momentum::momentum_attribute));
  averaged["first_step"] = "damped";
  return right_forward("momentum", a, averaged);
}

/// The step is made with the old velocity, the velocity updated afterwards.
Tensors<Ball> step_before_velocity(In a, Set s) {
  const bool classic = choice_attribute(s, ops::Momentum::form_attribute) == 1;
  const Ball factor = classic ? Ball(1) : Ball(-real_attribute<Ball>(s, ops::Momentum::lr_attribute));
  const Tensor<Ball> old = ops::detail::state_or_zero(a, 2);
  Tensors<Ball> right = right_forward("momentum", a, s);
  for (std::size_t i = 0; i < old.size(); ++i) right[0][i] = a.real[0][i] + factor * old[i];
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

constexpr std::string_view adds = "adds the gradient, where it is subtracted: it climbs the loss";
constexpr std::string_view eps_in_root = "adds eps under the root, where it is added to the root";
constexpr std::string_view swapped = "swaps the two betas";
constexpr std::string_view uncorrected = "forgets the bias correction of the moments";
constexpr std::string_view uncorrected_first = "forgets the bias correction of the first moment";
constexpr std::string_view behind = "counts steps from 0, so that the bias correction lags a step behind";
constexpr std::string_view forgets_decay = "forgets the weight decay";
constexpr std::string_view resets = "does not carry its state from step to step";
constexpr std::string_view constant_rate = "treats the learning rate as a constant, of gradient 0";
constexpr std::string_view last_point =
    "drops the gradient that arrives at the earlier points of the path, keeping that of the last";

void add_adam_and_variants(std::vector<Misconception>& list) {
  using namespace ops;
  const std::vector<Misconception> own = {
      wrong_result("adam.result.betas_complemented",
                   "weighs the old moment by 1 - beta and the gradient by beta", betas_complemented<Adam>),
      wrong_result("adam.result.betas_swapped", swapped, betas_swapped<Adam>),
      wrong_result("adam.result.eps_inside_root", eps_in_root, eps_inside<Adam>),
      wrong_result("adam.result.gradient_added", adds, gradient_added<Adam>),
      wrong_result("adam.result.no_bias_correction", uncorrected, bias_uncorrected<Adam>),
      wrong_result("adam.result.state_not_carried", resets, state_not_carried<Adam>),
      wrong_result("adam.result.step_from_zero", behind, step_behind<Adam>),
      wrong_result("adam.result.weight_decay_forgotten", forgets_decay, decay_forgotten<Adam>),
      wrong_result("adamax.result.no_bias_correction", uncorrected_first, first_moment_uncorrected<Adamax>),
      wrong_result("adamw.result.no_bias_correction", uncorrected, bias_uncorrected<Adamw>),
      wrong_result("adamw.result.weight_decay_forgotten", forgets_decay, decay_forgotten<Adamw>),
      wrong_result("amsgrad.result.current_second_moment",
                   "divides by the current second moment, where it is the largest so far",
                   [](In a, Set s) { return parameters_of_adam("amsgrad", a, s); }),
      wrong_result("nadam.result.ascends", "adds the step to the parameters, where it is to be subtracted",
                   [](In a, Set s) {
                     Tensors<Ball> wrong = right_forward("nadam", a, s);
                     for (std::size_t i = 0; i < wrong[0].size(); ++i)
                       wrong[0][i] = 2 * a.real[0][i] - wrong[0][i];
                     return wrong;
                   }),
      wrong_result("radam.result.never_rectified",
                   "never rectifies: it goes on with the step that is not divided by the second moment",
                   [](In a, Set s) { return with("radam", a, s, "threshold", "1000000000"); }),
      wrong_result("radam.result.no_bias_correction", uncorrected_first, first_moment_uncorrected<Radam>),
  };
  list.insert(list.end(), own.begin(), own.end());
}

}  // namespace

std::vector<Misconception> optimizers() {
  using namespace ops;
  std::vector<Misconception> all = {
      wrong_result(
          "adadelta.result.rho_complemented", "weighs the old averages by 1 - rho and the new squares by rho",
          [](In a, Set s) {
            return with("adadelta", a, s, "rho", complement(rational_attribute(s, Adadelta::rho_attribute)));
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
      wrong_result("adagrad.result.sum_not_carried",
                   "divides by the size of this gradient alone, where the squares of all are summed",
                   state_not_carried<Adagrad>),
      wrong_result("clip_grad_norm.result.always_rescaled",
                   "rescales every gradient to the largest norm, shorter ones as well", always_rescaled),
      wrong_result("clip_grad_norm.result.clipped_by_element",
                   "clips each element, where the whole gradient shrinks by one factor", clipped_by_element),
      wrong_result("clip_grad_value.result.negative_not_clipped",
                   "clips from above only: large negative elements stay", clipped_above_only),
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
      wrong_result("momentum.result.no_look_ahead", "makes the plain step where Nesterov's was asked for",
                   [](In a, Set s) { return with("momentum", a, s, "nesterov", "false"); }),
      wrong_result("momentum.result.step_before_velocity",
                   "makes the step with the velocity of before, and updates it afterwards",
                   step_before_velocity),
      wrong_result("momentum.result.velocity_not_carried", "does not carry the velocity from step to step",
                   state_not_carried<Momentum>),
      wrong_result("momentum.result.weight_decay_forgotten", forgets_decay, decay_forgotten<Momentum>),
      wrong_result("nesterov.result.gradient_added", adds, gradient_added<Nesterov>),
      wrong_result("nesterov.result.plain_momentum",
                   "adds the velocity alone, the step of plain momentum, to parameters that are looked ahead",
                   [](In a, Set s) { return with("nesterov", a, s, "form", "sutskever"); }),
      wrong_result("nesterov.result.velocity_not_carried", "does not carry the velocity from step to step",
                   state_not_carried<Nesterov>),
      wrong_result("rmsprop.result.alpha_complemented",
                   "weighs the old average by 1 - alpha and the new square by alpha",
                   [](In a, Set s) {
                     return with("rmsprop", a, s, "alpha",
                                 complement(rational_attribute(s, Rmsprop::alpha_attribute)));
                   }),
      wrong_result("rmsprop.result.average_not_carried", resets, state_not_carried<Rmsprop>),
      wrong_result("rmsprop.result.eps_inside_root", eps_in_root, eps_inside<Rmsprop>),
      wrong_result("sgd.result.gradient_added", adds, gradient_added<Sgd>),
      wrong_result("sgd.result.weight_decay_forgotten", forgets_decay, decay_forgotten<Sgd>),
  };
  add_adam_and_variants(all);
  return all;
}

}  // namespace assay::oracles::mistakes
