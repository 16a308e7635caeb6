/// Momentum in double wells and in a narrow valley.
#include <cmath>

#include "properties/training/experiments/topics.hpp"
#include "properties/training/landscape.hpp"

namespace assay::properties::training {
namespace {

Optimizer plain() {
  return {.rule = Rule::sgd, .rate = 0.05};
}
Optimizer heavy_ball() {
  return {.rule = Rule::momentum, .rate = 0.05};
}
/// The velocity is a mean of the last gradients: the same step size in the long run as without momentum.
Optimizer averaging() {
  return {.rule = Rule::momentum, .rate = 0.05, .momentum = 0.9, .dampening = 0.9};
}

/// Share of 64 runs, each in a well of its own, that end in the deep one. Both arms see the same wells,
/// starts and noise.
double deep_share(const Optimizer& optimizer, double low, double high, double noise, std::uint64_t seed) {
  constexpr int runs = 64;
  Random draw(seed);
  int deep = 0;
  for (int i = 0; i < runs; ++i) {
    const DoubleWell well{draw.uniform(0.1, 0.35)};
    const double start = draw.uniform(low, high);
    Random random(draw.bits());
    deep += well.is_deep(descend(well, start, {optimizer, 300, noise}, random));
  }
  return static_cast<double>(deep) / runs;
}

double escapes(std::uint64_t seed) {
  return deep_share(heavy_ball(), 1, 2.5, 0, seed) - deep_share(plain(), 1, 2.5, 0, seed);
}
double escapes_from_rest(std::uint64_t seed) {
  return deep_share(heavy_ball(), 0.7, 0.9, 0, seed) - deep_share(plain(), 0.7, 0.9, 0, seed);
}
double stuck(std::uint64_t seed) {
  return deep_share(plain(), -2, 2, 0.5, seed) - deep_share(heavy_ball(), -2, 2, 0.5, seed);
}
double overshoots(std::uint64_t seed) {
  return deep_share(plain(), -2.5, -1.5, 0, seed) - deep_share(heavy_ball(), -2.5, -1.5, 0, seed);
}

/// Mean cosine between one step and the next on (x² + 25 y²) / 2 with noise of standard deviation 1.
double consistency(const Optimizer& optimizer, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> last;
  double sum = 0, count = 0;
  const auto gradient = [](std::span<const double> at, std::span<double> slopes) {
    slopes[0] = at[0], slopes[1] = 25 * at[1];
  };
  const auto visit = [&](std::span<const double> movement) {
    if (!last.empty()) {
      const double product = movement[0] * last[0] + movement[1] * last[1];
      sum += product / (std::sqrt(movement[0] * movement[0] + movement[1] * movement[1]) *
                        std::sqrt(last[0] * last[0] + last[1] * last[1]));
      ++count;
    }
    last.assign(movement.begin(), movement.end());
  };
  descend({10, 1}, gradient, {optimizer, 300, 1}, random, visit);
  return sum / count;
}

double steadier(std::uint64_t seed) {
  return consistency(averaging(), seed) - consistency(plain(), seed);
}
double hardly_steadier(std::uint64_t seed) {
  Optimizer forgetful = averaging();
  forgetful.momentum = forgetful.dampening = 0.01;
  return consistency(forgetful, seed) - consistency(plain(), seed);
}

constexpr Experiment list[]{
    {"cmu24788-2025.mc.3.g.D",
     "300 steps of rate 0.05 on (x^2 + 25 y^2) / 2 from (10, 1), noise of standard deviation 1 added to both "
     "derivatives, the same in both arms. Mean cosine between consecutive steps: with momentum 0.9 (velocity "
     "a "
     "weighted mean of gradients, so that steps are no longer than without) minus without.",
     steadier, 0.05, "of the mean cosine"},
    {"cmu24788-2025.mc.3.g.D.foil", "The same with momentum 0.01, which remembers nothing.", hardly_steadier,
     0.05, "of the mean cosine"},
    {"cs230-2021.mc.f.ii",
     "Double wells (x^2 - 1)^2 / 4 + tilt x with tilts from 0.1 to 0.35, started at 1 to 2.5 beside the "
     "shallow "
     "well; 300 steps of rate 0.05 without noise; 64 wells a seed. Difference: share of runs that end in the "
     "deep well, momentum 0.9 minus plain gradient descent of the same rate.",
     escapes, 0.02, "of runs that reach the deep well"},
    {"cs230-2021.mc.f.ii.foil",
     "The same started at 0.7 to 0.9, inside the shallow well: no speed to carry a run over the barrier.",
     escapes_from_rest, 0.02, "of runs that reach the deep well"},
    {"eecs498-2019.mc.2.3.C",
     "The wells of cs230-2021.mc.f.ii, started at -2 to 2, noise of standard deviation 0.5 added to each "
     "gradient, the same in both arms. Difference: share of runs that end in the shallow well, momentum 0.9 "
     "minus plain stochastic gradient descent of the same rate.",
     stuck, 0.02, "of runs that end in the shallow well"},
    {"eecs498-2019.mc.2.3.C.foil",
     "The same without noise, started at -2.5 to -1.5, on the outer slope of the deep well: momentum can "
     "roll "
     "through it into the shallow one.",
     overshoots, 0.02, "of runs that end in the shallow well"},
};

}  // namespace

std::span<const Experiment> topics::momentum() {
  return list;
}

}  // namespace assay::properties::training
