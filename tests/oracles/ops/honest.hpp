/// Honest floating-point implementations: the styles and orders of summation that a careful person may
/// choose. Every one must stay within the allowance; none of them is an oracle.
#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "oracles/operation.hpp"
#include "tests/oracles/ops/honest_lines.hpp"

namespace assay::oracles::testing {

/// One way to compute an operation, or its gradient; the other function is empty.
template <class F>
struct Honest {
  std::string_view operation;
  std::string style;
  std::function<Tensors<F>(const Arguments<F>&, const Attributes&)> forward;
  std::function<Tensors<F>(const Arguments<F>&, const Tensors<F>&, const Attributes&)> vjp;
};

template <class F>
class HonestList {
 public:
  HonestList() {
    for (const Order order : all_orders) {
      linear(order);
      lines(order);
      cross_entropy(order);
    }
    elementwise();
  }

  std::vector<Honest<F>> all;

 private:
  using In = const Arguments<F>&;
  using Up = const Tensors<F>&;
  using Set = const Attributes&;

  void add_forward(std::string_view operation, const std::string& style,
                   std::function<Tensors<F>(In, Set)> forward) {
    all.push_back({operation, style, std::move(forward), nullptr});
  }
  void add_vjp(std::string_view operation, const std::string& style,
               std::function<Tensors<F>(In, Up, Set)> vjp) {
    all.push_back({operation, style, nullptr, std::move(vjp)});
  }

  void linear(Order order) {
    const std::string suffix = std::string(", ") + name_of(order);
    for (const bool bias_first : {false, true})
      add_forward("affine", (bias_first ? "bias first" : "bias last") + suffix,
                  [=](In a, Set) { return affine(a, order, bias_first); });
    add_vjp("affine", "matrix products" + suffix, [=](In a, Up u, Set) { return affine_vjp(a, u, order); });
    add_forward("l2_penalty", "scaled sum" + suffix, [=](In a, Set s) {
      return Tensors<F>{
          Tensor<F>::scalar(scale_of<F>(s) * a.real[1][0] * dot_in(order, a.real[0].data, a.real[0].data))};
    });
    add_forward("l2_penalty", "sum of scaled squares" + suffix, [=](In a, Set s) {
      std::vector<F> terms;
      for (const F w : a.real[0].data) terms.push_back(scale_of<F>(s) * a.real[1][0] * w * w);
      return Tensors<F>{Tensor<F>::scalar(total(order, terms))};
    });
    add_vjp("l2_penalty", "2 s lambda w" + suffix, [=](In a, Up u, Set s) {
      Tensor<F> dw = a.real[0];
      for (F& w : dw.data) w = 2 * scale_of<F>(s) * a.real[1][0] * w * u[0][0];
      return Tensors<F>{
          dw, Tensor<F>::scalar(scale_of<F>(s) * u[0][0] * dot_in(order, a.real[0].data, a.real[0].data))};
    });
  }

  void lines(Order order) {
    const std::string suffix = std::string(", ") + name_of(order);
    for (const SoftmaxStyle style : softmax_styles) {
      const std::string full = name_of(style) + suffix;
      add_forward("softmax", full, [=](In a, Set s) {
        return along<F>(a, s, [=](const auto& z) { return softmax_in(order, style, z); });
      });
      add_vjp("softmax", "centred, " + full, [=](In a, Up u, Set s) {
        return along_with<F>(a, u, s, [=](const auto& z, const auto& g) {
          return softmax_vjp_in(order, softmax_in(order, style, z), g, false);
        });
      });
      add_vjp("softmax", "jacobian, " + full, [=](In a, Up u, Set s) {
        return along_with<F>(a, u, s, [=](const auto& z, const auto& g) {
          return softmax_vjp_in(order, softmax_in(order, style, z), g, true);
        });
      });
      add_vjp("log_softmax", full, [=](In a, Up u, Set s) {
        return along_with<F>(a, u, s, [=](const auto& z, const auto& g) {
          std::vector<F> p = softmax_in(order, style, z);
          const F sum = total(order, g);
          for (std::size_t i = 0; i < p.size(); ++i) p[i] = g[i] - p[i] * sum;
          return p;
        });
      });
      add_vjp("logsumexp", full, [=](In a, Up u, Set s) {
        return along_reduced<F>(a, u, s, [=](const auto& z, F g) {
          std::vector<F> p = softmax_in(order, style, z);
          for (F& pi : p) pi *= g;
          return p;
        });
      });
    }
    for (const LogStyle style : log_styles) {
      const std::string full = name_of(style) + suffix;
      add_forward("log_softmax", full, [=](In a, Set s) {
        return along<F>(a, s, [=](const auto& z) { return log_softmax_in(order, style, z); });
      });
    }
    for (const bool with_log1p : {false, true})
      add_forward("logsumexp", (with_log1p ? "log1p" : "log") + suffix, [=](In a, Set s) {
        return reduce<F>(a, s, [=](const auto& z) { return logsumexp_in(order, z, with_log1p); });
      });
  }

