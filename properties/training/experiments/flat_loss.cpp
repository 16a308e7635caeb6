/// What makes a loss curve flat from the start, and what larger weights do to training.
#include <cmath>

#include "properties/training/experiments/arms.hpp"
#include "properties/training/experiments/topics.hpp"

namespace assay::properties::training {
namespace {

constexpr Blobs three_clouds{.examples = 60, .classes = 3, .dimensions = 4, .distance = 2};

/// How far the total loss falls in `steps` steps on all data.
double fall(const Architecture& plan, const Dataset& data, double rate, double weight_decay,
            std::size_t steps, std::uint64_t seed) {
  Training how;
  how.optimizer = {.rule = Rule::sgd, .rate = rate, .weight_decay = weight_decay};
  how.batch = 0;
  how.steps = steps;
  const Run run = fit(plan, {data, {}}, how, seed);
  return run.first().total_loss() - run.last().total_loss();
}

Dataset balanced(std::uint64_t seed) {
  return blobs(three_clouds, training_data_seed(seed));
}
Architecture hidden_layer(const Dataset& data) {
  return perceptron(data, 1, {.width = 16});
}
double usual_fall(const Dataset& data, std::uint64_t seed) {
  return fall(hidden_layer(data), data, 0.1, 0, 200, seed);
}

/// Share of the usual fall that is missing.
template <int exponent>
double flat_by_rate(std::uint64_t seed) {
  const Dataset data = balanced(seed);
  double rate = 1;
  for (int i = 0; i < -exponent; ++i) rate /= 10;
  return 1 - fall(hidden_layer(data), data, rate, 0, 200, seed) / usual_fall(data, seed);
}

template <int per_mille>
double flat_by_decay(std::uint64_t seed) {
  const Dataset data = balanced(seed);
  Architecture plan{data.extent, {}, data.classes, {.draw = Draw::fixed, .scale = 1e-3}};
  return 1 - fall(plan, data, 0.002, per_mille / 1000.0, 1000, seed) / fall(plan, data, 0.002, 0, 1000, seed);
}

double flat_by_imbalance(std::uint64_t seed) {
  Blobs shape = three_clouds;
  shape.examples = 200;
  const Dataset uneven = imbalanced(shape, 0.99, training_data_seed(seed));
  return 1 - usual_fall(uneven, seed) / usual_fall(blobs(shape, training_data_seed(seed)), seed);
}

/// The same started at the class shares: zero weights to the logits, biases log 0.99 and log 0.005.
double flat_by_imbalance_known(std::uint64_t seed) {
  Blobs shape = three_clouds;
  shape.examples = 200;
  const Dataset uneven = imbalanced(shape, 0.99, training_data_seed(seed));
  Training how;
  how.batch = 0;
  how.steps = 200;
  Network network(hidden_layer(uneven), uneven.size(), weights_seed(seed));
  const Slice weights = network.weights().back(), biases = network.biases().back();
  for (std::size_t i = 0; i < weights.size; ++i) network.parameters()[weights.offset + i] = 0;
  for (std::size_t c = 0; c < 3; ++c)
    network.parameters()[biases.offset + c] = portable_log(c ? 0.005 : 0.99);
  const Run run = train(network, uneven, {}, how);
  const double fallen = run.first().training.loss - run.last().training.loss;
  return 1 - fallen / usual_fall(blobs(shape, training_data_seed(seed)), seed);
}

template <int percent>
double flat_by_scale(std::uint64_t seed) {
  const Dataset data = balanced(seed);
  Architecture plan = hidden_layer(data);
  plan.start.scale = percent / 100.0;
  return 1 - fall(plan, data, 0.1, 0, 200, seed) / usual_fall(data, seed);
}

/// Mean training loss on the way, at every 10th of 200 steps: how fast training converges.
double mean_loss(const Architecture& plan, const Task& task, std::uint64_t seed) {
  Training how = with_momentum(0.01, 20, 200);
  how.record_every = 10;
  const Run run = fit(plan, task, how, seed);
  double sum = 0;
  for (const Record& record : run.curve) sum += record.training.loss;
  return sum / static_cast<double>(run.curve.size());
}

template <int percent>
double slowed_by_scaling(std::uint64_t seed) {
  const Task task{balanced(seed), {}};
  const Architecture plan = perceptron(task.training, 2, {.width = 16});
  Architecture scaled = plan;
  scaled.start.scale = percent / 100.0;
  return mean_loss(scaled, task, seed) - mean_loss(plan, task, seed);
}

constexpr std::string_view unit = "of the usual fall of the loss is missing";

constexpr Experiment list[]{
    {"cs230-2021.mc.a.ii",
     "60 examples of three Gaussian clouds in 4 dimensions; two hidden layers of 16 ReLU units; momentum "
     "0.9, "
     "rate 0.01, batches of 20, 200 steps. Difference: training loss from weights 10 times as large minus "
     "from "
     "He's.",
     slowed_by_scaling<1000>, 0.02, "nats of the mean training loss"},
    {"cs230-2021.mc.a.ii.foil", "The same with weights 1.01 times as large.", slowed_by_scaling<101>, 0.02,
     "nats of the mean training loss"},
    {"cs231n-2019.mc.1.A",
     "60 examples of three Gaussian clouds in 4 dimensions; one hidden layer of 16 ReLU units; gradient "
     "descent "
     "on all data, 200 steps. Share of the fall of the total loss at rate 0.1 that is missing at rate "
     "10^-12; "
     "above 0.9 the curve counts as flat.",
     flat_by_rate<-12>, 0.9, unit},
    {"cs231n-2019.mc.1.A.foil", "The same at rate 0.01.", flat_by_rate<-2>, 0.9, unit},
    {"cs231n-2019.mc.1.B",
     "The data of cs231n-2019.mc.1.A; softmax regression, weights drawn at scale 0.001, rate 0.002, 1000 "
     "steps on "
     "all data. Share of the fall of the total loss without weight decay that is missing with 100.",
     flat_by_decay<100000>, 0.9, unit},
    {"cs231n-2019.mc.1.B.foil", "The same with a weight decay of 0.01.", flat_by_decay<10>, 0.9, unit},
    {"cs231n-2019.mc.1.C",
     "Net and steps of cs231n-2019.mc.1.A on 200 examples. Share of the fall on classes of equal size that "
     "is "
     "missing where the first class has 198 of them.",
     flat_by_imbalance, 0.9, unit},
    {"cs231n-2019.mc.1.C.foil",
     "The same where the net starts at the class shares: no weights to the logits, biases log 0.99 and log "
     "0.005.",
     flat_by_imbalance_known, 0.9, unit},
    {"cs231n-2019.mc.1.D",
     "Net and steps of cs231n-2019.mc.1.A. Share of the fall that is missing where all weights start at 0.",
     flat_by_scale<0>, 0.9, unit},
    {"cs231n-2019.mc.1.D.foil", "The same where weights start half as large.", flat_by_scale<50>, 0.9, unit},
};

}  // namespace

std::span<const Experiment> topics::flat_loss() {
  return list;
}

}  // namespace assay::properties::training
