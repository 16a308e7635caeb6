/// What the two arms of a pair share.
#pragma once

#include <cstdint>

#include "properties/training/trainer.hpp"

namespace assay::properties::training {

struct Task {
  Dataset training, validation;
};

/// Seeds of one pair, by purpose.
inline std::uint64_t training_data_seed(std::uint64_t seed) {
  return derived_seed(seed, 101);
}
inline std::uint64_t validation_data_seed(std::uint64_t seed) {
  return derived_seed(seed, 102);
}
inline std::uint64_t weights_seed(std::uint64_t seed) {
  return derived_seed(seed, 103);
}
inline std::uint64_t order_seed(std::uint64_t seed) {
  return derived_seed(seed, 104);
}

/// Training and validation data from one population; validation is large, so that its noise is small beside
/// that of training.
Task blob_task(Blobs shape, std::size_t validation, std::uint64_t seed);
Task moon_task(std::size_t examples, std::size_t validation, double noise, double label_noise,
               std::uint64_t seed);
Task glyph_task(Glyphs shape, std::size_t validation_per_class, std::uint64_t seed);

/// Trains from the seed's first weights in the seed's order.
Run fit(const Architecture& plan, const Task& task, Training how, std::uint64_t seed);
/// The same, and the network it ends with.
struct Fitted {
  Network network;
  Run run;
};
Fitted fit_network(const Architecture& plan, const Task& task, Training how, std::uint64_t seed);

/// Loss gradients at the first weights, on all training data at once: log₁₀ of the norm over all weight
/// layers, or of the first layer alone.
double log_gradient_norm(const Architecture& plan, const Dataset& data, std::uint64_t seed);
double log_first_gradient_norm(const Architecture& plan, const Dataset& data, std::uint64_t seed);

/// Momentum 0.9, the rule of most experiments here.
Training with_momentum(double rate, std::size_t batch, std::size_t steps);

}  // namespace assay::properties::training
