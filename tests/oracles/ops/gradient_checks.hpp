/// Checks of a vector-Jacobian product. Each returns what is wrong, or nothing; so a test can also assert
/// that a wrong gradient is caught.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "tests/oracles/ops/cases.hpp"

namespace assay::oracles::testing {

template <class T>
using Vjp = typename Evaluator<T>::Vjp;

inline constexpr int exact_bits = 400;

/// At least half of the digits must be certain: a ball so wide that it says nothing must not pass for
/// agreement.
inline bool is_informative(const Ball& ball) {
  return radius_double(ball) <= std::ldexp(std::max(1.0, std::fabs(midpoint_double(ball))), -exact_bits / 2);
}

/// Equality for fractions, a common point for informative balls.
inline bool agree(const Rational& a, const Rational& b) {
  return a == b;
}
inline bool agree(const Ball& a, const Ball& b) {
  return overlaps(a, b) && is_informative(a) && is_informative(b);
}

inline std::string text(const Rational& value) {
  return value.str();
}
inline std::string text(const Ball& value) {
  return value.str(12) + " +- " + radius_text(value);
}

template <class T>
std::string difference(const Tensors<T>& got, const Tensors<T>& wanted) {
  if (got.size() != wanted.size()) return "a wrong number of cotangents";
  for (std::size_t k = 0; k < got.size(); ++k) {
    const std::string where = "cotangent of input " + std::to_string(k);
    if (got[k].shape != wanted[k].shape)
      return where + ": shape " + to_string(got[k].shape) + " for " + to_string(wanted[k].shape);
    for (std::size_t i = 0; i < got[k].size(); ++i)
      if (!agree(got[k][i], wanted[k][i]))
        return where + ", element " + std::to_string(i) + ": " + text(got[k][i]) + " for " +
               text(wanted[k][i]);
  }
  return {};
}

/// Whether some element of one is certainly not that of the other.
inline bool certainly_differ(const Tensors<Ball>& a, const Tensors<Ball>& b) {
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (a[k].shape != b.at(k).shape) return true;
    for (std::size_t i = 0; i < a[k].size(); ++i)
      if (!overlaps(a[k][i], b[k][i])) return true;
  }
  return false;
}

/// Σ aᵢ bᵢ over all elements of all tensors.
template <class T>
T inner(const Tensors<T>& a, const Tensors<T>& b) {
  T total = T(0);
  for (std::size_t k = 0; k < a.size(); ++k)
    total += dot(std::span<const T>(a[k].data), std::span<const T>(b[k].data));
  return total;
}

/// a X + b Y, elementwise.
template <class T>
Tensors<T> combination(const T& a, const Tensors<T>& x, const T& b, const Tensors<T>& y) {
  Tensors<T> result = x;
  for (std::size_t k = 0; k < x.size(); ++k)
    for (std::size_t i = 0; i < x[k].size(); ++i) result[k][i] = a * x[k][i] + b * y[k][i];
  return result;
}

/// The gradient must be that of the tape.
template <class T>
std::string check_against_tape(const Evaluator<T>& evaluator, Vjp<T> vjp, const Case& c) {
  const PrecisionScope scope(exact_bits);
  const auto arguments = as<T>(c.arguments);
  const auto upstream = as<T>(c.upstream);
  return difference(vjp(arguments, upstream, c.attributes),
                    evaluator.tape_vjp(arguments, upstream, c.attributes));
}

/// vjp(2u − 3v) = 2 vjp(u) − 3 vjp(v).
template <class T>
std::string check_linearity(Vjp<T> vjp, const Case& c, const Tensors<Rational>& other_upstream) {
  const PrecisionScope scope(exact_bits);
  const auto arguments = as<T>(c.arguments);
  const auto u = as<T>(c.upstream), v = as<T>(other_upstream);
  const auto together = vjp(arguments, combination(T(2), u, T(-3), v), c.attributes);
  return difference(
      together, combination(T(2), vjp(arguments, u, c.attributes), T(-3), vjp(arguments, v, c.attributes)));
}

/// Which of the real inputs have a gradient.
inline std::vector<bool> has_gradient(const Operation& operation) {
  std::vector<bool> result;
  for (const InputSpec& input : operation.inputs)
    if (!input.index) result.push_back(input.differentiable);
  return result;
}

/// The mean value theorem along a direction d, with φ(t) = ⟨u, f(x + t d)⟩:
///
///   (φ(h) − φ(−h)) / 2h = φ′(ξ) = ⟨vjp(x + ξ d, u), d⟩    for some ξ in (−h, h)
///
/// The right side, evaluated with the ball [−h, h] for ξ, contains φ′(ξ); so it must meet the ball of the
/// left side. No remainder is neglected. (With kinks it is Lebourg's theorem, for the generalised gradient.)
/// Inputs without a gradient stay where they are.
inline std::string check_mean_value(const Operation& operation, Evaluator<Ball>::Forward forward,
                                    Vjp<Ball> vjp, const Case& c, const Tensors<Rational>& direction) {
  const PrecisionScope scope(exact_bits);
  const Ball h = from_rational<Ball>(Rational(1) / pow(Rational(2), 60));
  const Ball xi = ball_around(Ball(0), h);
  const auto x = as<Ball>(c.arguments);
  const auto u = as<Ball>(c.upstream), d = as<Ball>(direction);
  const std::vector<bool> moves = has_gradient(operation);
  const auto moved = [&](const Ball& t) {
    Arguments<Ball> there{combination(Ball(1), x.real, t, d), x.index};
    for (std::size_t k = 0; k < moves.size(); ++k)
      if (!moves[k]) there.real[k] = x.real[k];
    return there;
  };
  const Ball quotient =
      (inner(u, forward(moved(h), c.attributes)) - inner(u, forward(moved(-h), c.attributes))) / (2 * h);
  Tensors<Ball> along = d;
  for (std::size_t k = 0; k < moves.size(); ++k)
    if (!moves[k]) along[k] = Tensor<Ball>(absent);
  const Ball slope = inner(vjp(moved(xi), u, c.attributes), along);
  if (overlaps(quotient, slope)) return {};
  return "difference quotient " + text(quotient) + ", directional derivative " + text(slope);
}

}  // namespace assay::oracles::testing
