/// Reverse-mode differentiation over any number type: the second, independent derivation of each gradient.
///
///   Tape<Rational> tape;
///   const Var<Rational> x = tape.variable(3);
///   const Var<Rational> y = x * x + x;                        // recorded on this thread's innermost tape
///   tape.cotangents({&y, 1}, {&one, 1})[x.node];              // dy/dx = 2x + 1 = 7
///
/// Every elementary function records its value and its partial derivatives ∂v/∂uᵢ; going backwards,
///
///   ū_i += v̄ ∂v/∂uᵢ        where v̄ = ∂L/∂v
///
/// Nothing here is shared with the vector-Jacobian products that operations state by hand.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <limits>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "oracles/numeric/numbers.hpp"
#include "oracles/operation.hpp"

namespace assay::oracles {

template <class T>
class Tape;

/// A number and its place on the tape; a constant has none.
template <class T>
struct Var {
  static constexpr std::size_t constant = std::numeric_limits<std::size_t>::max();

  T value = T(0);
  std::size_t node = constant;

  Var() = default;
  Var(T number) : value(std::move(number)) {}
  Var(int number) : value(number) {}
  explicit Var(const Rational& number) requires(!std::same_as<T, Rational>)
      : value(from_rational<T>(number)) {}

  friend Var operator+(const Var& a, const Var& b) {
    return Tape<T>::record(a.value + b.value, {{a.node, T(1)}, {b.node, T(1)}});
  }
  friend Var operator-(const Var& a, const Var& b) {
    return Tape<T>::record(a.value - b.value, {{a.node, T(1)}, {b.node, T(-1)}});
  }
  friend Var operator*(const Var& a, const Var& b) {
    return Tape<T>::record(a.value * b.value, {{a.node, b.value}, {b.node, a.value}});
  }
  /// ∂(a/b)/∂b = −(a/b)/b.
  friend Var operator/(const Var& a, const Var& b) {
    const T quotient = a.value / b.value;
    return Tape<T>::record(quotient, {{a.node, T(1) / b.value}, {b.node, -quotient / b.value}});
  }
  friend Var operator-(const Var& a) { return Tape<T>::record(-a.value, {{a.node, T(-1)}}); }
  Var& operator+=(const Var& b) { return *this = *this + b; }
  Var& operator-=(const Var& b) { return *this = *this - b; }
  Var& operator*=(const Var& b) { return *this = *this * b; }
  Var& operator/=(const Var& b) { return *this = *this / b; }
};

/// The record of one computation. The innermost tape of a thread records; destroying it gives the word back
/// to the one outside it. Variables must not outlive their tape, nor meet those of another.
template <class T>
class Tape {
 public:
  struct Edge {
    std::size_t from;
    T partial;
  };

  Tape() : outer_(std::exchange(current_, this)) {}
  ~Tape() { current_ = outer_; }
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  Var<T> variable(T value) { return append(std::move(value)); }

  /// A result with its partial derivatives; operations call it. Edges from constants are dropped, and a
  /// result of constants is a constant.
  static Var<T> record(T value, std::initializer_list<Edge> edges) {
    return record(std::move(value), std::span<const Edge>(edges));
  }
  static Var<T> record(T value, std::span<const Edge> edges) {
    std::size_t variables = 0;
    for (const Edge& edge : edges) variables += edge.from != Var<T>::constant;
    if (variables == 0) return Var<T>(std::move(value));
    if (!current_) throw std::logic_error("a variable of a tape is used after the tape's end");
    for (const Edge& edge : edges)
      if (edge.from != Var<T>::constant) current_->edges_.push_back(edge);
    return current_->append(std::move(value));
  }

  /// ∂L/∂v for every node v, where L = Σ seedₖ outputₖ; the index is `Var::node`.
  std::vector<T> cotangents(std::span<const Var<T>> outputs, std::span<const T> seeds) const {
    std::vector<T> cotangent(ends_.size(), T(0));
    for (std::size_t k = 0; k < outputs.size(); ++k)
      if (outputs[k].node != Var<T>::constant) cotangent[outputs[k].node] += seeds[k];
    for (std::size_t node = ends_.size(); node-- > 0;)
      for (std::size_t e = node == 0 ? 0 : ends_[node - 1]; e < ends_[node]; ++e)
        cotangent[edges_[e].from] += cotangent[node] * edges_[e].partial;
    return cotangent;
  }

