/// Descent on small functions of one or two variables, with and without noise in the gradient.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "properties/statistics/random.hpp"
#include "properties/training/optimizer.hpp"

namespace assay::properties::training {

/// (x² − 1)² / 4 + tilt · x: for 0 < tilt < 0.38 a deep well near −1, a shallow one near +1, a barrier
/// between.
struct DoubleWell {
  double tilt = 0.2;

  double value(double x) const { return (x * x - 1) * (x * x - 1) / 4 + tilt * x; }
  double slope(double x) const { return x * x * x - x + tilt; }
  bool is_deep(double x) const { return x < barrier(); }
  /// The local maximum between the wells, by Newton's method from 0.
  double barrier() const;
};

struct Descent {
  Optimizer optimizer;
  std::size_t steps = 300;
  double noise = 0;  ///< standard deviation added to each partial derivative at each step
};

using GradientAt = std::function<void(std::span<const double> at, std::span<double> gradient)>;

/// Calls `visit` after each step; returns where it ends.
std::vector<double> descend(std::vector<double> from, const GradientAt& gradient, const Descent& how,
                            Random& random,
                            const std::function<void(std::span<const double> movement)>& visit = {});

/// Where descent in a double well ends.
double descend(const DoubleWell& well, double from, const Descent& how, Random& random);

}  // namespace assay::properties::training
