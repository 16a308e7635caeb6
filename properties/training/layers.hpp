/// The layers of a network. A batch is a matrix of rows × channels, one row for each position of each
/// example: dense layers see whole examples as rows, convolutions and batch norm see positions.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "properties/statistics/random.hpp"
#include "properties/training/dataset.hpp"

namespace assay::properties::training {

enum class Activation { identity, relu, leaky_relu, tanh, sigmoid, step };

enum class Kind { dense, convolution, batch_norm, activation, skip, max_pool, average_pool, dropout };

struct Layer {
  Kind kind;
  Extent in, out;
  std::size_t weights = 0, bias = 0;  ///< offsets among the parameters: weights or scales, biases or shifts
  std::size_t running = 0;            ///< batch norm: offset of the running means, variances right behind
  std::size_t source = 0;             ///< skip: index of the value that is added
  Activation activation = Activation::identity;
  double leak = 0;     ///< leaky_relu
  double dropout = 0;  ///< probability to drop

  /// Inputs that reach one unit.
  std::size_t fan_in() const { return kind == Kind::convolution ? 9 * in.channels : in.size(); }
  std::size_t fan_out() const { return kind == Kind::convolution ? out.channels : out.size(); }
};

/// What a layer remembers between its forward and its backward step.
struct Workspace {
  std::vector<double> kept;         ///< patches, normalised values, masks
  std::vector<double> means;        ///< batch norm, per channel
  std::vector<double> deviations;   ///< batch norm: 1 / √(variance + ε) per channel
  std::vector<std::size_t> argmax;  ///< max pool
  bool training = false;            ///< how the last forward step was done
};

constexpr double batch_norm_epsilon = 1e-5;
constexpr double batch_norm_momentum = 0.1;  ///< weight of the new batch in the running statistics

/// One call: `rows` examples. `source` and its cotangent are the second input of a skip.
struct Forward {
  std::size_t rows;
  const double* in;
  double* out;
  const double* source;
  std::span<double> parameters, running;
  bool training;
  Random& random;
};
struct Backward {
  std::size_t rows;
  const double* in;
  const double* out;
  const double* upstream;
  double* cotangent;         ///< of the input: added to; null where nobody asks
  double* source_cotangent;  ///< of the second input: added to
  std::span<const double> parameters;
  std::span<double> gradients;  ///< added to
  std::span<double> scratch;    ///< at least `scratch_size`
};

void prepare(const Layer& layer, std::size_t capacity, Workspace& workspace);
std::size_t scratch_size(const Layer& layer, std::size_t capacity);
void run_forward(const Layer& layer, const Forward& call, Workspace& workspace);
void run_backward(const Layer& layer, const Backward& call, const Workspace& workspace);

}  // namespace assay::properties::training
