/// Update rules on a flat array of parameters: the catalogue's sgd, momentum, adagrad and adam, against which
/// tests hold them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace assay::properties::training {

enum class Rule { sgd, momentum, adagrad, adam };
enum class Schedule {
  constant,
  halving,  ///< half the rate after each third of the steps
  cosine    ///< from the rate down to 0 along half a cosine
};

struct Optimizer {
  Rule rule = Rule::sgd;
  double rate = 0.1;
  double momentum = 0.9;  ///< of momentum; the first moment of adam
  double second = 0.999;  ///< the second moment of adam
  double epsilon = 1e-8;  ///< of adam and adagrad
  double dampening = 0;  ///< momentum: the velocity gains (1 − dampening) times each gradient, the first too
  double weight_decay = 0;  ///< λ of the penalty λ/2 Σ w² on weights; applied by the trainer
  double clip = 0;          ///< largest norm of a step's whole gradient; 0: no clipping
  Schedule schedule = Schedule::constant;
};

/// The rate at step 0 ≤ t < steps.
double scheduled_rate(const Optimizer& optimizer, std::size_t step, std::size_t steps);

/// Scales the gradient down to the norm `clip` where it is longer; returns the norm before. No-op at 0.
double clip_norm(std::span<double> gradient, double clip);

class Updater {
 public:
  Updater(const Optimizer& optimizer, std::size_t parameters);
  void step(std::span<double> parameters, std::span<const double> gradient, double rate);

 private:
  void adam(std::span<double> parameters, std::span<const double> gradient, double rate);

  Optimizer optimizer_;
  std::vector<double> first_, second_;
  double first_left_ = 1, second_left_ = 1;  ///< β₁ᵗ and β₂ᵗ
};

}  // namespace assay::properties::training
