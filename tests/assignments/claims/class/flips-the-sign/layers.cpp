#include "layers.hpp"

#include <algorithm>
#include <cmath>

using assay::Matrix;

std::vector<double> tanh_backward(const std::vector<double>& x, const std::vector<double>& g) {
  std::vector<double> dx(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) dx[i] = g[i] / (std::cosh(x[i]) * std::cosh(x[i]));
  return dx;
}

std::vector<double> sigmoid_backward(const std::vector<double>& x, const std::vector<double>& g) {
  std::vector<double> dx(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double e = std::exp(-std::abs(x[i]));
    dx[i] = (x[i] < 0 ? -g[i] : g[i]) * e / ((1 + e) * (1 + e));
  }
  return dx;
}

Matrix dropout(const Matrix& X, const std::vector<std::vector<long>>& mask) {
  Matrix Y(X.rows, X.cols);
  for (std::size_t i = 0; i < X.rows; ++i)
    for (std::size_t j = 0; j < X.cols; ++j) Y(i, j) = mask[i][j] ? X(i, j) / 0.75 : 0;
  return Y;
}

Matrix layer(const Matrix& X, const Matrix& W, const std::vector<double>& b) {
  Matrix Y(X.rows, W.cols);
  for (std::size_t i = 0; i < X.rows; ++i)
    for (std::size_t j = 0; j < W.cols; ++j) {
      Y(i, j) = b[j];
      for (std::size_t k = 0; k < W.rows; ++k) Y(i, j) += X(i, k) * W(k, j);
    }
  return Y;
}

Matrix attend(const Matrix& Q, const Matrix& K, const Matrix& V) {
  Matrix Y(Q.rows, V.cols);
  for (std::size_t t = 0; t < Q.rows; ++t) {
    const std::size_t seen = t + 1;
    std::vector<double> scores(seen);
    for (std::size_t s = 0; s < seen; ++s)
      for (std::size_t e = 0; e < Q.cols; ++e) scores[s] += Q(t, e) * K(s, e) / std::sqrt(static_cast<double>(Q.cols));
    const double largest = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (double& score : scores) sum += score = std::exp(score - largest);
    for (std::size_t s = 0; s < seen; ++s)
      for (std::size_t e = 0; e < V.cols; ++e) Y(t, e) += scores[s] / sum * V(s, e);
  }
  return Y;
}