  void cross_entropy(Order order) {
    const std::string suffix = std::string(", ") + name_of(order);
    for (const LogStyle style : log_styles)
      for (const MeanStyle mean : mean_styles)
        add_forward("softmax_cross_entropy", name_of(style) + ", " + name_of(mean) + suffix,
                    [=](In a, Set s) {
                      std::vector<F> losses;
                      for (std::size_t n = 0; n < a.real[0].shape[0]; ++n)
                        losses.push_back(-log_softmax_in(order, style, row(a.real[0], n))[label(a, n)]);
                      return reduced_in(order, mean, losses, s);
                    });
    for (const SoftmaxStyle style : softmax_styles)
      for (const MeanStyle mean : mean_styles)
        for (const bool others : {false, true})
          add_vjp("softmax_cross_entropy",
                  name_of(style) + ", " + name_of(mean) + (others ? ", sum of others" : ", p - 1") + suffix,
                  [=](In a, Up u, Set s) { return cross_entropy_vjp(order, style, mean, others, a, u, s); });
  }

  void slope(std::string_view operation, const std::string& style, std::function<F(F, F)> f) {
    add_vjp(operation, style, [=](In a, Up u, Set) {
      Tensor<F> result = a.real[0];
      for (std::size_t i = 0; i < result.size(); ++i) result[i] = f(result[i], u[0][i]);
      return Tensors<F>{result};
    });
  }
  void value(std::string_view operation, const std::string& style, std::function<F(F)> f) {
    add_forward(operation, style, [=](In a, Set) {
      Tensor<F> result = a.real[0];
      for (F& x : result.data) x = f(x);
      return Tensors<F>{result};
    });
  }

  void elementwise() {
    value("relu", "branch", [](F x) { return x > 0 ? x : F(0); });
    value("relu", "half of x + |x|", [](F x) { return (x + std::abs(x)) / 2; });
    value("leaky_relu", "branch", [](F x) { return x > 0 ? x : F(0.01) * x; });
    value("leaky_relu", "maximum", [](F x) { return std::max(x, F(0.01) * x); });
    value("tanh", "library", [](F x) { return std::tanh(x); });
    value("tanh", "expm1", [](F x) {
      const F m = std::expm1(-2 * std::abs(x));
      return std::copysign(-m / (2 + m), x);
    });
    value("tanh", "quotient away from 0", [](F x) {
      const F e = std::exp(-2 * std::abs(x)), t = (1 - e) / (1 + e);
      return std::abs(x) < F(0.5) ? std::tanh(x) : std::copysign(t, x);
    });
    value("sigmoid", "two branches", [](F x) { return two_branch_sigmoid(x); });
    value("sigmoid", "1 / (1 + exp(-x))", [](F x) { return 1 / (1 + std::exp(-x)); });
    value("sigmoid", "exp(x) / (1 + exp(x))", [](F x) { return std::exp(x) / (1 + std::exp(x)); });
    slope("relu", "mask", [](F x, F u) { return x > 0 ? u : F(0); });
    slope("leaky_relu", "branch", [](F x, F u) { return x > 0 ? u : F(0.01) * u; });
    slope("tanh", "1 - t^2", [](F x, F u) { return u * (1 - std::tanh(x) * std::tanh(x)); });
    slope("tanh", "(1 - t)(1 + t)", [](F x, F u) { return (1 - std::tanh(x)) * (1 + std::tanh(x)) * u; });
    slope("tanh", "1 / cosh^2", [](F x, F u) { return u / (std::cosh(x) * std::cosh(x)); });
    slope("sigmoid", "s (1 - s)", [](F x, F u) {
      const F s = two_branch_sigmoid(x);
      return u * s * (1 - s);
    });
    slope("sigmoid", "s - s^2", [](F x, F u) {
      const F s = 1 / (1 + std::exp(-x));
      return u * (s - s * s);
    });
    slope("sigmoid", "s(x) s(-x)",
          [](F x, F u) { return u * (two_branch_sigmoid(x) * two_branch_sigmoid(-x)); });
    slope("sigmoid", "e / (1 + e)^2", [](F x, F u) {
      const F e = std::exp(-std::abs(x));
      return u * e / ((1 + e) * (1 + e));
    });
  }
};

}  // namespace assay::oracles::testing
