/// Numbers of all kinds under one set of operations that name their errors and count their work. Internal.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "oracles/numeric/numbers.hpp"
#include "oracles/tape.hpp"
#include "properties/formula/formula.hpp"
#include "properties/formula/node.hpp"
#include "properties/formula/tame.hpp"

namespace assay::oracles {

// The derivative of erf needs them for its own derivative; the general pi goes by a ball.
template <>
inline Var<double> pi<Var<double>>() {
  return Var<double>(pi<double>());
}
template <>
inline Var<float> pi<Var<float>>() {
  return Var<float>(pi<float>());
}

}  // namespace assay::oracles

namespace assay::properties::formula {

using oracles::abs, oracles::contains_zero, oracles::cos, oracles::equal, oracles::erf, oracles::erfc,
    oracles::exp, oracles::expm1, oracles::less, oracles::less_equal, oracles::log, oracles::log1p,
    oracles::max, oracles::min, oracles::pow, oracles::relu, oracles::select, oracles::sigmoid, oracles::sign,
    oracles::sin, oracles::sqrt, oracles::step, oracles::tanh;

using oracles::Ball;
using oracles::Rational;
using oracles::Tape;
using oracles::Truth;
using oracles::Var;

/// How many derivatives are being taken, and of which number.
template <class T>
struct Level {
  using Base = T;
  static constexpr int depth = 0;
};
template <class U>
struct Level<Var<U>> {
  using Base = typename Level<U>::Base;
  static constexpr int depth = 1 + Level<U>::depth;
};

template <class T>
using BaseOf = typename Level<T>::Base;
template <class T>
inline constexpr bool fractions = std::same_as<BaseOf<T>, Rational>;

/// Evaluation ends: each operation takes a step, and long fractions take many.
class Steps {
 public:
  explicit Steps(std::uint64_t most) : most_(most), left_(most) {}
  void take(std::uint64_t count, std::size_t offset) {
    if (count > left_)
      throw TooMuchWork(offset, "the formula needs more than " + std::to_string(most_) + " steps");
    left_ -= count;
  }
  std::uint64_t left() const { return left_; }

 private:
  std::uint64_t most_, left_;
};

inline constexpr std::uint64_t longest_fraction = 65536;  ///< bits of numerator and denominator

inline std::uint64_t bits(const Rational& x) {
  const auto& fraction = x.backend().data();
  return mpz_sizeinbase(mpq_numref(fraction), 2) + mpz_sizeinbase(mpq_denref(fraction), 2);
}

/// The number under all derivatives.
template <class T>
const T& underlying(const T& x) {
  return x;
}
template <class U>
const BaseOf<U>& underlying(const Var<U>& x) {
  return underlying(x.value);
}

/// Whether nothing can be differentiated by it.
template <class T>
bool is_constant(const T&) {
  return true;
}
template <class U>
bool is_constant(const Var<U>& x) {
  return x.node == Var<U>::constant && is_constant(x.value);
}

template <class T>
T from_whole(std::int64_t n) {
  if constexpr (Level<T>::depth > 0)
    return T(from_whole<decltype(T::value)>(n));
  else
    return static_cast<T>(static_cast<long long>(n));
}

template <class T>
T from_base(const BaseOf<T>& x) {
  if constexpr (Level<T>::depth > 0)
    return T(from_base<decltype(T::value)>(x));
  else
    return x;
}

template <class T>
T from_literal(const Node& number) {
  if constexpr (Level<T>::depth > 0)
    return T(from_literal<decltype(T::value)>(number));
  else if constexpr (std::same_as<T, double>)
    return number.nearest;
  else if constexpr (std::same_as<T, float>)
    return number.nearest_single;
  else
    return oracles::from_rational<T>(number.number);
}

/// The whole number that x certainly is.
inline std::optional<std::int64_t> whole_of(double x) {
  constexpr double largest = 0x1p53;
  if (!(std::abs(x) <= largest) || x != std::floor(x)) return std::nullopt;
  return static_cast<std::int64_t>(x);
}
inline std::optional<std::int64_t> whole_of(const Rational& x) {
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  if (denominator(x) != 1 || x > largest || x < -largest) return std::nullopt;
  return static_cast<std::int64_t>(numerator(x));
}
inline std::optional<std::int64_t> whole_of(const Ball& x) {
  if (!oracles::is_exact(x)) return std::nullopt;
  const auto whole = whole_of(oracles::midpoint_double(x));
  return whole && from_whole<Ball>(*whole) == x ? whole : std::nullopt;
}
template <class U>
std::optional<std::int64_t> whole_of(const Var<U>& x) {
  return whole_of(underlying(x));
}

/// log(1 + e^x) without overflow; its derivative is the sigmoid, also where |x| has its kink.
template <class T>
T softplus(const T& x) {
  if constexpr (Level<T>::depth > 0)
    return oracles::chained(x, softplus(x.value), decltype(T::value)(sigmoid(x.value)));
  else
    return T(relu(x) + log1p(T(exp(T(-abs(x))))));
}

/// The largest whole number that is not above x: for balls the hull over the ball. No derivative leaves it.
inline double floor_of(double x) {
  return std::floor(x);
}
inline float floor_of(float x) {
  return std::floor(x);
}
inline Rational floor_of(const Rational& x) {
  mpz_t quotient;
  mpz_init(quotient);
  mpz_fdiv_q(quotient, mpq_numref(x.backend().data()), mpq_denref(x.backend().data()));
  Rational result;
  mpq_set_z(result.backend().data(), quotient);
  mpz_clear(quotient);
  return result;
}
inline Ball floor_of(const Ball& x) {
  if (!oracles::is_finite(x)) return x;
  return oracles::ball_between(Ball(std::floor(oracles::lower_double(x))),
                               Ball(std::floor(oracles::upper_double(x))));
}
template <class U>
Var<U> floor_of(const Var<U>& x) {
  return Var<U>(floor_of(x.value));
}

/// The operations of one evaluation on numbers; each takes its steps.
template <class T>
class Arithmetic {
 public:
  explicit Arithmetic(Steps& steps) : steps_(steps) {}

