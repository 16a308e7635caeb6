/// How far the gradient of a random batch lies from that of all data.
#include <cmath>

#include "properties/training/experiments/arms.hpp"
#include "properties/training/pictures.hpp"

namespace assay::properties::training {
namespace {

std::vector<double> gradient_of(Network& network, const Dataset& data, std::span<const std::size_t> rows) {
  Random unused(1);
  std::vector<std::size_t> labels;
  std::size_t next = 0;
  for (const std::size_t row : rows) {
    for (const double feature : data.row(row)) network.input()[next++] = feature;
    labels.push_back(data.labels[row]);
  }
  network.forward(rows.size(), Mode::training, unused);
  network.backward(labels);
  return {network.gradients().begin(), network.gradients().end()};
}

/// Root mean square over random batches, in lengths of the gradient of all data.
double noise_of(Network& network, const Dataset& data, std::size_t batch, const std::vector<double>& full) {
  constexpr int draws = 400;
  Random random(derived_seed(1, batch));
  std::vector<std::size_t> rows(batch);
  double squares = 0, length = 0;
  for (const double slope : full) length += slope * slope;
  for (int draw = 0; draw < draws; ++draw) {
    for (std::size_t& row : rows) row = random.below(data.size());
    const std::vector<double> found = gradient_of(network, data, rows);
    for (std::size_t i = 0; i < full.size(); ++i) squares += (found[i] - full[i]) * (found[i] - full[i]);
  }
  return std::sqrt(squares / draws / length);
}

}  // namespace

Picture noise_over_batch_size() {
  Picture picture{"Noise of a random batch's gradient, in lengths of the gradient of all 256 examples.",
                  "log2 of the batch size",
                  "noise / gradient",
                  {{"mean distance", {}}}};
  const Dataset data = blobs({.examples = 256, .classes = 3, .dimensions = 8}, training_data_seed(1));
  Network network(perceptron(data, 1, {.width = 16}), data.size(), weights_seed(1));
  std::vector<std::size_t> all(data.size());
  for (std::size_t row = 0; row < all.size(); ++row) all[row] = row;
  const std::vector<double> full = gradient_of(network, data, all);
  for (std::size_t exponent = 0; exponent <= 8; ++exponent)
    picture.series[0].points.emplace_back(exponent,
                                          noise_of(network, data, std::size_t{1} << exponent, full));
  return picture;
}

}  // namespace assay::properties::training
