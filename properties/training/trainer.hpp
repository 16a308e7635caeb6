/// Trains a network by minibatches and records what experiments compare. The same (network, data, training)
/// gives the same bytes on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "properties/training/network.hpp"
#include "properties/training/optimizer.hpp"

namespace assay::properties::training {

struct Training {
  Optimizer optimizer = {};
  std::size_t batch = 16;  ///< 0: all examples at each step
  std::size_t steps = 300;
  std::size_t record_every = 0;  ///< steps between records; 0: before the first and after the last only
  std::size_t patience = 0;      ///< stops after so many records without a lower validation loss; 0: never
  bool count_dead = false;       ///< whether records hold the share of dead units
  Augmentation augmentation = {};
  std::uint64_t seed = 1;  ///< of the order of examples, of dropout and of augmentation
};

/// At inference. `penalty` is λ/2 Σ w².
struct Record {
  std::size_t step = 0;
  Score training = {}, validation = {};
  double penalty = 0;
  double gradient_norm =
      0;                  ///< of the last minibatch before it, penalty and clipping left out; 0 at the start
  double dead_share = 0;  ///< of the units of all activations, on the training data; where asked for

  double total_loss() const { return training.loss + penalty; }
  /// Training accuracy minus validation accuracy.
  double accuracy_gap() const { return training.accuracy - validation.accuracy; }
  /// Validation loss minus training loss.
  double loss_gap() const { return validation.loss - training.loss; }
};

struct Run {
  std::vector<Record> curve;
  std::size_t steps = 0;                            ///< done
  std::size_t best = 0;                             ///< index in `curve` of the lowest validation loss
  std::vector<std::vector<double>> gradient_norms;  ///< per record, per weight layer

  const Record& first() const { return curve.front(); }
  const Record& last() const { return curve.back(); }
};

/// With patience, the network ends with the parameters of the best record; without, with the last ones.
/// Validation data may be empty: its scores are then 0, and patience does not apply.
Run train(Network& network, const Dataset& training, const Dataset& validation, const Training& how);

}  // namespace assay::properties::training
