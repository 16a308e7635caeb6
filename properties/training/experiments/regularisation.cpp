/// Weight decay and dropout: what they do to training accuracy and to the gap.
#include <cmath>

#include "properties/statistics/intervals.hpp"
#include "properties/statistics/paired.hpp"
#include "properties/training/experiments/arms.hpp"
#include "properties/training/experiments/topics.hpp"
#include "properties/training/pictures.hpp"

namespace assay::properties::training {
namespace {

/// Three clouds in 8 dimensions, a share of the labels drawn anew: more parameters than information, so that
/// a net without regularisation learns the training labels by heart.
Task clouds(std::size_t examples, double label_noise, std::uint64_t seed) {
  return blob_task(
      {.examples = examples, .classes = 3, .dimensions = 8, .distance = 1.5, .label_noise = label_noise}, 300,
      seed);
}
Task clouds(std::uint64_t seed) {
  return clouds(48, 0.1, seed);
}

Record last_of(const Task& task, double weight_decay, double dropout, std::uint64_t seed) {
  Training how = with_momentum(0.05, 16, 400);
  how.optimizer.weight_decay = weight_decay;
  return fit(perceptron(task.training, 1, {.width = 32, .dropout = dropout}), task, how, seed).last();
}

template <int with_per_mille, int without_per_mille>
double training_accuracy_without_decay(std::uint64_t seed) {
  const Task task = clouds(seed);
  return last_of(task, without_per_mille / 1000.0, 0, seed).training.accuracy -
         last_of(task, with_per_mille / 1000.0, 0, seed).training.accuracy;
}

template <int weak_per_mille, int strong_per_mille>
double gap_closed_by_decay(std::uint64_t seed) {
  const Task task = clouds(seed);
  return last_of(task, weak_per_mille / 1000.0, 0, seed).accuracy_gap() -
         last_of(task, strong_per_mille / 1000.0, 0, seed).accuracy_gap();
}

template <int high_percent, int low_percent>
double gap_closed_by_less_dropout(std::uint64_t seed) {
  const Task task = clouds(64, 0.3, seed);
  return last_of(task, 0, high_percent / 100.0, seed).accuracy_gap() -
         last_of(task, 0, low_percent / 100.0, seed).accuracy_gap();
}

double loss_gap(double weight_decay, std::uint64_t seed) {
  const Task task = moon_task(60, 400, 0.25, 0.1, seed);
  Training how = with_momentum(0.05, 20, 600);
  how.optimizer.weight_decay = weight_decay;
  return fit(perceptron(task.training, 2, {.width = 24}), task, how, seed).last().loss_gap();
}

template <int per_million>
double loss_gap_closed_by_decay(std::uint64_t seed) {
  return loss_gap(0, seed) - loss_gap(per_million * 1e-6, seed);
}

constexpr Experiment list[]{
    {"cmu24788-2025.mc.3.f.C",
     "Two moons (noise 0.25, a tenth of the labels drawn anew), 60 training and 400 validation examples; two "
     "hidden layers of 24 ReLU units; momentum 0.9, rate 0.05, batches of 20, 600 steps. Overfitting is "
     "validation loss minus training loss. Difference: without weight decay minus with 0.01.",
     loss_gap_closed_by_decay<10000>, 0.05, "nats of the loss gap"},
    {"cmu24788-2025.mc.3.f.C.foil",
     "The same with a weight decay of 0.000001 instead of 0.01: too weak to matter.",
     loss_gap_closed_by_decay<1>, 0.05, "nats of the loss gap"},
    {"cs231n-2019.tf.3",
     "Three Gaussian clouds in 8 dimensions (centres 1.5 from the origin, noise 1, a tenth of the labels "
     "drawn "
     "anew), 48 training examples; one hidden layer of 32 ReLU units; momentum 0.9, rate 0.05, batches of "
     "16, "
     "400 steps. Difference: training accuracy without weight decay minus with 0.1.",
     training_accuracy_without_decay<100, 0>, 0.01, "of training accuracy"},
    {"cs231n-2019.tf.3.foil",
     "The same, removing a weight decay of 0.001 from a net that learns its training labels by heart with it "
     "too: accuracies tie.",
     training_accuracy_without_decay<1, 0>, 0.01, "of training accuracy"},
    {"eecs498-2019.mc.2.4.C",
     "Clouds and net of cs231n-2019.tf.3, 300 validation examples. The gap is training accuracy minus "
     "validation accuracy. Difference: gap at weight decay 0.001 minus gap at 0.1.",
     gap_closed_by_decay<1, 100>, 0.02, "of the accuracy gap"},
    {"eecs498-2019.mc.2.4.C.foil", "The same from weight decay 0 to 0.001: too weak to matter.",
     gap_closed_by_decay<0, 1>, 0.02, "of the accuracy gap"},
    {"eecs498-2019.mc.2.4.D",
     "Clouds and net of cs231n-2019.tf.3 with 64 training examples and three tenths of the labels drawn "
     "anew; "
     "dropout behind the hidden layer, no weight decay. Difference: gap at dropout probability 0.8 minus gap "
     "at "
     "0.1.",
     gap_closed_by_less_dropout<80, 10>, 0.02, "of the accuracy gap"},
    {"eecs498-2019.mc.2.4.D.foil", "The same from 0.1 up to 0.8.", gap_closed_by_less_dropout<10, 80>, 0.02,
     "of the accuracy gap"},
};

}  // namespace

Picture loss_gap_over_decay() {
  Picture picture{"Overfitting over the strength of weight decay: median of 12 seeds, and its 95 % interval.",
                  "log10 of the weight decay",
                  "loss gap",
                  {{"median", {}}, {"95 % interval", {}}, {"its lower end", {}}}};
  for (const double decay : {1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1}) {
    std::vector<double> gaps;
    for (std::size_t i = 0; i < 12; ++i) gaps.push_back(loss_gap(decay, pair_seed(1, i)));
    const Interval interval = sign_interval(gaps, 0.05).interval;
    picture.series[0].points.emplace_back(std::log10(decay), median(gaps));
    picture.series[1].points.emplace_back(std::log10(decay), interval.high);
    picture.series[2].points.emplace_back(std::log10(decay), interval.low);
  }
  return picture;
}

std::span<const Experiment> topics::regularisation() {
  return list;
}

}  // namespace assay::properties::training
