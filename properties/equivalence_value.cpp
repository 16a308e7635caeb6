#include "properties/equivalence_value.hpp"

#include <algorithm>
#include <cmath>

#include "properties/formula/tame.hpp"

namespace assay::properties::equivalence {
namespace {

using formula::Environment;
using formula::Formula;

oracles::Shape squeezed(oracles::Shape shape) {
  std::erase(shape, std::size_t{1});
  return shape;
}

Value trouble(Trouble which, const char* why) {
  return {{}, which, why};
}

/// Balls take the longer the more bits they have; in fractions Steps itself counts their length.
std::uint64_t weight() {
  const long bits = oracles::working_precision();
  return bits <= base_bits ? 4 : 4 * static_cast<std::uint64_t>(bits / base_bits);
}

template <class T>
Value evaluated(const Formula& formula, const Environment<T>& environment, std::uint64_t& steps) {
  try {
    formula::Value<T> value = formula::evaluate(formula, environment, steps);
    if (auto* truth = std::get_if<Truth>(&value)) {
      if (*truth == Truth::unknown) return trouble(Trouble::undecided, "undecided");
      return {*truth};
    }
    return {std::move(std::get<Tensor<T>>(value))};
  } catch (const formula::NotRational&) {
    throw;
  } catch (const formula::UnboundName&) {
    throw;
  } catch (const formula::DivisionByZero& error) {
    return trouble(Trouble::pole, error.what());
  } catch (const formula::TooMuchWork& error) {
    return trouble(Trouble::work, error.what());
  } catch (const formula::IndexOutOfRange& error) {
    return trouble(Trouble::range, error.what());
  } catch (const formula::ShapeMismatch& error) {
    return trouble(Trouble::shape, error.what());
  } catch (const formula::EvaluationError& error) {
    return trouble(Trouble::pole, error.what());
  }
}

/// Element i of `balls`, or the only one.
const Ball& element(const Tensor<Ball>& balls, std::size_t i) {
  return balls.size() == 1 ? balls[0] : balls[i];
}

/// Decimal digits in which two overlapping balls agree: of the larger, or after the point for small ones.
int digits_of(const Ball& a, const Ball& b) {
  const double width = oracles::radius_double(a) + oracles::radius_double(b);
  const double size =
      std::max({1.0, std::abs(oracles::midpoint_double(a)), std::abs(oracles::midpoint_double(b))});
  if (!(width > 0)) return 1000;
  const double digits = std::log10(size) - std::log10(width);
  return std::isfinite(digits) ? static_cast<int>(std::clamp(digits, 0.0, 999.0)) : 0;
}

bool is_tight(const Ball& ball) {
  if (!oracles::is_finite(ball)) return false;
  const double size = std::max(1.0, std::abs(oracles::midpoint_double(ball)));
  return oracles::radius_double(ball) <= std::ldexp(size, -static_cast<int>(tight_bits));
}

Match match_exact(const Tensor<Rational>& a, const Tensor<Rational>& b) {
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i)
    if (a[a.size() == 1 ? 0 : i] != b[b.size() == 1 ? 0 : i]) return {Truth::no};
  return {Truth::yes};
}

std::string shown_ball(const Ball& ball) {
  const double size = std::abs(oracles::midpoint_double(ball));
  if (oracles::is_exact(ball) && size < 1e15 && (size > 1e-15 || oracles::contains_zero(ball))) {
    const Rational exact = oracles::midpoint_rational(ball);
    if (denominator(exact) < 4096) return oracles::to_text(exact);
  }
  return oracles::digits(ball, 16) + "...";
}

template <class T, class Show>
std::string nested(const Tensor<T>& tensor, std::size_t axis, std::size_t& next, const Show& show) {
  if (axis == tensor.rank()) return show(tensor[next++]);
  std::string text = "[";
  for (std::size_t i = 0; i < tensor.shape[axis]; ++i)
    text += (i > 0 ? ", " : "") + nested(tensor, axis + 1, next, show);
  return text + "]";
}

}  // namespace

oracles::Shape Value::shape() const {
  if (is_exact()) return squeezed(exact().shape);
  if (is_ball()) return squeezed(ball().shape);
  return {};
}

std::size_t Value::size() const {
  return is_exact() ? exact().size() : is_ball() ? ball().size() : 1;
}

std::optional<Value> exact_value(const Formula& formula, const Environment<Rational>& environment,
                                 Budget& budget) {
  try {
    return evaluated(formula, environment, budget.steps);
  } catch (const formula::NotRational&) {
  } catch (const formula::UnboundName&) {
  }
  return std::nullopt;
}

Value ball_value(const Formula& formula, const Environment<Ball>& environment, Budget& budget) {
  const std::uint64_t each = weight();
  const std::uint64_t given = budget.steps / each;
  std::uint64_t left = given;
  Value value = trouble(Trouble::pole, "no value");
  try {
    value = evaluated(formula, environment, left);
  } catch (const formula::EvaluationError& error) {
    value.why = error.what();
  }
  budget.steps -= (given - left) * each;
  if (!value.is_ball()) return value;
  // What has astronomically many digits is nothing to compare or to print.
  for (const Ball& x : value.ball().data)
    if (!oracles::is_finite(x) || formula::is_extreme(x))
      return trouble(Trouble::pole, "no value of a finite and readable size");
  return value;
}

Tensor<Ball> to_balls(const Value& value) {
  if (value.is_ball()) return value.ball();
  Tensor<Ball> balls(value.exact().shape);
  for (std::size_t i = 0; i < balls.size(); ++i) balls[i] = oracles::to_ball(value.exact()[i]);
  return balls;
}

bool is_tight(const Tensor<Ball>& balls) {
  return std::ranges::all_of(balls.data, [](const Ball& ball) { return is_tight(ball); });
}

Match match(const Value& a, const Value& b) {
  if (a.is_truth() && b.is_truth())
    return {oracles::truth(std::get<Truth>(a.held) == std::get<Truth>(b.held))};
  if (a.is_exact() && b.is_exact()) return match_exact(a.exact(), b.exact());
  const Tensor<Ball> left = to_balls(a), right = to_balls(b);
  Match result{Truth::yes};
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const Ball &x = element(left, i), &y = element(right, i);
    if (!oracles::overlaps(x, y)) return {Truth::no};
    if (!is_tight(x) || !is_tight(y)) result.same = Truth::unknown;
    result.digits = std::min(result.digits, digits_of(x, y));
  }
  return result;
}

std::string shown(const Rational& number) {
  constexpr std::size_t readable = 24;
  const std::string text = oracles::to_text(number);
  return text.size() <= readable ? text : oracles::to_decimal(number, 12) + "...";
}

std::string shown(const Value& value) {
  if (!value.exists()) return "no value: " + value.why;
  if (const auto* truth = std::get_if<Truth>(&value.held)) return *truth == Truth::yes ? "true" : "false";
  std::size_t next = 0;
  if (value.is_exact()) return nested(value.exact(), 0, next, [](const Rational& x) { return shown(x); });
  return nested(value.ball(), 0, next, shown_ball);
}

}  // namespace assay::properties::equivalence
