#include <algorithm>
#include <cmath>

#include "stats.hpp"

std::vector<double> softmax(const std::vector<double>& z) {
  const double largest = *std::max_element(z.begin(), z.end());
  std::vector<double> p(z.size());
  double sum = 0;
  for (std::size_t i = 0; i < z.size(); ++i) sum += p[i] = std::exp(z[i] - largest);
  for (double& x : p) x /= sum;
  return p;
}
