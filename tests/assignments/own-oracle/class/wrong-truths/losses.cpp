#include "losses.hpp"

#include <cmath>

double log_cosh(const std::vector<double>& p, const std::vector<double>& t) {
  double total = 0;
  for (std::size_t i = 0; i < p.size(); ++i) total += std::log(std::cosh(p[i] - t[i]));
  return total;
}

std::vector<double> log_cosh_gradient(const std::vector<double>& p, const std::vector<double>& t) {
  std::vector<double> dp(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) dp[i] = std::tanh(p[i] - t[i]);
  return dp;
}

double focal(const Matrix& z, const std::vector<int>& y, double gamma, Matrix& dz) {
  dz = Matrix(z.rows, z.cols);
  const double rows = static_cast<double>(z.rows);
  double total = 0;
  for (std::size_t n = 0; n < z.rows; ++n) {
    const auto label = static_cast<std::size_t>(y[n]);
    double peak = z(n, 0);
    for (std::size_t c = 1; c < z.cols; ++c) peak = std::fmax(peak, z(n, c));
    double partition = 0;
    for (std::size_t c = 0; c < z.cols; ++c) partition += std::exp(z(n, c) - peak);
    const double log_p = z(n, label) - peak - std::log(partition);
    const double p = std::exp(log_p), rest = 1 - p;
    total -= std::pow(rest, gamma) * log_p;
    const double slope = -std::pow(rest, gamma);
    for (std::size_t c = 0; c < z.cols; ++c)
      dz(n, c) = slope * ((c == label) - std::exp(z(n, c) - peak) / partition) / rows;
  }
  return total / rows;
}

void smoothed(const std::vector<double>& p, double w, std::vector<double>& out) {
  out = p;
  out[0] = (1 - w) * p[0];
  for (std::size_t i = 1; i < p.size(); ++i) out[i] = w * out[i - 1] + (1 - w) * p[i];
}
