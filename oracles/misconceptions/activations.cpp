#include "oracles/misconceptions/mistaken.hpp"

namespace assay::oracles::mistakes {

std::vector<Misconception> activations() {
  return {
      wrong_gradient(
          "leaky_relu.gradient.dead_side", "gives the negative side no gradient",
          [](In a, Up u, Set) { return elementwise(a, u, [](const Ball& x) { return step(x); }); }),
      wrong_gradient(
          "relu.gradient.sides_swapped", "lets the gradient pass where the input is negative",
          [](In a, Up u, Set) { return elementwise(a, u, [](const Ball& x) { return step(Ball(-x)); }); }),
      wrong_gradient("sigmoid.gradient.of_output", "takes the derivative at the output in place of the input",
                     [](In a, Up u, Set) {
                       return elementwise(a, u, [](const Ball& x) {
                         const Ball again = sigmoid(sigmoid(x));
                         return Ball(again * (1 - again));
                       });
                     }),
      wrong_gradient(
          "tanh.gradient.no_square", "uses 1 - t for the derivative, without the square",
          [](In a, Up u, Set) { return elementwise(a, u, [](const Ball& x) { return Ball(1 - tanh(x)); }); }),
  };
}

}  // namespace assay::oracles::mistakes
