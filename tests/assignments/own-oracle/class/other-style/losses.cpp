#include "losses.hpp"

#include <cmath>

double log_cosh(const std::vector<double>& p, const std::vector<double>& t) {
  double total = 0;
  for (std::size_t i = 0; i < p.size(); ++i) total += (std::fabs(p[i] - t[i]) + std::log1p(std::exp(-2 * std::fabs(p[i] - t[i]))) - std::log(2.0));
  return total / static_cast<double>(p.size());
}

std::vector<double> log_cosh_gradient(const std::vector<double>& p, const std::vector<double>& t) {
  std::vector<double> dp(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) dp[i] = std::tanh(p[i] - t[i]) / static_cast<double>(p.size());
  return dp;
}

double focal(const Matrix& z, const std::vector<int>& y, double gamma, Matrix& dz) {
  dz = Matrix(z.rows, z.cols);
  const double rows = static_cast<double>(z.rows);
  double total = 0;
  for (std::size_t n = z.rows; n-- > 0;) {
    const auto label = static_cast<std::size_t>(y[n]);
    double peak = z(n, 0);
    for (std::size_t c = 1; c < z.cols; ++c) peak = std::fmax(peak, z(n, c));
    double partition = 0;
    for (std::size_t c = 0; c < z.cols; ++c) partition += std::exp(z(n, c) - peak);
    const double log_p = z(n, label) - peak - std::log(partition);
    const double p = std::exp(log_p), rest = -std::expm1(log_p);
    total -= std::pow(rest, gamma) * log_p;
    const double slope = gamma * std::pow(rest, gamma - 1) * p * log_p - std::pow(rest, gamma);  // dL / dlog_p
    for (std::size_t c = 0; c < z.cols; ++c)
      dz(n, c) = slope * ((c == label) - std::exp(z(n, c) - peak) / partition) / rows;
  }
  return total / rows;
}

void smoothed(const std::vector<double>& p, double w, std::vector<double>& out) {
  out = p;
  for (std::size_t i = 1; i < p.size(); ++i) out[i] = p[i] + w * (out[i - 1] - p[i]);
}
