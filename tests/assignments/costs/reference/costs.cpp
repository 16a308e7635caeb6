#include "costs.hpp"

using assay::Matrix;

Matrix product(const Matrix& A, const Matrix& B) {
  Matrix C(A.rows, B.cols);
  for (std::size_t i = 0; i < A.rows; ++i)
    for (std::size_t k = 0; k < A.cols; ++k)
      for (std::size_t j = 0; j < B.cols; ++j)
        C.data[i * B.cols + j] += A.data[i * A.cols + k] * B.data[k * B.cols + j];
  return C;
}

Matrix rectified(const Matrix& X) {
  Matrix Y(X.rows, X.cols);
  for (std::size_t i = 0; i < X.data.size(); ++i) Y.data[i] = X.data[i] > 0 ? X.data[i] : 0;
  return Y;
}
