/// Steps of optimizers as students get them wrong.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

#include "oracles/misconceptions/mistaken.hpp"
#include "oracles/ops/adadelta.hpp"
#include "oracles/ops/adagrad.hpp"
#include "oracles/ops/adam.hpp"
#include "oracles/ops/adamw.hpp"
#include "oracles/ops/clip_grad_norm.hpp"
#include "oracles/ops/clip_grad_value.hpp"
#include "oracles/ops/gradient_descent_quadratic.hpp"
#include "oracles/ops/gradient_descent_quartic.hpp"
#include "oracles/ops/momentum.hpp"
#include "oracles/ops/nadam.hpp"
#include "oracles/ops/nesterov.hpp"
#include "oracles/ops/rmsprop.hpp"

namespace assay::oracles::mistakes {

// ---- Calls that differ a little -----------------------------------------------------------------------

inline Tensor<Ball> scaled(Tensor<Ball> tensor, const Ball& factor) {
  for (Ball& element : tensor.data) element *= factor;
  return tensor;
}

inline Arguments<Ball> with_gradient(Arguments<Ball> a, Tensor<Ball> gradient) {
  a.real[1] = std::move(gradient);
  return a;
}

/// The state is there, and 0.
inline Arguments<Ball> without_state(Arguments<Ball> a, std::size_t input) {
  a.real[input] = Tensor<Ball>(a.real[0].shape);
  return a;
}

/// g + factor λ p.
inline Tensor<Ball> add_decay(In a, Set s, int factor) {
  Tensor<Ball> g = a.real[1];
  const Ball decay = factor * real_attribute<Ball>(s, ops::detail::weight_decay_attribute);
  for (std::size_t i = 0; i < g.size(); ++i) g[i] += decay * a.real[0][i];
  return g;
}

/// p + factor (p′ − p).
inline Tensors<Ball> with_step_scaled(std::string_view operation, In a, Set s, const Ball& factor) {
  Tensors<Ball> right = right_forward(operation, a, s);
  for (std::size_t i = 0; i < right[0].size(); ++i)
    right[0][i] = a.real[0][i] + factor * (right[0][i] - a.real[0][i]);
  return right;
}

inline Tensors<Ball> stepped_the_other_way(std::string_view operation, In a, Set s) {
  return with_step_scaled(operation, a, s, Ball(-1));
}

inline Attributes other_side_of_root(Set s) {
  const bool outside = choice_attribute(s, ops::detail::eps_placement_attribute) == 0;
  return with(s, "eps_placement", outside ? "inside" : "outside");
}

inline Attributes betas_swapped(Set s) {
  const std::vector<Rational> betas = rationals_attribute(s, ops::detail::betas_attribute, 2);
  return with(s, "betas", to_text(betas[1]) + "," + to_text(betas[0]));
}

// ---- Divisors -----------------------------------------------------------------------------------------

/// The step without momentum, with another divisor made of the accumulated squares and eps.
template <class Divisor>
Tensors<Ball> redone(std::string_view operation, In a, Set s, const Divisor& divisor) {
  Tensors<Ball> right = right_forward(operation, a, s);
  const bool adagrad = operation == ops::Adagrad::name;
  const Ball lr = real_attribute<Ball>(s, adagrad ? ops::Adagrad::lr_attribute : ops::Rmsprop::lr_attribute);
  const Ball eps =
      real_attribute<Ball>(s, adagrad ? ops::Adagrad::eps_attribute : ops::Rmsprop::eps_attribute);
  const Ball slower = adagrad ? Ball(1) + (ops::detail::step_of(s) - 1) *
                                              real_attribute<Ball>(s, ops::Adagrad::lr_decay_attribute)
                              : Ball(1);
  const Tensor<Ball> g = add_decay(a, s, 1);
  for (std::size_t i = 0; i < g.size(); ++i)
    right[0][i] = a.real[0][i] - lr / slower * g[i] / divisor(right[1][i], eps);
  return right;
}

inline Tensors<Ball> adadelta_without_steps(In a, Set s) {
  Tensors<Ball> right = right_forward("adadelta", a, s);
  const Ball lr = real_attribute<Ball>(s, ops::Adadelta::lr_attribute);
  const Ball eps = real_attribute<Ball>(s, ops::Adadelta::eps_attribute);
  const Tensor<Ball> g = add_decay(a, s, 1);
  for (std::size_t i = 0; i < g.size(); ++i) right[0][i] = a.real[0][i] - lr * g[i] / sqrt(right[1][i] + eps);
  return right;
}

// ---- Adam ---------------------------------------------------------------------------------------------

/// The step for any moments: p − lr m / first / (√(v / second) + eps).
inline Tensors<Ball> adam_step(In a, Set s, Tensors<Ball> right, const Ball& first, const Ball& second) {
  const Ball lr = real_attribute<Ball>(s, ops::detail::adam_lr_attribute);
  const Ball eps = real_attribute<Ball>(s, ops::detail::adam_eps_attribute);
  for (std::size_t i = 0; i < right[0].size(); ++i)
    right[0][i] = a.real[0][i] - lr * right[1][i] / first / (sqrt(right[2][i] / second) + eps);
  return right;
}

/// Before the first step both corrections are 0 and nothing finite comes out: the quotient of two infinities
/// is no number, and this mistake is seen from the second step on.
inline Tensors<Ball> adam_from_zero(In a, Set s) {
  const int step = ops::detail::step_of(s);
  if (step > 1) return right_forward("adam", a, with(s, "step", std::to_string(step - 1)));
  return right_forward("adam", a, s);
}

inline Tensors<Ball> adam_correcting_first_only(In a, Set s) {
  const Ball beta1 = ops::detail::betas_of<Ball>(s).first;
  return adam_step(a, s, right_forward("adam", a, s), 1 - pow(beta1, ops::detail::step_of(s)), Ball(1));
}

inline Tensors<Ball> adam_with_square_of_mean(In a, Set s) {
  Tensors<Ball> right = right_forward("adam", a, s);
  const auto [beta1, beta2] = ops::detail::betas_of<Ball>(s);
  const Tensor<Ball> old = ops::detail::state_or_zero(a, 3);
  for (std::size_t i = 0; i < old.size(); ++i)
    right[2][i] = beta2 * old[i] + (1 - beta2) * right[1][i] * right[1][i];
  const int step = ops::detail::step_of(s);
  return adam_step(a, s, right, 1 - pow(beta1, step), 1 - pow(beta2, step));
}

// ---- Clipping and descent -----------------------------------------------------------------------------

inline Tensors<Ball> norm_clipped(In a, Set s, bool always, bool squared) {
  Tensors<Ball> right = right_forward("clip_grad_norm", a, s);
  const Ball limit = real_attribute<Ball>(s, ops::ClipGradNorm::max_norm_attribute);
  const Ball norm = squared ? Ball(right[1][0] * right[1][0]) : right[1][0];
  const Ball factor = limit / (norm + real_attribute<Ball>(s, ops::ClipGradNorm::eps_attribute));
  right[0] = scaled(a.real[0], always ? factor : min(factor, Ball(1)));
  if (squared) right[1][0] = norm;
  return right;
}

struct WrongQuadratic {
  static constexpr std::string_view operation = ops::GradientDescentQuadratic::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Arguments<T> other = a;
    for (T& element : other.real[1].data) element = -element;
    return ops::GradientDescentQuadratic::forward(other, s);
  }
};

/// The gradient is `numerator / denominator` times the right one.
template <int numerator, int denominator>
struct WrongQuartic {
  static constexpr std::string_view operation = ops::GradientDescentQuartic::name;
  template <class T>
  static Tensors<T> forward(const Arguments<T>& a, const Attributes& s) {
    Arguments<T> other = a;
    other.real[1][0] *= T(numerator) / T(denominator);
    return ops::GradientDescentQuartic::forward(other, s);
  }
};

/// The upstream gradient, 0 but for the last `width` elements.
inline Tensors<Ball> last_row_only(Up u, std::size_t width) {
  Tensors<Ball> last = u;
  for (std::size_t i = 0; i + width < last[0].size(); ++i) last[0][i] = Ball(0);
  return last;
}

}  // namespace assay::oracles::mistakes
