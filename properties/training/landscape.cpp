#include "properties/training/landscape.hpp"

namespace assay::properties::training {

double DoubleWell::barrier() const {
  double x = 0;
  for (int i = 0; i < 40; ++i) x -= slope(x) / (3 * x * x - 1);
  return x;
}

std::vector<double> descend(std::vector<double> from, const GradientAt& gradient, const Descent& how,
                            Random& random, const std::function<void(std::span<const double>)>& visit) {
  Updater updater(how.optimizer, from.size());
  std::vector<double> slopes(from.size()), before(from.size());
  for (std::size_t step = 0; step < how.steps; ++step) {
    gradient(from, slopes);
    if (how.noise != 0)
      for (double& slope : slopes) slope += how.noise * random.normal();
    before = from;
    updater.step(from, slopes, scheduled_rate(how.optimizer, step, how.steps));
    if (!visit) continue;
    for (std::size_t i = 0; i < from.size(); ++i) before[i] = from[i] - before[i];
    visit(before);
  }
  return from;
}

double descend(const DoubleWell& well, double from, const Descent& how, Random& random) {
  const auto gradient = [&](std::span<const double> at, std::span<double> slopes) {
    slopes[0] = well.slope(at[0]);
  };
  return descend(std::vector{from}, gradient, how, random)[0];
}

}  // namespace assay::properties::training
