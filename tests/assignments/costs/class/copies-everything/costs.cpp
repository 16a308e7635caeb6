#include "costs.hpp"

using assay::Matrix;

namespace {

/// Both matrices by value, for each few elements.
double element(Matrix A, Matrix B, std::size_t i, std::size_t j) {
  double sum = 0;
  for (std::size_t k = 0; k < A.cols; ++k) sum += A(i, k) * B(k, j);
  return sum;
}

}  // namespace

Matrix product(const Matrix& A, const Matrix& B) {
  Matrix C(A.rows, B.cols);
  for (std::size_t i = 0; i < A.rows; ++i)
    for (std::size_t j = 0; j < B.cols; ++j) C(i, j) = element(A, B, i, j);
  return C;
}

Matrix rectified(const Matrix& X) {
  Matrix Y(X.rows, X.cols);
  for (std::size_t i = 0; i < X.data.size(); ++i) Y.data[i] = X.data[i] > 0 ? X.data[i] : 0;
  return Y;
}
