#include "oracles/misconceptions/mistaken.hpp"

namespace assay::oracles::mistakes {

std::vector<Misconception> normalised_exponentials() {
  return {
      wrong_gradient("log_softmax.gradient.no_sum", "takes each upstream element in place of their sum",
                     [](In a, Up u, Set s) {
                       const Tensor<Ball> y = right_forward("log_softmax", a, s)[0];
                       Tensor<Ball> wrong = u[0];
                       for (std::size_t i = 0; i < wrong.size(); ++i) wrong[i] -= exp(y[i]) * u[0][i];
                       return Tensors<Ball>{wrong};
                     }),
      wrong_gradient("logsumexp.gradient.unweighted", "gives every logit the whole gradient",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("logsumexp", a, u, s);
                       for (Ball& element : right[0].data) element = u[0][0];
                       return right;
                     }),
      wrong_gradient("softmax.gradient.diagonal_only", "keeps only the diagonal of the Jacobian",
                     [](In a, Up u, Set s) {
                       Tensor<Ball> wrong = right_forward("softmax", a, s)[0];
                       for (std::size_t i = 0; i < wrong.size(); ++i)
                         wrong[i] = wrong[i] * (1 - wrong[i]) * u[0][i];
                       return Tensors<Ball>{wrong};
                     }),
  };
}

}  // namespace assay::oracles::mistakes
