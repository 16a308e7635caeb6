/// Products with a logarithm where 0 log 0 is 0.
#pragma once

#include "oracles/numeric/numbers.hpp"
#include "oracles/tape.hpp"

namespace assay::oracles::ops::detail {

/// y · logarithm; exactly 0 where y is, even if the logarithm is infinite.
template <class T>
T weighted_log(const T& y, const T& logarithm) {
  return equal(y, T(0)) == Truth::yes ? T(0) : T(y * logarithm);
}

/// t log t, continued by 0 at t = 0.
template <std::floating_point T>
T t_log_t(T t) {
  return t == 0 ? T(0) : t * std::log(t);
}

/// On [0, h] t log t falls from 0 to −1/e at t = 1/e and rises from there on: the hull of 0, h log h and,
/// where the ball may reach 1/e, −1/e. NaN where the ball meets negative numbers.
inline Ball t_log_t(const Ball& t) {
  if (equal(t, Ball(0)) == Truth::yes) return Ball(0);
  if (!contains_zero(t) || less(lower(t), Ball(0)) == Truth::yes) return t * log(t);
  const Ball high = upper(t), turn = exp(Ball(-1));
  const Ball ends = hull(Ball(0), high * log(high));
  return less(high, turn) == Truth::yes ? ends : hull(ends, -turn);
}

/// (t log t)′ = log t + 1.
template <class T>
Var<T> t_log_t(const Var<T>& t) {
  return chained(t, T(t_log_t(t.value)), T(log(t.value) + T(1)));
}

}  // namespace assay::oracles::ops::detail
