#include "oracles/misconceptions/mistaken.hpp"

namespace assay::oracles::mistakes {

std::vector<Misconception> normalisation() {
  return {
      wrong_gradient("l2_penalty.gradient.no_two", "forgets the factor 2 of the square",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("l2_penalty", a, u, s);
                       for (Ball& element : right[0].data) element /= 2;
                       return right;
                     }),
  };
}

}  // namespace assay::oracles::mistakes