 private:
  Var<T> append(T value) {
    ends_.push_back(edges_.size());
    Var<T> result(std::move(value));
    result.node = ends_.size() - 1;
    return result;
  }

  static inline thread_local Tape* current_ = nullptr;
  Tape* outer_;
  std::vector<Edge> edges_;        // of all nodes, one after the other
  std::vector<std::size_t> ends_;  // where each node's edges end
};

/// v = f(u) with ∂v/∂u = slope.
template <class T>
Var<T> chained(const Var<T>& u, T value, T slope) {
  return Tape<T>::record(std::move(value), {{u.node, std::move(slope)}});
}

template <class T>
Var<T> exp(const Var<T>& x) {
  const T y = exp(x.value);
  return chained(x, y, y);
}
template <class T>
Var<T> log(const Var<T>& x) {
  return chained(x, T(log(x.value)), T(T(1) / x.value));
}
template <class T>
Var<T> log1p(const Var<T>& x) {
  return chained(x, T(log1p(x.value)), T(T(1) / (T(1) + x.value)));
}
template <class T>
Var<T> expm1(const Var<T>& x) {
  return chained(x, T(expm1(x.value)), T(exp(x.value)));
}
template <class T>
Var<T> sqrt(const Var<T>& x) {
  const T y = sqrt(x.value);
  return chained(x, y, T(T(1) / (T(2) * y)));
}
template <class T>
Var<T> tanh(const Var<T>& x) {
  const T y = tanh(x.value);
  return chained(x, y, T(T(1) - y * y));
}
template <class T>
Var<T> sigmoid(const Var<T>& x) {
  const T y = sigmoid(x.value);
  return chained(x, y, T(y * (T(1) - y)));
}
/// erf′(x) = (2/√π) exp(−x²).
template <class T>
Var<T> erf(const Var<T>& x) {
  return chained(x, T(erf(x.value)), T(T(2) / sqrt(pi<T>()) * exp(-(x.value * x.value))));
}
template <class T>
Var<T> erfc(const Var<T>& x) {
  return chained(x, T(erfc(x.value)), T(T(-2) / sqrt(pi<T>()) * exp(-(x.value * x.value))));
}
template <class T>
Var<T> sin(const Var<T>& x) {
  return chained(x, T(sin(x.value)), T(cos(x.value)));
}
template <class T>
Var<T> cos(const Var<T>& x) {
  return chained(x, T(cos(x.value)), T(-sin(x.value)));
}
template <class T>
Var<T> square(const Var<T>& x) {
  return chained(x, T(square(x.value)), T(T(2) * x.value));
}
/// ∂xⁿ/∂x = n xⁿ⁻¹; the power 0 is the constant 1.
template <class T>
Var<T> pow(const Var<T>& x, int n) {
  if (n == 0) return Var<T>(1);
  return chained(x, T(pow(x.value, n)), T(static_cast<T>(n) * pow(x.value, n - 1)));
}
/// ∂x^y/∂x = y x^(y−1) and ∂x^y/∂y = x^y log x, for x > 0.
template <class T>
Var<T> pow(const Var<T>& x, const Var<T>& y) {
  const T power = pow(x.value, y.value);
  if (y.node == Var<T>::constant) return chained(x, power, T(y.value * pow(x.value, T(y.value - T(1)))));
  return Tape<T>::record(
      power, {{x.node, T(y.value * pow(x.value, T(y.value - T(1))))}, {y.node, T(power * log(x.value))}});
}

// ---- Functions with kinks: on balls the partial derivative is the whole subdifferential
// -----------------------

template <class T>
Var<T> relu(const Var<T>& x) {
  return chained(x, T(relu(x.value)), T(step(x.value)));
}
template <class T>
Var<T> abs(const Var<T>& x) {
  return chained(x, T(abs(x.value)), T(abs_slope(x.value)));
}
/// At a tie of plain numbers the second argument gets the derivative.
template <class T>
Var<T> max(const Var<T>& a, const Var<T>& b) {
  const T first = step(T(a.value - b.value));
  return Tape<T>::record(max(a.value, b.value), {{a.node, first}, {b.node, T(1) - first}});
}
template <class T>
Var<T> min(const Var<T>& a, const Var<T>& b) {
  const T first = step(T(b.value - a.value));
  return Tape<T>::record(min(a.value, b.value), {{a.node, first}, {b.node, T(1) - first}});
}
/// Piecewise constant: no derivative leaves them.
template <class T>
Var<T> sign(const Var<T>& x) {
  return Var<T>(T(sign(x.value)));
}
template <class T>
Var<T> step(const Var<T>& x) {
  return Var<T>(T(step(x.value)));
}
template <class T>
Var<T> abs_slope(const Var<T>& x) {
  return Var<T>(T(abs_slope(x.value)));
}
template <class T>
Var<T> select(Truth condition, const Var<T>& a, const Var<T>& b) {
  const T first = select(condition, T(1), T(0));
  return Tape<T>::record(select(condition, a.value, b.value), {{a.node, first}, {b.node, T(1) - first}});
}

/// The value without its history: differentiates as a constant.
template <class T>
Var<T> detach(const Var<T>& x) {
  return Var<T>(x.value);
}

template <class T>
Truth less(const Var<T>& a, const Var<T>& b) {
  return less(a.value, b.value);
}
template <class T>
Truth less_equal(const Var<T>& a, const Var<T>& b) {
  return less_equal(a.value, b.value);
}
template <class T>
Truth equal(const Var<T>& a, const Var<T>& b) {
  return equal(a.value, b.value);
}
template <class T>
bool contains_zero(const Var<T>& x) {
  return contains_zero(x.value);
}

template <class T>
bool is_finite(const Var<T>& x) {
  return is_finite(x.value);
}
template <class T>
bool is_nan(const Var<T>& x) {
  return is_nan(x.value);
}

// ---- Linear primitives: one node each, so that their values come from the same dot and sum
// ---------------------

/// ∂/∂aᵢ = bᵢ, ∂/∂bᵢ = aᵢ.
template <class T>
Var<T> dot(const Var<T>* a, std::ptrdiff_t stride_a, const Var<T>* b, std::ptrdiff_t stride_b,
           std::size_t n) {
  std::vector<T> left, right;
  std::vector<typename Tape<T>::Edge> edges;
  for (std::size_t i = 0; i < n; ++i, a += stride_a, b += stride_b) {
    left.push_back(a->value);
    right.push_back(b->value);
    edges.push_back({a->node, b->value});
    edges.push_back({b->node, a->value});
  }
  return Tape<T>::record(dot(left.data(), 1, right.data(), 1, n), edges);
}

template <class T>
Var<T> sum(const Var<T>* a, std::ptrdiff_t stride, std::size_t n) {
  std::vector<T> terms;
  std::vector<typename Tape<T>::Edge> edges;
  for (std::size_t i = 0; i < n; ++i, a += stride) {
    terms.push_back(a->value);
    edges.push_back({a->node, T(1)});
  }
  return Tape<T>::record(sum(terms.data(), 1, n), edges);
}

/// The vector-Jacobian product of Op, from its `forward` alone. Inputs without a gradient are constants, and
/// get a cotangent of shape (0).
template <class Op, class T>
Tensors<T> tape_vjp(const Operation& spec, const Arguments<T>& arguments, const Tensors<T>& upstream,
                    const Attributes& attributes) {
  Tape<T> tape;
  Arguments<Var<T>> variables{{}, arguments.index};
  std::vector<bool> wanted;
  for (const InputSpec& input : spec.inputs)
    if (!input.index) wanted.push_back(input.differentiable);
  for (const Tensor<T>& input : arguments.real) {
    const bool is_variable = wanted[variables.real.size()];
    auto& copy = variables.real.emplace_back(input.shape);
    for (std::size_t i = 0; i < input.size(); ++i)
      copy[i] = is_variable ? tape.variable(input[i]) : Var<T>(input[i]);
  }
  std::vector<Var<T>> outputs;
  std::vector<T> seeds;
  const Tensors<Var<T>> results = Op::forward(variables, attributes);
  for (std::size_t k = 0; k < results.size(); ++k) {
    outputs.insert(outputs.end(), results[k].data.begin(), results[k].data.end());
    seeds.insert(seeds.end(), upstream[k].data.begin(), upstream[k].data.end());
  }
  const std::vector<T> cotangents = tape.cotangents(outputs, seeds);
  Tensors<T> gradients;
  for (const Tensor<Var<T>>& input : variables.real) {
    auto& gradient = gradients.emplace_back(wanted[gradients.size()] ? input.shape : absent);
    if (!wanted[gradients.size() - 1]) continue;
    for (std::size_t i = 0; i < input.size(); ++i) gradient[i] = cotangents[input[i].node];
  }
  return gradients;
}

}  // namespace assay::oracles
