#include "fit.hpp"

#include <cstddef>

double loss(const std::vector<double>& p, const std::vector<double>& y) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sum += (p[i] - y[i]) * (p[i] - y[i]);
  return sum / static_cast<double>(p.size());
}

std::vector<double> slope(const std::vector<double>& p, const std::vector<double>& y) {
  std::vector<double> dp(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) dp[i] = (p[i] - y[i]) / static_cast<double>(p.size());
  return dp;
}
