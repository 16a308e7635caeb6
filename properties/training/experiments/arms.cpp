#include "properties/training/experiments/arms.hpp"

#include <algorithm>
#include <cmath>

namespace assay::properties::training {
namespace {

std::vector<double> first_gradient_norms(const Architecture& plan, const Dataset& data, std::uint64_t seed) {
  Network network(plan, data.size(), weights_seed(seed));
  Random random(order_seed(seed));
  std::ranges::copy(data.features, network.input().begin());
  network.forward(data.size(), Mode::training, random);
  network.backward(data.labels);
  return network.gradient_norms();
}

}  // namespace

Task blob_task(Blobs shape, std::size_t validation, std::uint64_t seed) {
  Task task{blobs(shape, training_data_seed(seed)), {}};
  shape.examples = validation;
  task.validation = blobs(shape, validation_data_seed(seed));
  return task;
}

Task moon_task(std::size_t examples, std::size_t validation, double noise, double label_noise,
               std::uint64_t seed) {
  return {moons(examples, noise, label_noise, training_data_seed(seed)),
          moons(validation, noise, label_noise, validation_data_seed(seed))};
}

Task glyph_task(Glyphs shape, std::size_t validation_per_class, std::uint64_t seed) {
  Task task{glyphs(shape, training_data_seed(seed)), {}};
  shape.per_class = validation_per_class;
  task.validation = glyphs(shape, validation_data_seed(seed));
  return task;
}

Fitted fit_network(const Architecture& plan, const Task& task, Training how, std::uint64_t seed) {
  const std::size_t batch = how.batch == 0 ? task.training.size() : how.batch;
  how.seed = order_seed(seed);
  Network network(plan, std::max<std::size_t>(batch, 32), weights_seed(seed));
  Run run = train(network, task.training, task.validation, how);
  return {std::move(network), std::move(run)};
}

Run fit(const Architecture& plan, const Task& task, Training how, std::uint64_t seed) {
  return fit_network(plan, task, how, seed).run;
}

double log_gradient_norm(const Architecture& plan, const Dataset& data, std::uint64_t seed) {
  double squares = 0;
  for (const double norm : first_gradient_norms(plan, data, seed)) squares += norm * norm;
  return std::log10(squares) / 2;
}

double log_first_gradient_norm(const Architecture& plan, const Dataset& data, std::uint64_t seed) {
  return std::log10(first_gradient_norms(plan, data, seed).front());
}

Training with_momentum(double rate, std::size_t batch, std::size_t steps) {
  Training how;
  how.optimizer = {.rule = Rule::momentum, .rate = rate};
  how.batch = batch;
  how.steps = steps;
  return how;
}

}  // namespace assay::properties::training
