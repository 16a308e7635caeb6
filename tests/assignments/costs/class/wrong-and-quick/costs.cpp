#include "costs.hpp"

using assay::Matrix;

Matrix product(const Matrix& A, const Matrix& B) {
  return Matrix(A.rows, B.cols);
}

Matrix rectified(const Matrix& X) {
  return X;
}
