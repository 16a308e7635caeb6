#pragma once

#include <string>
#include <vector>

#include "oracles/attribute_access.hpp"
#include "oracles/ops/detail/descent.hpp"

namespace assay::oracles::ops {

/// The path of gradient descent on f(x) = ½ xᵀ A x − bᵀ x from x₀ with learning rate η.
///
///   ∇f(x) = S x − b with S = ½ (A + Aᵀ), which is A x − b for a symmetric A
///   xₖ₊₁  = xₖ − η (S xₖ − b)                               k = 0 .. steps − 1
///
/// Backwards, with λₖ for all that reaches xₖ and Gₖ = ∂L/∂xₖ:
///
///   λₖ    = Gₖ + λₖ₊₁ − η S λₖ₊₁        ∂L/∂x₀ = λ₀        ∂L/∂b = η Σ λₖ₊₁
///   ∂L/∂η = −Σ λₖ₊₁ · (S xₖ − b)        ∂L/∂A = −½ η Σ (λₖ₊₁ xₖᵀ + xₖ λₖ₊₁ᵀ)
struct GradientDescentQuadratic {
  static constexpr std::string_view name = "gradient_descent_quadratic";
  static constexpr std::int64_t most_exact_steps = 1000;

  static Operation spec() {
    return {.name = name,
            .formula = "x_k+1 = x_k - lr (S x_k - b), S = (A + A^T) / 2, all x_0 .. x_steps",
            .domain = "all real A, b, x0, lr; in fractions at most 1000 steps",
            .source = "Nocedal and Wright, Numerical Optimization, 2006, section 3.3",
            .inputs = {{"A", "(n, n)"},
                       {"b", "(n)"},
                       {"x0", "(n)"},
                       {.name = "lr", .shape = "()", .range = {0.05, 0.4}}},
            .outputs = {{"trajectory", "(steps + 1, n)"}},
            .attributes = {detail::steps_attribute},
            .samples = {{{{2, 2}, {2}, {2}, {}}, {{"steps", "3"}}},
                        {{{1, 1}, {1}, {1}, {}}, {{"steps", "5"}}},
                        {{{3, 3}, {3}, {3}, {}}, {{"steps", "1"}}},
                        {{{2, 2}, {2}, {2}, {}}, {{"steps", "0"}}}}};
  }

  static Shapes output_shapes(const Shapes& inputs, const Attributes& attributes) {
    const Shape& a = inputs[0];
    detail::require_rank(name, "A", a, 2, "(n, n)");
    const std::string reason = "because input \"A\" is " + to_string(a);
    detail::require_shape(name, "A", a, {a[0], a[0]}, "a square matrix");
    detail::require_shape(name, "b", inputs[1], {a[0]}, reason);
    detail::require_shape(name, "x0", inputs[2], {a[0]}, reason);
    detail::require_shape(name, "lr", inputs[3], {}, "a scalar");
    return {{detail::steps_of(attributes) + 1, a[0]}};
  }

  /// One matrix product with a vector for each step.
  static Cost cost(const Shapes& inputs, const Attributes& attributes) {
    return {.multiply_adds = checked_product({detail::steps_of(attributes), element_count(inputs[0])}),
            .parameters = 0};
  }

  template <class T>
  static Tensors<T> forward(const Arguments<T>& arguments, const Attributes& attributes) {
    return {trajectory(arguments, attributes)};
  }

  template <class T>
  static Tensors<T> vjp(const Arguments<T>& arguments, const Tensors<T>& upstream,
                        const Attributes& attributes) {
    const Tensor<T> s = symmetric(arguments.real[0]), x = trajectory(arguments, attributes);
    const T& lr = arguments.real[3][0];
    const std::size_t n = s.shape[0];
    Tensor<T> da(s.shape), db(Shape{n}), reaching(Shape{n});
    T d_lr = T(0);
    for (std::size_t k = x.shape[0]; k-- > 0;) {
      const bool last = k + 1 == x.shape[0];
      if (!last) {
        const Tensor<T> at = slope(s, arguments.real[1], &x[k * n]);
        d_lr -= dot(reaching.data.data(), 1, at.data.data(), 1, n);
        gather(reaching, &x[k * n], lr, da, db);
        const Tensor<T> curved = slope(s, Tensor<T>(Shape{n}), reaching.data.data());
        for (std::size_t i = 0; i < n; ++i) reaching[i] -= lr * curved[i];
      }
      for (std::size_t i = 0; i < n; ++i) reaching[i] += upstream[0](k, i);
    }
    return {da, db, reaching, Tensor<T>::scalar(d_lr)};
  }

 private:
  template <class T>
  static Tensor<T> symmetric(const Tensor<T>& a) {
    Tensor<T> s = a;
    for (std::size_t i = 0; i < a.shape[0]; ++i)
      for (std::size_t j = 0; j < a.shape[0]; ++j) s(i, j) = (a(i, j) + a(j, i)) / T(2);
    return s;
  }

  /// S x − b.
  template <class T>
  static Tensor<T> slope(const Tensor<T>& s, const Tensor<T>& b, const T* x) {
    const std::size_t n = s.shape[0];
    Tensor<T> g(Shape{n});
    for (std::size_t i = 0; i < n; ++i) g[i] = dot(&s[i * n], 1, x, 1, n) - b[i];
    return g;
  }

  /// What one step adds to ∂L/∂A and ∂L/∂b.
  template <class T>
  static void gather(const Tensor<T>& reaching, const T* x, const T& lr, Tensor<T>& da, Tensor<T>& db) {
    const std::size_t n = db.size();
    for (std::size_t i = 0; i < n; ++i) {
      db[i] += lr * reaching[i];
      for (std::size_t j = 0; j < n; ++j) da(i, j) -= lr * (reaching[i] * x[j] + x[i] * reaching[j]) / T(2);
    }
  }

  template <class T>
  static Tensor<T> trajectory(const Arguments<T>& arguments, const Attributes& attributes) {
    const std::size_t steps = detail::steps_of(attributes), n = arguments.real[0].shape[0];
    if constexpr (detail::is_fraction<T>)
      if (steps > most_exact_steps)
        refuse_attribute(attributes, detail::steps_attribute,
                         "at most " + std::to_string(most_exact_steps) +
                             " for fractions, whose digits grow with each step");
    const Tensor<T> s = symmetric(arguments.real[0]);
    const T& lr = arguments.real[3][0];
    Tensor<T> x(Shape{steps + 1, n});
    for (std::size_t i = 0; i < n; ++i) x[i] = arguments.real[2][i];
    for (std::size_t k = 0; k < steps; ++k) {
      const Tensor<T> g = slope(s, arguments.real[1], &x[k * n]);
      for (std::size_t i = 0; i < n; ++i) x(k + 1, i) = x(k, i) - lr * g[i];
    }
    return x;
  }
};

}  // namespace assay::oracles::ops
