/// A small feed-forward network in double: what experiments train.
///
/// No second truth: its layers are the catalogue's affine, conv2d, batch_norm, relu ... and tests hold every
/// gradient against those oracles, within what rounding allows. Deterministic: no threads, no reordered sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "properties/statistics/random.hpp"
#include "properties/training/dataset.hpp"
#include "properties/training/layers.hpp"

namespace assay::properties::training {

enum class Weights { dense, convolution };  ///< convolution: 3 × 3, stride 1, padding 1
enum class Pool { none, max, average };     ///< 2 × 2, stride 2

/// One weight layer and what follows it, in this order.
struct Block {
  std::size_t width = 16;
  Weights weights = Weights::dense;
  bool batch_norm = false;
  Activation activation = Activation::relu;
  bool skip = false;  ///< adds what came into the block; needs the same extent in and out
  Pool pool = Pool::none;
  double dropout = 0;  ///< probability to drop; the others are scaled up (inverted dropout)
};

/// How weights are drawn; fan_in inputs reach one unit.
enum class Draw {
  he,         ///< normal, variance 2 / fan_in
  xavier,     ///< normal, variance 2 / (fan_in + fan_out)
  framework,  ///< uniform within ±1 / √fan_in, biases too: what PyTorch does unasked
  fixed       ///< normal, variance 1
};

struct Start {
  Draw draw = Draw::he;
  double scale = 1;  ///< multiplies every drawn number; 0: all zero
  double bias = 0;   ///< added to every bias of the hidden blocks
};

/// Blocks, then a dense layer to the logits. Convolutions come before dense blocks.
struct Architecture {
  Extent input;
  std::vector<Block> blocks;
  std::size_t classes = 2;
  Start start = {};
  double leak = 0.01;  ///< of leaky_relu
};

/// `depth` dense blocks alike.
Architecture perceptron(const Dataset& data, std::size_t depth, Block block);

/// Where the weights of one layer lie among the parameters: what weight decay shrinks.
struct Slice {
  std::size_t offset = 0, size = 0;
};

enum class Mode { training, inference };

struct Score {
  double loss = 0, accuracy = 0;
};

/// What training changes: everything needed to go back to an earlier moment.
struct Snapshot {
  std::vector<double> parameters, running;
};

class Network {
 public:
  /// Buffers are made here, for batches of up to `capacity` rows; nothing is allocated later. Throws
  /// std::invalid_argument where blocks do not fit.
  Network(const Architecture& architecture, std::size_t capacity, std::uint64_t seed);

  std::size_t capacity() const { return capacity_; }
  std::size_t classes() const { return classes_; }

  /// Where the caller writes up to `capacity` rows before `forward`.
  std::span<double> input() { return values_.front(); }
  /// Logits, row-major. In training, batch norm uses and records the batch's statistics, and dropout draws
  /// its masks from `random`.
  std::span<const double> forward(std::size_t rows, Mode mode, Random& random);
  /// Mean softmax cross-entropy of the last `forward`; fills `gradients`.
  double backward(std::span<const std::size_t> labels);
  /// Mean loss and accuracy at inference, batch by batch. Ties of the largest logit go to the first class.
  Score score(const Dataset& data);
  /// Softmax probabilities at inference, row-major.
  std::vector<double> probabilities(const Dataset& data);

  std::span<double> parameters() { return state_.parameters; }
  std::span<const double> gradients() const { return gradients_; }
  std::span<const Slice> weights() const { return weights_; }
  /// The biases that belong to weights()[i]; batch norm's shifts are not among them.
  std::span<const Slice> biases() const { return biases_; }
  /// ½ Σ w² over all weights, biases left out.
  double half_squared_weights() const;
  /// Euclidean norm of the gradient of each weight layer.
  std::vector<double> gradient_norms() const;
  double gradient_norm() const;  ///< of all of them together

  /// Activation by activation, for each unit whether it is 0 on every row of `data`, at inference.
  std::vector<std::vector<bool>> dead_units(const Dataset& data);
  /// Share of dead ones among the units of all activations.
  double dead_share(const Dataset& data);

  const Snapshot& snapshot() const { return state_; }
  void restore(const Snapshot& earlier);

  /// The layers in order, and what each put out in the last `forward`: for tests.
  std::span<const Layer> layers() const { return layers_; }
  std::span<const double> values(std::size_t layer) const { return values_[layer + 1]; }

 private:
  friend class Assembly;

  /// Calls visit(first row, rows) after the inference of each batch of `data`.
  template <class Visit>
  void each_batch(const Dataset& data, Visit visit);

  std::size_t capacity_, classes_, rows_ = 0;
  std::vector<Layer> layers_;
  std::vector<std::vector<double>> values_;      ///< values_[0] is the input, values_[l + 1] of layer l
  std::vector<std::vector<double>> cotangents_;  ///< of the same
  std::vector<Workspace> workspaces_;
  std::vector<double> scratch_;
  Snapshot state_;
  std::vector<double> gradients_;
  std::vector<Slice> weights_, biases_;
};

}  // namespace assay::properties::training