  T plus(const T& a, const T& b, std::size_t at) const { return counted(T(a + b), at); }
  T minus(const T& a, const T& b, std::size_t at) const { return counted(T(a - b), at); }
  T times(const T& a, const T& b, std::size_t at) const { return counted(T(a * b), at); }
  T over(const T& a, const T& b, std::size_t at) const {
    if constexpr (fractions<T>)
      if (contains_zero(underlying(b))) throw DivisionByZero(at, "division by zero");
    return counted(T(a / b), at);
  }
  T power(const T& x, std::int64_t n, std::size_t at) const;
  T power(const T& x, const T& y, std::size_t at) const;
  T apply(Function function, const T& x, std::size_t at) const;
  T constant(Constant which, std::size_t at) const;

  T total(const std::vector<T>& terms, std::size_t at) const;
  T dot(const std::vector<T>& a, const std::vector<T>& b, std::size_t at) const;

  Truth compare(Relation relation, const T& a, const T& b) const;

  /// Tapes keep every number, and long fractions are slow: derivatives cost more.
  void take(std::uint64_t count, std::size_t at) const {
    constexpr std::uint64_t each = Level<T>::depth == 0 ? 1 : (fractions<T> ? 16 : 4) * Level<T>::depth;
    steps_.take(count > std::numeric_limits<std::uint64_t>::max() / each ? count : count * each, at);
  }
  Steps& steps() const { return steps_; }

 private:
  T counted(T x, std::size_t at) const {
    std::uint64_t count = 1;
    if constexpr (fractions<T>) {
      const std::uint64_t length = bits(underlying(x));
      if (length > longest_fraction) throw TooMuchWork(at, "a fraction grows beyond 65536 bits");
      count += length / 128 * 8;  // products of k words and their lowest terms take more than k times one
    }
    take(count, at);
    tame(x);
    return x;
  }
  [[noreturn]] static void refuse(const std::string& what, std::size_t at) {
    throw NotRational(at, what + " has no exact value in fractions");
  }
  T transcendental(Function function, const T& x, std::size_t at) const;

