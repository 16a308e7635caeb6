#include "properties/training/optimizer.hpp"

#include <cmath>
#include <numbers>

namespace assay::properties::training {

double scheduled_rate(const Optimizer& optimizer, std::size_t step, std::size_t steps) {
  const double t = static_cast<double>(step) / static_cast<double>(steps);
  switch (optimizer.schedule) {
    case Schedule::constant:
      return optimizer.rate;
    case Schedule::halving:
      return optimizer.rate / static_cast<double>(1 << (3 * step / steps));
    case Schedule::cosine:
      break;
  }
  // Bhaskara's cosine: within 0.0017 of the real one, and the same bits everywhere.
  const double x = t < 0.5 ? t : 1 - t, cosine = (1 - 4 * x * x) / (1 + x * x);
  return optimizer.rate * (1 + (t < 0.5 ? cosine : -cosine)) / 2;
}

double clip_norm(std::span<double> gradient, double clip) {
  double sum = 0;
  for (const double g : gradient) sum += g * g;
  const double norm = std::sqrt(sum);
  if (clip > 0 && norm > clip)
    for (double& g : gradient) g *= clip / norm;
  return norm;
}

Updater::Updater(const Optimizer& optimizer, std::size_t parameters) : optimizer_(optimizer) {
  if (optimizer.rule != Rule::sgd) first_.resize(parameters);
  if (optimizer.rule == Rule::adam) second_.resize(parameters);
}

void Updater::step(std::span<double> parameters, std::span<const double> gradient, double rate) {
  const std::size_t count = parameters.size();
  switch (optimizer_.rule) {
    case Rule::sgd:
      for (std::size_t i = 0; i < count; ++i) parameters[i] -= rate * gradient[i];
      return;
    case Rule::momentum: {
      const double gain = 1 - optimizer_.dampening;
      for (std::size_t i = 0; i < count; ++i) {
        first_[i] = optimizer_.momentum * first_[i] + gain * gradient[i];
        parameters[i] -= rate * first_[i];
      }
      return;
    }
    case Rule::adagrad:
      for (std::size_t i = 0; i < count; ++i) {
        first_[i] += gradient[i] * gradient[i];
        parameters[i] -= rate * gradient[i] / (std::sqrt(first_[i]) + optimizer_.epsilon);
      }
      return;
    case Rule::adam:
      return adam(parameters, gradient, rate);
  }
}

void Updater::adam(std::span<double> parameters, std::span<const double> gradient, double rate) {
  const double first = optimizer_.momentum, second = optimizer_.second;
  first_left_ *= first;
  second_left_ *= second;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    first_[i] = first * first_[i] + (1 - first) * gradient[i];
    second_[i] = second * second_[i] + (1 - second) * gradient[i] * gradient[i];
    const double centre = first_[i] / (1 - first_left_), square = second_[i] / (1 - second_left_);
    parameters[i] -= rate * centre / (std::sqrt(square) + optimizer_.epsilon);
  }
}

}  // namespace assay::properties::training
