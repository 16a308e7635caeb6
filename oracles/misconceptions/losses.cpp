#include "oracles/misconceptions/mistaken.hpp"

namespace assay::oracles::mistakes {

std::vector<Misconception> losses() {
  return {
      wrong_gradient("softmax_cross_entropy.gradient.no_mean", "forgets the 1/N of the mean",
                     [](In a, Up u, Set s) {
                       Attributes sum = s;
                       if (u[0].shape.empty()) sum["reduction"] = "sum";
                       return right_vjp("softmax_cross_entropy", a, u, sum);
                     }),
      wrong_gradient("softmax_cross_entropy.gradient.no_one_hot", "forgets to subtract the one-hot label",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("softmax_cross_entropy", a, u, s);
                       right[0][static_cast<std::size_t>(a.index[0][0])] += u[0][0];
                       return right;
                     }),
  };
}

}  // namespace assay::oracles::mistakes
