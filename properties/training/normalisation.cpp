#include "properties/training/normalisation.hpp"

#include <algorithm>
#include <cmath>

namespace assay::properties::training {
namespace {

/// Mean and variance of each channel of this batch, the variance over M; two passes. Updates the running
/// statistics, the variance over M − 1 as PyTorch does.
void batch_statistics(const Layer& layer, const Forward& call, double* means, double* variances) {
  const std::size_t channels = layer.in.channels, rows = call.rows * layer.in.positions();
  const double m = static_cast<double>(rows);
  std::fill_n(means, channels, 0.0);
  std::fill_n(variances, channels, 0.0);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t c = 0; c < channels; ++c) means[c] += call.in[i * channels + c];
  for (std::size_t c = 0; c < channels; ++c) means[c] /= m;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t c = 0; c < channels; ++c) {
      const double away = call.in[i * channels + c] - means[c];
      variances[c] += away * away;
    }
  double* running = call.running.data() + layer.running;
  for (std::size_t c = 0; c < channels; ++c) {
    const double unbiased = variances[c] / std::max(m - 1, 1.0);
    running[c] += batch_norm_momentum * (means[c] - running[c]);
    running[channels + c] += batch_norm_momentum * (unbiased - running[channels + c]);
    variances[c] /= m;
  }
}

}  // namespace

void forward_batch_norm(const Layer& layer, const Forward& call, Workspace& workspace) {
  const std::size_t channels = layer.in.channels, rows = call.rows * layer.in.positions();
  const double* running = call.running.data() + layer.running;
  double* means = workspace.means.data();
  if (call.training) {
    batch_statistics(layer, call, means, workspace.deviations.data());
  } else {
    std::copy_n(running, channels, means);
    std::copy_n(running + channels, channels, workspace.deviations.data());
  }
  for (double& deviation : workspace.deviations) deviation = 1 / std::sqrt(deviation + batch_norm_epsilon);
  const double* scale = call.parameters.data() + layer.weights;
  const double* shift = call.parameters.data() + layer.bias;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t c = 0; c < channels; ++c) {
      const std::size_t at = i * channels + c;
      workspace.kept[at] = (call.in[at] - means[c]) * workspace.deviations[c];
      call.out[at] = scale[c] * workspace.kept[at] + shift[c];
    }
}

void backward_batch_norm(const Layer& layer, const Backward& call, const Workspace& workspace) {
  const std::size_t channels = layer.in.channels, rows = call.rows * layer.in.positions();
  const double m = static_cast<double>(rows);
  double* sums = call.scratch.data();  // Σ g
  double* products = sums + channels;  // Σ g x̂
  std::fill_n(sums, 2 * channels, 0.0);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t c = 0; c < channels; ++c) {
      const double g = call.upstream[i * channels + c];
      sums[c] += g;
      products[c] += g * workspace.kept[i * channels + c];
    }
  for (std::size_t c = 0; c < channels; ++c) {
    call.gradients[layer.weights + c] += products[c];
    call.gradients[layer.bias + c] += sums[c];
    if (!workspace.training) sums[c] = products[c] = 0;  // fixed statistics send nothing back
  }
  const double* scale = call.parameters.data() + layer.weights;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t c = 0; c < channels; ++c) {
      const std::size_t at = i * channels + c;
      const double centred = call.upstream[at] - sums[c] / m - workspace.kept[at] * products[c] / m;
      call.cotangent[at] += scale[c] * workspace.deviations[c] * centred;
    }
}

}  // namespace assay::properties::training
