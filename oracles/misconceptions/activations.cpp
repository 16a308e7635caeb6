#include <tuple>

#include "oracles/attribute_access.hpp"
#include "oracles/misconceptions/mistaken.hpp"
#include "oracles/ops/detail/selu_constants.hpp"
#include "oracles/ops/elu.hpp"
#include "oracles/ops/hardsigmoid.hpp"
#include "oracles/ops/softplus.hpp"

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

}  // namespace

std::vector<Misconception> activations() {
  using namespace ops;
  constexpr std::string_view no_product_rule = "forgets the product rule: only the gate's value is left";
  return {
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
      wrong_result("heaviside.minus_one_below", "returns -1 for negative numbers, as the sign does",
                   [](In a, Set) {
                     Tensor<Ball> y = a.real[0];
                     for (Ball& element : y.data) element = sign(element);
                     return Tensors<Ball>{y};
                   }),
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
      wrong_slope("sigmoid.gradient.of_output", "takes the derivative at the output in place of the input",
                  [](const Ball& x) {
                    const Ball again = sigmoid(sigmoid(x));
                    return Ball(again * (1 - again));
                  }),
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
      wrong_slope("tanhshrink.gradient.of_tanh", "uses the derivative of tanh, not 1 less it",
                  [](const Ball& x) { return Ball(1 - square(tanh(x))); }),
  };
}

}  // namespace assay::oracles::mistakes
