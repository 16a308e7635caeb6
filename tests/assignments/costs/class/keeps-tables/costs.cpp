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


/// One table after another, none of them needed.
Matrix rectified(const Matrix& X) {
  std::vector<Matrix> tables(12, X);
  for (Matrix& table : tables)
    for (double& x : table.data) x = x > 0 ? x : 0;
  return tables.back();
}