  Steps& steps_;
};

template <class T>
T Arithmetic<T>::power(const T& x, std::int64_t n, std::size_t at) const {
  if (n == 0) return from_whole<T>(1);
  const std::uint64_t size = n < 0 ? -static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
  if constexpr (fractions<T>) {
    if (n < 0 && contains_zero(underlying(x))) throw DivisionByZero(at, "zero to a negative power");
    if (size > longest_fraction || bits(underlying(x)) * size > longest_fraction + 2 * size)
      throw TooMuchWork(at, "a fraction grows beyond 65536 bits");
  } else if (size > std::numeric_limits<int>::max()) {
    return counted(T(pow(x, from_whole<T>(n))), at);
  }
  return counted(T(pow(x, static_cast<int>(n))), at);
}

template <class T>
T Arithmetic<T>::power(const T& x, const T& y, std::size_t at) const {
  if (is_constant(y))
    if (const auto n = whole_of(y)) return power(x, *n, at);
  if constexpr (fractions<T>)
    refuse("a power that is not whole", at);
  else
    return counted(T(pow(x, y)), at);
}

template <class T>
T Arithmetic<T>::transcendental(Function function, const T& x, std::size_t at) const {
  if constexpr (fractions<T>) {
    refuse(std::string(name_of(function)), at);
  } else {
    switch (function) {
      case Function::exp:
        return T(exp(x));
      case Function::log:
        return T(log(x));
      case Function::log1p:
        return T(log1p(x));
      case Function::expm1:
        return T(expm1(x));
      case Function::sqrt:
        return T(sqrt(x));
      case Function::tanh:
        return T(tanh(x));
      case Function::sigmoid:
        return T(sigmoid(x));
      case Function::softplus:
        return softplus(x);
      case Function::erf:
        return T(erf(x));
      case Function::erfc:
        return T(erfc(x));
      case Function::sin:
        return T(sin(x));
      default:
        return T(cos(x));
    }
  }
}

template <class T>
T Arithmetic<T>::apply(Function function, const T& x, std::size_t at) const {
  switch (function) {
    case Function::relu:
      return counted(T(relu(x)), at);
    case Function::step:
      return counted(T(step(x)), at);
    case Function::sign:
      return counted(T(sign(x)), at);
    case Function::abs:
      return counted(T(abs(x)), at);
    case Function::floor:
      return counted(floor_of(x), at);
    case Function::ceil:
      return counted(T(-floor_of(T(-x))), at);
    default:
      return counted(transcendental(function, x, at), at);
  }
}

template <class T>
T Arithmetic<T>::constant(Constant which, std::size_t at) const {
  if (which == Constant::infinity)
    throw EvaluationError(at, "infinity is no number of a formula; it can only say which norm is meant");
  if constexpr (fractions<T>)
    refuse(std::string(name_of(which)), at);
  else
    return which == Constant::pi ? from_base<T>(oracles::pi<BaseOf<T>>()) : T(exp(from_whole<T>(1)));
}

/// On balls in one piece, so that every order of summation is covered in a FormatScope.
template <class T>
T Arithmetic<T>::total(const std::vector<T>& terms, std::size_t at) const {
  if constexpr (fractions<T>) {
    T all = from_whole<T>(0);
    for (const T& term : terms) all = plus(all, term, at);
    return all;
  } else {
    take(terms.size(), at);
    return counted(T(oracles::sum(terms.data(), 1, terms.size())), at);
  }
}

template <class T>
T Arithmetic<T>::dot(const std::vector<T>& a, const std::vector<T>& b, std::size_t at) const {
  if constexpr (fractions<T>) {
    T all = from_whole<T>(0);
    for (std::size_t i = 0; i < a.size(); ++i) all = plus(all, times(a[i], b[i], at), at);
    return all;
  } else {
    take(a.size(), at);
    return counted(T(oracles::dot(a.data(), 1, b.data(), 1, a.size())), at);
  }
}

template <class T>
Truth Arithmetic<T>::compare(Relation relation, const T& a, const T& b) const {
  switch (relation) {
    case Relation::less:
      return less(a, b);
    case Relation::less_equal:
      return less_equal(a, b);
    case Relation::greater:
      return less(b, a);
    case Relation::greater_equal:
      return less_equal(b, a);
    case Relation::equal:
      return equal(a, b);
    default:
      return !equal(a, b);
  }
}

}  // namespace assay::properties::formula
