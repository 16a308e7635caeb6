#include "oracles/misconceptions/mistaken.hpp"

namespace assay::oracles::mistakes {

namespace {

Tensor<Ball> transposed_data(const Tensor<Ball>& matrix) {
  Tensor<Ball> result(matrix.shape);
  const std::size_t rows = matrix.shape[0], columns = matrix.shape[1];
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) result[c * rows + r] = matrix(r, c);
  return result;
}

}  // namespace

std::vector<Misconception> linear() {
  return {
      wrong_gradient("add.gradient.sign_of_second", "subtracts the gradient of the second operand",
                     [](In, Up u, Set) {
                       Tensor<Ball> minus = u[0];
                       for (Ball& element : minus.data) element = -element;
                       return Tensors<Ball>{u[0], minus};
                     }),
      wrong_gradient("affine.gradient.weights_transposed", "stores the weight gradient transposed",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("affine", a, u, s);
                       right[1] = transposed_data(right[1]);
                       return right;
                     }),
      wrong_gradient("affine.gradient.bias_of_first_row", "takes the bias gradient from the first row only",
                     [](In a, Up u, Set s) {
                       Tensors<Ball> right = right_vjp("affine", a, u, s);
                       for (std::size_t c = 0; c < right[2].size(); ++c) right[2][c] = u[0][c];
                       return right;
                     }),
  };
}

}  // namespace assay::oracles::mistakes
