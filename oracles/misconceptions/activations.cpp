#include <tuple>

#include "oracles/attribute_access.hpp"
#include "oracles/misconceptions/mistaken.hpp"
#include "oracles/ops/celu.hpp"
#include "oracles/ops/detail/selu_constants.hpp"
#include "oracles/ops/elu.hpp"
#include "oracles/ops/gelu.hpp"
#include "oracles/ops/hardsigmoid.hpp"
#include "oracles/ops/hardswish.hpp"
#include "oracles/ops/hardtanh.hpp"
#include "oracles/ops/leaky_relu.hpp"
#include "oracles/ops/log_sigmoid.hpp"
#include "oracles/ops/mish.hpp"
#include "oracles/ops/relu.hpp"
#include "oracles/ops/relu6.hpp"
#include "oracles/ops/selu.hpp"
#include "oracles/ops/sigmoid.hpp"
#include "oracles/ops/softplus.hpp"
#include "oracles/ops/softshrink.hpp"
#include "oracles/ops/softsign.hpp"
#include "oracles/ops/tanhshrink.hpp"

namespace assay::oracles::mistakes {

namespace {

/// A mistaken derivative that needs no attributes.
template <class Slope>
Misconception wrong_slope(std::string_view id, std::string_view mistake, Slope) {
  return wrong_gradient(id, mistake, [](In a, Up u, Set) { return elementwise(a, u, Slope{}); });
}

Ball passing(const Ball&) {
  return Ball(1);
}

Attributes other_gelu(Set s) {
  const bool exact = choice_attribute(s, ops::Gelu::approximate_attribute) == 0;
  return with(s, "approximate", exact ? "tanh" : "none");
}

/// Σ g x of all elements of a channel, where those above 0 do not count.
Tensors<Ball> weight_of_all_elements(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("prelu", a, u, s);
  const Tensor<Ball>& x = a.real[0];
  const std::size_t channels = right[1].size();
  const std::size_t inner = channels == 1 ? x.size() : x.size() / x.shape[0] / channels;
  for (std::size_t i = 0; i < x.size(); ++i)
    right[1][i / inner % channels] += u[0][i] * select(less(Ball(0), x[i]), x[i], Ball(0));
  return right;
}

/// Mistaken values, and the gradients that belong to them.
std::vector<Misconception> values() {
  using namespace ops;
  return {
      wrong_value<Celu>("celu.exponent_without_alpha",
                        "does not divide by alpha in the exponent, as elu does not",
                        []<class T>(const T& x, Set s) {
                          const T alpha = real_attribute<T>(s, Celu::alpha_attribute);
                          return select(less(T(0), x), x, T(alpha * expm1(x)));
                        }),
      wrong_value<Elu>("elu.alpha_forgotten", "forgets alpha: the limit for negative numbers is -1",
                       []<class T>(const T& x, Set) { return select(less(T(0), x), x, T(expm1(x))); }),
      wrong_value<Gelu>("gelu.no_root_of_two", "forgets the root of 2 inside erf",
                        []<class T>(const T& x, Set) { return T(x * (T(1) + erf(x)) / T(2)); }),
      wrong_settings<Gelu, other_gelu>("gelu.other_form",
                                       "uses the approximation by tanh for the exact form, or the reverse"),
      wrong_value<HardSigmoid>("hardsigmoid.not_centred", "forgets the 1/2 that centres the slope on 0",
                               []<class T>(const T& x, Set s) {
                                 const T alpha = real_attribute<T>(s, HardSigmoid::alpha_attribute);
                                 return T(min(relu(T(alpha * x)), T(1)));
                               }),
      wrong_value<HardSwish>("hardswish.gate_only", "returns the gate, without the input it multiplies",
                             []<class T>(const T& x, Set) { return T(min(relu(T(x + T(3))), T(6)) / T(6)); }),
      wrong_value<HardTanh>("hardtanh.cut_off_above_only",
                            "cuts off large numbers, but not those below the smaller limit",
                            []<class T>(const T& x, Set s) {
                              return T(min(x, real_attribute<T>(s, HardTanh::high_attribute)));
                            }),
      wrong_value<LeakyRelu>("leaky_relu.sides_swapped", "multiplies positive numbers by alpha",
                             []<class T>(const T& x, Set s) {
                               const T alpha = real_attribute<T>(s, LeakyRelu::alpha_attribute);
                               return select(less(T(0), x), T(alpha * x), x);
                             }),
      wrong_value<LogSigmoid>("log_sigmoid.sign", "returns softplus of -x, which is the negative",
                              []<class T>(const T& x, Set) { return T(log1p(exp(T(-x)))); }),
      wrong_value<Mish>("mish.exponential", "takes tanh of exp(x), where softplus belongs",
                        []<class T>(const T& x, Set) { return T(x * tanh(T(exp(x)))); }),
      wrong_gradient("relu.gradient.upstream_cut_off",
                     "cuts off the negative upstream gradients, not those of negative inputs",
                     [](In, Up u, Set) {
                       Tensor<Ball> positive = u[0];
                       for (Ball& element : positive.data) element = relu(element);
                       return Tensors<Ball>{positive};
                     }),
      wrong_value<Relu>("relu.absolute_value", "returns the absolute value",
                        []<class T>(const T& x, Set) { return T(abs(x)); }),
      wrong_value<Relu6>("relu6.not_cut_off", "does not cut off at 6",
                         []<class T>(const T& x, Set) { return T(relu(x)); }),
      wrong_value<Selu>("selu.scale_of_negative_side_only", "does not scale positive numbers",
                        []<class T>(const T& x, Set) {
                          const auto [scale, alpha] = ops::detail::selu_constants<T>();
                          return select(less(T(0), x), x, T(scale * alpha * expm1(x)));
                        }),
      wrong_value<Sigmoid>("sigmoid.sign_of_exponent", "computes 1 / (1 + exp(x)), without the minus sign",
                           []<class T>(const T& x, Set) { return T(sigmoid(T(-x))); }),
      wrong_value<Softplus>("softplus.not_divided_by_beta", "does not divide by beta",
                            []<class T>(const T& x, Set s) {
                              return T(log1p(exp(T(real_attribute<T>(s, Softplus::beta_attribute) * x))));
                            }),
      wrong_value<Softshrink>("softshrink.hard", "leaves numbers beyond the threshold as they are",
                              []<class T>(const T& x, Set s) {
                                const T lambda = real_attribute<T>(s, Softshrink::lambda_attribute);
                                return select(less(lambda, T(abs(x))), x, T(0));
                              }),
      wrong_value<Softsign>("softsign.no_absolute_value", "divides by 1 + x, without the absolute value",
                            []<class T>(const T& x, Set) { return T(x / (T(1) + x)); }),
      wrong_value<Tanhshrink>("tanhshrink.sign", "subtracts x from tanh(x)",
                              []<class T>(const T& x, Set) { return T(tanh(x) - x); }),
  };
}

}  // namespace

std::vector<Misconception> activations() {
  using namespace ops;
  std::vector<Misconception> all = values();
  constexpr std::string_view no_product_rule = "forgets the product rule: only the gate's value is left";
  const std::vector<Misconception> gradients = {
      wrong_slope("celu.gradient.exponent_without_alpha", "does not divide by alpha in the exponent",
                  [](const Ball& x) { return select(less(Ball(0), x), Ball(1), exp(x)); }),
      wrong_gradient("elu.gradient.output_without_alpha",
                     "takes alpha (exp(x) - 1) for the derivative of the negative side",
                     [](In a, Up u, Set s) {
                       const Ball alpha = real_attribute<Ball>(s, Elu::alpha_attribute);
                       return elementwise(a, u, [&](const Ball& x) {
                         return select(less(Ball(0), x), Ball(1), Ball(alpha * expm1(x)));
                       });
                     }),
      wrong_slope("gelu.gradient.no_product_rule", no_product_rule,
                  [](const Ball& x) { return Ball(erfc(Ball(-x / sqrt(Ball(2)))) / 2); }),
      wrong_gradient("hardsigmoid.gradient.passes_everywhere", "gives the flat sides the slope of the middle",
                     [](In a, Up u, Set s) {
                       const Ball alpha = real_attribute<Ball>(s, HardSigmoid::alpha_attribute);
                       return elementwise(a, u, [&](const Ball&) { return alpha; });
                     }),
      wrong_slope("hardswish.gradient.no_product_rule", no_product_rule,
                  [](const Ball& x) { return Ball(min(relu(Ball(x + 3)), Ball(6)) / 6); }),
      wrong_gradient("hardtanh.gradient.passes_everywhere",
                     "lets the gradient pass where the value is cut off",
                     [](In a, Up u, Set) { return elementwise(a, u, passing); }),
      wrong_result("heaviside.inverted", "returns 1 for negative numbers and 0 for positive ones",
                   [](In a, Set s) {
                     Arguments<Ball> turned = a;
                     for (Ball& x : turned.real[0].data) x = -x;
                     return right_forward("heaviside", turned, s);
                   }),
      wrong_result("heaviside.minus_one_below", "returns -1 for negative numbers, as the sign does",
                   [](In a, Set) {
                     Tensor<Ball> y = a.real[0];
                     for (Ball& element : y.data) element = sign(element);
                     return Tensors<Ball>{y};
                   }),
      wrong_slope("leaky_relu.gradient.passes_everywhere", "forgets the slope: lets the whole gradient pass",
                  [](const Ball&) { return Ball(1); }),
      wrong_slope("leaky_relu.gradient.dead_side", "gives the negative side no gradient",
                  [](const Ball& x) { return step(x); }),
      wrong_slope("log_sigmoid.gradient.mirrored", "uses s(x) for the derivative, which is s(-x) = 1 - s(x)",
                  [](const Ball& x) { return sigmoid(x); }),
      wrong_slope("mish.gradient.no_product_rule", no_product_rule,
                  [](const Ball& x) { return tanh(log1p(exp(x))); }),
      wrong_gradient("prelu.gradient.dead_side", "gives the negative side no input gradient, as relu does",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("prelu", a, u, s);
                       right[0] = elementwise(a, u, [](const Ball& x) { return step(x); })[0];
                       return right;
                     }),
      wrong_gradient("prelu.gradient.weight_of_all_elements",
                     "sums the weight gradient over positive elements too", weight_of_all_elements),
      wrong_gradient("relu.gradient.passes_everywhere",
                     "lets the gradient pass where the input is negative too",
                     [](In a, Up u, Set) { return elementwise(a, u, passing); }),
      wrong_slope("relu.gradient.sides_swapped", "lets the gradient pass where the input is negative",
                  [](const Ball& x) { return step(Ball(-x)); }),
      wrong_slope("relu6.gradient.passes_above_six",
                  "lets the gradient pass above 6, where the value is cut off",
                  [](const Ball& x) { return step(x); }),
      wrong_gradient("selu.gradient.scale_forgotten", "forgets the scale in the gradient",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("selu", a, u, s);
                       const Ball scale = std::get<0>(ops::detail::selu_constants<Ball>());
                       for (Ball& element : right[0].data) element /= scale;
                       return right;
                     }),
      wrong_slope("sigmoid.gradient.no_complement", "uses s for the derivative, without the factor 1 - s",
                  [](const Ball& x) { return sigmoid(x); }),
      wrong_slope("sigmoid.gradient.of_output", "takes the derivative at the output in place of the input",
                  [](const Ball& x) {
                    const Ball again = sigmoid(sigmoid(x));
                    return Ball(again * (1 - again));
                  }),
      wrong_slope("silu.gradient.of_gate", "uses the derivative of the gate alone",
                  [](const Ball& x) { return Ball(sigmoid(x) * sigmoid(Ball(-x))); }),
      wrong_slope("silu.gradient.no_product_rule", no_product_rule, [](const Ball& x) { return sigmoid(x); }),
      wrong_gradient("softplus.gradient.times_beta",
                     "multiplies by beta, which the division of the value by beta cancels",
                     [](In a, Up u, Set s) {
                       const Ball beta = real_attribute<Ball>(s, Softplus::beta_attribute);
                       return elementwise(
                           a, u, [&](const Ball& x) { return Ball(beta * sigmoid(Ball(beta * x))); });
                     }),
      wrong_gradient("softshrink.gradient.passes_everywhere",
                     "lets the gradient pass below the threshold, where the value is 0",
                     [](In a, Up u, Set) { return elementwise(a, u, passing); }),
      wrong_slope("softsign.gradient.no_square", "uses 1 / (1 + |x|) for the derivative, without the square",
                  [](const Ball& x) { return Ball(1 / (1 + abs(x))); }),
      wrong_slope("tanh.gradient.no_square", "uses 1 - t for the derivative, without the square",
                  [](const Ball& x) { return Ball(1 - tanh(x)); }),
      wrong_slope("tanh.gradient.of_sigmoid", "uses t (1 - t), the derivative of the sigmoid",
                  [](const Ball& x) { return Ball(tanh(x) * (1 - tanh(x))); }),
      wrong_slope("tanhshrink.gradient.of_tanh", "uses the derivative of tanh, not 1 less it",
                  [](const Ball& x) { return Ball(1 - square(tanh(x))); }),
  };
  all.insert(all.end(), gradients.begin(), gradients.end());
  return all;
}

}  // namespace assay::oracles::mistakes
